//! `hookc eval`: values, and the three ways to fail.

use crate::cli_support::{Folder, Ran};

fn eval(args: &[&str]) -> Ran {
    Folder::new(&[]).run(&[&["eval"], args].concat())
}

/// The value that is printed.
#[track_caller]
fn value(args: &[&str]) -> String {
    let ran = eval(args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.shown());
    ran.out.trim_end().to_owned()
}

#[test]
fn the_value_is_printed_as_json() {
    let vars = ["--var", "loss: float = 0.5", "--var", "tags: list<string> = [\"a\"]"];
    assert_eq!(value(&[&["loss < 0.9 && size(tags) > 0"], &vars[..]].concat()), "true");
    assert_eq!(value(&["7 / 2"]), "3");
    assert_eq!(value(&["-7 % 3"]), "-1");
    assert_eq!(value(&["7.0 / 2.0"]), "3.5");
    assert_eq!(value(&["\"a\" + 'b'"]), "\"ab\"");
    assert_eq!(value(&["[1, 2].map(x, x * 2)"]), "[2,4]");
    assert_eq!(value(&["1h30m"]), "\"1h30m\"");
    assert_eq!(value(&["{ \"a\": 1 }[\"a\"]"]), "1");
}

#[test]
fn an_optional_variable_is_null_without_a_value() {
    assert_eq!(value(&["note ?? \"none\"", "--var", "note: string?"]), "\"none\"");
    assert_eq!(value(&["note == null", "--var", "note: string?"]), "true");
    assert_eq!(value(&["note ?? \"none\"", "--var", "note: string? = \"x\""]), "\"x\"");
}

#[test]
fn the_expression_may_come_from_standard_input() {
    let ran = Folder::new(&[]).run_with(&["eval", "-"], b"1 +\n  2\n");
    assert_eq!(ran.shown(), "exit: 0\n--- stdout\n3\n--- stderr\n");
}

#[test]
fn the_checker_rejects_with_1() {
    for expression in ["1 + \"a\"", "nowhere", "1 +", "loss < 1", "true && 1", ""] {
        let ran = eval(&[expression, "--var", "loss: string = \"x\""]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{expression}: {}", ran.shown());
        assert!(ran.err.contains("H0"), "{expression}: {}", ran.err);
    }
    insta::assert_snapshot!(eval(&["1 + \"a\""]).shown());
}

#[test]
fn a_type_that_does_not_exist_is_rejected_at_its_place() {
    let ran = eval(&["x", "--var", "x: strin = 1"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.err.contains("strin"), "{}", ran.err);
}

#[test]
fn a_failed_evaluation_is_3_with_its_kind() {
    for (expression, kind) in [
        ("1 / n", "division_by_zero"),
        ("9223372036854775807 + n + 1", "overflow"),
        ("[1][n + 5]", "index"),
        ("{ \"a\": 1 }[\"b\"]", "key"),
        ("int(\"x\")", "parse"),
    ] {
        let ran = eval(&[expression, "--var", "n: int = 0"]);
        assert_eq!(ran.shown(), format!("exit: 3\n--- stdout\n--- stderr\nerror: {kind}\n"), "{expression}");
    }
}

#[test]
fn wrong_variables_are_2() {
    let cases: [&[&str]; 6] = [
        &["x", "--var", "x"],
        &["x", "--var", "x: int = "],
        &["x", "--var", "x: int"],
        &["x", "--var", "x: int = \"a\""],
        &["x", "--var", "x: int = 1.0"],
        &["x", "--var", "x: int = 1", "--var", "x: int = 2"],
    ];
    for args in cases {
        let ran = eval(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.shown());
        assert!(ran.err.starts_with("error: "), "{args:?}: {}", ran.err);
    }
    insta::assert_snapshot!(eval(&["x", "--var", "x: list<int> = [1, \"a\"]"]).shown());
}
