//! Slips that look like something else at first sight: one mistake is one error, and what is meant is read.

use hookc_grammar::ast::{ExprKind, Item, JobEntry};
use hookc_grammar::{ErrorKind, Parse, parse, reparse};

fn kinds(parse: &Parse) -> Vec<ErrorKind> {
    parse.errors.iter().map(|error| error.kind).collect()
}

/// What `text` is told, and that a second parse of it with other text before says the same.
#[track_caller]
fn reported(text: &str, wanted: &[ErrorKind]) -> Parse {
    let found = parse(text);
    assert_eq!(kinds(&found), wanted, "{text}\n{:#?}", found.errors);
    let moved = format!("const a = 1\n{text}");
    assert_eq!(reparse(&moved, &found), parse(&moved), "{text}");
    found
}

#[test]
fn a_bracket_too_many_is_one_error() {
    use ErrorKind::Unopened;
    let found = reported("const a = [1, 2)]", &[Unopened]);
    assert_eq!(found.errors[0].message, "unmatched `)`");
    reported("const a = f(1])", &[Unopened]);
    reported("const a = [1, 2)", &[Unopened]);
    reported("const a = (1]", &[Unopened]);
}

#[test]
fn a_word_of_a_setting_written_twice_is_one_error() {
    for setting in ["memory memory \"4GiB\"", "queue queue \"gpu\"", "concurrency concurrency 2", "timeout timeout 5m"]
    {
        reported(&format!("job j() {{\n  op a = f() {{\n    {setting}\n  }}\n}}\n"), &[ErrorKind::Unexpected]);
    }
}

#[test]
fn a_wrong_bracket_stands_for_the_right_one() {
    for text in ["const a = [(1]]", "const a = f((1])", "const a = g([f(1]])"] {
        let found = reported(text, &[ErrorKind::Unopened]);
        assert!(found.errors[0].message.starts_with("expected `)`"), "{:?}", found.errors);
    }
    // Here the bracket closes what it was meant for, and another is missing.
    reported("const a = [[(1]]", &[ErrorKind::Unclosed]);
}

/// Signs that touch are written for one: `===`, `<>`, `+=`.
#[test]
fn signs_that_are_no_operator_are_one_error() {
    for sign in ["===", "!==", "<>", ">>", "=>", "=<", "+=", "-=", "&", "|", "&&&", "?=", ">?"] {
        let found = reported(&format!("const a = b {sign} c && d"), &[ErrorKind::Unexpected]);
        assert!(found.errors[0].message.ends_with("is not an operator"), "{:?}", found.errors);
    }
    reported("const a = b == -c\nconst d = b<-c\nconst e = b ? !c : -d\n", &[]);
    let found = reported("const a = b..c == 1", &[ErrorKind::MissingName]);
    assert_eq!(found.errors[0].span.start, 12);
}

#[test]
fn a_misspelt_word_of_a_clause_is_one_error() {
    use ErrorKind::{MissingSign, Unexpected};
    reported("component a(n: int whereq n > 1, m: int) { exec [\"a\"] }", &[Unexpected]);
    reported("job j() {\n  op a = f() for x inq [1, 2, 3], y in ys\n}\n", &[MissingSign]);
    reported("job j() {\n  op a = f(x: x)\n    forq x in xs\n    when y\n    after b\n}\n", &[Unexpected]);
    reported("hookq h for op\n  on failed\n  run f()\n\nconst a = 1\n", &[Unexpected]);
    reported("hook h for op\n  on failed\n  f()\n\nconst a = 1\n", &[ErrorKind::MissingPart]);
    reported("component a(x: list<?>, y: ?) { exec [\"a\"] }", &[ErrorKind::MissingType, ErrorKind::MissingType]);
}

/// Behind a hole without an end no other string is looked into, wherever its own holes seem to end.
#[test]
fn strings_behind_an_open_hole_end_where_they_end() {
    for rest in ["+ \"a ${b\" + \"c} d\"", "+ 'x ${y' + 'z'", "+ \"${f(\" + \")}\" + [1"] {
        let text = format!("const a = \"${{x\" {rest}\nconst b = \"${{c}}\"\n");
        let found = parse(&text);
        assert_eq!(found.errors[0].kind, ErrorKind::UnterminatedString, "{text}\n{:#?}", found.errors);
        assert_eq!(found.errors.len(), 1, "{text}\n{:#?}", found.errors);
        assert_eq!(found.file.items.len(), 2, "{text}");
    }
}

/// What cannot be read has documentation that precedes a declaration all the same.
#[test]
fn documentation_of_what_cannot_be_read_is_no_second_error() {
    reported("/// Why.\ncomponentq a() {\n  /// How.\n  exec [\"a\"]\n}\n", &[ErrorKind::Unexpected]);
}

#[test]
fn a_header_in_a_comment_does_not_reach_the_job_before() {
    let text = "job a() {\n  concurrency 1\n}\n\nhook h// for op\n  on failed\n  fail \"x\"\n";
    let found = reported(text, &[ErrorKind::MissingPart]);
    let job = text.find("hook").unwrap();
    assert!(found.errors[0].span.start as usize >= job);
}

#[test]
fn a_comment_with_a_carriage_return_goes_on_to_the_line_feed() {
    reported("const a = 1 // a\rb\nconst b = 2\n", &[ErrorKind::ControlCharacter]);
    reported("/// a\rb c d\nconst a = 1\n", &[ErrorKind::ControlCharacter]);
    let found = reported("const a = \"//\"\rconst b = 2\n", &[ErrorKind::ControlCharacter]);
    assert_eq!(found.file.items.len(), 2);
    let found =
        reported("// of a file without any line feed\rconst a = 1\rconst b = 2", &[ErrorKind::ControlCharacter]);
    assert_eq!(found.file.items.len(), 2);
}

#[test]
fn a_block_on_the_line_of_an_unclosed_bracket_is_a_block() {
    let text = "component one(x: int { exec [\"one\"] }\ncomponent two() { exec [\"two\"] }\n";
    let found = reported(text, &[ErrorKind::Unclosed]);
    assert_eq!(found.errors[0].span.start as usize, text.find(" {").unwrap());
    let Item::Component(one) = &*found.file.items[0].node else { panic!("{:?}", found.file) };
    assert_eq!(one.entries.len(), 1);
    reported("job j() {\n  op a = f(x: 1 { retry 2 }\n}\n", &[ErrorKind::Unclosed]);
    // Braces that can be a value stay one.
    reported("job j() {\n  op a = f(x: { image: \"a\" }, y: 1)\n}\n", &[]);
}

#[test]
fn indented_entries_are_the_block_whose_brace_is_missing() {
    use ErrorKind::MissingPart;
    let jobs = |found: &Parse| -> Vec<usize> {
        let items = found.file.items.iter();
        items
            .filter_map(|item| match &*item.node {
                Item::Job(job) => Some(job.entries.len()),
                _ => None,
            })
            .collect()
    };
    let found = reported(
        "job a()\n  op b = c()\n\n  op d = c() {\n    retry 2\n  }\n}\njob e() {\n  op f = c()\n}\n",
        &[MissingPart],
    );
    assert_eq!(jobs(&found), [2, 1]);
    assert_eq!(jobs(&reported("job a()\n  op b = c()\n\njob e() { op f = c() }\n", &[MissingPart])), [1, 1]);
    assert_eq!(
        jobs(&reported("job a() {\n  each op\n    on failed fail \"x\"\n  }\n  op b = c()\n}\n", &[MissingPart])),
        [2]
    );
    assert_eq!(
        jobs(&reported("job a() {\n  each op\n    on failed fail \"x\"\n}\njob b() {\n}\n", &[MissingPart])),
        [1, 0]
    );
    reported("component a()\n  exec [\"a\"]\n  image \"b\"\n}\nconst c = 1\n", &[MissingPart]);
    reported("test \"t\" for j()\n  given a succeeded\n  expect b failed\n}\n", &[MissingPart]);
    reported("profile p\n  allow private\n}\n", &[MissingPart]);
    reported("each job\n  on failed run f()\n}\n", &[MissingPart]);
}

#[test]
fn braces_behind_a_ternary_are_a_value() {
    for text in [
        "const a = c ? { a: 1 } : b",
        "const a = c ? {} : { \"b\": 2 }",
        "const a = c? { a: 1 } : b",
        "const a = (c ?\n  { a: 1 } : b)",
        "job j() {\n  op a = f() when x == (c ? { a: 1 } : b) {\n    retry 2\n  }\n}\n",
        "job j() {\n  op a = f() for x in c ? [{ a: 1 }] : [] {\n    retry 2\n  }\n}\n",
    ] {
        reported(text, &[]);
    }
    let found = reported("const a = c ? { a: 1 } : b", &[]);
    let Item::Const(constant) = &*found.file.items[0].node else { panic!("{:?}", found.file) };
    assert!(matches!(constant.value.kind, ExprKind::Ternary(_)));
}

#[test]
fn a_reserved_word_behind_a_dot_ends_a_value() {
    for word in ["run", "in", "when", "on", "for"] {
        let text = format!("job j() {{\n  op a = f() for x in xs.{word} {{\n    retry 2\n  }}\n}}\n");
        let found = reported(&text, &[]);
        let Item::Job(job) = &*found.file.items[0].node else { panic!("{:?}", found.file) };
        let JobEntry::Op(op) = &*job.entries[0].node else { panic!("{:?}", found.file) };
        assert_eq!(op.entries.len(), 1, "{word}");
    }
    assert_eq!(parse("const a = xs.in\nconst b = 1\n").file.items.len(), 2);
}

#[test]
fn a_value_that_is_spelt_like_an_entry_goes_on_with_its_clause() {
    reported("job j() {\n  on end when a <=\n    outputs modify f()\n}\n", &[]);
    reported("job j() {\n  op a = f(x: b +\n    memory) when c <\n    record after d\n}\n", &[]);
    reported("job j() {\n  on end when (a <=\n    outputs) && b ==\n    json fail \"x\"\n}\n", &[]);
    // What can be a name keeps the line an entry.
    let found =
        reported("const a = 1 +\nrecord when { a: int }\n", &[ErrorKind::MissingValue, ErrorKind::ReservedName]);
    assert_eq!(found.file.items.len(), 2);
}

#[test]
fn no_error_ends_inside_a_character() {
    let text = "const job }:\"a\" ''}\"é\r\n job ";
    for error in parse(text).errors {
        assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{error:?}");
    }
}

#[test]
fn a_byte_order_mark_stands_only_at_the_start() {
    assert_eq!(parse("\u{feff}const a = 1\n").errors, []);
    reported("\u{feff}\u{feff}const a = 1\n", &[ErrorKind::ControlCharacter]);
    reported("const a = \"a\u{feff}\" // \u{feff}\nconst b = 1", &[ErrorKind::ControlCharacter]);
}

#[test]
fn a_dot_after_a_missing_value_is_no_second_mistake() {
    for text in ["const c = a && .\"x\"\n", "const c = a > .b\n", "const c = a && ..b\n"] {
        assert_eq!(hookc_grammar::parse(text).errors.len(), 1, "{text}");
    }
}

#[test]
fn settings_of_a_hooks_run_without_their_brace_are_one_error() {
    let text = "hook h for op on failed run g()\n  timeout 2s\n  retry 3\n}\nconst a = 1\n";
    let found = reported(text, &[ErrorKind::MissingPart]);
    assert_eq!(found.errors[0].span.start as usize, text.find("\n  timeout").unwrap());
    assert_eq!(found.errors[0].fix.as_ref().unwrap().text, " {");
    let open = "hook h for op\n  on failed run g()\n  queue \"slow\"\nconst a = 1\n";
    assert!(reported(open, &[ErrorKind::MissingPart]).errors[0].fix.is_none());
    // In a block such a line is a setting of the op.
    reported("job j() {\n  op a = f() {\n    on failed run g()\n      timeout 2s\n  }\n}\n", &[]);
}
