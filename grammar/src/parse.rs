//! Puts it together: the entries of a file first, then the tree of each piece, built or taken from the parse before.
//!
//! What a piece becomes depends on its place, its indentation and its text alone, so equal text gives the equal tree and
//! the same errors. A broken string before it or a slip after it can break that rule; such a piece is never used again.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::ast::{self, Expr, ExprKind, File, Item, JobEntry, Placed};
use crate::characters::{self, TextKind};
use crate::entries::{self, Entries, Entry, EntryForm};
use crate::error::{ErrorKind, SyntaxError};
use crate::lex::to_u32;
use crate::outline::Outline;
use crate::span::Span;
use crate::tree::TreeBuilder;

/// A parsed file: the tree, the errors, and what a later parse can use again.
#[derive(Clone, Debug)]
pub struct Parse {
    /// The text that was parsed.
    pub text: Arc<str>,
    /// The tree.
    pub file: File,
    /// The errors in written order; spans count from the start of the file.
    pub errors: Vec<SyntaxError>,
    /// Where its items and entries begin and end.
    pub outline: Outline,
    pieces: Vec<Piece>,
    /// Whether the text had characters that were read as blanks; then its pieces are not its own text.
    cleaned: bool,
}

/// Two parses are equal when they say the same.
impl PartialEq for Parse {
    fn eq(&self, other: &Parse) -> bool {
        self.text == other.text && self.file == other.file && self.errors == other.errors
    }
}

/// A piece of the text and what became of it. A job is followed by its entries.
#[derive(Clone, Debug)]
struct Piece {
    /// Counted from the start of the file.
    at: u32,
    len: u32,
    node: PieceTree,
    /// Counted from `at`; those of a job's entries are with the entries.
    errors: Vec<SyntaxError>,
    /// How many pieces of its entries follow.
    inner: u32,
    /// How far its line is indented; `None` when more than its text has decided what became of it.
    indent: Option<u32>,
}

#[derive(Clone, Debug)]
enum PieceTree {
    Item(Arc<Item>),
    Entry(Arc<JobEntry>),
}

/// Parses a file.
///
/// Never panics and takes time in proportion to the text, whatever it holds.
pub fn parse(text: &str) -> Parse {
    run(text, None)
}

/// Parses a file, using again the tree of each piece (an item, an entry of a job) whose text is that of `previous`.
///
/// The result is the same as that of [`parse`].
pub fn reparse(text: &str, previous: &Parse) -> Parse {
    if *text == *previous.text {
        return previous.clone();
    }
    run(text, Some(previous).filter(|previous| !previous.cleaned))
}

fn run(text: &str, previous: Option<&Parse>) -> Parse {
    let (clean, mut errors) = characters::check(text, TextKind::File);
    let cleaned = matches!(clean, std::borrow::Cow::Owned(_));
    let entries = entries::read(&clean);
    let mut assembly = Assembly {
        text: &clean,
        entries: &entries,
        old: Old { previous: previous.filter(|_| !cleaned), next: 0, by_text: None },
        pieces: Vec::new(),
        pending: 0,
    };
    let items = assembly.items();
    let pieces = assembly.pieces;
    for piece in &pieces {
        errors.extend(piece.errors.iter().map(|error| error.clone().shifted(piece.at)));
    }
    errors.extend(stray_docs_at_end(&clean, &entries, &items));
    without_reads_of_refused(&clean, &entries, &mut errors);
    errors.sort_by_key(|error| (error.span, error.kind));
    let outline = entries.outline;
    Parse { text: Arc::from(text), file: File { items }, errors, outline, pieces, cleaned }
}

/// A name that is refused where it is declared is not reported again where it is read. Outside of brackets such a word ends
/// a value, which then seems to be missing before it.
fn without_reads_of_refused(text: &str, entries: &Entries, errors: &mut Vec<SyntaxError>) {
    let from_text = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let word = |error: &SyntaxError| match error.kind {
        ErrorKind::MissingName | ErrorKind::MissingValue | ErrorKind::MissingPart => {
            let next = entries.lexemes.partition_point(|lexeme| lexeme.start < error.span.end);
            entries.lexemes.get(next).map_or("", |next| from_text(Span::new(next.start, next.end)))
        }
        _ => from_text(error.span),
    };
    let declared = errors.iter().filter(|error| error.kind == ErrorKind::ReservedName);
    let refused: Vec<&str> = declared.map(word).collect();
    let is_read = |kind| {
        matches!(
            kind,
            ErrorKind::ReservedRead | ErrorKind::MissingName | ErrorKind::MissingValue | ErrorKind::MissingPart
        )
    };
    errors.retain(|error| !is_read(error.kind) || !refused.contains(&word(error)));
}

/// Documentation after the last item.
fn stray_docs_at_end(text: &str, entries: &Entries, items: &[Placed<Item>]) -> Vec<SyntaxError> {
    let end = items.last().map_or(0, |item| item.at + item.len);
    TreeBuilder::new(text, entries, end, to_u32(text.len()))
        .finish()
        .into_iter()
        .map(|error| error.shifted(end))
        .collect()
}

struct Assembly<'a> {
    text: &'a str,
    entries: &'a Entries,
    old: Old<'a>,
    pieces: Vec<Piece>,
    /// How many documentation lines lie before the next entry.
    pending: usize,
}

impl Assembly<'_> {
    fn items(&mut self) -> Vec<Placed<Item>> {
        let mut items = Vec::new();
        let mut number = 0;
        while let Some(entry) = self.entries.outline.entries.get(number as usize) {
            let place = self.place(entry);
            let node = self.item(number, entry, place.clone());
            items.push(Placed { at: place.start, len: place.end - place.start, node });
            number = entry.next.max(number + 1);
        }
        items
    }

    /// Where a piece lies: its documentation, the entry, its block.
    fn place(&mut self, entry: &Entry) -> Range<u32> {
        let docs = &self.entries.docs;
        while docs.get(self.pending).is_some_and(|doc| doc.before < entry.start) {
            self.pending += 1;
        }
        let start = docs.get(self.pending).filter(|doc| doc.before == entry.start).map_or(entry.start, |doc| doc.start);
        start..entry.end.max(entry.start)
    }

    fn item(&mut self, number: u32, entry: &Entry, place: Range<u32>) -> Arc<Item> {
        let indent = self.indent(number, &place);
        if let Some(old) = self.old.find(self.text, &place, true, indent)
            && let Some(PieceTree::Item(item)) = self.reuse(old, place.start)
        {
            return item;
        }
        let mut builder = TreeBuilder::new(self.text, self.entries, place.start, place.end);
        let mut item = builder.item(number);
        let slot = self.pieces.len();
        let inner = match &mut item {
            Item::Job(job) if entry.form == EntryForm::Job => {
                self.old.enter();
                self.pieces.push(Piece::empty(&place, indent));
                let entries = self.entries(number, entry, place.start, &mut builder);
                job.entries = entries;
                self.pieces.len() - slot - 1
            }
            _ => {
                self.pieces.push(Piece::empty(&place, indent));
                0
            }
        };
        let item = Arc::new(item);
        if let Some(piece) = self.pieces.get_mut(slot) {
            piece.node = PieceTree::Item(Arc::clone(&item));
            piece.errors = builder.finish();
            piece.inner = to_u32(inner);
        }
        item
    }

    fn entries(&mut self, job: u32, entry: &Entry, base: u32, header: &mut TreeBuilder<'_>) -> Vec<Placed<JobEntry>> {
        let mut entries = Vec::new();
        let mut number = job + 1;
        while let Some(child) = self.entries.outline.entries.get(number as usize).filter(|_| number < entry.next) {
            let place = self.place(child);
            header.leave_docs(place.start, place.end);
            let node = self.entry(number, place.clone());
            entries.push(Placed { at: place.start - base, len: place.end - place.start, node });
            number = child.next.max(number + 1);
        }
        entries
    }

    fn entry(&mut self, number: u32, place: Range<u32>) -> Arc<JobEntry> {
        let indent = self.indent(number, &place);
        if let Some(old) = self.old.find(self.text, &place, false, indent)
            && let Some(PieceTree::Entry(entry)) = self.reuse(old, place.start)
        {
            return entry;
        }
        let mut builder = TreeBuilder::new(self.text, self.entries, place.start, place.end);
        let entry = Arc::new(builder.job_entry(number));
        let node = PieceTree::Entry(Arc::clone(&entry));
        self.pieces.push(Piece { node, errors: builder.finish(), ..Piece::empty(&place, indent) });
        entry
    }

    /// The piece's indentation, when its text alone decides what becomes of it.
    fn indent(&self, number: u32, place: &Range<u32>) -> Option<u32> {
        let next = self.entries.outline.entries.get(number as usize)?.next;
        let faults = &self.entries.faults;
        let own =
            faults.partition_point(|(entry, _)| *entry < number)..faults.partition_point(|(entry, _)| *entry < next);
        let alone = faults.get(own)?.iter().all(|(_, error)| error.span.end <= place.end);
        let before = self.text.get(..place.start as usize).filter(|_| alone && self.entries.is_clean(place.start))?;
        let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
        Some(to_u32(line.len() - line.trim_start_matches([' ', '\t']).len()))
    }

    /// Takes over an old piece and those of its entries.
    fn reuse(&mut self, index: usize, at: u32) -> Option<PieceTree> {
        let pieces = &self.old.previous?.pieces;
        let first = pieces.get(index)?;
        let all = pieces.get(index..index + 1 + first.inner as usize)?;
        self.pieces.extend(all.iter().map(|piece| Piece { at: piece.at - first.at + at, ..piece.clone() }));
        Some(first.node.clone())
    }
}

impl Piece {
    fn empty(place: &Range<u32>, indent: Option<u32>) -> Piece {
        let node = PieceTree::Entry(Arc::new(JobEntry::Error));
        Piece { at: place.start, len: place.end - place.start, node, errors: Vec::new(), inner: 0, indent }
    }

    fn is_item(&self) -> bool {
        matches!(self.node, PieceTree::Item(_))
    }
}

/// Finds pieces of the parse before by their text: first the one that stood next, then any.
struct Old<'a> {
    previous: Option<&'a Parse>,
    next: usize,
    by_text: Option<FxHashMap<Key<'a>, usize>>,
}

/// Whether it is an item, its indentation, its text.
type Key<'a> = (bool, Option<u32>, &'a str);

impl<'a> Old<'a> {
    fn text_of(previous: &'a Parse, piece: &Piece) -> &'a str {
        previous.text.get(piece.at as usize..(piece.at + piece.len) as usize).unwrap_or_default()
    }

    fn find(&mut self, text: &str, place: &Range<u32>, item: bool, indent: Option<u32>) -> Option<usize> {
        let previous = self.previous.filter(|_| indent.is_some())?;
        let wanted = text.get(place.start as usize..place.end as usize)?;
        let fits = |index: usize| {
            let piece = previous.pieces.get(index);
            piece.is_some_and(|piece| {
                piece.is_item() == item && piece.indent == indent && Old::text_of(previous, piece) == wanted
            })
        };
        let index = if fits(self.next) {
            self.next
        } else {
            let known = self.by_text.get_or_insert_with(|| {
                let all = previous.pieces.iter().enumerate();
                all.map(|(index, piece)| ((piece.is_item(), piece.indent, Old::text_of(previous, piece)), index))
                    .collect()
            });
            *known.get(&(item, indent, wanted))?
        };
        self.next = index + 1 + previous.pieces.get(index).map_or(0, |piece| piece.inner as usize);
        Some(index)
    }

    /// A changed job begins here: its first entry probably is the first entry of the old one.
    fn enter(&mut self) {
        let item = self.previous.and_then(|previous| previous.pieces.get(self.next)).is_some_and(Piece::is_item);
        self.next += usize::from(item);
    }
}

/// Parses a text that is one expression.
pub fn parse_expr(text: &str) -> (Expr, Vec<SyntaxError>) {
    let (clean, mut errors) = characters::check(text, TextKind::Expression);
    let entries = entries::read_single(&clean);
    let mut builder = TreeBuilder::new(&clean, &entries, 0, to_u32(clean.len()));
    let expr = builder.whole_expr();
    errors.extend(builder.finish());
    errors.sort_by_key(|error| (error.span, error.kind));
    (expr.unwrap_or(Expr { kind: ExprKind::Error, span: crate::Span::new(0, to_u32(text.len())) }), errors)
}

/// Parses a text that is one type.
pub fn parse_type(text: &str) -> (ast::Type, Vec<SyntaxError>) {
    let (clean, mut errors) = characters::check(text, TextKind::Expression);
    let entries = entries::read_single(&clean);
    let mut builder = TreeBuilder::new(&clean, &entries, 0, to_u32(clean.len()));
    let ty = builder.whole_type();
    errors.extend(builder.finish());
    errors.sort_by_key(|error| (error.span, error.kind));
    let missing = ast::Type { kind: ast::TypeKind::Error, span: crate::Span::new(0, to_u32(text.len())) };
    (ty.unwrap_or(missing), errors)
}
