//! The queries: each fits the grammar, and no word or sign of the grammar goes without a colour.

use std::path::{Path, PathBuf};

use tree_sitter::{Language, Query, QueryCursor, StreamingIterator};

fn language() -> Language {
    tree_sitter_hook::LANGUAGE.into()
}

/// All queries: ours, and those of editors with names of their own.
fn queries() -> Vec<(PathBuf, String)> {
    let editors = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut queries = Vec::new();
    for folder in ["tree-sitter-hook/queries", "nvim/queries/hook", "helix/queries/hook", "zed/languages/hook"] {
        let mut paths: Vec<_> =
            std::fs::read_dir(editors.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "scm")) {
            queries.push((path.clone(), std::fs::read_to_string(path).unwrap()));
        }
    }
    queries
}

#[test]
fn every_query_fits_the_grammar() {
    let mut names = Vec::new();
    for (path, text) in queries() {
        Query::new(&language(), &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        names.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
    }
    for name in ["highlights", "injections", "folds", "indents", "locals"] {
        assert!(names.iter().any(|found| found == name), "{name}");
    }
}

/// What Helix calls a colour that has another name there.
const HELIX: [(&str, &str); 16] = [
    ("comment", "comment.line"),
    ("comment.documentation", "comment.line.documentation"),
    ("variable.member", "variable.other.member"),
    ("property", "variable.other.member"),
    ("type.definition", "type"),
    ("module", "namespace"),
    ("function.call", "function"),
    ("function.method.call", "function.method"),
    ("string.escape", "constant.character.escape"),
    ("number", "constant.numeric.integer"),
    ("number.float", "constant.numeric.float"),
    ("boolean", "constant.builtin.boolean"),
    ("keyword.import", "keyword.control.import"),
    ("keyword.type", "keyword.storage.type"),
    ("keyword.conditional", "keyword.control.conditional"),
    ("keyword.coroutine", "keyword.control"),
];

/// With `UPDATE` in the environment the query is written anew.
#[test]
fn the_colours_of_helix_are_ours_by_other_names() {
    let mut parts = tree_sitter_hook::HIGHLIGHTS_QUERY.split('@');
    let mut helix = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let named = HELIX.iter().find(|(ours, _)| *ours == name).map_or(name, |(_, theirs)| theirs);
        helix += &format!("@{named}{rest}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../helix/queries/hook/highlights.scm");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &helix).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), helix);
}

#[test]
fn every_word_and_sign_has_a_colour() {
    let language = language();
    for (path, text) in queries().into_iter().filter(|(path, _)| path.ends_with("highlights.scm")) {
        let tokens = (0..language.node_kind_count() as u16)
            .filter(|id| language.node_kind_is_visible(*id) && !language.node_kind_is_named(*id));
        for token in tokens.filter_map(|id| language.node_kind_for_id(id)) {
            // Quotes are part of their string, the words of tool events are told by their node.
            let told = token.contains(['"', '\'']) || token.starts_with("tool_") || token.starts_with("step_");
            let literal = matches!(token, "true" | "false" | "null" | "end");
            assert!(told || literal || text.contains(&format!("\"{token}\"")), "{}: {token}", path.display());
        }
    }
}

/// A captured text, its name, and the language that its pattern sets.
struct Captured {
    text: String,
    name: String,
    language: String,
}

fn captured(query: &str, text: &str) -> Vec<Captured> {
    let query = Query::new(&language(), query).unwrap();
    let tree = crate::tree(text);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), text.as_bytes());
    let mut found = Vec::new();
    while let Some((matched, index)) = captures.next() {
        let capture = matched.captures()[*index];
        let set = query.property_settings(matched.pattern_index).first().and_then(|set| set.value.as_deref());
        found.push(Captured {
            text: text[capture.node.byte_range()].trim().to_owned(),
            name: query.capture_names()[capture.index as usize].to_owned(),
            language: set.unwrap_or_default().to_owned(),
        });
    }
    found
}

#[test]
fn scripts_and_patterns_are_in_their_languages() {
    let text = r#"
component a(name: string) {
  shell """
    echo hello
    """
}
component b() { exec ["python3", "-c", "print(1)"] }
component c() { exec ["bash", "-c", r"ls | wc"] }
component d() { exec ["bash", "c", "no script"] }
condition e(name: string) = name.matches("^a.*b$") && name.contains("x")
"#;
    let found = captured(tree_sitter_hook::INJECTIONS_QUERY, text);
    let contents = found.iter().filter(|found| found.name == "injection.content");
    let told: Vec<_> = contents.map(|found| (found.language.as_str(), found.text.as_str())).collect();
    let right = [("bash", "echo hello"), ("python", "print(1)"), ("bash", "ls | wc"), ("regex", "^a.*b$")];
    assert_eq!(told, right);
}

#[test]
fn the_later_pattern_tells_the_colour() {
    let text = "job j(lr: float) {\n  op fit = train(lr: lr)\n  on failed when outputs.loss > 0.5 run f(x: \"a\\n${op.name}\")\n}\n";
    let found = captured(tree_sitter_hook::HIGHLIGHTS_QUERY, text);
    let colour = |wanted: &str| found.iter().rfind(|found| found.text == wanted).map_or("", |found| &found.name);
    for (text, name) in [
        ("job", "keyword.function"),
        ("j", "function"),
        ("float", "type.builtin"),
        ("train", "function.call"),
        ("failed", "constant"),
        ("outputs", "variable.builtin"),
        ("loss", "variable.member"),
        ("0.5", "number.float"),
        ("\\n", "string.escape"),
        ("${", "punctuation.special"),
    ] {
        assert_eq!(colour(text), name, "{text}");
    }
}
