use crate::commands::explain::rendered;

#[test]
fn markdown_becomes_text() {
    let text = anstream::adapter::strip_str(&rendered("# H0001\n\nA `word` here.\n\n```hook\nop a\n```\n")).to_string();
    assert_eq!(text, "H0001\n\nA `word` here.\n\n    op a\n");
}
