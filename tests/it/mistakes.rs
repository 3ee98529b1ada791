//! One mistake is one diagnostic, and the neighbours of a mistake are kept.

use hookc_compiler::LoadError;

use crate::diagnostics::program::{MAIN, Program, Told, fixtures, line_column};
use crate::diagnostics::{differences, expected};

/// The mistakes in each of the files of `tests/fixtures/mistakes`.
const TEN: usize = 10;

#[test]
fn ten_mistakes_are_ten_diagnostics() {
    let mut wrong = Vec::new();
    for (name, path) in fixtures("mistakes") {
        let program = Program::read(&path);
        let expected = expected(&program);
        if expected.len() != TEN {
            wrong.push(format!("{name} annotates {} mistakes", expected.len()));
        }
        wrong.extend(differences(&program, &expected).map(|difference| format!("{name}\n{difference}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each item of the file has one mistake and reads no other item. Whatever is typed into one, the others keep theirs.
#[test]
fn a_mistake_in_one_item_leaves_the_others_unchanged() {
    let (_, path) = fixtures("mistakes").into_iter().find(|(name, _)| name == "in_each_item").unwrap();
    let items = items(Program::read(&path).main());
    assert_eq!(items.len(), TEN);
    let alone: Vec<Vec<Told>> = items.iter().map(|item| Program::new(item).told()).collect();
    let mut wrong = Vec::new();
    for (index, item) in items.iter().enumerate() {
        for edited in edits(item) {
            let before: String = items[..index].concat();
            let behind: String = items[index + 1..].concat();
            let told = Program::new(&format!("{before}{edited}{behind}")).told();
            let first = before.lines().count();
            let lines = edited.lines().count();
            let kept: Vec<Told> =
                told.into_iter().filter(|(found, _)| !(first + 1..=first + lines).contains(&found.start.0)).collect();
            let wanted = others(&items, &alone, index, lines);
            if kept != wanted {
                wrong.push(format!("{edited}\n  found {kept:?}\n  wanted {wanted:?}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} edits changed other items, the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(5)].join("\n")
    );
}

/// What the other items say, at the lines they have when item `edited` has `lines` lines.
fn others(items: &[String], alone: &[Vec<Told>], edited: usize, lines: usize) -> Vec<Told> {
    let mut line = 0;
    let mut wanted = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if index == edited {
            line += lines;
            continue;
        }
        wanted.extend(alone[index].iter().cloned().map(|(mut found, message)| {
            found.start.0 += line;
            found.end.0 += line;
            (found, message)
        }));
        line += item.lines().count();
    }
    wanted
}

/// The items of a text with the empty line behind each, without annotations.
fn items(text: &str) -> Vec<String> {
    let plain = crate::diagnostics::annotations::without(MAIN, text);
    plain.trim_end().split("\n\n").map(|item| format!("{item}\n\n")).collect()
}

/// An item with one character taken away or put in. Its first word and its name are kept: without them it is another item.
fn edits(item: &str) -> Vec<String> {
    let head = item.char_indices().filter(|(_, c)| !c.is_alphanumeric() && *c != '_').nth(1).map_or(0, |(at, _)| at);
    let end = item.trim_end().len();
    let mut edits = Vec::new();
    for (at, c) in item[..end].char_indices().skip(head) {
        edits.push(format!("{}{}", &item[..at], &item[at + c.len_utf8()..]));
        // A few signs for each place are enough to try every sign in every neighbourhood.
        for sign in ["{", "}", "(", ")", "[", "]", "\"", ",", "=", "x", "\n", "${", "//"].iter().skip(at % 3).step_by(3)
        {
            edits.push(format!("{}{sign}{}", &item[..at], &item[at..]));
        }
    }
    edits
}

/// Half-typed items, each with a mistake, that may stand between any two others.
const HALF_TYPED: [&str; 20] = [
    "component",
    "component broken(",
    "component broken() {",
    "component broken() { exec [",
    "component broken() -> (x: int",
    "job broken() {\n  op one =",
    "job broken() {\n  op one = page(text: \"",
    "job broken() {\n  on failed run",
    "const broken = \"",
    "const broken = [1,",
    "const broken = (1 +",
    "const broken = \"${",
    "record Broken { a: int,",
    "enum Broken { a b }",
    "profile broken {",
    "connection broken: = {",
    "condition broken(x: int) =",
    "test \"broken\" for",
    "}",
    "if x then y",
];

/// What is half-typed between two items is told, and the items around it say what they said before.
#[test]
fn half_typed_items_leave_their_neighbours() {
    let mut wrong = Vec::new();
    // Where a neighbour is half-typed itself, two mistakes may touch and be one.
    for (name, path) in
        ["mistakes", "ok"].into_iter().flat_map(fixtures).filter(|(name, _)| name != "syntax_everywhere")
    {
        let program = Program::read(&path);
        let told = program.told();
        for (line, at) in between_items(program.main()) {
            for item in HALF_TYPED {
                let text = format!("{}{item}\n\n{}", &program.main()[..at], &program.main()[at..]);
                let added = item.lines().count() + 1;
                let found = program.clone().with(MAIN, &text).told();
                let (own, others): (Vec<Told>, Vec<Told>) = found
                    .into_iter()
                    .partition(|(found, _)| found.file == MAIN && (line..line + added).contains(&found.start.0));
                if own.is_empty() || others != shifted(&told, line, added) {
                    wrong.push(format!("{name}: `{item}` at line {line}: {own:?}\n  others {others:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong, the first:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
}

/// The first lines of items that stand behind an empty line, and where they begin.
fn between_items(text: &str) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let (mut at, mut empty_before) = (0, false);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase() || c == '/');
        if begins && empty_before {
            places.push((index + 1, at));
        }
        empty_before = line.trim().is_empty();
        at += line.len();
    }
    places
}

fn shifted(told: &[Told], line: usize, by: usize) -> Vec<Told> {
    let mut told = told.to_vec();
    for (found, _) in &mut told {
        if found.file == MAIN && found.start.0 >= line {
            found.start.0 += by;
            found.end.0 += by;
        }
    }
    told
}

/// Texts that are bad as a whole: each is told by a code, and none stops the check.
#[test]
fn bad_texts_are_told() {
    let sound = "component a() { exec [\"a\"] }\n\njob j() { op one = a() }\n";
    let deep = |open: &str, close: &str| format!("const c = {}1{}\n{sound}", open.repeat(129), close.repeat(129));
    let cases: Vec<(&str, String, &[&str])> = vec![
        ("nothing", String::new(), &[]),
        ("a byte-order mark", format!("\u{feff}{sound}"), &[]),
        ("CRLF", sound.replace('\n', "\r\n"), &[]),
        ("no newline at the end", sound.trim_end().to_owned(), &[]),
        ("a lone carriage return", format!("{sound}// a\rb\n"), &["H0013"]),
        ("NUL", sound.replace("[\"a\"]", "[\"a\0\"]"), &["H0013"]),
        ("escape", sound.replace("[\"a\"]", "[\"a\u{1b}\"]"), &["H0013"]),
        ("a bidirectional sign in a comment", format!("// \u{202e}\n{sound}"), &["H0013"]),
        ("a second byte-order mark", format!("\u{feff}\u{feff}{sound}"), &["H0013"]),
        ("129 brackets", deep("(", ")"), &["H0006"]),
        ("129 lists", deep("[", "]"), &["H0006"]),
        ("129 signs", deep("-", ""), &["H0006"]),
        ("129 holes", format!("const c = {}1{}\n{sound}", "\"${".repeat(129), "}\"".repeat(129)), &["H0006"]),
        (
            "129 types",
            format!("component b(x: {}int{}) {{ exec [\"b\"] }}\n{sound}", "list<".repeat(129), ">".repeat(129)),
            &["H0006"],
        ),
        ("a line of 10 MB", format!("{sound}// {}\n", "x".repeat(10_000_000)), &[]),
    ];
    for (name, text, codes) in cases {
        assert_eq!(Program::new(&text).codes(), codes, "{name}");
    }
}

/// A line of ten million characters that is no comment is one mistake too.
#[test]
fn a_long_line_of_nonsense_is_told_once() {
    for text in [format!("{}\n", "x".repeat(10_000_000)), format!("const c = \"{}\n", "x".repeat(10_000_000))] {
        assert_eq!(Program::new(&text).codes().len(), 1);
    }
}

/// What cannot be read breaks the import, not the file that imports.
#[test]
fn what_cannot_be_imported_leaves_the_file() {
    let text = "import page from \"./gone\"\n\nconst c = 1 / 0\n\njob j() { op one = page(text: \"x\") after two }\n";
    for error in [LoadError::NotFound, LoadError::TooLarge, LoadError::NotUtf8(3)] {
        let codes = Program::new(text).with_unreadable("gone.hook", error).codes();
        assert_eq!(codes.len(), 3, "{codes:?}");
        assert_eq!(codes[1..], ["H0311", "H0206"]);
    }
}

/// Known wrong: so many edits are told at their place and then once more elsewhere. The number only goes down; the aim is 0.
const CASCADES: usize = 4;

/// Whatever word is mistyped or missing in a sound program: where that is told at its place, nothing else is told.
/// (A declaration that is renamed is told at its uses: there it cannot be known which of the two is meant.)
#[test]
fn a_typo_is_told_at_its_place_alone() {
    let mut cascades = Vec::new();
    for (name, path) in ["ok", "plan"].into_iter().flat_map(fixtures) {
        let program = Program::read(&path);
        // Every second word is enough to meet every construct.
        for (index, (start, end)) in words(program.main()).into_iter().enumerate().step_by(2) {
            let (before, word, behind) =
                (&program.main()[..start], &program.main()[start..end], &program.main()[end..]);
            let edited = if index % 4 == 0 { format!("{before}{word}q{behind}") } else { format!("{before}{behind}") };
            let told = program.clone().with(MAIN, &edited).told();
            let (line, column) = line_column(&edited, start);
            let here = |(found, _): &&Told| {
                found.file == MAIN
                    && found.start.0 == line
                    && found.start.1 <= column + word.len() + 1
                    && found.end.1 + 2 >= column
            };
            let own = told.iter().filter(here).count();
            if own > 0 && own < told.len() {
                cascades.push(format!("{name}:{line}:{column} `{word}`: {told:?}"));
            }
        }
    }
    let count = cascades.len();
    assert!(
        count <= CASCADES,
        "{count} edits cause more than one diagnostic, as\n{}",
        cascades[..count.min(20)].join("\n")
    );
}

/// Where the words of a text begin and end.
fn words(text: &str) -> Vec<(usize, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_word(c)) {
            (None, true) => start = Some(at),
            (Some(begin), false) => {
                words.push((begin, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}
