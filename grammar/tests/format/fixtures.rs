//! Pairs of texts by construct: `NAME.in.hook` becomes `NAME.out.hook`.

use std::path::{Path, PathBuf};

use hookc_grammar::format;

use crate::properties::check;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn files(name: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(name)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_str().unwrap().ends_with(ending));
    files.sort();
    files
}

#[test]
fn pairs() {
    let inputs = files("fmt", ".in.hook");
    assert!(!inputs.is_empty());
    for path in inputs {
        let text = std::fs::read_to_string(&path).unwrap();
        let formatted = check(&text, &path.display().to_string());
        let out = PathBuf::from(path.to_str().unwrap().replace(".in.hook", ".out.hook"));
        if std::env::var_os("HOOKC_UPDATE_FIXTURES").is_some() {
            std::fs::write(&out, &formatted).unwrap();
        }
        let expected = std::fs::read_to_string(&out).unwrap();
        assert_eq!(formatted, expected, "{}", out.display());
    }
}

#[test]
fn files_without_syntax_errors() {
    for path in files("ok", ".hook") {
        let text = std::fs::read_to_string(&path).unwrap();
        check(&text, &path.display().to_string());
    }
}

#[test]
fn a_file_with_a_syntax_error_is_refused() {
    let errors = format("const a = \nconst b = 1\n").unwrap_err();
    assert_eq!(errors.len(), 1);
}

#[test]
fn an_empty_file_stays_empty() {
    assert_eq!(format("").unwrap(), "");
    assert_eq!(format(" \r\n\n").unwrap(), "");
    assert_eq!(format("\u{FEFF}").unwrap(), "");
    assert_eq!(format("\n\n// only this  ").unwrap(), "// only this\n");
}

#[test]
fn byte_order_mark_and_carriage_returns_go() {
    let formatted = format("\u{FEFF}const a = 1\r\n\r\n// why\r\nconst b = [ // here\r\n1 ]\r\n").unwrap();
    assert_eq!(formatted, "const a = 1\n\n// why\nconst b = [  // here\n  1,\n]\n");
}

#[test]
fn line_breaks_in_strings_stay_as_they_are() {
    let formatted = format("const a = \"\"\"\r\n  x  \r\n\"\"\"\r\n").unwrap();
    assert_eq!(formatted, "const a = \"\"\"\r\n  x  \r\n\"\"\"\n");
}

#[test]
fn stray_documentation_is_no_reason_to_refuse() {
    check("const a = [\n  /// about nothing\n  1\n]\n/// at the end", "stray documentation");
}

#[test]
fn deep_nesting_and_long_chains_are_set() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("f(a: ", ")"), ("{ a: ", "}"), ("!", ""), ("a ? (b) : ", ""), ("[a &&\n", "]")]
    {
        let deep = format!("const a = f({}1{})\n", open.repeat(120), close.repeat(120));
        check(&deep, open);
    }
    for operator in ["+", "&&", "?? a *"] {
        let chain = format!("const a = 1{}\n", format!(" {operator} b").repeat(120));
        check(&chain, operator);
    }
    let members = format!("const a = b{}\n", ".c".repeat(300));
    check(&members, "members");
}
