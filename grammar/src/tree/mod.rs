//! From the nodes of one head to the tree, and the errors on the way.
//!
//! One file per construct. Every function returns a node, whole or partial, and reports what is missing where it is
//! missing. Two reports that only white space parts are one mistake: the first is kept.

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
use crate::entries::{DocLine, Entries, Entry, EntryForm, MAX_NESTING, Repair};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::to_u32;
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::token_row::TokenRow;

/// Builds the nodes of one piece.
pub(crate) struct TreeBuilder<'a> {
    text: &'a str,
    entries: &'a Entries,
    /// Where the piece begins in the file.
    base: u32,
    /// The errors found, counted from `base`.
    errors: Vec<SyntaxError>,
    docs: &'a [DocLine],
    claimed: Vec<bool>,
    head: HeadState,
}

/// What the reports of one head depend on.
#[derive(Default)]
struct HeadState {
    /// The head's text, repaired where it has to be.
    repaired: Option<String>,
    /// Where the head begins and ends, counted from the file's start.
    start: u32,
    end: u32,
    /// Where the last report ended, counted in the head.
    reported: Option<u32>,
    /// What the cut has reported in this head, counted in the head.
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
            text,
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
            self.doc_at(entry.start);
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

    /// The documentation of what begins at `start` in the file.
    fn doc_at(&mut self, start: u32) -> Doc {
        if self.docs.is_empty() {
            return None;
        }
        let first = self.docs.partition_point(|doc| doc.before < start);
        let mut lines: Vec<&str> = Vec::new();
        for (doc, claimed) in
            self.docs.iter().zip(&mut self.claimed).skip(first).take_while(|(doc, _)| doc.before == start)
        {
            *claimed = true;
            let line = self.text.get(doc.start as usize..doc.end as usize).unwrap_or_default();
            let line = line.strip_prefix("///").unwrap_or(line);
            lines.push(line.strip_prefix(' ').unwrap_or(line));
        }
        if lines.is_empty() { None } else { Some(SmolStr::from(lines.join("\n"))) }
    }

    /// The whole entry, counted from the piece.
    fn whole(&self, entry: &Entry) -> Span {
        Span::new(entry.start - self.base, entry.end.max(entry.start) - self.base)
    }

    /// The entry's head, counted from the piece.
    fn header(&self, entry: &Entry) -> Span {
        Span::new(entry.start - self.base, entry.head_end.max(entry.start) - self.base)
    }

    /// Parses the head of an entry as `rule` and builds it with `build`; text that the rule does not reach is reported.
    fn head<T>(&mut self, number: u32, rule: Rule, build: impl FnOnce(&mut Self, Children<'_>) -> T) -> Option<T> {
        let entry = self.entry(number)?;
        self.head = HeadState { start: entry.start, end: entry.head_end, ..HeadState::default() };
        for fault in faults(self.entries, number) {
            self.errors.push(fault.clone().relative(self.base));
            self.head.broken_string |= fault.kind == ErrorKind::UnterminatedString;
            if fault.kind == ErrorKind::Unexpected && self.head.garbled.is_none() {
                self.head.garbled = fault.span.start.checked_sub(entry.start);
            }
            if fault.span.start <= entry.head_end {
                self.head.faults.push(fault.clone().relative(entry.start).span);
            }
        }
        let source = self.text.get(entry.start as usize..entry.head_end as usize).unwrap_or_default();
        let repaired = entry.repaired.then(|| repair(source, entry.start, &self.entries.repairs));
        self.head.repaired.clone_from(&repaired);
        let text = repaired.as_deref().unwrap_or(source);
        let letters = TokenRow::of_head(self.text, self.entries, entry);
        let nodes = nodes::parse(rule, text, &letters);
        let Some(node) = nodes.as_ref().and_then(nodes::Nodes::node) else {
            self.report(SyntaxError::new(ErrorKind::Unexpected, Span::new(0, to_u32(text.len())), "invalid syntax"));
            return None;
        };
        let reached = node.end();
        let node = build(self, nodes::children(node));
        if reached < text.len() {
            self.rest_of_head(text, reached, entry.form);
        }
        Some(node)
    }

    fn head_text(&self) -> &str {
        let source = || self.text.get(self.head.start as usize..self.head.end as usize).unwrap_or_default();
        self.head.repaired.as_deref().unwrap_or_else(source)
    }

    /// Reports an error whose span counts from the head, unless it only follows from the one before.
    fn report(&mut self, error: SyntaxError) {
        let (start, end) = (error.span.start, error.span.end);
        let text = self.head_text();
        let near = |from: u32, to: u32| from <= to && is_trivia(text.get(from as usize..to as usize).unwrap_or("?"));
        let follows = self.head.reported.is_some_and(|before| start < before || near(before, start));
        let faulty = self.head.faults.iter().any(|fault| {
            near(fault.end.min(to_u32(text.len())), start)
                || near(end, fault.start)
                || (fault.start <= start && start <= fault.end)
        });
        let unclosed = self.head.broken_string && error.kind == ErrorKind::Unclosed;
        let garbled = self
            .head
            .garbled
            .is_some_and(|at| text.get(at as usize..start as usize).is_some_and(|between| !between.contains('\n')));
        if follows || garbled || faulty || self.head.too_deep || unclosed {
            if follows {
                self.head.reported = self.head.reported.max(Some(end));
            }
            return;
        }
        self.head.reported = Some(end);
        let error = self.on_characters(error);
        let shift = self.head.start - self.base;
        self.errors.push(error.shifted(shift));
    }

    /// The error with no span that ends inside a character: a repair has the bytes of what it covers, not its characters.
    fn on_characters(&self, mut error: SyntaxError) -> SyntaxError {
        let whole = |at: u32| {
            let mut at = (self.head.start + at) as usize;
            while !self.text.is_char_boundary(at) && at < self.text.len() {
                at += 1;
            }
            to_u32(at) - self.head.start
        };
        let moved = |span: Span| Span::new(whole(span.start), whole(span.end));
        error.span = moved(error.span);
        if let Some(fix) = &mut error.fix {
            fix.span = moved(fix.span);
        }
        error
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

    /// An empty range after the last token before `node`, counted from the head.
    fn place_before(&self, node: &Node<'_>) -> Span {
        let start = node.start();
        let end = to_u32(self.head_text().get(..start).map_or(start, |before| before.trim_end().len()));
        Span::new(end, end)
    }

    /// The node's place, counted from the piece.
    fn span(&self, node: &Node<'_>) -> Span {
        head_span(node).shifted(self.head.start - self.base)
    }

    /// The range, counted from the piece instead of the head.
    fn shifted(&self, span: Span) -> Span {
        span.shifted(self.head.start - self.base)
    }

    /// Whether a string that never ends was repaired here.
    fn is_repaired(&self, node: &Node<'_>) -> bool {
        let start = to_u32(node.start());
        self.head.broken_string && self.head.faults.iter().any(|fault| fault.start == start)
    }

    fn ident(&mut self, node: &Node<'_>) -> Ident {
        let span = head_span(node);
        let text = self.name_text(node.as_str(), span);
        Ident { text, span: span.shifted(self.head.start - self.base) }
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
        if Keyword::of(word).is_some_and(Keyword::is_reserved) {
            let error = SyntaxError::new(
                ErrorKind::ReservedName,
                head_span(node),
                format!("`{word}` is reserved and cannot be a name"),
            );
            self.report(error.help(format!("use `{word}_` instead")));
        }
    }

    /// Reports a reserved word that is read as a value.
    fn check_read(&mut self, node: &Node<'_>) {
        let word = node.as_str();
        if Keyword::of(word).is_some_and(Keyword::is_reserved) {
            let message = format!("`{word}` is reserved and cannot be a name");
            let error = SyntaxError::new(ErrorKind::ReservedRead, head_span(node), message);
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
    fn rest_of_head(&mut self, text: &str, reached: usize, form: EntryForm) {
        let rest = text.get(reached..).unwrap_or_default();
        let start = reached + rest.len() - skip_trivia(rest).len();
        let rest = text.get(start..).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        let span = Span::new(to_u32(start), to_u32(start + rest.trim_end().len()));
        let error = trailing::unexpected(rest, span, text.get(..reached).unwrap_or_default(), form);
        self.report(error);
    }
}

/// The errors that the cut found in entry `number`.
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

fn head_span(node: &Node<'_>) -> Span {
    Span::new(to_u32(node.start()), to_u32(node.end()))
}

/// What lies after the bracket that opens the node, counted from the head.
fn inner_span(node: &Node<'_>) -> Span {
    let span = head_span(node);
    Span::new(span.start + 1, span.end)
}

/// Whether `text` holds nothing but white space and comments.
fn is_trivia(text: &str) -> bool {
    skip_trivia(text).is_empty()
}

/// `text` from its first token on.
fn skip_trivia(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with("//") {
        rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default().trim_start();
    }
    rest
}

/// `source`, which begins at `start` in the file, with its repairs applied; no byte moves.
fn repair(source: &str, start: u32, repairs: &[Repair]) -> String {
    let mut repaired = String::with_capacity(source.len());
    let end = start + to_u32(source.len());
    let first = repairs.partition_point(|repair| repair.start < start);
    for repair in repairs.get(first..).unwrap_or_default().iter().take_while(|repair| repair.end <= end) {
        let (from, to) = ((repair.start - start) as usize, (repair.end - start) as usize);
        if from < repaired.len() {
            continue;
        }
        let text = repair.with.text();
        repaired.push_str(source.get(repaired.len()..from).unwrap_or_default());
        repaired.push_str(text);
        repaired.extend(std::iter::repeat_n(' ', to - from - text.len()));
    }
    repaired.push_str(source.get(repaired.len()..).unwrap_or_default());
    repaired
}
