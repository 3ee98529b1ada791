//! Random text: no panic, spans in the text, and parsing again gives what parsing gives.

use std::sync::Arc;

use hookc_grammar::ast::{Item, JobEntry};
use hookc_grammar::{Parse, parse, parse_expr, parse_type, reparse, tokens};
use proptest::prelude::*;

const FULL: &str = include_str!("fixtures/ok/full.hook");
const TOUR: &str = include_str!("fixtures/ok/tour.hook");

const WORDS: [&str; 78] = [
    "job",
    "op",
    "component",
    "x",
    "y",
    "f",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "\n",
    "\n  ",
    " ",
    " ",
    "=",
    ":",
    ",",
    "\"",
    "'",
    "\"\"\"",
    "${",
    "}",
    "\"a\"",
    "1",
    "2h",
    "1.5",
    "when",
    "after",
    "on",
    "run",
    "hook",
    "for",
    "in",
    "->",
    "==",
    "&&",
    "?",
    "??",
    ":",
    "!",
    "-",
    ".",
    "...",
    "..",
    "//",
    "///",
    "/// d\n",
    "import",
    "from",
    "enum",
    "record",
    "const",
    "test",
    "profile",
    "given",
    "expect",
    "each",
    "trigger",
    "retry",
    "shell",
    "exec",
    "\\",
    "#",
    "é",
    "😀",
    "\u{202e}",
    "\r\n",
    "\r",
    "\u{0}",
    "r\"",
    "<",
    ">",
    "list<",
    ";",
    "agent",
];

fn token_soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..80).prop_map(|words| {
        words
            .into_iter()
            .map(|word| if word.len() > 1 && word.is_ascii() { format!("{word} ") } else { word.to_owned() })
            .collect()
    })
}

fn assert_sound(text: &str) {
    let parse = parse(text);
    for error in &parse.errors {
        assert!(error.span.start <= error.span.end && error.span.end as usize <= text.len(), "{error:?} in {text:?}");
        assert!(
            text.is_char_boundary(error.span.start as usize) && text.is_char_boundary(error.span.end as usize),
            "{error:?} in {text:?}"
        );
        assert!(!error.message.chars().any(char::is_control), "{error:?}");
    }
    let mut end = 0;
    for item in &parse.file.items {
        assert!(end <= item.at && (item.at + item.len) as usize <= text.len(), "{text:?}");
        end = item.at + item.len;
    }
    parse_expr(text);
    parse_type(text);
    tokens(text);
}

/// `text` with the bytes between two places replaced.
fn edited(text: &str, from: usize, length: usize, with: &str) -> String {
    let clamp = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (from, to) = (clamp(from), clamp(from + length));
    format!("{}{with}{}", &text[..from], &text[to..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_parses(text in "\\PC*") {
        assert_sound(&text);
    }

    #[test]
    fn any_bytes_parse(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_sound(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_tokens_parse(text in token_soup()) {
        assert_sound(&text);
    }

    #[test]
    fn an_edited_file_parses_again_to_the_same(from in 0..FULL.len(), length in 0usize..60, with in token_soup(), keep in any::<bool>()) {
        let with = if keep { String::new() } else { with };
        let before = parse(FULL);
        let text = edited(FULL, from, length, &with);
        let again = reparse(&text, &before);
        prop_assert_eq!(&again, &parse(&text));
        prop_assert_eq!(&reparse(FULL, &again), &before);
    }
}

fn entries(parse: &Parse) -> Vec<Arc<JobEntry>> {
    let jobs = parse.file.items.iter().filter_map(|item| match &*item.node {
        Item::Job(job) => Some(job),
        _ => None,
    });
    jobs.flat_map(|job| job.entries.iter().map(|entry| Arc::clone(&entry.node))).collect()
}

#[test]
fn pieces_whose_text_is_unchanged_are_the_same_nodes() {
    let before = parse(TOUR);
    let after = reparse(&TOUR.replace("timeout 2h", "timeout 3h"), &before);
    let same =
        before.file.items.iter().zip(&after.file.items).filter(|(old, new)| Arc::ptr_eq(&old.node, &new.node)).count();
    assert_eq!(same, before.file.items.len() - 1);
    let (old, new) = (entries(&before), entries(&after));
    let same = old.iter().zip(&new).filter(|(old, new)| Arc::ptr_eq(old, new)).count();
    assert_eq!(same, old.len() - 1);
}

#[test]
fn a_moved_item_is_the_same_node() {
    let before = parse("const a = 1\nconst b = 2 +\nconst c = 3\n");
    let after = reparse("const c = 3\n\n// moved\nconst b = 2 +\nconst a = 1\n", &before);
    assert!(Arc::ptr_eq(&before.file.items[0].node, &after.file.items[2].node));
    assert!(Arc::ptr_eq(&before.file.items[1].node, &after.file.items[1].node));
    assert_eq!(after.errors.len(), 1);
    assert_eq!(after, parse(&after.text));
}

#[test]
fn what_lies_outside_a_piece_never_changes_it_in_secret() {
    let edits = [
        // A second item on the line of the first, which is the first one's error.
        ("}\n\neach job", "}each job"),
        // A hole without an end, which changes how the strings behind it are read.
        ("const wait = 1h30m", "const wait = \"\"\" ${ 1h30m"),
        // An item that loses its line.
        ("}\nrecord Empty", "} record Empty"),
        // A clause behind a block.
        ("    cache 7d\n", "  }\n  when true\n  op more = f() {\n"),
        // A brace too many, a brace too few.
        ("    timeout 2h\n", "    }\n"),
        ("  }\n  op sweep", "  op sweep"),
    ];
    let before = parse(FULL);
    for (from, to) in edits {
        assert!(FULL.contains(from), "{from:?}");
        let text = FULL.replacen(from, to, 1);
        let again = reparse(&text, &before);
        assert_eq!(again.errors, parse(&text).errors, "{to:?}");
        assert_eq!(again, parse(&text), "{to:?}");
        assert_eq!(reparse(FULL, &again), before, "{to:?}");
    }
}
