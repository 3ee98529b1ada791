//! What typing looks like: the tree of every prefix of every text exists, also when it is made from the one before.

use std::sync::atomic::{AtomicUsize, Ordering};

use tree_sitter::{InputEdit, Parser, Point, Tree};

use crate::parser;
use crate::sources::sources;

/// Texts up to this size are cut at every character, larger ones at every seventh.
const SMALL: usize = 2_048;
const STEP: usize = 7;

#[test]
fn every_prefix_has_a_tree() {
    let (texts, next) = (sources(), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let mut parser = parser();
                while let Some(source) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    type_it(&mut parser, &source.text);
                }
            });
        }
    });
}

fn type_it(parser: &mut Parser, text: &str) {
    let mut before: Option<(usize, Tree)> = None;
    for (number, (at, _)) in text.char_indices().enumerate() {
        if text.len() > SMALL && number % STEP != 0 {
            continue;
        }
        let old = before.map(|(end, mut tree)| {
            let edit = InputEdit {
                start_byte: end,
                old_end_byte: end,
                new_end_byte: at,
                start_position: point(text, end),
                old_end_position: point(text, end),
                new_end_position: point(text, at),
            };
            tree.edit(&edit);
            tree
        });
        let tree = parser.parse(&text[..at], old.as_ref()).unwrap();
        assert!(tree.root_node().end_byte() <= at);
        before = Some((at, tree));
    }
}

fn point(text: &str, at: usize) -> Point {
    let before = &text[..at];
    Point { row: before.matches('\n').count(), column: at - before.rfind('\n').map_or(0, |end| end + 1) }
}

/// Brackets, strings, comments and line breaks in any order end in a tree, and soon.
#[test]
fn no_text_takes_long() {
    let pieces = [
        "(",
        ")",
        "[",
        "{",
        "}",
        "\"",
        "\"\"\"",
        "${",
        "\n",
        "// x\n",
        "/// x\n",
        "when ",
        "on a run ",
        "op x = f(",
        "job j() {\n",
        "shell ",
        "r'",
        "a",
        " + ",
        ", ",
        ": ",
        "? ",
    ];
    let mut parser = parser();
    for first in pieces {
        for second in pieces {
            let text = format!("job j() {{\n  op a = f()\n{}", format!("{first}{second}").repeat(400));
            let started = std::time::Instant::now();
            parser.parse(&text, None).unwrap();
            assert!(started.elapsed().as_secs() < 5, "{first:?} and {second:?}");
        }
    }
}
