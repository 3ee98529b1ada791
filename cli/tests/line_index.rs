use crate::line_index::*;

fn place(text: &str, offset: u32) -> (u32, u32) {
    let place = LineIndex::new(text).place(text, offset);
    (place.line, place.column)
}

#[test]
fn places_count_characters_from_one() {
    assert_eq!(place("", 0), (1, 1));
    assert_eq!(place("ab\ncd", 4), (2, 2));
    assert_eq!(place("ü👩x", 6), (1, 3));
    assert_eq!(place("a\r\nb", 3), (2, 1));
    assert_eq!(place("a\n", 2), (2, 1));
    assert_eq!(place("ab", 99), (1, 3));
    assert_eq!(place("\u{feff}ab", 4), (1, 2));
    assert_eq!(place("\u{feff}ab", 0), (1, 1));
}

#[test]
fn long_lines_count_across_the_steps() {
    let text = "ü".repeat(10_000);
    assert_eq!(place(&text, 18_000), (1, 9_001));
}

#[test]
fn ranges_leave_line_breaks_out() {
    let text = "ab\r\ncd\n";
    let lines = LineIndex::new(text);
    assert_eq!([lines.range(text, 0), lines.range(text, 1), lines.range(text, 2)], [0..2, 4..6, 7..7]);
    assert_eq!(lines.range("", 0), 0..0);
}
