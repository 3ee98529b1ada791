//! What must hold of every text that is formatted.

use hookc_grammar::{Severity, TokenKind, format, parse, tokens};

/// Formats `text` and holds the result against everything that is promised.
pub(crate) fn check(text: &str, name: &str) -> String {
    assert!(errors(text).is_empty(), "{name} has syntax errors: {}", errors(text));
    let Ok(formatted) = format(text) else { panic!("{name} was refused:\n{text}") };
    assert!(errors(&formatted).is_empty(), "{name} has syntax errors now: {}", errors(&formatted));
    assert_same(&tree(text), &tree(&formatted), &format!("{name}: the meaning"));
    assert_same(&code(text), &code(&formatted), &format!("{name}: the tokens"));
    assert_same(&comments(text), &comments(&formatted), &format!("{name}: the comments"));
    let Ok(again) = format(&formatted) else { panic!("{name} is refused now:\n{formatted}") };
    assert_same(&formatted, &again, &format!("{name}, formatted again"));
    let has_long_text = text.contains("\"\"\"") || text.contains("'''");
    assert!(has_long_text || !formatted.contains("\n\n\n"), "{name} has two blank lines:\n{formatted}");
    assert!(has_long_text || !formatted.contains(" \n"), "{name} has blanks at the end of a line:\n{formatted}");
    assert!(formatted.is_empty() || formatted.ends_with('\n') && !formatted.ends_with("\n\n"), "{name}: {formatted:?}");
    formatted
}

/// The syntax errors, each with the text around it.
fn errors(text: &str) -> String {
    let errors = parse(text).errors.into_iter().filter(|error| error.severity == Severity::Error);
    errors.map(|error| format!("{}: {}\n", error.message, around(text, error.span.start as usize))).collect()
}

fn assert_same(before: &str, after: &str, what: &str) {
    if before != after {
        let at = before.bytes().zip(after.bytes()).take_while(|(before, after)| before == after).count();
        panic!("{what}\n--- before\n{}\n--- after\n{}", around(before, at), around(after, at));
    }
}

fn around(text: &str, at: usize) -> String {
    let before: Vec<char> = text[..text.floor_char_boundary(at)].chars().rev().take(200).collect();
    let after = text[text.floor_char_boundary(at)..].chars().take(200);
    before.into_iter().rev().chain("<here>".chars()).chain(after).collect()
}

/// The syntax tree without its places.
fn tree(text: &str) -> String {
    let shown = format!("{:?}", parse(text).file);
    let mut tree = String::new();
    for (at, piece) in shown.split("Span { start: ").enumerate() {
        let rest = if at == 0 { piece } else { piece.split_once(" }").map_or("", |(_, rest)| rest) };
        tree.push_str(rest);
    }
    without_places(&tree)
}

fn without_places(tree: &str) -> String {
    let mut out = String::new();
    for (at, piece) in tree.split("Placed { at: ").enumerate() {
        let rest = if at == 0 { piece } else { piece.split_once("node: ").map_or("", |(_, rest)| rest) };
        out.push_str(rest);
    }
    out
}

/// Everything but comments and white space, without commas before closing brackets.
fn code(text: &str) -> String {
    let mut code = String::new();
    for token in tokens(text).iter().filter(|token| !is_comment(token.kind)) {
        let written = &text[token.span.start as usize..token.span.end as usize];
        if matches!(written, ")" | "]" | "}") && code.ends_with(',') {
            code.pop();
        }
        code.push_str(written);
    }
    code
}

/// The comments in their order, each with how much code stands before it.
fn comments(text: &str) -> String {
    let mut before = 0;
    let mut comments = String::new();
    for token in tokens(text) {
        let written = &text[token.span.start as usize..token.span.end as usize];
        if is_comment(token.kind) {
            comments.push_str(&format!("{before} {written}\n"));
        } else if written != "," {
            before += written.len();
        }
    }
    comments
}

fn is_comment(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comment | TokenKind::Doc)
}
