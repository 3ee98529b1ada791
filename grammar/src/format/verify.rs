//! Holds a formatted text against its source: same tokens, same comments in the same gaps.
//!
//! Only commas right before a closing bracket may differ, and a comma may change places with the comment beside it.

use crate::lex::{TokenKind, tokens};
use crate::span::Span;

/// Where in `before` the first token lies that `after` has not in its place.
pub(super) fn first_difference(before: &str, after: &str) -> Option<Span> {
    differs(&code(before), &code(after)).or_else(|| differs(&without_commas(before), &without_commas(after)))
}

type Written<'t> = (&'t str, Span);

fn differs(before: &[Written<'_>], after: &[Written<'_>]) -> Option<Span> {
    let pairs = before.iter().zip(after);
    let different = pairs.filter(|(before, after)| before.0 != after.0).map(|(before, _)| before.1).next();
    different.or_else(|| {
        let extra = before.get(after.len()).or_else(|| before.last().filter(|_| before.len() != after.len()));
        extra.map(|piece| piece.1).or_else(|| (before.len() != after.len()).then(|| Span::new(0, 0)))
    })
}

/// The tokens without comments, and without commas before closing brackets.
fn code(text: &str) -> Vec<Written<'_>> {
    let mut pieces: Vec<Written<'_>> = Vec::new();
    for piece in pieces_of(text, |kind| !matches!(kind, TokenKind::Comment | TokenKind::Doc)) {
        if matches!(piece.0, ")" | "]" | "}") && pieces.last().is_some_and(|last| last.0 == ",") {
            pieces.pop();
        }
        pieces.push(piece);
    }
    pieces
}

/// The tokens and comments, without commas.
fn without_commas(text: &str) -> Vec<Written<'_>> {
    pieces_of(text, |_| true).filter(|piece| piece.0 != ",").collect()
}

/// The tokens of the wanted kinds; signs character by character, since where a type ends `>=` is two signs.
fn pieces_of<'t>(text: &'t str, wanted: impl Fn(TokenKind) -> bool + 't) -> impl Iterator<Item = Written<'t>> {
    tokens(text).into_iter().filter(move |token| wanted(token.kind)).flat_map(move |token| {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        let written = text.get(start..end).unwrap_or_default();
        let step = if token.kind == TokenKind::Sign { 1 } else { written.len().max(1) };
        (0..written.len()).step_by(step).filter_map(move |at| Some((written.get(at..at + step)?, token.span)))
    })
}
