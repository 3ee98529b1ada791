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

/// The letters of one head. Places count from the start of the piece.
#[derive(Default)]
pub(crate) struct TokenRow<'t> {
    /// The text from the start of the piece on.
    text: &'t str,
    row: String,
    /// Where the token of each letter lies. The quotes of a string with holes are tokens, the text in it is none.
    places: Vec<Span>,
    head: Span,
    /// Where the token before ends.
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
    /// The head of `entry`, repaired where it has to be. The piece begins at `base` in the file, and `text` there.
    pub(crate) fn of_head(text: &'t str, base: u32, entries: &Entries, entry: &Entry) -> TokenRow<'t> {
        let lexemes = entries.lexemes.get(entry.first as usize..entry.last as usize).unwrap_or_default();
        let row = String::with_capacity(lexemes.len());
        let places = Vec::with_capacity(lexemes.len());
        let head = Span::new(entry.start - base, entry.head_end.max(entry.start) - base);
        let mut row = TokenRow { text, row, places, head, end: 0 };
        for lexeme in lexemes {
            let with = if entry.repaired { replacement(lexeme.start, &entries.repairs) } else { None };
            let lexeme = Lexeme { start: lexeme.start - base, end: lexeme.end - base, ..*lexeme };
            match with {
                None => row.token(lexeme),
                Some(with) => row.replaced(lexeme, with),
            }
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

    /// Where the token with this number lies; after the last one, the end of the head.
    pub(crate) fn place(&self, number: usize) -> Span {
        self.places.get(number).copied().unwrap_or(Span::new(self.head.end, self.head.end))
    }

    /// The token that begins at a place.
    pub(crate) fn at(&self, start: u32) -> Span {
        self.place(self.number_from(start))
    }

    /// Whether the token that begins at a place is a reserved word.
    pub(crate) fn is_reserved(&self, start: u32) -> bool {
        let number = self.number_from(start);
        self.place(number).start == start && self.role(number) == TokenRole::Reserved
    }

    /// From the first token at or after a place to the last one.
    pub(crate) fn rest_from(&self, start: u32) -> Option<Span> {
        let first = self.places.get(self.number_from(start))?;
        self.places.last().map(|last| first.to(*last))
    }

    /// Where the last token before a place ends.
    pub(crate) fn end_before(&self, start: u32) -> u32 {
        let next = self.places.partition_point(|place| place.end <= start);
        next.checked_sub(1).and_then(|last| self.places.get(last)).map_or(self.head.start, |last| last.end)
    }

    /// Whether a token, or a part of one, lies between two places.
    pub(crate) fn any_between(&self, from: u32, to: u32) -> bool {
        let next = self.places.partition_point(|place| place.end <= from);
        self.places.get(next).is_some_and(|place| place.start < to)
    }

    fn number_from(&self, start: u32) -> usize {
        self.places.partition_point(|place| place.start < start)
    }

    /// What a repair puts in the place of a token.
    fn replaced(&mut self, lexeme: Lexeme, with: Replacement) {
        let letter = match with {
            Replacement::EmptyText => PLAIN,
            Replacement::Name => FREE_WORD,
            Replacement::CloseParen => ')',
            Replacement::CloseBracket => ']',
            Replacement::Nothing => return,
        };
        // What the token has beyond its replacement counts as blank, up to a whole character.
        let end = lexeme.start as usize + with.text().len();
        let end = (end..lexeme.end as usize).find(|end| self.text.is_char_boundary(*end));
        self.push(letter, lexeme.start, end.map_or(lexeme.end, crate::lex::to_u32));
    }

    fn push(&mut self, letter: char, start: u32, end: u32) {
        self.row.push(letter);
        self.places.push(Span::new(start, end));
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

    /// A string with holes: its quotes, and what stands in each hole.
    fn template(&mut self, lexeme: Lexeme) {
        let Lexeme { start, end, .. } = lexeme;
        self.push(TEMPLATE, start, start + 1);
        let bytes = self.text.as_bytes().get(..end as usize).unwrap_or_default();
        let (holes, depth) = holes(bytes, start as usize);
        // Deeper ones lie after a string that never ends, where holes were not looked into before.
        let holes = if usize::from(depth) > MAX_NESTING { Vec::new() } else { holes };
        for (from, to) in holes {
            self.push(HOLE, from, from + 2);
            Lexer::of_hole(self.text, from as usize + 2, to as usize - 1).for_each(|lexeme| self.token(lexeme));
            self.push(HOLE_END, to - 1, to);
        }
        self.push(TEMPLATE_END, end - 1, end);
    }
}

/// What stands in the place of the token that begins at `start` in the file.
fn replacement(start: u32, repairs: &[Repair]) -> Option<Replacement> {
    let next = repairs.partition_point(|repair| repair.start < start);
    repairs.get(next).filter(|repair| repair.start == start).map(|repair| repair.with)
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
