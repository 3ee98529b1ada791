//! The word at a byte of a text, whether or not the text is sound there.

use hookc_grammar::Span;

/// Whether a character is part of a name.
pub(super) fn is_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The word around a byte, or directly before it.
pub(super) fn word_at(text: &str, at: u32) -> Option<Span> {
    let span = word_around(text, at);
    (span.start < span.end).then_some(span)
}

/// The word around a byte; empty where there is none.
pub(super) fn word_around(text: &str, at: u32) -> Span {
    let mut at = (at as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let start = before.char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map_or(at, |(index, _)| index);
    let end = at + after.find(|c| !is_part(c)).unwrap_or(after.len());
    Span::new(u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(0))
}
