use hookc_compiler::{Edit, FileId};
use hookc_grammar::Span;

use crate::fixes::apart;

fn edit(start: u32, end: u32, text: &str) -> Edit {
    Edit { file: FileId(0), span: Span::new(start, end), text: text.to_owned() }
}

#[test]
fn overlapping_edits_are_refused() {
    assert!(apart(&edit(0, 2, ""), &edit(2, 3, "")));
    assert!(!apart(&edit(0, 2, ""), &edit(1, 3, "")));
    assert!(!apart(&edit(2, 2, "a"), &edit(2, 2, "b")));
}
