//! What syntax errors hide: names that an unreadable text would have declared, and parts that its items may have.
//!
//! One mistake is one diagnostic: what depends on unreadable text is not reported as unknown or missing. Here it is
//! found out once, for each file, what may be hidden. What is declared has its [`Damage`]; [`Program::hides`] decides
//! whether an unknown name is reported, and [`Program::hides_part`] whether a missing part is.

use hookc_grammar::ast::{Item, Job, JobEntry, Placed};
use hookc_grammar::{ErrorKind, Parse, Span, SyntaxError};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Program;
use super::damage::Damage;
use crate::diagnostics::nearest;
use crate::place::Place;
use crate::sources::{FileId, SourceFile};
use crate::symbol::SymbolKind;

/// How many words at the start of an unreadable text may be the name it declares.
const LEADING_WORDS: usize = 2;
/// What an import whose name is missing may have named.
const IMPORTED: [SymbolKind; 8] = [
    SymbolKind::Enum,
    SymbolKind::Record,
    SymbolKind::Const,
    SymbolKind::Connection,
    SymbolKind::Component,
    SymbolKind::Condition,
    SymbolKind::Hook,
    SymbolKind::Job,
];

/// What syntax errors and failed imports hide in one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Poison {
    /// Names that stand for something unknown: they are never reported.
    names: FxHashSet<SmolStr>,
    /// Kinds of declarations that stand here without a readable name: any unknown name may be theirs.
    kinds: FxHashSet<SymbolKind>,
    /// The items with a syntax error.
    items: Vec<Span>,
    /// The imports among them.
    imports: Vec<Span>,
    /// The items and ops in whose heads something cannot be read: it may declare a parameter or variable.
    heads: Vec<Span>,
    /// The ops among them.
    ops: Vec<Span>,
    /// The items with a bracket that is missing or too many: which entry belongs to which block is a guess.
    brackets: Vec<Span>,
    /// The lines that syntax errors stand on: they say nothing for certain.
    lines: Vec<Span>,
    /// Whether a part that could be a name is missing somewhere, the imports left out.
    lacks_a_name: bool,
}

impl Poison {
    /// Whether something in the head of the op that this byte lies in cannot be read: it may be a clause.
    pub(crate) fn has_unread_clause(&self, at: u32) -> bool {
        holds(&self.ops, at)
    }

    /// Whether a part that could be a name is missing somewhere.
    pub(crate) fn lacks_a_name(&self) -> bool {
        self.lacks_a_name
    }

    /// Makes a name stand for something unknown.
    pub(crate) fn add_name(&mut self, name: SmolStr) {
        self.names.insert(name);
    }

    fn add_words(&mut self, text: &str, limit: usize) {
        self.names.extend(words(text).take(limit).map(SmolStr::new));
    }

    /// What the syntax errors of a file hide.
    fn of(source: &SourceFile) -> Poison {
        let mut poison = Poison::default();
        let is_error = |error: &&SyntaxError| error.severity == hookc_grammar::Severity::Error;
        let errors = source.parse.errors.iter();
        poison.lines = errors.filter(is_error).map(|error| line_of(&source.text, error.span)).collect();
        poison.lacks_a_name = lacks_a_name(&source.parse);
        for placed in &source.parse.file.items {
            let span = Span::new(placed.at, placed.at + placed.len);
            let inside: Vec<&SyntaxError> =
                source.parse.errors.iter().filter(|error| within(error.span, span)).collect();
            if !inside.is_empty() {
                poison.add_item(source, placed, &inside);
            }
        }
        poison
    }

    /// Adds an item with its syntax errors.
    fn add_item(&mut self, source: &SourceFile, placed: &Placed<Item>, errors: &[&SyntaxError]) {
        let span = Span::new(placed.at, placed.at + placed.len);
        self.items.push(span);
        let head = match placed.node.as_ref() {
            Item::Component(ast) => ast.header.shifted(placed.at),
            Item::Job(ast) => ast.header.shifted(placed.at),
            _ => span,
        };
        if errors.iter().any(|error| within(error.span, head)) {
            self.heads.push(span);
        }
        let is_bracket = |error: &&SyntaxError| {
            matches!(error.kind, ErrorKind::Unclosed | ErrorKind::Unopened)
                && (span.start..=span.end).contains(&error.span.start)
        };
        if errors.iter().any(is_bracket) {
            self.brackets.push(span);
        }
        self.kinds.extend(nameless_kind(placed.node.as_ref()));
        let text = |span: Span| source.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        match placed.node.as_ref() {
            Item::Error => {
                let text = text(span);
                self.add_words(text, if is_import(text) { usize::MAX } else { LEADING_WORDS });
            }
            Item::Import(_) => {
                self.imports.push(span);
                self.add_words(text(span), usize::MAX);
                if errors.iter().any(|error| error.kind == ErrorKind::MissingName) {
                    self.kinds.extend(IMPORTED);
                }
            }
            Item::Job(job) => {
                let unexpected = errors.iter().filter(|error| error.kind == ErrorKind::Unexpected);
                let ops: Vec<Span> = unexpected.filter_map(|error| op_around(placed.at, job, error.span)).collect();
                self.heads.extend(&ops);
                self.ops.extend(ops);
                for entry in job.entries.iter().filter(|entry| matches!(entry.node.as_ref(), JobEntry::Error)) {
                    let at = placed.at + entry.at;
                    self.add_words(text(Span::new(at, at + entry.len)), LEADING_WORDS);
                }
            }
            _ => {}
        }
    }
}

/// A name that is looked up, and what it could be.
pub(crate) struct Wanted<'n> {
    pub(crate) name: &'n str,
    /// Where it stands.
    pub(crate) place: Place,
    /// The kinds of top-level names that fit.
    pub(crate) kinds: &'n [SymbolKind],
    /// The names that fit: near one of them, it is misspelt rather than hidden.
    pub(crate) known: &'n [&'n str],
    /// Whether a parameter or a variable would fit too.
    pub(crate) is_value: bool,
}

impl Program<'_> {
    /// Finds what is hidden in each file. Words of unreadable pieces count as used: they may well be.
    pub(super) fn poison_names(&mut self) {
        let sources = self.sources;
        for (file, source) in sources.iter().filter(|(_, source)| !source.parse.errors.is_empty()) {
            let poison = Poison::of(source);
            let imported = imported_names(&source.parse);
            for span in poison.items.iter().filter(|span| !imported.is_empty() && !poison.imports.contains(span)) {
                let used = all_words(sources.text(file, *span)).filter(|word| imported.contains(word));
                self.used.borrow_mut().extend(used.map(|word| (file, SmolStr::new(word))));
            }
            if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
                scope.poison = poison;
            }
        }
    }

    /// Whether an unknown name may be hidden by a syntax error or a failed import: then it is not reported. What is
    /// reported is remembered, so that an import it was meant for is not called unused.
    pub(crate) fn hides(&self, wanted: &Wanted<'_>) -> bool {
        let file = wanted.place.file;
        let poison = &self.scope(file).poison;
        let is_nameless = || {
            wanted.kinds.iter().any(|kind| poison.kinds.contains(kind))
                && nearest(wanted.name, wanted.known.iter().copied()).is_empty()
        };
        let hidden = poison.names.contains(wanted.name)
            || is_nameless()
            || !nearest(wanted.name, poison.names.iter().map(SmolStr::as_str)).is_empty();
        if !hidden {
            self.missed.borrow_mut().insert((file, SmolStr::new(wanted.name)));
        }
        hidden || (wanted.is_value && self.hides_parts(wanted.place))
    }

    /// Whether a part that seems to be missing may only be hidden: then it is not reported.
    pub(crate) fn hides_part(&self, damage: Damage) -> bool {
        damage.hides()
    }

    /// What a syntax error in the item that this byte lies in may hide.
    pub(crate) fn damage_at(&self, file: FileId, at: u32) -> Damage {
        Damage::of(holds(&self.scope(file).poison.items, at))
    }

    /// Whether a name stands for something unknown.
    pub(crate) fn is_poisoned(&self, file: FileId, name: &str) -> bool {
        self.scope(file).poison.names.contains(name)
    }

    /// Whether parameters and variables that can be read at this place may be hidden: something in the head of its item
    /// or op cannot be read.
    pub(crate) fn hides_parts(&self, place: Place) -> bool {
        holds(&self.scope(place.file).poison.heads, place.span.start)
    }

    /// Whether it is a guess which block an entry belongs to.
    pub(crate) fn hides_block(&self, place: Place) -> bool {
        holds(&self.scope(place.file).poison.brackets, place.span.start)
    }

    /// Whether a place is on a line that cannot be read: nothing is reported there besides the syntax error.
    pub(crate) fn hides_line(&self, place: Place) -> bool {
        let at = place.span.start;
        self.scope(place.file).poison.lines.iter().any(|line| line.start <= at && at <= line.end)
    }
}

/// The kind of an item whose name is missing.
fn nameless_kind(item: &Item) -> Option<SymbolKind> {
    let (name, kind) = match item {
        Item::Enum(ast) => (&ast.name, SymbolKind::Enum),
        Item::Record(ast) => (&ast.name, SymbolKind::Record),
        Item::Const(ast) => (&ast.name, SymbolKind::Const),
        Item::Connection(ast) => (&ast.name, SymbolKind::Connection),
        Item::Component(ast) => (&ast.name, SymbolKind::Component),
        Item::Condition(ast) => (&ast.name, SymbolKind::Condition),
        Item::Hook(ast) => (&ast.name, SymbolKind::Hook),
        Item::Job(ast) => (&ast.name, SymbolKind::Job),
        Item::Profile(ast) => (&ast.name, SymbolKind::Profile),
        _ => return None,
    };
    name.is_none().then_some(kind)
}

/// The op of a job in whose head an error stands.
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

/// The names that the imports of a file bring in.
fn imported_names(parse: &Parse) -> FxHashSet<&str> {
    let imports = parse.file.items.iter().filter_map(|item| match item.node.as_ref() {
        Item::Import(import) => Some(&import.names),
        _ => None,
    });
    imports.flatten().map(|name| name.alias.as_ref().unwrap_or(&name.name).text.as_str()).collect()
}

/// Whether a part that could be a name is missing somewhere, the imports left out.
fn lacks_a_name(parse: &Parse) -> bool {
    parse.errors.iter().any(|error| {
        let part = matches!(error.kind, ErrorKind::MissingType | ErrorKind::MissingValue | ErrorKind::MissingPart);
        let before = parse.file.items.partition_point(|item| item.at <= error.span.start);
        let item = before.checked_sub(1).and_then(|index| parse.file.items.get(index));
        part && !item.is_some_and(|item| matches!(item.node.as_ref(), Item::Import(_)))
    })
}

/// Whether an unreadable text was meant for an import.
fn is_import(text: &str) -> bool {
    words(text).next().is_some_and(|word| !nearest(word, ["import"]).is_empty())
}

/// The words of an unreadable text, comments and documentation left out.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).flat_map(all_words)
}

fn all_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether an error touches an item.
fn within(error: Span, item: Span) -> bool {
    item.start <= error.end && error.start <= item.end
}

/// Whether a byte lies in one of the spans.
fn holds(spans: &[Span], at: u32) -> bool {
    spans.iter().any(|span| span.start <= at && at < span.end)
}

/// The lines that a range stands on, without the last line's end.
fn line_of(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or("");
    let after = text.get(span.end as usize..).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = span.end as usize + after.find('\n').unwrap_or(after.len());
    Span::new(u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(u32::MAX))
}
