//! The grammars for editors know the words of the registry, and no other words.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use hookc_grammar::Keyword;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(root.join("editors").join(path)).unwrap()
}

fn is_word(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// What stands after each `start`, up to the next `end`.
fn between<'t>(text: &'t str, start: &'t str, end: char) -> impl Iterator<Item = &'t str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split(end).next())
}

fn words(texts: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    texts.into_iter().filter(|text| is_word(text)).collect()
}

/// The words that the rules of tree-sitter's grammar name. Settings are identifiers there.
fn tree_sitter() -> BTreeSet<String> {
    let grammar: String = read("tree-sitter-hook/src/grammar.json").split_whitespace().collect();
    words(between(&grammar, r#""type":"STRING","value":""#, '"').map(str::to_owned))
}

fn keywords(wanted: impl Fn(&Keyword) -> bool) -> BTreeSet<String> {
    Keyword::ALL.iter().filter(|keyword| wanted(keyword)).map(|keyword| keyword.text().to_owned()).collect()
}

#[test]
fn tree_sitter_names_each_keyword_that_is_no_plain_setting() {
    // These have a rule of their own where they are more than a plain setting.
    let ruled = [Keyword::Retry, Keyword::Concurrency, Keyword::External];
    assert_eq!(tree_sitter(), keywords(|keyword| keyword.setting().is_none() || ruled.contains(keyword)));
}

#[test]
fn the_highlights_colour_each_keyword_of_tree_sitter() {
    let queries = read("tree-sitter-hook/queries/highlights.scm");
    let section = queries.split("; ---- words").nth(1).unwrap().split("; ---- signs").next().unwrap();
    let coloured = words(section.split('"').skip(1).step_by(2).map(str::to_owned));
    // Literals and the events of an agent's steps have a node of their own.
    let nodes = ["true", "false", "null", "step_start", "step_end", "tool_start", "tool_end"];
    let expected = tree_sitter().into_iter().filter(|word| !nodes.contains(&word.as_str())).collect();
    assert_eq!(coloured, expected);
}

/// The words in the groups `(one|two)` of the TextMate grammar's patterns.
fn text_mate() -> BTreeSet<String> {
    let source = read("vscode/syntaxes/hook.tmLanguage.json").replace("(?:", "(");
    let patterns = ["match", "begin"].map(|key| format!("\"{key}\": \""));
    let lines = source.lines().map(str::trim).filter(|line| patterns.iter().any(|key| line.starts_with(key)));
    let groups = lines.flat_map(|line| between(line, "(", ')')).map(str::to_owned);
    words(groups.flat_map(|group| group.split('|').map(str::to_owned).collect::<Vec<_>>()))
}

/// The types and the words of the context, which the queries for trees list too.
fn built_in() -> BTreeSet<String> {
    let queries = read("tree-sitter-hook/queries/highlights.scm");
    let lists: Vec<&str> =
        ["@type.builtin\n", "@variable.builtin\n"].iter().flat_map(|list| between(&queries, list, ')')).collect();
    words(lists.iter().flat_map(|list| list.split('"').skip(1).step_by(2)).map(str::to_owned))
}

#[test]
fn text_mate_colours_each_keyword() {
    let known = text_mate();
    let missing: Vec<_> = keywords(|_| true).into_iter().filter(|word| !known.contains(word)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn text_mate_knows_no_other_words() {
    let known = keywords(|_| true);
    let units = ["ms", "us", "ns"];
    let others = text_mate().into_iter().filter(|word| !known.contains(word) && !built_in().contains(word));
    let others: Vec<_> = others.filter(|word| !units.contains(&word.as_str())).collect();
    assert_eq!(others, Vec::<String>::new());
}
