//! Makes text safe to print: what would steer a terminal or hide text is shown as `\u{1b}`.
//!
//! Everything that comes from a file, a file's name or an argument passes here before it is printed for people;
//! machine formats escape on their own.

use std::borrow::Cow;
use std::fmt::Write;

/// Text of one line: every control character is shown, line breaks and tabs too.
pub fn one_line(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

/// Text of several lines: line feeds and tabs stay.
pub fn many_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| is_hidden(c) && c != '\n' && c != '\t')
}

/// Whether the character steers the output or the reading order instead of showing itself.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || is_bidi(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The visible form of a hidden character.
pub fn push_visible(out: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

fn escape(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) { push_visible(&mut out, c) } else { out.push(c) }
    }
    Cow::Owned(out)
}
