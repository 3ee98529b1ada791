//! Claims over whole files: every construct parses, every prefix of it is harmless, mistakes do not touch each other.

use std::path::PathBuf;

use hookc_grammar::ast::Item;
use hookc_grammar::{ErrorKind, TokenKind, parse, tokens};

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn fixtures() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ok");
    let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_construct_parses_without_errors() {
    for (path, text) in fixtures() {
        let parse = parse(&text);
        assert_eq!(parse.errors, [], "{}", path.display());
        assert!(!parse.file.items.iter().any(|item| *item.node == Item::Error), "{}", path.display());
    }
}

#[test]
fn every_prefix_of_a_file_has_few_errors() {
    let mut worst = Vec::new();
    for (path, text) in fixtures().into_iter().filter(|(path, _)| !path.ends_with("full.hook")) {
        for (at, _) in text.char_indices() {
            let prefix = &text[..at];
            let errors = parse(prefix).errors;
            if errors.len() > 3 {
                worst.push(format!(
                    "{} at {at}: {} errors: {:?}\n",
                    path.display(),
                    errors.len(),
                    errors.iter().map(|error| &error.message).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(worst.is_empty(), "{} prefixes\n{}", worst.len(), worst.iter().take(10).cloned().collect::<String>());
}

#[test]
fn tokens_hold_every_byte_that_is_not_white_space() {
    for (path, text) in fixtures() {
        let mut at = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        for token in tokens(&text) {
            let (start, end) = (token.span.start as usize, token.span.end as usize);
            assert!(text[at..start].trim().is_empty() && start < end, "{} at {at}", path.display());
            assert_ne!(token.kind, TokenKind::Unknown, "{} {:?}", path.display(), &text[start..end]);
            at = end;
        }
        assert!(text[at..].trim().is_empty(), "{}", path.display());
    }
}

const GOOD: [&str; 10] = [
    "import a from \"./a\"",
    "enum E { a, b }",
    "record R { a: int }",
    "const c = 1 + 2",
    "connection d: R = { a: 1 }",
    "component f(a: int) -> (b: int) {\n  exec [\"f\", a]\n}",
    "condition g(a: int) = a > 1",
    "hook h(a: int) for op on failed run f(a: a)",
    "job i() {\n  op x = f(a: 1) {\n    retry 1\n  }\n  op y = f(a: x.b)\n}",
    "test \"t\" for i() {\n  expect x failed\n}",
];
const BAD: [&str; 10] = [
    "import a \"./a\"",
    "enum E { a b }",
    "record R { a int }",
    "const c = 1 +",
    "connection d: R = { a: }",
    "component f(a: int) -> (b: int) {\n  exec [\"f\", a\n}",
    "condition g(a: int) a > 1",
    "hook h(a: int) for op on failed f(a: a)",
    "job i() {\n  op x = f(a: 1) {\n    retry 1\n  op y = f(a: x.b)\n}",
    "test \"t for i() {\n  expect x failed\n}",
];

#[test]
fn ten_mistakes_in_ten_items_are_ten_errors() {
    let parse = parse(&BAD.join("\n\n"));
    let messages: Vec<_> = parse.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(parse.errors.len(), 10, "{messages:#?}");
    assert_eq!(parse.file.items.len(), 10);
}

#[test]
fn a_mistake_leaves_all_other_items_as_they_are() {
    let whole = parse(&GOOD.join("\n\n"));
    for (number, bad) in BAD.iter().enumerate() {
        let mut items = GOOD;
        items[number] = bad;
        let broken = parse(&items.join("\n\n"));
        assert_eq!(broken.errors.len(), 1, "{bad}: {:?}", broken.errors);
        assert_eq!(broken.file.items.len(), 10, "{bad}");
        for (other, (left, right)) in whole.file.items.iter().zip(&broken.file.items).enumerate() {
            assert!(other == number || left.node == right.node, "{bad} changed item {other}");
        }
    }
}

#[test]
fn characters_that_no_file_may_hold_are_one_error_each() {
    let kinds = |text: &str| parse(text).errors.iter().map(|error| error.kind).collect::<Vec<_>>();
    assert_eq!(kinds("const a = \"x\u{202e}y\"\nconst b = 1\u{202e}\n"), [ErrorKind::BidiControl]);
    assert_eq!(kinds("const a = 1\rconst b = 2\r"), [ErrorKind::ControlCharacter]);
    assert_eq!(kinds("const a = \u{0}1\n// \u{1b}[31m\n"), [ErrorKind::ControlCharacter]);
    assert_eq!(kinds("const a = \"\u{85}\"\n"), [ErrorKind::ControlCharacter]);
    assert_eq!(kinds("const a = \"ä\u{a0}→\u{200d}\"\n"), []);
}

#[test]
fn documentation_belongs_to_what_follows() {
    let stray = parse(
        "job a() {\n  op x = f()\n  /// nothing follows\n}\n/// on an import\nimport a from \"b\"\n/// at the end",
    );
    assert_eq!(stray.errors.iter().map(|error| error.kind).collect::<Vec<_>>(), [ErrorKind::StrayDoc; 3]);
    let parse = parse("/// One\n//// no\n///two\n\n// between\nenum E { /// no line\n  a,\n  /// b's\n  b }");
    assert_eq!(parse.errors, []);
    let Item::Enum(item) = &*parse.file.items[0].node else { panic!("an enum") };
    assert_eq!(item.doc.as_deref(), Some("One\ntwo"));
    assert_eq!(item.values[0].doc, None);
    assert_eq!(item.values[1].doc.as_deref(), Some("b's"));
}
