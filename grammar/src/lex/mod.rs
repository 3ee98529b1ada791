//! The scanner: text to tokens, losing no byte that is not white space.
//!
//! It serves three: [`tokens`] for the formatter and the editor, the reader of entries, and the nesting count.
//! A whole string with its holes is one token. What a token means in its place is decided elsewhere; here a string only
//! learns where it ends, also when its quote is missing: a string on one line ends with the line, a triple one before
//! the next line that starts an item.

mod strings;

use crate::keyword::Keyword;
use crate::span::Span;
use strings::Strings;
pub(crate) use strings::{Flaw, holes};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A name or keyword.
    Word,
    /// A number or duration, also one that cannot be read.
    Number,
    /// A whole string in any form, holes inside.
    Text,
    /// The string after `shell`: no escapes, no holes.
    RawText,
    /// An operator, bracket, comma, arrow, …
    Sign,
    /// `// …` up to the line's end.
    Comment,
    /// `/// …` that opens its line.
    Doc,
    /// Characters that no token begins with.
    Unknown,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it lies, counted from the start of the text.
    pub span: Span,
    /// The keyword that it is, if it is one.
    pub keyword: Option<Keyword>,
}

/// All tokens of a text; only white space and a byte-order mark lie between them.
pub fn tokens(text: &str) -> Vec<Token> {
    let token = |lexeme: Lexeme| {
        let span = Span::new(lexeme.start, lexeme.end);
        Token { kind: lexeme.kind, span, keyword: lexeme.keyword }
    };
    Lexer::new(text).map(token).collect()
}

/// A token with what the reader of entries needs to know of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexeme {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: TokenKind,
    /// The keyword that it is, if it is one.
    pub(crate) keyword: Option<Keyword>,
    /// What is wrong with a string.
    pub(crate) flaw: Flaw,
    /// A string on one line without escapes and holes.
    pub(crate) plain: bool,
    /// Levels of nesting inside a string, or of `<` in a type up to this sign; at most 255.
    pub(crate) depth: u8,
    /// Whether a line break lies before it.
    pub(crate) opens_line: bool,
}

/// Reads tokens one by one.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Open `list<` in a type, so that `>>=` is three signs there.
    angles: u32,
    previous: Previous,
    strings: Strings,
    /// Whether it reads the hole of a string, where `//` begins no comment and `shell` is a name.
    in_hole: bool,
}

/// What stood before, as far as the next token depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Previous {
    Word { end: usize },
    Shell,
    Other,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Lexer<'t> {
        let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Lexer {
            text,
            bytes: text.as_bytes(),
            at,
            angles: 0,
            previous: Previous::Other,
            strings: Strings::default(),
            in_hole: false,
        }
    }

    /// The tokens of a hole, which lies between `from` and `to`.
    pub(crate) fn of_hole(text: &'t str, from: usize, to: usize) -> Lexer<'t> {
        Lexer { at: from, in_hole: true, ..Lexer::new(text.get(..to).unwrap_or_default()) }
    }

    /// Up to where strings are read differently because of a broken one before.
    pub(crate) fn tainted_to(&self) -> u32 {
        to_u32(self.strings.taints(self.at))
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Moves past white space; whether a line break was in it (the start of the text counts as one).
    fn skip_blanks(&mut self) -> bool {
        let mut line_break = self.at == 0 || (self.at == 3 && self.text.starts_with('\u{FEFF}'));
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => line_break = true,
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {}
                _ => break,
            }
            self.at += 1;
        }
        line_break
    }

    fn comment(&mut self, opens_line: bool) -> TokenKind {
        let doc = opens_line && self.byte(self.at + 2) == b'/' && self.byte(self.at + 3) != b'/';
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        self.at += line.trim_ascii_end().len();
        if doc { TokenKind::Doc } else { TokenKind::Comment }
    }

    fn word_end(&self, mut at: usize) -> usize {
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at += rest.iter().position(|byte| !is_word_byte(*byte)).unwrap_or(rest.len());
            if self.byte(at) < 0x80 {
                return at;
            }
            let Some(ch) = self.char_at(at).filter(|ch| unicode_ident::is_xid_continue(*ch)) else {
                return at;
            };
            at += ch.len_utf8();
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    /// A number and every letter that touches it: `5parsecs` is one mistake, not two tokens.
    fn number_end(&self) -> usize {
        let mut at = self.at;
        let hex = self.byte(at) == b'0' && self.byte(at + 1) | 0x20 == b'x';
        loop {
            at = self.word_end(at);
            let exponent = !hex
                && self.byte(at - 1) | 0x20 == b'e'
                && matches!(self.byte(at), b'+' | b'-')
                && self.byte(at + 1).is_ascii_digit()
                && is_exponent_head(self.bytes.get(self.at..at - 1).unwrap_or_default());
            let fraction = self.byte(at) == b'.' && self.byte(at + 1).is_ascii_digit();
            if !exponent && !fraction {
                return at;
            }
            at += 2;
        }
    }

    fn sign_length(&self) -> usize {
        let (first, second) = (self.byte(self.at), self.byte(self.at + 1));
        match (first, second) {
            (b'>', b'=') if self.angles > 0 => 1,
            (b'-', b'>') | (b'&', b'&') | (b'|', b'|') | (b'?', b'?') => 2,
            (b'=' | b'!' | b'<' | b'>', b'=') => 2,
            (b'.', b'.') if self.byte(self.at + 2) == b'.' => 3,
            (b'.', b'.') => 2,
            _ => 1,
        }
    }

    /// A type's `<` touches the name before it and only names, commas and `?` stand up to its `>`.
    fn count_angles(&mut self, sign: u8) {
        match sign {
            b'<' if self.previous == (Previous::Word { end: self.at }) => self.angles += 1,
            b'>' => self.angles = self.angles.saturating_sub(1),
            b',' | b'?' => {}
            _ => self.angles = 0,
        }
    }

    fn unknown_end(&self) -> usize {
        let mut at = self.at;
        while let Some(ch) = self.char_at(at).filter(|ch| !ch.is_ascii_whitespace()) {
            if at > self.at && (!is_unknown(ch) || unicode_ident::is_xid_start(ch)) {
                break;
            }
            at += ch.len_utf8();
        }
        at
    }

    fn plain(&mut self, start: usize, kind: TokenKind, opens_line: bool) -> Lexeme {
        Lexeme {
            start: to_u32(start),
            end: to_u32(self.at),
            kind,
            keyword: None,
            flaw: Flaw::None,
            plain: false,
            depth: 0,
            opens_line,
        }
    }

    fn string(&mut self, prefix: usize, raw: bool, opens_line: bool) -> Lexeme {
        let start = self.at;
        let found = self.strings.scan(self.bytes, start + prefix, raw || prefix > 0);
        self.at = found.end;
        let kind = if raw { TokenKind::RawText } else { TokenKind::Text };
        self.previous = Previous::Other;
        Lexeme { flaw: found.flaw, plain: found.plain, depth: found.depth, ..self.plain(start, kind, opens_line) }
    }

    fn word(&mut self, opens_line: bool) -> Lexeme {
        let start = self.at;
        if matches!(self.byte(start), b'r' | b'R') && matches!(self.byte(start + 1), b'"' | b'\'') {
            return self.string(1, false, opens_line);
        }
        self.at = self.word_end(start);
        let keyword = Keyword::of_bytes(self.bytes.get(start..self.at).unwrap_or_default());
        let shell = !self.in_hole && keyword == Some(Keyword::Shell);
        self.previous = if shell { Previous::Shell } else { Previous::Word { end: self.at } };
        Lexeme { keyword, ..self.plain(start, TokenKind::Word, opens_line) }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Lexeme;

    // Not in one piece a token is written in bytes and at once read in words, which stalls the processor.
    #[inline(always)]
    fn next(&mut self) -> Option<Lexeme> {
        let opens_line = self.skip_blanks();
        let start = self.at;
        let first = *self.bytes.get(start)?;
        match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => return Some(self.word(opens_line)),
            b'"' | b'\'' => return Some(self.string(0, self.previous == Previous::Shell, opens_line)),
            b'/' if !self.in_hole && self.byte(start + 1) == b'/' => {
                let kind = self.comment(opens_line);
                return Some(self.plain(start, kind, opens_line));
            }
            b'0'..=b'9' => {
                self.at = self.number_end();
                self.previous = Previous::Other;
                return Some(self.plain(start, TokenKind::Number, opens_line));
            }
            _ => {}
        }
        if is_sign(first) {
            let length = self.sign_length();
            if length == 1 {
                self.count_angles(first)
            } else {
                self.angles = 0
            }
            self.at += length;
            self.previous = Previous::Other;
            let depth = u8::try_from(self.angles).unwrap_or(u8::MAX);
            return Some(Lexeme { depth, ..self.plain(start, TokenKind::Sign, opens_line) });
        }
        if first >= 0x80 && self.char_at(start).is_some_and(unicode_ident::is_xid_start) {
            return Some(self.word(opens_line));
        }
        self.at = self.unknown_end().max(start + 1);
        self.previous = Previous::Other;
        Some(self.plain(start, TokenKind::Unknown, opens_line))
    }
}

/// Files are at most 16 MiB (the caller's limit), so offsets fit.
pub(crate) fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

pub(crate) fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES.get(usize::from(byte)).copied().unwrap_or(false)
}

const WORD_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "evaluated when compiled")]
        {
            table[byte] = (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize;
        }
        byte += 1;
    }
    table
};

fn is_sign(byte: u8) -> bool {
    matches!(byte, b'!' | b'%'..=b'&' | b'('..=b'/' | b':'..=b'?' | b'[' | b']' | b'{'..=b'}')
}

fn is_unknown(ch: char) -> bool {
    !ch.is_ascii()
        || !(is_sign(ch as u8) || is_word_byte(ch as u8) || matches!(ch, '"' | '\'' | ' ' | '\t' | '\r' | '\n'))
}

/// Whether `digits` can stand before an exponent: `1`, `1.5`.
fn is_exponent_head(digits: &[u8]) -> bool {
    !digits.is_empty() && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}
