//! The tree is the one of the compiler's parser, as far as both speak of the same: every item, every entry of every block,
//! every parameter, type, call and expression is of the same kind and lies in the same place.
//!
//! So a construct, an operator or a level of precedence that one of the two does not have fails here.

mod seen;
mod told;

use hookc_grammar::{Parse, Severity};

use crate::format::generator::program;
use crate::sources::sources;
use crate::tree;

/// A construct and its place in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    start: u32,
    end: u32,
    kind: &'static str,
}

#[test]
fn what_the_compiler_reads_is_read_alike() {
    let (mut right, mut marks) = (0, 0);
    let mut failed = String::new();
    for source in sources() {
        let parse = hookc_grammar::parse(&source.text);
        if is_right(&parse) {
            right += 1;
            let (told, difference) = compare(&parse);
            marks += told;
            failed.extend(difference.map(|difference| format!("{}: {difference}\n", source.from)));
        }
    }
    assert!(failed.is_empty(), "{failed}");
    assert!(right > 300 && marks > 10_000, "{right} texts, {marks} marks");
}

/// The same for random programs, line breaks and comments strewn in; `HOOKC_PROGRAMS` says how many.
#[test]
fn random_programs_are_read_alike() {
    let count = std::env::var("HOOKC_PROGRAMS").map_or(300, |count| count.parse().unwrap());
    for seed in 0..count {
        let parse = hookc_grammar::parse(&program(seed));
        assert!(is_right(&parse), "seed {seed}: {:?}", parse.errors);
        if let (_, Some(difference)) = compare(&parse) {
            panic!("seed {seed}: {difference}\n{}", parse.text);
        }
    }
}

/// Whether it has no errors, for a warning leaves the tree as it is.
fn is_right(parse: &Parse) -> bool {
    parse.errors.iter().all(|error| error.severity == Severity::Warning)
}

/// How many marks the compiler's tree has, and the first that the other has not, or has besides.
fn compare(parse: &Parse) -> (usize, Option<String>) {
    let text = &*parse.text;
    let (tree, told) = (tree(text), told::told(&parse.file));
    if tree.root_node().has_error() {
        return (told.len(), Some(seen::first_error(&tree, text)));
    }
    let seen = seen::seen(&tree, text);
    let lonely = |ours: &[Mark], theirs: &[Mark], who: &str| {
        let mark = ours.iter().find(|mark| theirs.binary_search(mark).is_err())?;
        Some(format!("only the {who} reads {mark:?} {:?}", &text[mark.start as usize..mark.end as usize]))
    };
    let difference = lonely(&told, &seen, "compiler").or_else(|| lonely(&seen, &told, "editor"));
    (told.len(), difference)
}

/// A mistake in one item leaves the items around it as they are.
#[test]
fn a_mistake_stays_in_its_item() {
    let mistakes = [
        "import a \"./a\"",
        "enum E { a b }",
        "record R { a int }",
        "const c = 1 +",
        "connection d: R = { a: }",
        "component f(a: int) -> (b: int) {\n  exec [\"f\", a\n}",
        "condition g(a: int) a > 1",
        "job i() {\n  op x = f(a: ) {\n    retry 1\n  }\n  op y = f(a: x.b)\n}",
        "job i() {\n  op x = f(a: 1)\n  on failed when a b run f()\n  op y =\n}",
        "test \"t\" for i() {\n  expect x\n}",
    ];
    for mistake in mistakes {
        let (before, after) = ("const before = 1\n", "job behind() {\n  op a = f(x: 1)\n}\n");
        let text = format!("{before}{mistake}\n{after}");
        let tree = tree(&text);
        assert!(tree.root_node().has_error(), "{mistake}");
        let start = (text.len() - after.len()) as u32;
        let marks = seen::seen(&tree, &text);
        let job = Mark { start, end: text.len() as u32 - 1, kind: "job" };
        assert!(marks.contains(&Mark { start: 0, end: 16, kind: "const" }), "{mistake}: {marks:?}");
        assert!(marks.contains(&job), "{mistake}: {}", tree.root_node().to_sexp());
    }
}

/// A line that is not yet typed to its end leaves the items around its own as they are, but for a few: a text over lines
/// that is not closed takes what follows, until it is.
#[test]
fn a_line_being_typed_leaves_the_other_items() {
    let (mut kept, mut all) = (0, 0);
    for source in sources().iter().filter(|source| source.from.contains("fixtures/ok")) {
        let text = &source.text;
        let items = seen::items(&tree(text));
        for (place, _) in text.char_indices().filter(|(place, _)| place % 5 == 0) {
            let end = place + text[place..].find('\n').unwrap_or(text.len() - place);
            let typed = format!("{}{}", &text[..place], &text[end..]);
            let found = seen::items(&tree(&typed));
            let above = items.iter().filter(|item| (item.end as usize) < place).copied();
            let back = (end - place) as u32;
            let below = items.iter().filter(|item| (item.start as usize) > end);
            let below = below.map(|item| Mark { start: item.start - back, end: item.end - back, ..*item });
            for other in above.chain(below) {
                all += 1;
                kept += usize::from(found.contains(&other));
            }
        }
    }
    assert!(all > 100_000 && kept * 100 >= all * 97, "{kept} of {all} items are kept");
}
