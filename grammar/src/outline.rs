//! The outline of a file: where each item and each entry of a block begins and ends.
//!
//! It is decided once, by tokens alone, and also exists for half-typed text. The parser, the formatter and the editor
//! read it from here.

use crate::ast::ExprKind;
use crate::block::BlockKind;
use crate::characters::{self, TextKind};
use crate::keyword::Keyword;
use crate::lex::{TokenKind, tokens};
use crate::span::Span;

/// What an entry is, decided by its first words and the block around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named by its first words")]
pub enum EntryForm {
    Import,
    Enum,
    Record,
    Const,
    Connection,
    Component,
    Agent,
    Condition,
    Hook,
    On,
    Job,
    EachJob,
    Profile,
    Test,
    Op,
    Trigger,
    EachOp,
    Outputs,
    Use,
    Drop,
    Retry,
    Concurrency,
    Shell,
    Http,
    External,
    Result,
    Accept,
    Given,
    Expect,
    Secrets,
    /// Any other word and its value.
    Setting,
    /// An error that is already reported; it has no tree.
    Broken,
}

/// The block of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// What it holds.
    pub kind: BlockKind,
    /// Between its braces. Where `}` is missing it goes on to the next token.
    pub span: Span,
}

/// An item of the file, or an entry of a block. The entries of its own block follow it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub form: EntryForm,
    /// The block that holds it.
    pub block: BlockKind,
    /// Its first word.
    pub keyword: Option<Keyword>,
    /// Where it begins, documentation left out.
    pub start: u32,
    /// Where its head ends, before its block.
    pub head_end: u32,
    /// Where it ends, its block included.
    pub end: u32,
    /// The number of the first entry that is not in its block.
    pub next: u32,
    /// Its block, when it has one that holds entries.
    pub body: Option<Body>,
    /// The tokens of its head: the first, and the first that is no longer in it.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Whether a block follows its head, also one whose entries are not read.
    pub(crate) has_block: bool,
    /// Whether tokens of its head are replaced before it is parsed.
    pub(crate) repaired: bool,
}

/// All entries of a file, in written order.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub(crate) entries: Vec<Entry>,
}

/// The outline of a text, without parsing it.
pub fn outline(text: &str) -> Outline {
    let (clean, _) = characters::check(text, TextKind::File);
    crate::entries::read(&clean).outline
}

impl Outline {
    /// All entries by number: each is followed by the entries of its block.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry with this number.
    pub fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)
    }

    /// The items of the file.
    pub fn items(&self) -> impl Iterator<Item = &Entry> {
        let end = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.siblings(0, end).map(|(_, entry)| entry)
    }

    /// The entries directly in the block of the entry with this number, each with its own number.
    pub fn children(&self, number: u32) -> impl Iterator<Item = (u32, &Entry)> {
        self.siblings(number + 1, self.entry(number).map_or(0, |entry| entry.next))
    }

    fn siblings(&self, first: u32, end: u32) -> impl Iterator<Item = (u32, &Entry)> {
        let mut number = first;
        std::iter::from_fn(move || {
            let entry = self.entry(number).filter(|_| number < end)?;
            let own = number;
            number = entry.next.max(number + 1);
            Some((own, entry))
        })
    }

    /// The last entry that begins at or before `offset` in the innermost block around it, with its number.
    pub fn entry_before(&self, offset: u32) -> Option<(u32, &Entry)> {
        let owner = self.owner_at(offset);
        let last = |entries: &mut dyn Iterator<Item = (u32, &Entry)>| {
            entries.take_while(|(_, entry)| entry.start <= offset).last().map(|(number, _)| number)
        };
        let number = match owner {
            Some(owner) => last(&mut self.children(owner)),
            None => last(&mut self.siblings(0, u32::MAX)),
        }?;
        Some((number, self.entry(number)?))
    }

    /// The number of the entry whose block is the innermost around `offset`; `None` at the top level.
    pub fn owner_at(&self, offset: u32) -> Option<u32> {
        let after = self.entries.partition_point(|entry| entry.start <= offset);
        let mut number = u32::try_from(after).ok()?;
        // An entry before this one is around `offset`, or ends before it together with all that it holds.
        while let Some(before) = number.checked_sub(1) {
            let entry = self.entry(before)?;
            if entry.body.is_some_and(|body| body.span.touches(offset)) {
                return Some(before);
            }
            if entry.block == BlockKind::File {
                return None;
            }
            number = before;
        }
        None
    }

    /// The kind of the innermost block around `offset`.
    pub fn block_at(&self, offset: u32) -> BlockKind {
        let body = self.owner_at(offset).and_then(|number| self.entry(number)?.body);
        body.map_or(BlockKind::File, |body| body.kind)
    }

    /// The paths that the file imports; `text` is the text of this outline.
    pub fn imports(&self, text: &str) -> Vec<String> {
        let imports = self.items().filter(|entry| entry.form == EntryForm::Import);
        imports.filter_map(|entry| path_of_import(text.get(entry.start as usize..entry.head_end as usize)?)).collect()
    }
}

/// The path after `from` in the head of an import.
fn path_of_import(head: &str) -> Option<String> {
    let tokens = tokens(head);
    let from = tokens.iter().position(|token| token.keyword == Some(Keyword::From))?;
    let path = tokens.get(from + 1).filter(|token| token.kind == TokenKind::Text)?;
    let written = head.get(path.span.start as usize..path.span.end as usize)?;
    match crate::parse_expr(written).0.kind {
        ExprKind::Template(template) => template.as_const().map(str::to_owned),
        _ => None,
    }
}
