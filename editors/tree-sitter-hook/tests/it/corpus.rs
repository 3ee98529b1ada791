//! The trees of `test/corpus`, in the format of tree-sitter's own runner: a title between lines of `=`, a text, `---`, its tree.
//!
//! With `UPDATE` in the environment the trees are written anew, to be read before they are committed.

use std::fmt::Write as _;
use std::path::Path;

const RULER: &str = "====================";

struct Example {
    title: String,
    text: String,
    tree: String,
}

#[test]
fn the_trees_are_those_of_the_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut failed, mut count) = (String::new(), 0);
    for path in paths {
        let file = std::fs::read_to_string(&path).unwrap();
        let mut fresh = Vec::new();
        for example in examples(&file) {
            let tree = tree(&example.text);
            // A mistake is told by its own file alone, so that no other tree has an error in it unseen.
            assert_eq!(
                tree.contains("ERROR") || tree.contains("MISSING"),
                path.ends_with("mistakes.txt"),
                "{}: {tree}",
                example.title
            );
            fresh.push(Example { tree, ..example });
        }
        count += fresh.len();
        let fresh = written(&fresh);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, fresh).unwrap();
        } else if let Some((ours, theirs)) = fresh.lines().zip(file.lines()).find(|(ours, theirs)| ours != theirs) {
            failed += &format!("{}: {theirs:?} is now {ours:?}\n", path.display());
        } else {
            assert_eq!(fresh, file);
        }
    }
    assert!(failed.is_empty(), "{failed}");
    assert!(count > 30, "{count}");
}

fn examples(file: &str) -> Vec<Example> {
    let ruler = format!("{RULER}\n");
    let mut rest = file.split(&ruler).skip(1);
    let mut examples = Vec::new();
    while let (Some(title), Some(body)) = (rest.next(), rest.next()) {
        let (text, tree) = body.split_once("\n---\n").unwrap();
        let (title, text) = (title.trim().to_owned(), text.trim_start_matches('\n').to_owned());
        examples.push(Example { title, text, tree: tree.trim().to_owned() });
    }
    examples
}

fn written(examples: &[Example]) -> String {
    let example =
        |Example { title, text, tree }: &Example| format!("{RULER}\n{title}\n{RULER}\n\n{text}\n---\n\n{tree}\n");
    examples.iter().map(example).collect::<Vec<_>>().join("\n")
}

/// The tree of a text, a node to a line.
fn tree(text: &str) -> String {
    let flat = crate::tree(text).root_node().to_sexp();
    let (mut lines, mut depth) = (String::new(), 0);
    let mut label = "";
    for word in flat.split(' ') {
        if word.ends_with(':') && !word.starts_with('(') {
            label = word;
            continue;
        }
        if word.starts_with('(') {
            let gap = if label.is_empty() { "" } else { " " };
            let line_break = if depth == 0 { "" } else { "\n" };
            write!(lines, "{line_break}{}{label}{gap}{word}", "  ".repeat(depth)).unwrap();
            label = "";
        } else {
            write!(lines, " {word}").unwrap();
        }
        depth += usize::from(word.starts_with('('));
        depth -= word.len() - word.trim_end_matches(')').len();
    }
    lines
}
