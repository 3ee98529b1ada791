//! Characters that no file may hold: control characters, those that reverse the order of what is shown, and a byte-order
//! mark that is not at the start.
//!
//! They are reported once for the file, each kind at its first place, and read as blanks, a carriage return alone as
//! the end of a line except in a comment. So the parser never sees them.

use std::borrow::Cow;

use crate::error::{ErrorKind, SyntaxError};
use crate::lex::{Lexer, TokenKind, to_u32};
use crate::span::Span;

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    File,
    /// It comes from a command line or another program, and nobody reads it in an editor: a string may hold control
    /// characters, and a carriage return alone is a blank, as in CEL (its specification's lexical section).
    Expression,
}

/// The text to parse, and what was wrong with it.
pub(crate) fn check(text: &str, kind: TextKind) -> (Cow<'_, str>, Vec<SyntaxError>) {
    if is_plain(text.as_bytes()) || text.bytes().enumerate().all(|(at, byte)| is_harmless(text, at, byte)) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut clean = String::with_capacity(text.len());
    let mut errors = Vec::new();
    let (mut line_end, mut control, mut bidi, mut mark) = (false, false, false, false);
    let mut comments = comments(text).into_iter().peekable();
    for (at, ch) in text.char_indices() {
        let span = Span::new(to_u32(at), to_u32(at + ch.len_utf8()));
        let lone = kind == TextKind::File && ch == '\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
        if is_bidi(ch) {
            if !bidi {
                errors.push(bidi_error(ch, span));
            }
            bidi = true;
        } else if lone {
            if !line_end {
                let error =
                    SyntaxError::new(ErrorKind::ControlCharacter, span, "a carriage return without a line feed");
                errors.push(error.help("end lines with a line feed").fix(span, "\n", "begin a new line"));
            }
            line_end = true;
            while comments.next_if(|comment| comment.end <= span.start).is_some() {}
            let commented = comments.peek().is_some_and(|comment| comment.start <= span.start);
            clean.push(if commented { ' ' } else { '\n' });
            continue;
        } else if ch == '\u{feff}' && at > 0 {
            if !mark {
                errors.push(mark_error(span));
            }
            mark = true;
        } else if kind == TextKind::File && ch.is_control() && !matches!(ch, '\t' | '\n' | '\r') {
            if !control {
                let message = format!("the control character U+{:04X} is not allowed in a file", u32::from(ch));
                errors.push(
                    SyntaxError::new(ErrorKind::ControlCharacter, span, message)
                        .help("write it as an escape in a string"),
                );
            }
            control = true;
        } else {
            clean.push(ch);
            continue;
        }
        clean.extend(std::iter::repeat_n(' ', ch.len_utf8()));
    }
    (Cow::Owned(clean), errors)
}

/// Where the comments lie: they go on to a line feed, unless the file ends its lines without any.
fn comments(text: &str) -> Vec<Span> {
    if !text.contains('\n') {
        return Vec::new();
    }
    Lexer::new(text)
        .filter(|lexeme| matches!(lexeme.kind, TokenKind::Comment | TokenKind::Doc))
        .map(|lexeme| Span::new(lexeme.start, lexeme.end))
        .collect()
}

/// Whether the text is printable ASCII and line feeds, as nearly all are; looked at in blocks, many bytes at once.
fn is_plain(bytes: &[u8]) -> bool {
    let odd = |byte: u8| (byte < 0x20 && byte != b'\n' && byte != b'\t') | (byte >= 0x7f);
    bytes.chunks(64).all(|block| !block.iter().fold(false, |found, byte| found | odd(*byte)))
}

fn bidi_error(ch: char, span: Span) -> SyntaxError {
    let message = format!("the character U+{:04X} changes the direction in which text is shown", u32::from(ch));
    SyntaxError::new(ErrorKind::BidiControl, span, message).help("remove it, or write it as an escape in a string").fix(
        span,
        "",
        "remove it",
    )
}

fn mark_error(span: Span) -> SyntaxError {
    let message = "the byte-order mark U+FEFF is only allowed at the start of a file";
    SyntaxError::new(ErrorKind::ControlCharacter, span, message).help("remove it: it is invisible").fix(
        span,
        "",
        "remove it",
    )
}

/// Whether the byte at `at` cannot be part of a character that is looked for.
fn is_harmless(text: &str, at: usize, byte: u8) -> bool {
    let next = |offset: usize| text.as_bytes().get(at + offset).copied().unwrap_or(0);
    match byte {
        0x20..=0x7e | b'\n' | b'\t' => true,
        b'\r' => next(1) == b'\n',
        0x00..=0x1f | 0x7f => false,
        0xc2 => next(1) >= 0xa0,
        0xd8 => next(1) != 0x9c,
        0xe2 => {
            !(matches!(next(1), 0x80 | 0x81)
                && text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_bidi))
        }
        0xef => at == 0 || next(1) != 0xbb || next(2) != 0xbf,
        _ => true,
    }
}

fn is_bidi(ch: char) -> bool {
    matches!(ch, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
