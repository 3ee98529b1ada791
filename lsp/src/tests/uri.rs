use std::path::Path;

use crate::uri::*;

#[test]
fn paths_go_to_addresses_and_back() {
    for path in ["/a/b.hook", "/with blank/ü👩.hook", "/[a]/%20/#x?.hook"] {
        let uri = of_path(Path::new(path)).unwrap();
        assert_eq!(to_path(&uri).unwrap(), Path::new(path), "{uri:?}");
    }
    assert_eq!(to_path(&parse("file:///a b/ü.hook").unwrap()).unwrap(), Path::new("/a b/ü.hook"));
    assert_eq!(to_path(&parse("untitled:Untitled-1").unwrap()), None);
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_kept() {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(b"/a/\xff.hook"));
    assert_eq!(to_path(&of_path(path).unwrap()).unwrap(), path);
}
