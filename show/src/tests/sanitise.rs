use crate::sanitise::*;

#[test]
fn hidden_characters_become_visible() {
    assert_eq!(one_line("a\u{1b}]0;x\u{7}b"), "a\\u{1b}]0;x\\u{7}b");
    assert_eq!(one_line("a\u{202e}b\u{9b}c\u{7f}\n"), "a\\u{202e}b\\u{9b}c\\u{7f}\\u{a}");
    assert_eq!(many_lines("a\tb\r\n"), "a\tb\\u{d}\n");
    assert_eq!(one_line("Grüße 👩‍🔬"), "Grüße 👩‍🔬");
}
