//! Checks types, names and whether values exist: converts trees to typed expressions and diagnostics.
//!
//! One pass does both, so exactly what is checked is lowered. An error has the type [`Ty::Error`], which matches every
//! type, so one mistake gives one diagnostic. The same code serves `check`, which drops the results, and `lower`, which
//! keeps them.

mod editor;
mod expressions;
mod hooks;
mod items;
mod jobs;
mod parameters;
mod program;
mod scope;
mod typed;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use hookc_grammar::Span;
use hookc_plan as plan;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

pub(crate) use editor::completion::{Offer, Probe};
pub(crate) use editor::incremental::PreviousCheck;
pub(crate) use editor::notebook::{Inferred, Notes, Referent, Value};
pub(crate) use expressions::callee::Owner;
#[cfg(test)]
pub(crate) use expressions::functions::NAMES as FUNCTION_NAMES;
#[cfg(test)]
pub(crate) use expressions::math::names as library_names;
#[cfg(test)]
pub(crate) use expressions::methods::names as method_names;
pub(crate) use items::profile::Binding;
pub(crate) use jobs::each_block::EachBlock;
pub(crate) use jobs::job_scope::{JobScope, Runs};
pub(crate) use scope::{Env, Scope};
pub(crate) use typed::{Local, Typed};

use crate::declare::Program;
use crate::diagnostics::{Code, Diagnostic};
use crate::ids::ConnectionId;
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;
use crate::ty::Ty;

/// Checks bodies: names, types, and whether values exist.
pub(crate) struct Checker<'p, 's> {
    pub(crate) program: &'p Program<'s>,
    /// The compiled file: keys of types, components and jobs are relative to it.
    pub(crate) root: FileId,
    /// The only file whose items are checked; `None` for all. Declarations of other files are still used.
    pub(crate) own: Option<FileId>,
    /// The notes for an editor.
    pub(crate) notes: Option<Box<Notes>>,
    /// The results of the last check of the file, and those of this one.
    known: Option<Arc<PreviousCheck>>,
    pub(crate) memo: Option<PreviousCheck>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    constants: expressions::constant_values::ConstantValues,
    conditions: expressions::condition_bodies::ConditionBodies,
    /// The conditions after `where`, by the place of their parameter.
    refinements: FxHashMap<Place, Option<Rc<plan::Expr>>>,
    /// The keys of symbols of other files.
    keys: RefCell<FxHashMap<Symbol, SmolStr>>,
    /// The uses of connections in jobs, and the file of the job that is being checked.
    connection_uses: items::connection_uses::ConnectionUses,
    job_file: Option<FileId>,
    /// Whether typed expressions are kept for a plan, or only checked.
    keep: bool,
    /// Enums, records and connections that typed expressions name, for the plan.
    named: RefCell<FxHashSet<Symbol>>,
}

impl<'p, 's> Checker<'p, 's> {
    pub(crate) fn new(program: &'p Program<'s>, root: FileId) -> Checker<'p, 's> {
        Checker {
            program,
            root,
            own: None,
            notes: None,
            known: None,
            memo: None,
            diagnostics: Vec::new(),
            constants: expressions::constant_values::ConstantValues::new(program.consts.len()),
            conditions: expressions::condition_bodies::ConditionBodies::new(program.conditions.len()),
            refinements: FxHashMap::default(),
            keys: RefCell::new(FxHashMap::default()),
            connection_uses: items::connection_uses::ConnectionUses::default(),
            job_file: None,
            keep: true,
            named: RefCell::new(FxHashSet::default()),
        }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a mistake at a place.
    pub(crate) fn error_at(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.report(Diagnostic::new(code, place, message));
    }

    /// Whether there are errors, not counting warnings, since `mark`.
    pub(crate) fn errors_since(&self, mark: usize) -> bool {
        let since = self.diagnostics.get(mark..).unwrap_or_default();
        since.iter().any(|diagnostic| diagnostic.is_error())
    }

    /// Looks up a top-level name and marks it as used.
    pub(crate) fn lookup(&mut self, file: FileId, name: &str) -> Option<Symbol> {
        let symbol = self.program.lookup(file, name)?;
        self.program.mark_used(file, &SmolStr::new(name));
        Some(symbol)
    }

    /// Whether the name's import failed, which is already reported.
    pub(crate) fn is_broken(&self, file: FileId, name: &str) -> bool {
        self.program.scope(file).broken.contains(name)
    }

    /// The key of a symbol in the plan: its name in the compiled file, or else `PATH:NAME`.
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

    /// The type as it is written in source text.
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
}
