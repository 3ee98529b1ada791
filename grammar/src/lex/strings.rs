//! Where a string ends: quotes, holes that hold strings again, and what to do when the end is missing.
//!
//! One pass without recursion, so that no text can exhaust the stack, and no text is looked at more than a fixed number
//! of times: what a failed look-out has learnt (`holes_fail_before`, `never_closed`) holds for all later strings.

use super::{is_word_byte, to_u32};
use crate::block::BlockKind;
use crate::keyword::Keyword;

/// What is wrong with a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    /// Its closing quote is missing.
    Open,
    /// The `}` of one of its holes is missing.
    OpenHole,
}

pub(super) struct Found {
    pub(super) end: usize,
    pub(super) flaw: Flaw,
    pub(super) depth: u8,
    /// On one line, without escapes and holes.
    pub(super) plain: bool,
}

#[derive(Clone, Copy)]
struct Quote {
    byte: u8,
    triple: bool,
}

#[derive(Clone, Copy)]
enum Frame {
    Text(Quote),
    Hole,
    Bracket(u8),
}

/// The stack of open strings and holes, kept to be used again, and what earlier strings have shown.
#[derive(Default)]
pub(super) struct Strings {
    frames: Vec<Frame>,
    /// The outermost holes of the string that was read last, from `${` to after `}`.
    holes: Vec<(u32, u32)>,
    /// Strings that begin before here are read without looking into holes: one of them did not end.
    holes_fail_before: usize,
    /// Triple forms that nothing closes up to the end of the text.
    never_closed: [bool; 2],
}

impl Strings {
    /// How far strings after `end` are read differently because of what was found up to there.
    pub(super) fn taints(&self, end: usize) -> usize {
        if self.never_closed.contains(&true) { usize::MAX } else { self.holes_fail_before.max(end) }
    }

    /// The end of the string whose first quote stands at `at`.
    pub(super) fn scan(&mut self, bytes: &[u8], at: usize, raw: bool) -> Found {
        let quote = quote_at(bytes, at);
        let inside = at + quote.length();
        if quote.triple && self.never_closed.get(quote.index()).copied().unwrap_or(false) {
            return Found { end: before_next_item(bytes, inside), flaw: Flaw::Open, depth: 0, plain: false };
        }
        if raw || at < self.holes_fail_before {
            return self.flat(bytes, inside, quote, raw);
        }
        if let Some(end) = simple_end(bytes, inside, quote) {
            return Found { end, flaw: Flaw::None, depth: 0, plain: true };
        }
        let mut depth = 0;
        match self.nested(bytes, inside, quote, &mut depth) {
            Ok(end) => Found { end, flaw: Flaw::None, depth, plain: false },
            Err(stopped) if self.frames.len() > 1 => {
                self.holes_fail_before = stopped;
                let found = self.flat(bytes, inside, quote, false);
                let flaw = if found.flaw == Flaw::None { Flaw::OpenHole } else { found.flaw };
                Found { flaw, ..found }
            }
            Err(_) => self.unclosed(bytes, inside, quote),
        }
    }

    /// Up to the closing quote, holes not looked into.
    fn flat(&mut self, bytes: &[u8], inside: usize, quote: Quote, raw: bool) -> Found {
        let mut at = inside;
        let mut holes = 0_i32;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if !raw => at += 1,
                b'\n' if !quote.triple => break,
                b'$' if !raw && bytes.get(at + 1) == Some(&b'{') => holes += 1,
                b'}' => holes -= 1,
                _ if quote.closes(bytes, at) => {
                    let flaw = if !raw && holes > 0 { Flaw::OpenHole } else { Flaw::None };
                    return Found { end: at + quote.length(), flaw, depth: 0, plain: false };
                }
                _ => {}
            }
            at += 1;
        }
        self.unclosed(bytes, inside, quote)
    }

    fn unclosed(&mut self, bytes: &[u8], inside: usize, quote: Quote) -> Found {
        if quote.triple {
            if let Some(flag) = self.never_closed.get_mut(quote.index()) {
                *flag = true;
            }
            return Found { end: before_next_item(bytes, inside), flaw: Flaw::Open, depth: 0, plain: false };
        }
        let rest = bytes.get(inside..).unwrap_or_default();
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        // A `{` at the end of the line most likely opens a block, which must not be lost.
        let line = line.trim_ascii_end();
        let block = line.strip_suffix(b" {").map(<[u8]>::trim_ascii_end);
        Found { end: inside + block.unwrap_or(line).len(), flaw: Flaw::Open, depth: 0, plain: false }
    }

    /// The end of the string, or where the look-out for it failed; `frames` then tells what was open.
    fn nested(&mut self, bytes: &[u8], inside: usize, quote: Quote, depth: &mut u8) -> Result<usize, usize> {
        self.frames.clear();
        self.holes.clear();
        self.frames.push(Frame::Text(quote));
        let mut one_line = usize::from(!quote.triple);
        let mut levels = 0_usize;
        let mut at = inside;
        loop {
            let (Some(byte), Some(top)) = (bytes.get(at).copied(), self.frames.last().copied()) else {
                return Err(at);
            };
            let ends_hole =
                byte == b'\n' && (one_line > 0 || (levels > 0 && starts_item(bytes.get(at + 1..).unwrap_or_default())));
            if ends_hole {
                return Err(at);
            }
            match top {
                Frame::Text(quote) => {
                    let step = text_step(bytes, at, quote);
                    at += step.length;
                    if step.opens_hole {
                        if self.frames.len() == 1 {
                            self.holes.push((to_u32(at - step.length), 0));
                        }
                        self.frames.push(Frame::Hole);
                        levels += 1;
                    } else if step.closes {
                        one_line -= usize::from(!quote.triple);
                        self.frames.pop();
                        if self.frames.is_empty() {
                            return Ok(at);
                        }
                    }
                }
                Frame::Hole | Frame::Bracket(_) => {
                    at = self.hole_step(bytes, at, &mut one_line, &mut levels);
                    if let ([_], Some(hole)) = (self.frames.as_slice(), self.holes.last_mut()) {
                        hole.1 = to_u32(at);
                    }
                }
            }
            *depth = (*depth).max(u8::try_from(levels).unwrap_or(u8::MAX));
        }
    }

    /// One step inside a hole: strings and brackets open and close, all else passes by.
    fn hole_step(&mut self, bytes: &[u8], at: usize, one_line: &mut usize, levels: &mut usize) -> usize {
        match bytes.get(at).copied().unwrap_or(0) {
            b'"' | b'\'' => {
                let quote = quote_at(bytes, at);
                if is_raw_prefix(bytes, at) {
                    return raw_end(bytes, at + quote.length(), quote);
                }
                *one_line += usize::from(!quote.triple);
                self.frames.push(Frame::Text(quote));
                return at + quote.length();
            }
            open @ (b'(' | b'[' | b'{') => {
                self.frames.push(Frame::Bracket(open));
                *levels += 1;
            }
            b'}' => {
                // A `}` also ends the brackets that were forgotten before it.
                while let Some(Frame::Bracket(b'(' | b'[')) = self.frames.last() {
                    self.frames.pop();
                    *levels -= 1;
                }
                self.frames.pop();
                *levels -= 1;
            }
            close @ (b')' | b']') => {
                let open = if close == b')' { b'(' } else { b'[' };
                if matches!(self.frames.last(), Some(Frame::Bracket(top)) if *top == open) {
                    self.frames.pop();
                    *levels -= 1;
                }
            }
            _ => {}
        }
        at + 1
    }
}

/// The outermost holes of the string at the end of `bytes`, which begins at `at`, each from its `${` to after its `}`, and
/// how deep its levels lie in each other. There are none where a broken string before it has decided its end: what is
/// open there does not close in it.
pub(crate) fn holes(bytes: &[u8], at: usize) -> (Vec<(u32, u32)>, u8) {
    let quote = quote_at(bytes, at);
    let mut strings = Strings::default();
    let mut depth = 0;
    match strings.nested(bytes, at + quote.length(), quote, &mut depth) {
        Ok(_) => (strings.holes, depth),
        Err(_) => (Vec::new(), 0),
    }
}

/// The end of a string on one line without escapes and dollars: the usual case.
fn simple_end(bytes: &[u8], inside: usize, quote: Quote) -> Option<usize> {
    let rest = bytes.get(inside..).filter(|_| !quote.triple)?;
    let stop = rest.iter().position(|byte| *byte == quote.byte || matches!(byte, b'\\' | b'$' | b'\n'))?;
    (rest.get(stop) == Some(&quote.byte)).then_some(inside + stop + 1)
}

struct Step {
    length: usize,
    opens_hole: bool,
    closes: bool,
}

fn text_step(bytes: &[u8], at: usize, quote: Quote) -> Step {
    let step = |length| Step { length, opens_hole: false, closes: false };
    match bytes.get(at).copied().unwrap_or(0) {
        b'\\' if bytes.get(at + 1) != Some(&b'\n') => step(2),
        b'$' if bytes.get(at + 1) == Some(&b'{') => Step { opens_hole: true, ..step(2) },
        b'$' if bytes.get(at + 1) == Some(&b'$') && bytes.get(at + 2) == Some(&b'{') => step(3),
        _ if quote.closes(bytes, at) => Step { closes: true, ..step(quote.length()) },
        _ => step(1),
    }
}

impl Quote {
    fn length(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    fn index(self) -> usize {
        usize::from(self.byte == b'"')
    }

    fn closes(self, bytes: &[u8], at: usize) -> bool {
        let here = |offset: usize| bytes.get(at + offset) == Some(&self.byte);
        here(0) && (!self.triple || (here(1) && here(2)))
    }
}

fn quote_at(bytes: &[u8], at: usize) -> Quote {
    let byte = bytes.get(at).copied().unwrap_or(b'"');
    Quote { byte, triple: bytes.get(at + 1) == Some(&byte) && bytes.get(at + 2) == Some(&byte) }
}

fn is_raw_prefix(bytes: &[u8], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| bytes.get(place)).copied().unwrap_or(b' ');
    matches!(before(1), b'r' | b'R') && !is_word_byte(before(2)) && before(2) < 0x80
}

fn raw_end(bytes: &[u8], inside: usize, quote: Quote) -> usize {
    let mut at = inside;
    while at < bytes.len() {
        if quote.closes(bytes, at) {
            return at + quote.length();
        }
        if !quote.triple && bytes.get(at) == Some(&b'\n') {
            return at;
        }
        at += 1;
    }
    at
}

/// The end of a text block that nothing closes: before the next line that starts an item or closes a block at the margin.
fn before_next_item(bytes: &[u8], inside: usize) -> usize {
    let (mut at, mut end) = (inside, inside);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n');
        let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default().trim_ascii_end();
        if !line.is_empty() {
            end = at + line.len();
        }
        let Some(length) = length else { return end };
        at += length + 1;
        if starts_item(bytes.get(at..).unwrap_or_default()) {
            return end;
        }
    }
}

/// Whether a line begins an item, judged by its first word and the byte after it.
fn starts_item(line: &[u8]) -> bool {
    if line.first() == Some(&b'}') {
        return true;
    }
    let length = line.iter().position(|byte| !is_word_byte(*byte)).unwrap_or(line.len());
    let Some((word, rest)) = line.split_at_checked(length) else { return false };
    let Some(keyword) = Keyword::of_bytes(word).filter(|keyword| keyword.begins_in(BlockKind::File)) else {
        return false;
    };
    let name = rest.trim_ascii_start();
    let quoted = keyword == Keyword::Test && matches!(name.first(), Some(b'"' | b'\''));
    let named = name.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_' || *byte >= 0x80);
    matches!(rest.first(), Some(b' ' | b'\t')) && (named || quoted)
}
