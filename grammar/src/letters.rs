//! What pest reads: a row of letters, one for each token of a head.
//!
//! A letter says what a token can be to the grammar and nothing else, so the rules look at each token once, and at no
//! blank, no comment and no character of a name or string. The letters are named at the top of `hook.pest`. All are one
//! byte long: a place in the row is the number of a token.

use crate::cut::{Cut, Entry, MAX_NESTING, Patch};
use crate::lex::{Lexeme, Lexer, TokenKind, holes};
use crate::span::Span;

const FREE_WORD: char = 'a';
const IN: char = '\u{01}';
const MINUS: char = '\u{02}';
const BANG: char = '\u{03}';
const COLON: char = '\u{04}';
const ANGLE: char = '\u{08}';
const QUESTION: char = '\u{09}';
const QUESTIONS: char = '\u{0a}';
const OTHER_INFIX: char = '\u{0b}';
const DOTS: char = '/';
const DIGITS: char = '^';
const NUMBER: char = '_';
const PLAIN: char = '`';
const RAW: char = '\'';
const SCRIPT: char = '"';
const TEMPLATE: char = '4';
const TEMPLATE_END: char = '5';
const HOLE: char = '$';
const HOLE_END: char = '%';
/// A character that no token begins with, in a hole; elsewhere they are patched over.
const UNKNOWN: char = '#';

/// The letters of one head.
pub(crate) struct Letters<'t> {
    text: &'t str,
    /// Where the head begins in the file.
    base: u32,
    row: String,
    /// Where the token of each letter lies, counted from the head.
    places: Vec<Span>,
    /// An empty place behind the head.
    end_of_head: Span,
    /// Where the token before ends, counted from the file's start.
    end: u32,
}

/// What a token is in the row of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    Number,
    /// A string without escapes and holes.
    Plain,
    Raw,
    Word,
    Reserved,
    In,
    /// A sign between two values, or before one.
    Sign {
        prefix: bool,
    },
    Dot,
    /// `..`
    Dots,
    /// What ends a value that has parts.
    Closing,
    Other,
}

impl Leaf {
    /// Whether a value can end with it.
    pub(crate) fn ends_operand(self) -> bool {
        !matches!(self, Leaf::In | Leaf::Sign { .. } | Leaf::Other)
    }

    /// Whether it can stand behind the dot.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Leaf::Word | Leaf::Reserved | Leaf::In | Leaf::Number)
    }
}

impl<'t> Letters<'t> {
    /// The head of `entry`, patched where it had to be.
    pub(crate) fn of_head(text: &'t str, cut: &Cut, entry: &Entry) -> Letters<'t> {
        let lexemes = cut.lexemes.get(entry.first as usize..entry.last as usize).unwrap_or_default();
        let row = String::with_capacity(lexemes.len());
        let places = Vec::with_capacity(lexemes.len());
        let length = entry.head_end.saturating_sub(entry.start);
        let end_of_head = Span::new(length, length);
        let mut letters = Letters { text, base: entry.start, row, places, end_of_head, end: 0 };
        if entry.patched {
            letters.patched(lexemes, &cut.patches);
        } else {
            lexemes.iter().for_each(|lexeme| letters.token(*lexeme));
        }
        letters
    }

    /// The row that pest reads.
    pub(crate) fn row(&self) -> &str {
        &self.row
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// What the letter with this number stands for in the row of an expression.
    pub(crate) fn leaf(&self, number: usize) -> Leaf {
        match self.row.as_bytes().get(number).copied().map_or(UNKNOWN, char::from) {
            'a'..='z' => Leaf::Word,
            DIGITS | NUMBER => Leaf::Number,
            PLAIN => Leaf::Plain,
            '.' => Leaf::Dot,
            DOTS => Leaf::Dots,
            IN => Leaf::In,
            MINUS | BANG => Leaf::Sign { prefix: true },
            COLON..=OTHER_INFIX => Leaf::Sign { prefix: false },
            RAW => Leaf::Raw,
            'A'..='Z' => Leaf::Reserved,
            ')' | ']' | '}' | TEMPLATE_END => Leaf::Closing,
            _ => Leaf::Other,
        }
    }

    /// Where the token with this number lies, counted from the head; behind the last one, its end.
    pub(crate) fn place(&self, number: usize) -> Span {
        self.places.get(number).copied().unwrap_or(self.end_of_head)
    }

    /// Each token, or what its patch has put in its place.
    fn patched(&mut self, lexemes: &[Lexeme], patches: &[Patch]) {
        for lexeme in lexemes {
            let patch = patches.partition_point(|patch| patch.start < lexeme.start);
            let fill = patches.get(patch).filter(|patch| patch.start == lexeme.start).map(|patch| patch.fill);
            let letter = match fill {
                None => {
                    self.token(*lexeme);
                    continue;
                }
                Some("\"\"") => PLAIN,
                Some("_") => FREE_WORD,
                Some(")") => ')',
                Some("]") => ']',
                Some(_) => continue,
            };
            let length = fill.map_or(0, |fill| crate::lex::to_u32(fill.len()));
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
            TokenKind::Word => word(token),
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

    /// A string with holes: what stands in each, between two letters.
    fn template(&mut self, lexeme: Lexeme) {
        let Lexeme { start, end, .. } = lexeme;
        self.push(TEMPLATE, start, start);
        let bytes = self.text.as_bytes().get(..end as usize).unwrap_or_default();
        let (holes, depth) = holes(bytes, start as usize);
        // Deeper ones lie behind a string that never ends, where holes were not looked into before.
        let holes = if usize::from(depth) > MAX_NESTING { Vec::new() } else { holes };
        for (from, to) in holes {
            self.push(HOLE, from, from + 2);
            Lexer::of_hole(self.text, from as usize + 2, to as usize - 1).for_each(|lexeme| self.token(lexeme));
            self.push(HOLE_END, to - 1, to);
        }
        self.push(TEMPLATE_END, end, end);
    }
}

/// The letter of a word: reserved ones are upper-case.
fn word(word: &[u8]) -> char {
    match word {
        b"after" => 'A',
        b"as" => 'S',
        b"fail" => 'X',
        b"for" => 'F',
        b"from" => 'M',
        b"in" => IN,
        b"modify" => 'D',
        b"on" => 'O',
        b"require" => 'Q',
        b"run" => 'R',
        b"warn" => 'Y',
        b"when" => 'W',
        b"where" => 'C',
        b"with" => 'H',
        b"backoff" => 'b',
        b"else" => 'e',
        b"job" => 'j',
        b"max" => 'm',
        b"mock" => 'k',
        b"not" => 'z',
        b"op" => 'o',
        b"profile" => 'p',
        b"retrying" => 'r',
        b"source" => 's',
        b"step_start" | b"step_end" => 'v',
        b"then" => 't',
        b"tool_start" | b"tool_end" => 'u',
        _ => FREE_WORD,
    }
}

/// The letter of a sign; `touching` when nothing parts it from the token before.
fn sign(sign: &[u8], touching: bool) -> char {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairs::{Rule, reads};

    #[test]
    fn the_grammar_names_the_same_letters() {
        let named = [
            (Rule::FREE, FREE_WORD),
            (Rule::IN, IN),
            (Rule::PREFIX, MINUS),
            (Rule::PREFIX, BANG),
            (Rule::COLON, COLON),
            (Rule::ANGLE, ANGLE),
            (Rule::QUESTION, QUESTION),
            (Rule::QUESTIONS, QUESTIONS),
            (Rule::INFIX, OTHER_INFIX),
            (Rule::DOTS, DOTS),
            (Rule::DIGITS, DIGITS),
            (Rule::NUMERAL, NUMBER),
            (Rule::PLAIN, PLAIN),
            (Rule::RAW, RAW),
            (Rule::SCRIPT, SCRIPT),
            (Rule::TEMPLATE, TEMPLATE),
            (Rule::TEMPLATE_END, TEMPLATE_END),
            (Rule::HOLE, HOLE),
            (Rule::HOLE_END, HOLE_END),
            (Rule::EQUAL, sign(b"=", false)),
            (Rule::TWO_EQUAL, sign(b"==", false)),
            (Rule::GREATER, sign(b">", false)),
            (Rule::ARROW, sign(b"->", false)),
            (Rule::SPREAD, sign(b"...", false)),
        ];
        for (rule, letter) in named {
            assert!(reads(rule, letter), "{rule:?} does not read {letter:?}");
        }
    }

    #[test]
    fn the_grammar_names_the_same_words() {
        let named = [
            (Rule::AFTER, "after"),
            (Rule::AS, "as"),
            (Rule::FAIL, "fail"),
            (Rule::FOR, "for"),
            (Rule::FROM, "from"),
            (Rule::IN, "in"),
            (Rule::MODIFY, "modify"),
            (Rule::ON, "on"),
            (Rule::REQUIRE, "require"),
            (Rule::RUN, "run"),
            (Rule::WARN, "warn"),
            (Rule::WHEN, "when"),
            (Rule::WHERE, "where"),
            (Rule::WITH, "with"),
            (Rule::BACKOFF, "backoff"),
            (Rule::ELSE, "else"),
            (Rule::JOB, "job"),
            (Rule::MAX, "max"),
            (Rule::MOCK, "mock"),
            (Rule::NOT, "not"),
            (Rule::OP, "op"),
            (Rule::PROFILE, "profile"),
            (Rule::RETRYING, "retrying"),
            (Rule::SOURCE, "source"),
            (Rule::STEP, "step_end"),
            (Rule::THEN, "then"),
            (Rule::TOOL, "tool_start"),
        ];
        for (rule, text) in named {
            assert!(reads(rule, word(text.as_bytes())), "{rule:?} does not read `{text}`");
        }
    }
}
