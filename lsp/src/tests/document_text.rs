use std::sync::Arc;

use tower_lsp::ls_types::{Position, Range};

use crate::document_text::*;

fn at_line(line: u32, character: u32) -> Position {
    Position { line, character }
}

#[test]
fn places_are_clamped_to_their_lines() {
    let text = Text::new(Arc::from("a👩b\r\nü\rx\n"));
    let at = |line, character| text.offset(at_line(line, character), Encoding::Utf16);
    assert_eq!([at(0, 0), at(0, 1), at(0, 2), at(0, 3), at(0, 4), at(0, 9)], [0, 1, 1, 5, 6, 6]);
    assert_eq!([at(1, 0), at(1, 1), at(1, 7), at(2, 1), at(3, 0), at(3, 5), at(9, 0)], [8, 10, 10, 12, 13, 13, 13]);
    let bytes = |line, character| text.offset(at_line(line, character), Encoding::Utf8);
    assert_eq!([bytes(0, 3), bytes(0, 5), bytes(0, 99)], [1, 5, 6]);
}

#[test]
fn bytes_have_places() {
    let text = Text::new(Arc::from("a👩b\r\nü\rx"));
    let at = |offset| text.position(offset, Encoding::Utf16);
    assert_eq!(
        [at(0), at(5), at(3), at(8), at(11), at(99)],
        [at_line(0, 0), at_line(0, 3), at_line(0, 1), at_line(1, 0), at_line(2, 0), at_line(2, 1)]
    );
    assert_eq!(text.position(5, Encoding::Utf8), at_line(0, 5));
}

#[test]
fn edits_keep_the_lines_as_a_new_text_has_them() {
    let cases = [
        ("a\r\nb", (0, 1, 1, 0), ""),
        ("a\rb", (1, 0, 1, 0), "\n"),
        ("a\nb", (1, 0, 1, 0), "\r"),
        ("", (0, 0, 0, 0), "x\ny\r\n"),
        ("x\n\n\ny", (2, 0, 1, 0), "z"),
        ("one\ntwo\nthree", (0, 99, 77, 0), "\r"),
    ];
    for (before, (a, b, c, d), new) in cases {
        let mut draft = Draft::new(&Text::new(Arc::from(before)));
        draft.replace(Range { start: at_line(a, b), end: at_line(c, d) }, new, Encoding::Utf16);
        let after = draft.finish();
        assert_eq!(after.starts, Text::new(Arc::clone(after.text())).starts, "{before:?} {new:?}");
    }
}
