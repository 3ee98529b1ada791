//! The smaller commands: `explain`, `init`, `completions`, `man`, help, and a reader that goes away.

use std::process::Stdio;

use crate::cli_support::{Folder, assert_harmless, command};

#[test]
fn explain_lists_and_explains() {
    let folder = Folder::new(&[]);
    let list = folder.run(&["explain"]);
    assert_eq!(list.code, 0);
    assert!(list.out.lines().all(|line| line.starts_with("H0")), "{}", list.out);
    for line in list.out.lines() {
        let code = line.split_whitespace().next().unwrap();
        let page = folder.run(&["explain", code]);
        assert_eq!(page.code, 0);
        assert!(page.out.contains(code), "{}", page.out);
        assert_harmless(&page.out);
    }
    assert_eq!(folder.run(&["explain", "unused-import"]).out, folder.run(&["explain", "h0109"]).out);
}

#[test]
fn explain_shows_functions_on_every_type() {
    let folder = Folder::new(&[]);
    let both = folder.run(&["explain", "reverse"]);
    assert_eq!(both.code, 0, "{}", both.shown());
    assert!(both.out.contains("string.reverse() -> string") && both.out.contains("list<T>.reverse() -> list<T>"));
    let one = folder.run(&["explain", "list.reverse"]);
    assert!(!one.out.contains("string.reverse()"), "{}", one.out);
    assert_eq!(folder.run(&["explain", "??"]).code, 0);
    let near = folder.run(&["explain", "math.abz"]);
    assert!(near.code == 2 && near.err.contains("`math.abs`"), "{}", near.shown());
}

#[test]
fn explain_offers_the_nearest_code() {
    let ran = Folder::new(&[]).run(&["explain", "unused-imprt"]);
    assert_eq!(
        ran.shown(),
        "exit: 2\n--- stdout\n--- stderr\nerror: unknown code or function `unused-imprt`\n  help: did you mean `unused-import`?\n"
    );
}

#[test]
fn a_new_project_is_sound_and_in_canonical_form() {
    let folder = Folder::new(&[]);
    let ran = folder.run(&["init", "my \"project\""]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert_eq!(folder.read("my \"project\"/.gitignore"), ".hook/\n");
    assert_eq!(folder.read("my \"project\"/hook.toml"), "name = \"my \\\"project\\\"\"\ndefault_profile = \"dev\"\n");
    let check = folder.run(&["check", "my \"project\"", "--deny", "all"]);
    assert_eq!(check.shown(), "exit: 0\n--- stdout\nchecked 1 file\n--- stderr\n");
    assert_eq!(folder.run(&["fmt", "--check"]).code, 0, "{}", folder.run(&["fmt", "--diff"]).out);
    assert_eq!(folder.run(&["compile", "my \"project\"/hello.hook"]).code, 0);
}

#[test]
fn a_new_project_runs_at_once() {
    let folder = Folder::new(&[]);
    assert_eq!(folder.run(&["init", "p"]).code, 0);
    let ran = folder.run(&["run", "p/hello.hook"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert_harmless(&ran.all());
    assert_eq!(folder.run(&["run", "p/hello.hook", "-p", "name="]).code, 1);
    assert_eq!(folder.run(&["check", "p"]).out, "checked 1 file\n");
}

#[test]
fn init_overwrites_nothing() {
    let folder = Folder::new(&[("hello.hook", "mine"), (".gitignore", "own\n")]);
    let ran = folder.run(&["init"]);
    assert_eq!(
        ran.shown(),
        "exit: 2\n--- stdout\n--- stderr\nerror: `./hello.hook` exists already; nothing was written\n"
    );
    assert!(!folder.path().join("hook.toml").exists());
    std::fs::remove_file(folder.path().join("hello.hook")).unwrap();
    assert_eq!(folder.run(&["init"]).code, 0);
    assert_eq!(folder.read(".gitignore"), "own\n");
}

#[test]
fn completions_and_manuals_know_every_command() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = folder.run(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("explain"), "{shell}");
    }
    assert!(folder.run(&["man"]).out.contains(".TH hookc 1"));
    assert_eq!(folder.run(&["man", "-o", "man1"]).code, 0);
    assert!(folder.read("man1/hookc-check.1").contains("hookc\\-check"));
}

#[test]
fn every_command_has_help_with_examples() {
    let folder = Folder::new(&[]);
    for name in
        ["check", "fmt", "compile", "run", "eval", "explain", "graph", "schema", "init", "lsp", "completions", "man"]
    {
        let ran = folder.run(&[name, "--help"]);
        assert_eq!(ran.code, 0, "{name}");
        assert!(ran.out.contains("Examples:\n  hookc"), "{name}: {}", ran.out);
    }
    assert_eq!(folder.run(&["--version"]).out, format!("hookc {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(folder.run(&["nonsense"]).code, 2);
    assert_eq!(folder.run(&[] as &[&str]).code, 2);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let folder = Folder::new(&[]);
    folder.write("a.hook", "nonsense\n\n".repeat(20_000).as_bytes());
    for args in [vec!["check", "--format", "short"], vec!["check"], vec!["schema"], vec!["explain"], vec!["--help"]] {
        let mut child = command().args(&args).current_dir(folder.path()).stdin(Stdio::null()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {:?} {err}", output.status);
        assert!(!err.contains("panic") && !err.contains("internal error"), "{args:?}: {err}");
    }
}
