//! Reads the head of one entry: from its first word up to its block or its end.
//!
//! Inside brackets a newline is free, but a line that can only be an entry, or begins with `}`, ends the head, so a
//! bracket that is never closed costs one entry. Closing brackets that fit nothing are reported and repaired here.

use super::{Entry, EntryForm, EntryReader, MAX_NESTING, Repair, Replacement};
use crate::block::BlockKind;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::{Flaw, Lexeme, TokenKind};
use crate::nearest::nearest;
use crate::span::Span;

/// How a head ended.
pub(super) enum HeadEnd {
    /// Nothing more belongs to it.
    Whole,
    /// The next token opens its block.
    Block,
}

/// The entry whose head is read.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) number: u32,
    pub(super) form: EntryForm,
    pub(super) block: BlockKind,
    pub(super) first: usize,
}

impl EntryReader<'_> {
    /// Moves past the head. `deep` is set when it is nested too deeply, which is reported.
    pub(super) fn head(&mut self, head: Head, deep: &mut bool) -> HeadEnd {
        self.stack.clear();
        self.at = head.first;
        while let Some(lexeme) = self.lexeme(self.at) {
            if self.at > head.first && self.ends_here(head, lexeme) {
                return HeadEnd::Whole;
            }
            match lexeme.kind {
                TokenKind::Text | TokenKind::RawText if lexeme.flaw != Flaw::None => {
                    self.broken_string(head.number, lexeme)
                }
                TokenKind::Unknown => self.unknown(head.number, lexeme),
                TokenKind::Sign => match self.bracket(head, lexeme) {
                    Bracket::Inside => {}
                    Bracket::OpensBlock => return HeadEnd::Block,
                    Bracket::EndsEntry => return HeadEnd::Whole,
                },
                _ => {}
            }
            self.count_nesting(head, lexeme, deep);
            self.at += 1;
        }
        HeadEnd::Whole
    }

    /// The whole text as one head.
    pub(super) fn whole(&mut self) {
        let end = crate::lex::to_u32(self.text.len());
        let form = EntryForm::Setting;
        let head = Head { number: 0, form, block: BlockKind::File, first: 0 };
        let mut deep = false;
        while let Some(lexeme) = self.lexeme(self.at) {
            match lexeme.kind {
                TokenKind::Word | TokenKind::Number => {}
                TokenKind::Text | TokenKind::RawText if lexeme.flaw != Flaw::None => self.broken_string(0, lexeme),
                TokenKind::Unknown => self.unknown(0, lexeme),
                TokenKind::Sign => match self.first_byte(lexeme) {
                    bracket @ (b'(' | b'[' | b'{') => self.stack.push(bracket),
                    b')' => self.close(head, lexeme, b'('),
                    b']' => self.close(head, lexeme, b'['),
                    b'}' => self.close(head, lexeme, b'{'),
                    _ => {}
                },
                _ => {}
            }
            self.count_nesting(head, lexeme, &mut deep);
            self.at += 1;
        }
        let form = if deep { EntryForm::Broken } else { form };
        let repaired = !self.found.repairs.is_empty();
        let last = crate::lex::to_u32(self.at);
        self.found.outline.entries.push(Entry {
            form,
            start: 0,
            head_end: end,
            end,
            first: 0,
            last,
            next: 1,
            block: BlockKind::File,
            keyword: None,
            body: None,
            has_block: false,
            repaired,
        });
    }

    fn count_nesting(&mut self, head: Head, lexeme: Lexeme, deep: &mut bool) {
        if !*deep && self.stack.len() + usize::from(lexeme.depth) > MAX_NESTING {
            *deep = true;
            self.fault(head.number, too_deep(Span::new(lexeme.start, lexeme.end)));
        }
    }

    /// Whether the head ends before the token at the cursor.
    fn ends_here(&mut self, head: Head, lexeme: Lexeme) -> bool {
        if lexeme.opens_line {
            if self.is_item_line(self.at) {
                return true;
            }
            if self.stack.is_empty() {
                return self.ends_line(head);
            }
            return match self.sign(self.at) {
                "}" => !self.stack.contains(&b'{'),
                _ => self.is_entry_line(self.at),
            };
        }
        if !self.stack.is_empty() {
            return false;
        }
        let second = match lexeme.kind {
            TokenKind::Sign => self.sign(self.at) == ";",
            TokenKind::Word => {
                head.form != EntryForm::Secrets && !self.repeats_first_word(head) && self.is_second_entry(self.at)
            }
            _ => false,
        };
        if second {
            self.second_entry(head);
            return true;
        }
        false
    }

    /// Whether a line break outside brackets ends the head; slips that plainly go on are reported and read on.
    fn ends_line(&mut self, head: Head) -> bool {
        if self.continues(self.at, head.form, head.block) || self.is_misspelt_clause(head) {
            return false;
        }
        let slip = match self.sign(self.at) {
            "=" => "`=` must be on the same line as the name",
            "." => "a line cannot begin with `.`",
            _ if self.at > head.first && self.sign(self.at - 1) == "," => {
                if self.kind(self.at) != Some(TokenKind::Word)
                    || self.is_entry_line(self.at)
                    || self.is_job_line(self.at)
                {
                    return true;
                }
                let comma = Span::new(self.end_before(self.at) - 1, self.end_before(self.at));
                let error =
                    SyntaxError::new(ErrorKind::Unexpected, comma, "a list outside brackets must be on one line");
                self.fault(head.number, error.help("write it on one line"));
                return false;
            }
            _ => return true,
        };
        let span = self.span_of(self.at);
        self.fault(head.number, SyntaxError::new(ErrorKind::Unexpected, span, slip).help("move it to the line before"));
        false
    }

    /// Whether the line below an op is meant for one of its clauses: deeper than the op, with a word that is near one.
    fn is_misspelt_clause(&self, head: Head) -> bool {
        let word = self.word(self.at);
        matches!(head.form, EntryForm::Op | EntryForm::Trigger)
            && self.indent(self.at) > self.indent(head.first)
            && !self.is_entry_line(self.at)
            && nearest(word, [Keyword::When, Keyword::After, Keyword::For, Keyword::With]).is_some()
    }

    /// Whether a setting's word is written twice, as in `memory memory "4GiB"`: that is one mistake, not two entries.
    fn repeats_first_word(&self, head: Head) -> bool {
        self.at == head.first + 1
            && self.keyword(self.at).is_some()
            && self.keyword(self.at) == self.keyword(head.first)
    }

    fn second_entry(&mut self, head: Head) {
        let span = self.span_of(self.at);
        let line = format!("\n{}", " ".repeat(self.indent(head.first)));
        let error = SyntaxError::new(ErrorKind::TwoEntriesOnOneLine, span, "two entries cannot be on the same line");
        let error = if self.sign(self.at) == ";" {
            self.at += 1;
            let last = self.opens_line(self.at);
            let error = SyntaxError { message: "a line break ends an entry, `;` does not".to_owned(), ..error };
            if last { error.fix(span, "", "remove `;`") } else { error.fix(span, line, "begin a new line") }
        } else {
            error.fix(Span::new(span.start, span.start), line, "begin a new line")
        };
        self.fault(head.number, error);
    }

    fn bracket(&mut self, head: Head, lexeme: Lexeme) -> Bracket {
        match self.first_byte(lexeme) {
            bracket @ (b'(' | b'[') => self.stack.push(bracket),
            b'{' => {
                if self.opens_block(head) {
                    return Bracket::OpensBlock;
                }
                self.stack.push(b'{');
            }
            b')' => self.close(head, lexeme, b'('),
            b']' => self.close(head, lexeme, b'['),
            b'}' => return self.close_brace(head, lexeme),
            _ => {}
        }
        Bracket::Inside
    }

    /// The first byte of a sign; none that begins with a bracket is longer than it.
    fn first_byte(&self, sign: Lexeme) -> u8 {
        self.text.as_bytes().get(sign.start as usize).copied().unwrap_or(0)
    }

    fn close(&mut self, head: Head, lexeme: Lexeme, open: u8) {
        let place = self.stack.iter().rposition(|bracket| *bracket == open);
        let wrong = place.is_some_and(|place| self.stands_for_another(place));
        if let Some(place) = place.filter(|_| !wrong) {
            self.stack.truncate(place);
            return;
        }
        let span = Span::new(lexeme.start, lexeme.end);
        let found = self.text_of(lexeme);
        let (message, with) = match self.stack.last() {
            Some(b'(' | b'[') if !wrong && self.closes_next(found) => {
                (format!("unmatched `{found}`"), Replacement::Nothing)
            }
            Some(b'(') => (format!("expected `)`, found `{found}`"), Replacement::CloseParen),
            Some(b'[') => (format!("expected `]`, found `{found}`"), Replacement::CloseBracket),
            Some(_) => (format!("unmatched `{found}`"), Replacement::Nothing),
            None => (format!("unmatched `{found}`"), Replacement::Nothing),
        };
        if with != Replacement::Nothing {
            self.stack.pop();
        }
        self.repair(lexeme, with);
        if self.follows_broken_string(head.number, lexeme) {
            return;
        }
        let error = SyntaxError::new(ErrorKind::Unopened, span, message);
        let title = match with {
            Replacement::Nothing => format!("remove `{found}`"),
            _ => format!("replace it with `{}`", with.text()),
        };
        self.fault(head.number, error.fix(span, with.text(), title));
    }

    /// Whether the closing bracket at the cursor stands for another, as the first in `[(1]]`: what it would close is at
    /// `place`, and the next token closes that.
    fn stands_for_another(&self, place: usize) -> bool {
        let next = place + 2 == self.stack.len() && self.sign(self.at + 1) == self.sign(self.at);
        // Deeper ones are refused, and not worth a look at all of them.
        let open = self.stack.get(place).filter(|_| next && place < MAX_NESTING);
        open.is_some_and(|open| self.stack.iter().filter(|bracket| *bracket == open).count() == 1)
    }

    /// Whether what is open is closed after the wrong brackets at the cursor, which then are too many; not so in `((1])`,
    /// where one would be missing.
    fn closes_next(&self, wrong: &str) -> bool {
        let mut next = self.at + 1;
        while self.sign(next) == wrong && next < self.at + 8 {
            next += 1;
        }
        let Some(open) = self.stack.last() else { return false };
        let right = if *open == b'(' { ")" } else { "]" };
        let needed = self.stack.iter().rev().take(8).take_while(|bracket| *bracket == open).count();
        (next..next + needed).all(|index| self.sign(index) == right)
    }

    fn close_brace(&mut self, head: Head, lexeme: Lexeme) -> Bracket {
        if let Some(place) = self.stack.iter().rposition(|bracket| *bracket == b'{') {
            self.stack.truncate(place);
            return Bracket::Inside;
        }
        if self.open_blocks > 0 || lexeme.opens_line {
            return Bracket::EndsEntry;
        }
        self.repair(lexeme, Replacement::Nothing);
        if self.follows_broken_string(head.number, lexeme) {
            return Bracket::Inside;
        }
        let span = Span::new(lexeme.start, lexeme.end);
        self.fault(
            head.number,
            SyntaxError::new(ErrorKind::Unopened, span, "unmatched `}`").fix(span, "", "remove `}`"),
        );
        Bracket::Inside
    }

    /// Whether the `{` at the cursor opens a block; otherwise it is a value's.
    fn opens_block(&self, head: Head) -> bool {
        let takes_block = head.form.block_kind().is_some() || head.form == EntryForm::Broken;
        if !self.stack.is_empty() {
            let ends_line = self.opens_line(self.at + 1) || self.sign(self.at + 1) == "}";
            let entries = ends_line || self.is_entry_line(self.at + 1);
            return takes_block && entries && !self.stack.contains(&b'{') && self.follows_operand(self.at);
        }
        if matches!(head.form, EntryForm::Enum | EntryForm::Record) {
            return false;
        }
        if self.at <= head.first + 1 {
            return takes_block;
        }
        let value = self.looks_like_value(self.at);
        let ternary = value && self.at > 0 && self.sign(self.at - 1) == "?";
        (self.follows_operand(self.at) && !ternary) || (takes_block && !value)
    }

    /// `{}`, `{ key: …`
    fn looks_like_value(&self, index: usize) -> bool {
        let key = matches!(self.kind(index + 1), Some(TokenKind::Word | TokenKind::Text | TokenKind::Number));
        self.sign(index + 1) == "}" || (key && self.sign(index + 2) == ":")
    }

    fn repair(&mut self, lexeme: Lexeme, with: Replacement) {
        self.found.repairs.push(Repair { start: lexeme.start, with });
    }

    fn broken_string(&mut self, entry: u32, lexeme: Lexeme) {
        let text = self.text_of(lexeme);
        let quotes = if text.trim_start_matches(['r', 'R']).starts_with("\"\"\"") {
            "\"\"\""
        } else if text.trim_start_matches(['r', 'R']).starts_with("'''") {
            "'''"
        } else if text.trim_start_matches(['r', 'R']).starts_with('"') {
            "\""
        } else {
            "'"
        };
        self.repair(lexeme, if text.len() > 1 { Replacement::EmptyText } else { Replacement::Name });
        if self.follows_broken_string(entry, lexeme) {
            return;
        }
        let first_line = text.lines().next().unwrap_or_default().len();
        let span = Span::new(lexeme.start, lexeme.start + crate::lex::to_u32(first_line));
        let error = match lexeme.flaw {
            Flaw::OpenHole => {
                SyntaxError::new(ErrorKind::UnterminatedString, span, "an interpolation in this string is never closed")
                    .help("close it with `}`; write `$${` for the two characters `${`")
            }
            _ => SyntaxError::new(ErrorKind::UnterminatedString, span, "this string is never closed")
                .help(format!("close it with `{quotes}`")),
        };
        self.fault(entry, error);
    }

    /// Whether a string without an end stands before on the line: then where this one begins is only a guess.
    fn follows_broken_string(&self, entry: u32, lexeme: Lexeme) -> bool {
        self.found.faults.last().is_some_and(|(number, error)| {
            let between = self.text.get(error.span.start as usize..lexeme.start as usize).unwrap_or_default();
            *number == entry && error.kind == ErrorKind::UnterminatedString && !between.contains('\n')
        })
    }

    fn unknown(&mut self, entry: u32, lexeme: Lexeme) {
        self.repair(lexeme, Replacement::Nothing);
        if self.follows_broken_string(entry, lexeme) {
            return;
        }
        let shown: String = self.text_of(lexeme).chars().take(12).collect();
        let error = SyntaxError::new(
            ErrorKind::Unexpected,
            Span::new(lexeme.start, lexeme.end),
            format!("unexpected `{}`", shown.escape_debug()),
        );
        let error = if shown.starts_with('#') { error.help("comments begin with `//`") } else { error };
        self.fault(entry, error);
    }
}

enum Bracket {
    Inside,
    OpensBlock,
    EndsEntry,
}

/// The one error of a head that is nested too deeply.
pub(crate) fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(ErrorKind::TooDeep, span, format!("this is nested more than {MAX_NESTING} levels deep"))
        .help("move a part of it into a `const` or a `condition`")
}
