//! From the nodes of one head to the tree, and the errors on the way.
//!
//! One file per construct. Every function returns a node, whole or partial, and reports what is missing where it is
//! missing. Two reports with no token between them are one mistake: the first is kept.
//!
//! All places here count from the start of the piece, so a piece that moves keeps its tree and errors. Places of the
//! entries, which count from the start of the file, are converted in this file and nowhere else.

mod component;
mod condition;
mod expr;
mod hook;
mod item;
mod job;
mod number;
mod parts;
mod setting;
mod template;
mod test;
mod trailing;
mod types;

use smol_str::SmolStr;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::ast::{Doc, Ident};
use crate::entries::{DocLine, Entries, Entry, MAX_NESTING};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::{Lexeme, TokenKind, to_u32};
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::token_row::TokenRow;

/// Builds the nodes of one piece.
pub(crate) struct TreeBuilder<'a> {
    /// The file's text from the start of the piece on.
    text: &'a str,
    entries: &'a Entries,
    /// Where the piece begins in the file.
    base: u32,
    errors: Vec<SyntaxError>,
    docs: &'a [DocLine],
    claimed: Vec<bool>,
    head: HeadState<'a>,
}

/// What the reports of one head depend on.
#[derive(Default)]
struct HeadState<'a> {
    tokens: TokenRow<'a>,
    /// Where the last report ended.
    reported: Option<u32>,
    /// What the reader of entries has reported in this head.
    faults: Vec<Span>,
    broken_string: bool,
    /// Where a character stands that has no meaning: nothing else on its line is worth a report.
    garbled: Option<u32>,
    /// Levels of nesting around the node that is built.
    depth: usize,
    /// One part is nested too deeply; nothing else is worth a report.
    too_deep: bool,
}

impl<'a> TreeBuilder<'a> {
    /// A builder for the piece from `base` to `end`.
    pub(crate) fn new(text: &'a str, entries: &'a Entries, base: u32, end: u32) -> TreeBuilder<'a> {
        let first = entries.docs.partition_point(|doc| doc.start < base);
        let docs = entries.docs.get(first..).unwrap_or_default();
        let docs = docs.get(..docs.partition_point(|doc| doc.start < end)).unwrap_or_default();
        TreeBuilder {
            text: text.get(base as usize..).unwrap_or_default(),
            entries,
            base,
            errors: Vec::new(),
            docs,
            claimed: vec![false; docs.len()],
            head: HeadState::default(),
        }
    }

    /// The piece's errors, the faults of entry `number` and the stray documentation among them.
    pub(crate) fn finish(mut self) -> Vec<SyntaxError> {
        let mut from = 0;
        while let Some(doc) = self.docs.get(from) {
            let run =
                self.docs.get(from..).unwrap_or_default().iter().take_while(|next| next.before == doc.before).count();
            if !self.claimed.get(from).copied().unwrap_or(true) {
                let end = self.docs.get(from + run - 1).map_or(doc.end, |last| last.end);
                let span = Span::new(doc.start, end);
                let error =
                    SyntaxError::new(ErrorKind::StrayDoc, span, "this doc comment is not followed by a declaration");
                self.errors.push(error.help("write `//` for a plain comment").relative(self.base));
            }
            from += run;
        }
        self.errors
    }

    /// Marks the documentation between two places as somebody else's.
    pub(crate) fn leave_docs(&mut self, from: u32, to: u32) {
        for (doc, claimed) in self.docs.iter().zip(&mut self.claimed) {
            *claimed |= from <= doc.start && doc.start < to;
        }
    }

    /// The errors of an entry that has no tree; its documentation is no mistake of its own.
    fn broken(&mut self, number: u32) {
        let base = self.base;
        if let Some(entry) = self.entry(number) {
            self.doc_of(entry);
            self.leave_docs(entry.start, entry.end);
        }
        self.errors.extend(faults(self.entries, number).map(|error| error.clone().relative(base)));
    }

    fn entry(&self, number: u32) -> Option<&'a Entry> {
        self.entries.outline.entries.get(number as usize)
    }

    /// The entries directly in the block of `number`.
    fn children(&self, number: u32) -> impl Iterator<Item = (u32, &'a Entry)> + use<'a> {
        let entries = &self.entries.outline.entries;
        let end = self.entry(number).map_or(0, |entry| entry.next);
        let mut at = number + 1;
        std::iter::from_fn(move || {
            let entry = entries.get(at as usize).filter(|_| at < end)?;
            let child = at;
            at = entry.next.max(at + 1);
            Some((child, entry))
        })
    }

    /// The documentation of an entry.
    fn doc_of(&mut self, entry: &Entry) -> Doc {
        self.doc_at(self.whole(entry).start)
    }

    /// The documentation of what begins at `start`.
    fn doc_at(&mut self, start: u32) -> Doc {
        if self.docs.is_empty() {
            return None;
        }
        let start = self.base + start;
        let first = self.docs.partition_point(|doc| doc.before < start);
        let mut lines: Vec<&str> = Vec::new();
        for (doc, claimed) in
            self.docs.iter().zip(&mut self.claimed).skip(first).take_while(|(doc, _)| doc.before == start)
        {
            *claimed = true;
            let place = (doc.start - self.base) as usize..(doc.end - self.base) as usize;
            let line = self.text.get(place).unwrap_or_default();
            let line = line.strip_prefix("///").unwrap_or(line);
            lines.push(line.strip_prefix(' ').unwrap_or(line));
        }
        if lines.is_empty() { None } else { Some(SmolStr::from(lines.join("\n"))) }
    }

    /// The whole entry.
    fn whole(&self, entry: &Entry) -> Span {
        Span::new(entry.start - self.base, entry.end.max(entry.start) - self.base)
    }

    /// The entry's head.
    fn header(&self, entry: &Entry) -> Span {
        Span::new(entry.start - self.base, entry.head_end.max(entry.start) - self.base)
    }

    /// Parses the head of an entry as `rule` and builds it with `build`; text that the rule does not reach is reported.
    fn head<T>(&mut self, number: u32, rule: Rule, build: impl FnOnce(&mut Self, Children<'_>) -> T) -> Option<T> {
        let entry = self.entry(number)?;
        self.head =
            HeadState { tokens: TokenRow::of_head(self.text, self.base, self.entries, entry), ..HeadState::default() };
        let header = self.header(entry);
        for fault in faults(self.entries, number) {
            let fault = fault.clone().relative(self.base);
            self.head.broken_string |= fault.kind == ErrorKind::UnterminatedString;
            if fault.kind == ErrorKind::Unexpected && self.head.garbled.is_none() {
                self.head.garbled = Some(fault.span.start).filter(|start| *start >= header.start);
            }
            if fault.span.start <= header.end {
                self.head.faults.push(Span::new(fault.span.start, fault.span.end.min(header.end)));
            }
            self.errors.push(fault);
        }
        let nodes = nodes::parse(rule, self.text, &self.head.tokens);
        let Some(node) = nodes.as_ref().and_then(nodes::Nodes::node) else {
            self.report(SyntaxError::new(ErrorKind::Unexpected, header, "invalid syntax"));
            return None;
        };
        let reached = node.span().end;
        let node = build(self, nodes::children(node));
        if let Some(rest) = self.head.tokens.rest_from(reached) {
            self.rest_of_head(entry, rest);
        }
        Some(node)
    }

    /// The text at a place.
    fn source(&self, place: Span) -> &'a str {
        self.text.get(place.start as usize..place.end as usize).unwrap_or_default()
    }

    /// Reports an error, unless it only follows from the one before.
    fn report(&mut self, error: SyntaxError) {
        let Span { start, end } = error.span;
        let near = |from: u32, to: u32| from <= to && !self.head.tokens.any_between(from, to);
        let follows = self.head.reported.is_some_and(|before| start < before || near(before, start));
        let faulty = self.head.faults.iter().any(|fault| {
            near(fault.end, start) || near(end, fault.start) || (fault.start <= start && start <= fault.end)
        });
        let unclosed = self.head.broken_string && error.kind == ErrorKind::Unclosed;
        let is_line = |at: u32| at <= start && !self.source(Span::new(at, start)).contains('\n');
        let garbled = self.head.garbled.is_some_and(is_line);
        if follows || garbled || faulty || self.head.too_deep || unclosed {
            if follows {
                self.head.reported = self.head.reported.max(Some(end));
            }
            return;
        }
        self.head.reported = Some(end);
        self.errors.push(error);
    }

    /// From here to the end of the line nothing more is reported: it only follows from a misspelt word.
    fn garble(&mut self, at: u32) {
        self.head.garbled.get_or_insert(at);
    }

    /// Reports that something is missing before `node`, at the end of what stands there.
    fn missing(&mut self, kind: ErrorKind, node: &Node<'_>, message: impl Into<String>) {
        let error = SyntaxError::new(kind, self.place_before(node), message);
        self.report(error);
    }

    /// An empty place after the last token before `node`.
    fn place_before(&self, node: &Node<'_>) -> Span {
        let end = self.head.tokens.end_before(node.span().start);
        Span::new(end, end)
    }

    /// An empty place after the head of an entry.
    fn end_of_head(&self, entry: &Entry) -> Span {
        let end = self.header(entry).end;
        Span::new(end, end)
    }

    /// The keyword that is the first token of `node`, outside strings.
    fn keyword(&self, node: &Node<'_>) -> Option<Keyword> {
        self.lexeme_at(node.span().start)?.keyword
    }

    /// The token that begins at a place outside strings.
    fn lexeme_at(&self, start: u32) -> Option<&'a Lexeme> {
        let lexemes = &self.entries.lexemes;
        let start = self.base + start;
        lexemes.get(lexemes.partition_point(|lexeme| lexeme.start < start)).filter(|lexeme| lexeme.start == start)
    }

    /// The word at a place; empty when it is none.
    fn word_at(&self, start: u32) -> &'a str {
        let word = self.lexeme_at(start).filter(|lexeme| lexeme.kind == TokenKind::Word);
        word.map_or("", |word| self.source(Span::new(start, word.end - self.base)))
    }

    /// Whether a string that never ends was repaired here.
    fn is_repaired(&self, node: &Node<'_>) -> bool {
        self.head.broken_string && self.head.faults.iter().any(|fault| fault.start == node.span().start)
    }

    fn ident(&mut self, node: &Node<'_>) -> Ident {
        let span = node.span();
        Ident { text: self.name_text(node.as_str(), span), span }
    }

    /// A name in normal form C; characters that no name holds are reported.
    fn name_text(&mut self, text: &str, span: Span) -> SmolStr {
        if text.is_ascii() {
            return SmolStr::new(text);
        }
        let wrong = text.char_indices().find(|(_, ch)| !(unicode_ident::is_xid_continue(*ch) || *ch == '_'));
        if let Some((at, ch)) = wrong {
            let start = span.start + to_u32(at);
            let place = Span::new(start, start + to_u32(ch.len_utf8()));
            self.report(SyntaxError::new(
                ErrorKind::Unexpected,
                place,
                format!("`{}` is not allowed in a name", ch.escape_debug()),
            ));
        }
        if is_nfc_quick(text.chars()) == IsNormalized::Yes { SmolStr::new(text) } else { text.nfc().collect() }
    }

    /// The name of a declaration: the next node.
    fn declared(&mut self, children: &mut Children<'_>, what: &str) -> Option<Ident> {
        let node = children.next_if(|node| {
            matches!(node.as_rule(), Rule::word | Rule::name | Rule::reserved_name | Rule::missing_name)
        })?;
        if node.as_rule() == Rule::missing_name {
            self.missing(ErrorKind::MissingName, &node, format!("{what} needs a name"));
            return None;
        }
        self.check_reserved(&node);
        Some(self.ident(&node))
    }

    /// Reports a reserved word that stands as a name.
    fn check_reserved(&mut self, node: &Node<'_>) {
        let word = node.as_str();
        if self.keyword(node).is_some_and(Keyword::is_reserved) {
            let error = SyntaxError::new(
                ErrorKind::ReservedName,
                node.span(),
                format!("`{word}` is reserved and cannot be a name"),
            );
            self.report(error.help(format!("use `{word}_` instead")));
        }
    }

    /// Reports a reserved word that is read as a value.
    fn check_read(&mut self, node: &Node<'_>) {
        let word = node.as_str();
        if self.head.tokens.is_reserved(node.span().start) {
            let message = format!("`{word}` is reserved and cannot be a name");
            let error = SyntaxError::new(ErrorKind::ReservedRead, node.span(), message);
            self.report(error.help(format!("read an input of this name as `inputs.{word}`")));
        }
    }

    /// One level deeper, around `build`; beyond the limit `None`, which is reported once.
    fn nested<T>(&mut self, at: Span, build: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.head.depth >= MAX_NESTING {
            self.report_too_deep(crate::entries::head::too_deep(at));
            return None;
        }
        self.head.depth += 1;
        let node = build(self);
        self.head.depth -= 1;
        Some(node)
    }

    fn report_too_deep(&mut self, error: SyntaxError) {
        self.head.reported = None;
        self.report(error);
        self.head.too_deep = true;
    }

    /// Reports what the head's rule did not reach.
    fn rest_of_head(&mut self, entry: &Entry, rest: Span) {
        let first = self.lexeme_at(self.whole(entry).start);
        let rest = trailing::Rest {
            text: self.source(rest),
            span: rest,
            word: self.word_at(rest.start),
            keyword: self.lexeme_at(rest.start).and_then(|lexeme| lexeme.keyword),
            first: first.map_or("", |first| self.source(Span::new(first.start - self.base, first.end - self.base))),
        };
        self.report(trailing::unexpected(&rest, entry.form));
    }
}

/// The errors that the reader of entries found in entry `number`.
pub(crate) fn faults(entries: &Entries, number: u32) -> impl Iterator<Item = &SyntaxError> {
    let first = entries.faults.partition_point(|(entry, _)| *entry < number);
    entries
        .faults
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(move |(entry, _)| *entry == number)
        .map(|(_, error)| error)
}
