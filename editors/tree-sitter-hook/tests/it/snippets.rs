//! The snippets: each is right as it is inserted, and there is one for every item and entry.

use std::collections::BTreeSet;

/// Where a snippet can stand: what is before and behind it.
const PLACES: [(&str, &str); 6] = [
    ("", "\n"),
    ("job j() {\n", "\n}\n"),
    ("job j() {\n  op a = b() {\n", "\n  }\n}\n"),
    ("component a() {\n", "\n}\n"),
    ("profile p {\n", "\n}\n"),
    ("test \"t\" for j() {\n", "\n}\n"),
];

#[test]
fn every_snippet_is_right_and_every_construct_has_one() {
    let path = crate::sources::project().join("editors/vscode/snippets/hook.json");
    let snippets: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut kinds = BTreeSet::new();
    let mut prefixes = BTreeSet::new();
    for (name, snippet) in snippets.as_object().unwrap() {
        assert!(prefixes.insert(snippet["prefix"].as_str().unwrap()), "{name}: its prefix is taken");
        let lines: Vec<&str> = snippet["body"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        let text = inserted(&lines.join("\n"));
        let fits = PLACES.iter().map(|(before, behind)| format!("{before}{text}{behind}"));
        let right: Vec<String> = fits.filter(|text| hookc_grammar::parse(text).errors.is_empty()).collect();
        assert!(!right.is_empty(), "{name} fits nowhere:\n{text}");
        right.iter().for_each(|text| collect(text, &mut kinds));
    }
    let constructs = "import enum record const connection component agent condition reusable_hook job each_job profile test \
        op trigger each_op outputs hook use drop retry concurrency setting shell http external result accept \
        rebinding secrets given expect after fan_out message run";
    for construct in constructs.split_whitespace() {
        assert!(kinds.contains(construct), "no snippet for {construct}");
    }
}

/// The text of a snippet with what its fields hold at first: `$1`, `${2:text}`, `${3|one,other|}`.
fn inserted(body: &str) -> String {
    let (mut text, mut rest) = (String::new(), body);
    while let Some((before, field)) = rest.split_once('$') {
        text += before;
        let number = field.trim_start_matches('{').find(|c: char| !c.is_ascii_digit()).unwrap_or(field.len());
        let Some(field) = field.strip_prefix('{') else {
            rest = &field[number..];
            continue;
        };
        let (held, behind) = field[number..].split_once('}').unwrap();
        text += match held.strip_prefix('|') {
            Some(choices) => choices.split(['|', ',']).next().unwrap(),
            None => &held[1..],
        };
        rest = behind;
    }
    text + rest
}

fn collect(text: &str, kinds: &mut BTreeSet<String>) {
    let tree = crate::tree(text);
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        kinds.insert(node.kind().to_owned());
        nodes.extend(node.children(&mut node.walk()));
    }
}
