//! What pest reads: a row of letters, one for each token of a head.
//!
//! A letter says what a token can be to the grammar and nothing else, so the rules look at each token once, and at no
//! blank, no comment and no character of a name or string. The letters are named at the top of `hook.pest`. All are one
//! byte long: a place in the row is the number of a token.

use crate::entries::{Entries, Entry, MAX_NESTING, Repair, Replacement};
use crate::keyword::{Keyword, NAME_LETTER};
use crate::lex::{Lexeme, Lexer, TokenKind, holes};
use crate::span::Span;

pub(crate) const FREE_WORD: char = NAME_LETTER as char;
pub(crate) const IN: char = Keyword::In.letter() as char;
pub(crate) const MINUS: char = '\u{02}';
pub(crate) const BANG: char = '\u{03}';
pub(crate) const COLON: char = '\u{04}';
pub(crate) const ANGLE: char = '\u{08}';
pub(crate) const QUESTION: char = '\u{09}';
pub(crate) const QUESTIONS: char = '\u{0a}';
pub(crate) const OTHER_INFIX: char = '\u{0b}';
pub(crate) const DOTS: char = '/';
pub(crate) const DIGITS: char = '^';
pub(crate) const NUMBER: char = '_';
pub(crate) const PLAIN: char = '`';
pub(crate) const RAW: char = '\'';
pub(crate) const SCRIPT: char = '"';
pub(crate) const TEMPLATE: char = '4';
pub(crate) const TEMPLATE_END: char = '5';
pub(crate) const HOLE: char = '$';
pub(crate) const HOLE_END: char = '%';
/// A character that no token begins with, in a hole; elsewhere such tokens are repaired.
pub(crate) const UNKNOWN: char = '#';

/// The letters of one head.
pub(crate) struct TokenRow<'t> {
    text: &'t str,
    /// Where the head begins in the file.
    base: u32,
    row: String,
    /// Where the token of each letter lies, counted from the head.
    places: Vec<Span>,
    /// An empty place after the head.
    end_of_head: Span,
    /// Where the token before ends, counted from the file's start.
    end: u32,
}

/// What an operand of one token is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenRole {
    Number,
    /// A string without escapes and holes.
    Plain,
    Raw,
    Word,
    Reserved,
    Other,
}

impl<'t> TokenRow<'t> {
    /// The head of `entry`, repaired where it has to be.
    pub(crate) fn of_head(text: &'t str, entries: &Entries, entry: &Entry) -> TokenRow<'t> {
        let lexemes = entries.lexemes.get(entry.first as usize..entry.last as usize).unwrap_or_default();
        let row = String::with_capacity(lexemes.len());
        let places = Vec::with_capacity(lexemes.len());
        let length = entry.head_end.saturating_sub(entry.start);
        let end_of_head = Span::new(length, length);
        let mut row = TokenRow { text, base: entry.start, row, places, end_of_head, end: 0 };
        if entry.repaired {
            row.repaired(lexemes, &entries.repairs);
        } else {
            lexemes.iter().for_each(|lexeme| row.token(*lexeme));
        }
        row
    }

    /// The row that pest reads.
    pub(crate) fn row(&self) -> &str {
        &self.row
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// What the letter with this number is as an operand.
    pub(crate) fn role(&self, number: usize) -> TokenRole {
        match self.row.as_bytes().get(number).copied().map_or(UNKNOWN, char::from) {
            'a'..='z' => TokenRole::Word,
            DIGITS | NUMBER => TokenRole::Number,
            PLAIN => TokenRole::Plain,
            RAW => TokenRole::Raw,
            'A'..='Z' | IN => TokenRole::Reserved,
            _ => TokenRole::Other,
        }
    }

    /// Where the token with this number lies, counted from the head; after the last one, its end.
    pub(crate) fn place(&self, number: usize) -> Span {
        self.places.get(number).copied().unwrap_or(self.end_of_head)
    }

    /// Each token, or what its repair puts in its place.
    fn repaired(&mut self, lexemes: &[Lexeme], repairs: &[Repair]) {
        for lexeme in lexemes {
            let next = repairs.partition_point(|repair| repair.start < lexeme.start);
            let repair = repairs.get(next).filter(|repair| repair.start == lexeme.start);
            let letter = match repair.map(|repair| repair.with) {
                None => {
                    self.token(*lexeme);
                    continue;
                }
                Some(Replacement::EmptyText) => PLAIN,
                Some(Replacement::Name) => FREE_WORD,
                Some(Replacement::CloseParen) => ')',
                Some(Replacement::CloseBracket) => ']',
                Some(Replacement::Nothing) => continue,
            };
            let length = repair.map_or(0, |repair| crate::lex::to_u32(repair.with.text().len()));
            self.push(letter, lexeme.start, lexeme.start + length);
        }
    }

    fn push(&mut self, letter: char, start: u32, end: u32) {
        self.row.push(letter);
        self.places.push(Span::new(start - self.base, end - self.base));
        self.end = end;
    }

    fn token(&mut self, lexeme: Lexeme) {
        let Lexeme { start, end, .. } = lexeme;
        let bytes = self.text.as_bytes();
        let token = bytes.get(start as usize..end as usize).unwrap_or_default();
        let letter = match lexeme.kind {
            TokenKind::Word => char::from(lexeme.keyword.map_or(NAME_LETTER, Keyword::letter)),
            TokenKind::Number if token.iter().all(u8::is_ascii_digit) => DIGITS,
            TokenKind::Number => NUMBER,
            TokenKind::Text if lexeme.plain => PLAIN,
            TokenKind::Text if matches!(token.first(), Some(b'r' | b'R')) => RAW,
            TokenKind::Text => return self.template(lexeme),
            TokenKind::RawText => SCRIPT,
            TokenKind::Sign => sign(token, start == self.end),
            TokenKind::Comment | TokenKind::Doc | TokenKind::Unknown => UNKNOWN,
        };
        self.push(letter, start, end);
    }

    /// A string with holes: what stands in each, between two row.
    fn template(&mut self, lexeme: Lexeme) {
        let Lexeme { start, end, .. } = lexeme;
        self.push(TEMPLATE, start, start);
        let bytes = self.text.as_bytes().get(..end as usize).unwrap_or_default();
        let (holes, depth) = holes(bytes, start as usize);
        // Deeper ones lie after a string that never ends, where holes were not looked into before.
        let holes = if usize::from(depth) > MAX_NESTING { Vec::new() } else { holes };
        for (from, to) in holes {
            self.push(HOLE, from, from + 2);
            Lexer::of_hole(self.text, from as usize + 2, to as usize - 1).for_each(|lexeme| self.token(lexeme));
            self.push(HOLE_END, to - 1, to);
        }
        self.push(TEMPLATE_END, end, end);
    }
}

/// The letter of a sign; `touching` when nothing parts it from the token before.
pub(crate) fn sign(sign: &[u8], touching: bool) -> char {
    match sign {
        [bracket @ (b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b'.')] => char::from(*bracket),
        b"-" => MINUS,
        b"!" => BANG,
        b":" => COLON,
        b"=" => '\u{05}',
        b"==" => '\u{06}',
        b">" => '\u{07}',
        b"<" if touching => ANGLE,
        b"?" if touching => QUESTION,
        b"??" if touching => QUESTIONS,
        b"->" => '~',
        b".." => DOTS,
        b"..." => '3',
        _ => OTHER_INFIX,
    }
}
