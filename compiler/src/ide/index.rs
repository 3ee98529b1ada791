//! The names of one file and what they stand for, the types of its values, what is inferred in it.
//!
//! Most of it is noted by the check; what is only written (declarations, types, imports) is read from the tree.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_grammar::Span;
use hookc_grammar::ast::TypeKind;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::visitor::{Node, visit};
use super::{Kind, Location};
use crate::check::{Checker, Inferred, Notes, Referent, Value};
use crate::declare::Program;
use crate::place::Place;
use crate::sources::{FileId, Sources};
use crate::symbol::Symbol;
use crate::ty::Ty;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Target {
    /// What a file declares: where its name is written.
    Declared(Location),
    /// A function, method or macro: the name of its page.
    Function(SmolStr),
    /// A part of the context: `op.name`, `job`.
    Context(SmolStr),
    /// An event of a hook.
    Event(hookc_plan::Event),
    /// A type, or a value of an enum, that is built in.
    Builtin(SmolStr),
}

/// A name in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) span: Span,
    pub(super) target: Target,
    /// What it is, where it is declared here.
    pub(super) declares: Option<Kind>,
    /// What it is, where a file declares it.
    pub(super) kind: Option<Kind>,
}

/// A value in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) span: Span,
    pub(super) ty: String,
    /// Where its type is declared.
    pub(super) declared: Option<Location>,
    /// Why it may be missing.
    pub(super) missing: Option<String>,
    /// The condition that asked for it.
    pub(super) asked: Option<Location>,
}

/// The names and values of one file.
#[derive(Debug)]
pub(super) struct Index {
    /// Sorted by place; each place once.
    pub(super) uses: Vec<Use>,
    /// Sorted by place; each place once.
    pub(super) values: Vec<Typed>,
    /// Sorted by place.
    pub(super) inferred: Vec<(u32, Inferred)>,
    /// Hooks of the file, and the wider ones in whose place they stand because they have their names.
    pub(super) replaced: Vec<(Location, Location)>,
    /// The top-level names of the file, imported ones included, and where they are declared.
    pub(super) visible: BTreeMap<SmolStr, Location>,
}

impl Index {
    pub(super) fn build(sources: &Sources, own: FileId) -> Index {
        let mut diagnostics = Vec::new();
        let program = Program::declare(sources, &mut diagnostics);
        let mut checker = Checker::new(&program, FileId(0));
        checker.own = Some(own);
        checker.notes = Some(Box::new(Notes::new(own)));
        checker.check_all();
        let notes = checker.notes.take().map_or_else(|| Notes::new(own), |notes| *notes);
        let builder = Builder { sources, program: &program, own };
        let mut uses = builder.written();
        uses.extend(notes.uses.into_iter().map(|(span, referent)| builder.used(span, referent)));
        uses.sort_by_key(|used| used.span);
        uses.dedup_by_key(|used| used.span);
        builder.set_kinds(&mut uses);
        let mut values: Vec<Typed> = notes.values.into_iter().map(|(span, value)| builder.value(span, value)).collect();
        values.sort_by_key(|value| value.span);
        values.dedup_by_key(|value| value.span);
        let mut inferred = notes.inferred;
        inferred.sort_by_key(|(at, _)| *at);
        inferred.dedup();
        let replaced = notes
            .replaced
            .into_iter()
            .map(|(span, wider)| (builder.location(Place { file: own, span }), builder.location(wider)));
        Index { uses, values, inferred, replaced: replaced.collect(), visible: builder.visible() }
    }

    /// The name at a byte.
    pub(super) fn at(&self, at: u32) -> Option<&Use> {
        self.uses.iter().filter(|used| used.span.touches(at)).min_by_key(|used| used.span.end - used.span.start)
    }

    /// The value whose text ends with the name at `span`.
    pub(super) fn value_of(&self, span: Span) -> Option<&Typed> {
        let ends = self.values.iter().filter(|value| value.span.end == span.end && value.span.start <= span.start);
        ends.max_by_key(|value| value.span.start)
    }
}

struct Builder<'a> {
    sources: &'a Sources,
    program: &'a Program<'a>,
    own: FileId,
}

impl Builder<'_> {
    fn location(&self, place: Place) -> Location {
        Location { path: Arc::from(self.sources.file(place.file).path.as_str()), span: place.span }
    }

    fn used(&self, span: Span, referent: Referent) -> Use {
        let target = match referent {
            Referent::Declared(place) => Target::Declared(self.location(place)),
            Referent::Function(name) => Target::Function(name),
            Referent::Context(name) => Target::Context(name),
            Referent::Event(event) => Target::Event(event),
            Referent::Builtin(name) => Target::Builtin(name),
        };
        Use { span, target, declares: None, kind: None }
    }

    fn value(&self, span: Span, value: Value) -> Typed {
        let Value { ty, declared, missing, asked } = value;
        Typed {
            span,
            ty,
            declared: declared.map(|place| self.location(place)),
            missing,
            asked: asked.map(|place| self.location(place)),
        }
    }

    /// Says what each name is that a file declares.
    fn set_kinds(&self, uses: &mut [Use]) {
        let mut kinds: FxHashMap<Location, Kind> = FxHashMap::default();
        for (_, file) in self.sources.iter() {
            let path: Arc<str> = Arc::from(file.path.as_str());
            visit(&file.parse.file, &mut |node, span| {
                if let Node::Name(_, kind) = node {
                    kinds.insert(Location { path: Arc::clone(&path), span }, kind);
                }
            });
        }
        for used in uses {
            if let Target::Declared(location) = &used.target {
                used.kind = kinds.get(location).copied();
            }
        }
    }

    fn visible(&self) -> BTreeMap<SmolStr, Location> {
        let names = self.program.scope(self.own).names.iter();
        names
            .filter_map(|(name, symbol)| Some((name.clone(), self.location(self.program.place_of(*symbol)?))))
            .collect()
    }

    /// What is declared, imported and written as a type.
    fn written(&self) -> Vec<Use> {
        let file = &self.sources.file(self.own).parse.file;
        let mut uses: Vec<Use> = Vec::new();
        visit(file, &mut |node, span| match node {
            Node::Name(_, kind) => {
                let place = Place { file: self.own, span };
                let target = Target::Declared(self.location(place));
                uses.push(Use { span, target, declares: Some(kind), kind: Some(kind) });
            }
            Node::Type(ty) => {
                let TypeKind::Named { name, .. } = &ty.kind else { return };
                let at = span.start - ty.span.start;
                uses.extend(self.named_type(&name.text, name.span.shifted(at)));
            }
            Node::Import(import) => {
                let at = span.start - import.span.start;
                for imported in &import.names {
                    let here = imported.alias.as_ref().unwrap_or(&imported.name);
                    let Some(symbol) = self.program.lookup(self.own, &here.text) else { continue };
                    uses.push(self.symbol(imported.name.span.shifted(at), symbol));
                    if let Some(alias) = &imported.alias {
                        uses.push(self.symbol(alias.span.shifted(at), symbol));
                    }
                }
            }
            _ => {}
        });
        uses
    }

    fn named_type(&self, name: &SmolStr, span: Span) -> Option<Use> {
        if Ty::simple(name).is_some() || matches!(name.as_str(), "list" | "map") {
            return Some(Use { span, target: Target::Builtin(name.clone()), declares: None, kind: None });
        }
        let symbol = self.program.builtins.symbol(name).or_else(|| self.program.lookup(self.own, name))?;
        Some(self.symbol(span, symbol))
    }

    fn symbol(&self, span: Span, symbol: Symbol) -> Use {
        let target = match self.program.place_of(symbol) {
            Some(place) => Target::Declared(self.location(place)),
            None => Target::Builtin(SmolStr::new(self.program.name_of(symbol))),
        };
        Use { span, target, declares: None, kind: None }
    }
}
