//! What syntax errors hide: names that an unreadable text may declare, and parts that a damaged item may have.
//!
//! A mistake is reported once. So names and parts that unreadable text may contain are not reported as unknown or missing.

use hookc_grammar::ast::{Item, Job, JobEntry, Placed};
use hookc_grammar::{ErrorKind, Span, SyntaxError};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Program;
use crate::diagnostics::nearest;
use crate::place::Place;
use crate::sources::FileId;

/// The number of words at the start of an unreadable text that may be the declared name.
const LEADING_WORDS: usize = 2;
/// What an import whose name is missing may have named.
const IMPORTED: [&str; 8] = ["enum", "record", "const", "connection", "component", "condition", "hook", "job"];

impl Program<'_> {
    pub(super) fn find_damage(&mut self) {
        let sources = self.sources;
        for (file, source) in sources.iter() {
            if source.parse.errors.is_empty() {
                continue;
            }
            for placed in &source.parse.file.items {
                let span = Span::new(placed.at, placed.at + placed.len);
                if !source.parse.errors.iter().any(|error| within(error.span, span)) {
                    continue;
                }
                if let Some(damaged) = self.damaged.get_mut(file.0 as usize) {
                    damaged.push(span);
                }
                self.find_nameless(file, placed.node.as_ref());
                let unnamed = |error: &SyntaxError| error.kind == ErrorKind::MissingName && within(error.span, span);
                if matches!(placed.node.as_ref(), Item::Import(_)) && source.parse.errors.iter().any(unnamed) {
                    self.add_nameless(file, &IMPORTED);
                }
                match placed.node.as_ref() {
                    Item::Error => {
                        let text = sources.text(file, span);
                        self.hide(file, text, if is_import(text) { usize::MAX } else { LEADING_WORDS });
                    }
                    Item::Import(_) => self.hide(file, sources.text(file, span), usize::MAX),
                    Item::Job(job) => {
                        let errors = source.parse.errors.iter().filter(|error| error.kind == ErrorKind::Unexpected);
                        let ops = errors.filter_map(|error| op_around(placed.at, job, error.span));
                        self.unread_clauses.extend(ops.map(|span| Place { file, span }));
                        for entry in job.entries.iter().filter(|entry| matches!(entry.node.as_ref(), JobEntry::Error)) {
                            let at = placed.at + entry.at;
                            self.hide(file, sources.text(file, Span::new(at, at + entry.len)), LEADING_WORDS);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Notes the kind of an item whose name is missing.
    fn find_nameless(&mut self, file: FileId, item: &Item) {
        let kind = match item {
            Item::Enum(ast) if ast.name.is_none() => "enum",
            Item::Record(ast) if ast.name.is_none() => "record",
            Item::Const(ast) if ast.name.is_none() => "const",
            Item::Connection(ast) if ast.name.is_none() => "connection",
            Item::Component(ast) if ast.name.is_none() => "component",
            Item::Condition(ast) if ast.name.is_none() => "condition",
            Item::Hook(ast) if ast.name.is_none() => "hook",
            Item::Job(ast) if ast.name.is_none() => "job",
            Item::Profile(ast) if ast.name.is_none() => "profile",
            _ => return,
        };
        self.add_nameless(file, &[kind]);
    }

    fn add_nameless(&mut self, file: FileId, kinds: &[&'static str]) {
        if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
            scope.nameless.extend(kinds);
        }
    }

    /// Whether an unknown name of these kinds may be declared in unreadable text. Then it is not reported. A name that is
    /// similar to a `known` one counts as misspelled. A reported name is remembered, so that the import it probably meant
    /// is not reported as unused.
    pub(crate) fn may_be_unreadable<'n>(
        &self,
        file: FileId,
        name: &str,
        kinds: &[&str],
        known: impl IntoIterator<Item = &'n str>,
    ) -> bool {
        let scope = self.scope(file);
        let nameless = kinds.iter().any(|kind| scope.nameless.contains(kind)) && nearest(name, known).is_empty();
        let hidden = nameless || !nearest(name, scope.broken.iter().map(SmolStr::as_str)).is_empty();
        if !hidden {
            self.missed.borrow_mut().insert((file, SmolStr::new(name)));
        }
        hidden
    }

    /// Whether a name that was not found is similar to this one.
    pub(crate) fn is_missed(&self, file: FileId, name: &str) -> bool {
        self.missed.borrow().iter().any(|(other_file, other)| *other_file == file && !nearest(other, [name]).is_empty())
    }

    /// Whether there is a syntax error in the head of the item at this place. The names and types of its parameters are then
    /// uncertain.
    pub(crate) fn is_head_damaged(&self, place: Place) -> bool {
        let source = self.sources.file(place.file);
        // The text of a single expression is not a file and declares nothing.
        let declared = self.scopes.get(place.file.0 as usize).is_some();
        if !declared || source.parse.errors.is_empty() {
            return false;
        }
        let items = &source.parse.file.items;
        let Some(item) = items.iter().find(|item| item.at <= place.span.start && place.span.end <= item.at + item.len)
        else {
            return false;
        };
        let head = match item.node.as_ref() {
            Item::Component(ast) => ast.header.shifted(item.at),
            Item::Job(ast) => ast.header.shifted(item.at),
            _ => Span::new(item.at, item.at + item.len),
        };
        source.parse.errors.iter().any(|error| within(error.span, head)) || self.has_unread_clause(place)
    }

    /// Whether there is unreadable text in the head of the op at this place. It may be a clause that declares a variable.
    pub(crate) fn has_unread_clause(&self, place: Place) -> bool {
        let inside = |op: &Place| op.file == place.file && op.span.to(place.span) == op.span;
        self.unread_clauses.iter().any(inside)
    }

    fn hide(&mut self, file: FileId, text: &str, most: usize) {
        let words = words(text);
        if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
            scope.broken.extend(words.take(most).map(SmolStr::new));
        }
    }

    /// Whether the item at this place has a syntax error.
    pub(crate) fn is_damaged(&self, place: Option<Place>) -> bool {
        let Some(place) = place else { return false };
        let damaged = self.damaged.get(place.file.0 as usize).map_or(&[][..], Vec::as_slice);
        damaged.iter().any(|span| span.start <= place.span.start && place.span.end <= span.end)
    }

    /// Whether the item at this place has an unmatched bracket. Then it is uncertain which entries belong to which block.
    pub(crate) fn has_loose_bracket(&self, place: Place) -> bool {
        let damaged = self.damaged.get(place.file.0 as usize).map_or(&[][..], Vec::as_slice);
        let Some(item) = damaged.iter().find(|span| span.start <= place.span.start && place.span.end <= span.end)
        else {
            return false;
        };
        self.sources.file(place.file).parse.errors.iter().any(|error| {
            let bracket = matches!(error.kind, ErrorKind::Unclosed | ErrorKind::Unopened);
            bracket && item.start <= error.span.start && error.span.start <= item.end
        })
    }

    /// Marks a name as used. This matters only for files with imports.
    pub(crate) fn mark_used(&self, file: FileId, name: &SmolStr) {
        if !self.scope(file).imports.is_empty() {
            self.used.borrow_mut().insert((file, name.clone()));
        }
    }

    /// Marks all names on the line after a place as used, because their purpose is unknown.
    pub(crate) fn mark_line_used(&self, place: Place) {
        let text = &self.sources.file(place.file).text;
        let rest = text.get(place.span.end as usize..).unwrap_or_default();
        words(rest.lines().next().unwrap_or_default()).for_each(|word| self.mark_used(place.file, &SmolStr::new(word)));
    }

    /// Starts to record uses separately. Returns the earlier uses, which the caller restores later.
    pub(crate) fn begin_use(&self) -> FxHashSet<(FileId, SmolStr)> {
        self.used.take()
    }

    /// The uses since [`Program::begin_use`], sorted. They are added to the earlier ones.
    pub(crate) fn end_use(&self, before: FxHashSet<(FileId, SmolStr)>) -> Vec<(FileId, SmolStr)> {
        let mut uses: Vec<(FileId, SmolStr)> = self.used.replace(before).into_iter().collect();
        uses.sort_unstable();
        self.use_again(&uses);
        uses
    }

    /// Adds uses from an earlier check.
    pub(crate) fn use_again(&self, uses: &[(FileId, SmolStr)]) {
        self.used.borrow_mut().extend(uses.iter().cloned());
    }

    /// Whether something uses the name.
    pub(crate) fn is_used(&self, file: FileId, name: &SmolStr) -> bool {
        self.used.borrow().contains(&(file, name.clone()))
    }
}

/// The op of a job that has an error in its head.
fn op_around(job_at: u32, job: &Job, error: Span) -> Option<Span> {
    let at = |entry: &Placed<JobEntry>| job_at + entry.at;
    let before = job.entries.partition_point(|entry| at(entry) <= error.start).checked_sub(1)?;
    let entry = job.entries.get(before)?;
    match entry.node.as_ref() {
        JobEntry::Op(op) if within(error, op.header.shifted(at(entry))) => {
            Some(Span::new(at(entry), at(entry) + entry.len))
        }
        _ => None,
    }
}

/// Whether an unreadable text was probably an import.
fn is_import(text: &str) -> bool {
    words(text).next().is_some_and(|word| !nearest(word, ["import"]).is_empty())
}

/// The words of an unreadable text, without comments and documentation.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')).filter(|word| !word.is_empty())
}

/// Whether an error touches an item.
fn within(error: Span, item: Span) -> bool {
    item.start <= error.end && error.start <= item.end
}
