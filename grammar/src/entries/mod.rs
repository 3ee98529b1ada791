//! Divides a file into entries before any of them is parsed.
//!
//! Works on tokens alone. It decides where each item and each entry of a block begins and ends, which braces are
//! blocks, and what a missing or an extra bracket belongs to: so one mistake stays in its entry. Whatever would keep an
//! entry's head from being read as a whole (a string without an end, a bracket that nothing opened) is reported here and
//! replaced, byte for byte, before the head is parsed. It also counts nesting, so that the parser's recursion is bounded.
//! What an entry says is left to the parser.

mod blocks;
pub(crate) mod forms;
pub(crate) mod head;
mod misplaced;

use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::{Flaw, Lexeme, Lexer, TokenKind};
use crate::outline::Outline;
pub(crate) use crate::outline::{Entry, EntryForm};
use crate::span::Span;

/// How many levels brackets, holes, types, ternaries and signs before a value may lie in each other.
pub(crate) const MAX_NESTING: usize = 128;

/// The token at `start` is replaced before its head is parsed, so that the head can be read as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repair {
    pub(crate) start: u32,
    pub(crate) with: Replacement,
}

/// What takes the place of a token. The rest of its range is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replacement {
    Nothing,
    EmptyText,
    Name,
    CloseParen,
    CloseBracket,
}

impl Replacement {
    /// How it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Replacement::Nothing => "",
            Replacement::EmptyText => "\"\"",
            Replacement::Name => "_",
            Replacement::CloseParen => ")",
            Replacement::CloseBracket => "]",
        }
    }
}

/// A `///` line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocLine {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Where the next token begins that is no comment.
    pub(crate) before: u32,
}

/// The entries of a file.
#[derive(Default)]
pub(crate) struct Entries {
    /// The tokens that are no comments.
    pub(crate) lexemes: Vec<Lexeme>,
    pub(crate) outline: Outline,
    /// In order of the entry (by its number) they belong to.
    pub(crate) faults: Vec<(u32, SyntaxError)>,
    /// In written order.
    pub(crate) repairs: Vec<Repair>,
    pub(crate) docs: Vec<DocLine>,
    /// Ranges whose strings are read differently because of a broken one before; in written order.
    tainted: Vec<(u32, u32)>,
}

impl Entries {
    /// Whether what stands at `at` is read as it would be alone.
    pub(crate) fn is_clean(&self, at: u32) -> bool {
        let before = self.tainted.partition_point(|(from, _)| *from <= at);
        self.tainted.get(..before).unwrap_or_default().last().is_none_or(|(_, to)| *to <= at)
    }
}

/// Divides `text` into entries.
pub(crate) fn read(text: &str) -> Entries {
    let mut reader = EntryReader::new(text);
    reader.file();
    reader.finish()
}

/// Takes `text` as one expression or type: one head, checked for nesting and closed strings.
pub(crate) fn read_single(text: &str) -> Entries {
    let mut reader = EntryReader::new(text);
    reader.whole();
    reader.finish()
}

/// The tokens that are not comments. Documentation is kept apart.
fn read_tokens(text: &str, found: &mut Entries) -> Vec<Lexeme> {
    // The shortest tokens in a row; room that is not used costs nothing.
    let mut lexemes = Vec::with_capacity(text.len() / 3);
    let mut waiting = 0;
    let mut line_break = false;
    let mut lexer = Lexer::new(text);
    while let Some(mut lexeme) = lexer.next() {
        if lexeme.flaw != Flaw::None && lexer.tainted_to() > lexeme.end {
            found.tainted.push((lexeme.end, lexer.tainted_to()));
        }
        line_break |= lexeme.opens_line;
        if matches!(lexeme.kind, TokenKind::Comment | TokenKind::Doc) {
            if lexeme.kind == TokenKind::Doc {
                let Lexeme { start, end, .. } = lexeme;
                found.docs.push(DocLine { start, end, before: crate::lex::to_u32(text.len()) });
            }
            continue;
        }
        while let Some(doc) = found.docs.get_mut(waiting) {
            doc.before = lexeme.start;
            waiting += 1;
        }
        lexeme.opens_line = line_break;
        line_break = false;
        lexemes.push(lexeme);
    }
    lexemes
}

pub(crate) struct EntryReader<'t> {
    text: &'t str,
    lexemes: Vec<Lexeme>,
    /// The next token.
    at: usize,
    /// Open brackets of the head that is being read.
    stack: Vec<u8>,
    open_blocks: u32,
    /// How far the profile is indented whose block is read.
    profile_indent: Option<usize>,
    found: Entries,
}

impl<'t> EntryReader<'t> {
    fn new(text: &'t str) -> EntryReader<'t> {
        let mut found = Entries::default();
        let lexemes = read_tokens(text, &mut found);
        EntryReader { text, lexemes, at: 0, stack: Vec::new(), open_blocks: 0, profile_indent: None, found }
    }

    fn finish(mut self) -> Entries {
        self.found.faults.sort_by_key(|(entry, error)| (*entry, error.span.start));
        self.found.repairs.sort_by_key(|repair| repair.start);
        self.found.lexemes = self.lexemes;
        self.found
    }

    fn lexeme(&self, index: usize) -> Option<Lexeme> {
        self.lexemes.get(index).copied()
    }

    fn text_of(&self, lexeme: Lexeme) -> &'t str {
        self.text.get(lexeme.start as usize..lexeme.end as usize).unwrap_or_default()
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.lexeme(index).map(|lexeme| lexeme.kind)
    }

    /// The word at `index`; empty when it is none.
    fn word(&self, index: usize) -> &'t str {
        self.lexeme(index).filter(|lexeme| lexeme.kind == TokenKind::Word).map_or("", |lexeme| self.text_of(lexeme))
    }

    /// The keyword at `index`.
    fn keyword(&self, index: usize) -> Option<Keyword> {
        self.lexeme(index).and_then(|lexeme| lexeme.keyword)
    }

    /// The sign at `index`; empty when it is none.
    fn sign(&self, index: usize) -> &'t str {
        self.lexeme(index).filter(|lexeme| lexeme.kind == TokenKind::Sign).map_or("", |lexeme| self.text_of(lexeme))
    }

    fn opens_line(&self, index: usize) -> bool {
        self.lexeme(index).is_none_or(|lexeme| lexeme.opens_line)
    }

    fn start_of(&self, index: usize) -> u32 {
        self.lexeme(index).map_or(crate::lex::to_u32(self.text.len()), |lexeme| lexeme.start)
    }

    /// The end of the token before `index`.
    fn end_before(&self, index: usize) -> u32 {
        index.checked_sub(1).and_then(|before| self.lexeme(before)).map_or(0, |lexeme| lexeme.end)
    }

    fn span_of(&self, index: usize) -> Span {
        self.lexeme(index).map_or_else(Span::default, |lexeme| Span::new(lexeme.start, lexeme.end))
    }

    fn entry_number(&self) -> u32 {
        crate::lex::to_u32(self.found.outline.entries.len())
    }

    fn fault(&mut self, entry: u32, error: SyntaxError) {
        self.found.faults.push((entry, error));
    }

    fn unexpected(&mut self, entry: u32, index: usize, message: String) {
        let span = self.span_of(index);
        self.fault(entry, SyntaxError::new(ErrorKind::Unexpected, span, message));
    }

    /// How far the line of the token at `index` is indented.
    fn indent(&self, index: usize) -> usize {
        let start = self.start_of(index) as usize;
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or_default();
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }
}
