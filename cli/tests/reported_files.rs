use std::path::Path;

use crate::reported_files::relative;

#[test]
fn names_are_shown_from_the_current_folder() {
    let shown = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).display().to_string();
    assert_eq!(shown("/home/a", "/home/a/x/b.hook"), "x/b.hook");
    assert_eq!(shown("/home/a/x", "/home/a/b.hook"), "../b.hook");
    assert_eq!(shown("/home/a", "/srv/b.hook"), "/srv/b.hook");
}
