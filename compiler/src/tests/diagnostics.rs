use hookc_grammar::Span;

use crate::diagnostics::*;

#[test]
fn edits_are_made_from_left_to_right() {
    let edits = [(Span::new(0, 1), "X"), (Span::new(3, 3), "-"), (Span::new(5, 6), "")];
    assert_eq!(edited("abcdef", edits), "Xbc-de");
}
