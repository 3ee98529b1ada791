//! `hookc fmt`: what is written, what is only told.

use crate::cli_support::Folder;

const LOOSE: &str = "const   x=1\n";
const TIGHT: &str = "const x = 1\n";

#[test]
fn files_are_brought_into_canonical_form() {
    let folder = Folder::new(&[("a.hook", LOOSE), ("b.hook", TIGHT)]);
    assert_eq!(folder.run(&["fmt"]).shown(), "exit: 0\n--- stdout\n--- stderr\n1 file changed, 1 file unchanged\n");
    assert_eq!(folder.read("a.hook"), TIGHT);
    assert_eq!(folder.run(&["fmt"]).shown(), "exit: 0\n--- stdout\n--- stderr\n2 files unchanged\n");
}

#[test]
fn check_writes_nothing() {
    let folder = Folder::new(&[("a.hook", LOOSE), ("b.hook", TIGHT)]);
    let ran = folder.run(&["fmt", "--check"]);
    assert_eq!(
        ran.shown(),
        "exit: 1\n--- stdout\nwould change: a.hook\n--- stderr\n1 file would change, 1 file in canonical form\n"
    );
    assert_eq!(folder.read("a.hook"), LOOSE);
    assert_eq!(folder.run(&["fmt", "--check", "b.hook"]).code, 0);
}

#[test]
fn diff_shows_what_would_change() {
    let folder = Folder::new(&[("a.hook", LOOSE)]);
    let ran = folder.run(&["fmt", "--diff"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (1, "--- a.hook\n+++ a.hook\n@@ -1 +1 @@\n-const   x=1\n+const x = 1\n"),
        "{}",
        ran.shown()
    );
    assert_eq!(folder.read("a.hook"), LOOSE);
}

#[test]
fn a_missing_last_newline_shows_in_the_diff() {
    let folder = Folder::new(&[("a.hook", "const x = 1")]);
    let ran = folder.run(&["fmt", "--diff"]);
    assert_eq!(
        ran.out,
        "--- a.hook\n+++ a.hook\n@@ -1 +1 @@\n-const x = 1\n\\ No newline at end of file\n+const x = 1\n"
    );
}

#[test]
fn standard_input_is_printed() {
    let folder = Folder::new(&[]);
    assert_eq!(
        folder.run_with(&["fmt", "-"], LOOSE.as_bytes()).shown(),
        format!("exit: 0\n--- stdout\n{TIGHT}--- stderr\n")
    );
    let broken = folder.run_with(&["fmt", "-", "--stdin-filename", "a.hook"], b"const x = \n");
    assert_eq!((broken.code, broken.out.as_str()), (1, ""));
    assert!(broken.err.contains("a.hook:1:"), "{}", broken.err);
}

#[test]
fn broken_files_are_left_alone_and_reported() {
    let folder = Folder::new(&[("a.hook", LOOSE), ("b.hook", "const   y =\n")]);
    let ran = folder.run(&["fmt"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.shown());
    assert_eq!(folder.read("a.hook"), TIGHT);
    assert_eq!(folder.read("b.hook"), "const   y =\n");
}

#[test]
fn wrong_names_are_none_of_its_business() {
    let folder = Folder::new(&[("a.hook", "const x = nowhere\n")]);
    assert_eq!(folder.run(&["fmt"]).code, 0);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("real.hook", LOOSE)]);
    let real = folder.path().join("real.hook");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.hook");
    std::os::unix::fs::symlink("real.hook", &link).unwrap();
    assert_eq!(folder.run(&["fmt", "link.hook"]).code, 0);
    assert_eq!(folder.read("real.hook"), TIGHT);
    assert!(link.symlink_metadata().unwrap().file_type().is_symlink());
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_told_and_the_others_are_formatted() {
    let folder = Folder::new(&[("a.hook", LOOSE), ("c.hook", LOOSE)]);
    folder.write("b.hook", b"\xff");
    let ran = folder.run(&["fmt", "a.hook", "b.hook", "nowhere.hook", "c.hook"]);
    assert_eq!(ran.code, 2, "{}", ran.shown());
    assert!(ran.err.contains("H0102") && ran.err.contains("H0101"), "{}", ran.err);
    assert_eq!((folder.read("a.hook"), folder.read("c.hook")), (TIGHT.to_owned(), TIGHT.to_owned()));
}
