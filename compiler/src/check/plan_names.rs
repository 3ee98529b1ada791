//! What symbols and types are called in a plan, and by a person.

use std::cell::RefCell;

use hookc_grammar::Span;
use hookc_plan as plan;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

use crate::declare::Program;
use crate::ids::ConnectionId;
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use crate::ty::Ty;

/// Enums, records and connections that are named.
pub(crate) type NamedSymbols = FxHashSet<Symbol>;

/// The names of symbols and types in the plan of one file.
pub(crate) struct PlanNames<'p, 's> {
    pub(crate) program: &'p Program<'s>,
    /// The compiled file: keys of types, components and jobs are relative to it.
    pub(crate) root: FileId,
    /// The keys of symbols of other files.
    keys: RefCell<FxHashMap<Symbol, SmolStr>>,
    /// What typed expressions name, for the plan.
    named: RefCell<NamedSymbols>,
}

impl<'p, 's> PlanNames<'p, 's> {
    /// The names in the plan of `root`.
    pub(crate) fn new(program: &'p Program<'s>, root: FileId) -> PlanNames<'p, 's> {
        PlanNames { program, root, keys: RefCell::default(), named: RefCell::default() }
    }

    /// The key of a symbol in the plan: its name in the compiled file, else `PATH:NAME`.
    pub(crate) fn key(&self, symbol: Symbol) -> SmolStr {
        if matches!(symbol, Symbol::Enum(_) | Symbol::Record(_) | Symbol::Connection(_)) {
            self.named.borrow_mut().insert(symbol);
        }
        let name = self.program.name_of(symbol);
        let Some(place) = self.program.place_of(symbol).filter(|place| place.file != self.root) else {
            return SmolStr::new(name);
        };
        let known = self.keys.borrow().get(&symbol).cloned();
        known.unwrap_or_else(|| {
            let path = &self.program.sources.file(place.file).path;
            let key = format_smolstr!("{}:{name}", path.strip_suffix(".hook").unwrap_or(path));
            self.keys.borrow_mut().insert(symbol, key.clone());
            key
        })
    }

    /// The type as the plan writes it.
    pub(crate) fn plan_type(&self, ty: &Ty) -> plan::Type {
        match ty {
            Ty::Error | Ty::Never | Ty::Null => plan::Type::Null,
            Ty::Bool => plan::Type::Bool,
            Ty::Int => plan::Type::Int,
            Ty::Float => plan::Type::Float,
            Ty::String => plan::Type::String,
            Ty::Duration => plan::Type::Duration,
            Ty::Timestamp => plan::Type::Timestamp,
            Ty::Path => plan::Type::Path,
            Ty::Uri => plan::Type::Uri,
            Ty::Secret => plan::Type::Secret,
            Ty::Json => plan::Type::Json,
            Ty::List(item) => plan::Type::List(Box::new(self.plan_type(item))),
            Ty::Map(value) => plan::Type::Map(Box::new(self.plan_type(value))),
            Ty::Optional(inner) => plan::Type::Optional(Box::new(self.plan_type(inner))),
            Ty::Enum(id) => plan::Type::Enum(self.key(Symbol::Enum(*id))),
            Ty::Record(id) => plan::Type::Record(self.key(Symbol::Record(*id))),
        }
    }

    /// The type as a person writes it.
    pub(crate) fn show(&self, ty: &Ty) -> String {
        match ty {
            Ty::Error => "unknown".to_owned(),
            Ty::Never => "nothing".to_owned(),
            Ty::List(item) => format!("list<{}>", self.show(item)),
            Ty::Map(value) => format!("map<string, {}>", self.show(value)),
            Ty::Optional(inner) => format!("{}?", self.show(inner)),
            Ty::Enum(id) => self.program.enum_def(*id).name.to_string(),
            Ty::Record(id) => self.program.record(*id).name.to_string(),
            simple => self.plan_type(simple).to_string(),
        }
    }

    /// The enums and records that were named, in a fixed order.
    pub(crate) fn named_types(&self) -> Vec<Symbol> {
        let mut types: Vec<Symbol> = self
            .named
            .borrow()
            .iter()
            .copied()
            .filter(|symbol| matches!(symbol, Symbol::Enum(_) | Symbol::Record(_)))
            .collect();
        types.sort_unstable();
        types
    }

    /// The connections that were read, in a fixed order.
    pub(crate) fn read_connections(&self) -> Vec<ConnectionId> {
        let named = self.named.borrow();
        let mut connections: Vec<ConnectionId> = named
            .iter()
            .filter_map(|symbol| match symbol {
                Symbol::Connection(id) => Some(*id),
                _ => None,
            })
            .collect();
        connections.sort_unstable();
        connections
    }

    /// A span as the plan writes it; the source's id is the file's until the plan numbers its sources.
    pub(crate) fn plan_span(&self, place: Place) -> plan::Span {
        let Span { start, end } = place.span;
        plan::Span(place.file.0, start, end)
    }

    /// Begins to note what is named by itself; what was named so far is given back to be put in again.
    pub(crate) fn begin_naming(&self) -> NamedSymbols {
        self.named.take()
    }

    /// What was named since [`PlanNames::begin_naming`], which counts with what was named before.
    pub(crate) fn end_naming(&self, before: NamedSymbols) -> NamedSymbols {
        let named = self.named.replace(before);
        self.name_again(&named);
        named
    }

    /// Counts what is named by a part that was made before.
    pub(crate) fn name_again(&self, named: &NamedSymbols) {
        self.named.borrow_mut().extend(named.iter().copied());
    }
}
