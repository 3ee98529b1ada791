//! The checker of expressions: names, types and certainty of what is written where a value stands.
//!
//! It knows the declarations, the scope that it is given, and nothing of who asks: items, jobs and hooks are checked
//! by [`Checker`](crate::check::Checker), which has one of these.

use std::ops::Deref;
use std::rc::Rc;

use hookc_plan as plan;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::check::editor::notebook::Notes;
use crate::check::expressions::callee::{Callee, Owner};
use crate::check::expressions::condition_bodies::ConditionBodies;
use crate::check::expressions::constant_values::ConstantValues;
use crate::check::jobs::job_scope::Runs;
use crate::check::plan_names::PlanNames;
use crate::check::typed::Kept;
use crate::declare::{Damage, Params, Program};
use crate::diagnostics::{Code, Diagnostic};
use crate::place::Place;
use crate::sources::FileId;
use crate::symbol::Symbol;

/// Checks expressions.
pub(crate) struct ExpressionChecker<'p, 's> {
    names: PlanNames<'p, 's>,
    /// What is noted for an editor.
    pub(crate) notes: Option<Box<Notes>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(super) constants: ConstantValues,
    pub(crate) conditions: ConditionBodies,
    /// What stands after `where`, by the place of its parameter.
    pub(super) refinements: FxHashMap<Place, Kept<Option<Rc<plan::Expr>>>>,
    /// Whether typed expressions are kept for a plan, or only looked at.
    pub(crate) keep: bool,
}

impl<'p, 's> Deref for ExpressionChecker<'p, 's> {
    type Target = PlanNames<'p, 's>;

    fn deref(&self) -> &PlanNames<'p, 's> {
        &self.names
    }
}

impl<'p, 's> ExpressionChecker<'p, 's> {
    pub(crate) fn new(program: &'p Program<'s>, root: FileId) -> ExpressionChecker<'p, 's> {
        ExpressionChecker {
            names: PlanNames::new(program, root),
            notes: None,
            diagnostics: Vec::new(),
            constants: ConstantValues::new(program.consts.len()),
            conditions: ConditionBodies::new(program.conditions.len()),
            refinements: FxHashMap::default(),
            keep: true,
        }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a mistake at a place.
    pub(crate) fn error_at(&mut self, code: Code, place: Place, message: impl Into<String>) {
        self.report(Diagnostic::new(code, place, message));
    }

    /// Looks at something without reporting what is wrong with it, which is given back.
    pub(crate) fn quietly<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> (T, Vec<Diagnostic>) {
        let mark = self.diagnostics.len();
        let value = look(self);
        (value, self.diagnostics.split_off(mark))
    }

    /// What is reported: all that was found, but for lines that cannot be read.
    pub(crate) fn take_reported(&mut self) -> Vec<Diagnostic> {
        let program = self.program;
        let found = std::mem::take(&mut self.diagnostics);
        found.into_iter().filter(|diagnostic| !program.hides_line(diagnostic.place())).collect()
    }

    /// Whether an error that was found so far is in this place.
    pub(crate) fn has_error_in(&self, place: Place) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.is_error() && place.contains(diagnostic.place()))
    }

    /// The damage of what was checked since `mark`: errors (warnings left out) that were found in it.
    pub(crate) fn damage_since(&self, mark: usize) -> Damage {
        let since = self.diagnostics.get(mark..).unwrap_or_default();
        Damage::of(since.iter().any(|diagnostic| diagnostic.is_error()))
    }

    /// Whether no mistake hides a part of it.
    pub(crate) fn is_whole(&self, damage: Damage) -> bool {
        !self.program.hides_part(damage)
    }

    /// Looks a top-level name up and marks it as used.
    pub(crate) fn lookup(&mut self, file: FileId, name: &str) -> Option<Symbol> {
        let symbol = self.program.lookup(file, name)?;
        self.program.mark_used(file, &SmolStr::new(name));
        Some(symbol)
    }

    /// A part, and what it names.
    pub(super) fn naming<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Kept<T> {
        let before = self.begin_naming();
        let value = make(self);
        Kept { value, named: self.end_naming(before) }
    }

    /// The inputs and outputs of what an op runs.
    pub(crate) fn signature(&self, runs: Runs) -> (&'p Params<'s>, &'p Params<'s>) {
        match runs {
            Runs::Component(id) => {
                let def = self.program.component(id);
                (&def.inputs, &def.outputs)
            }
            Runs::Job(id) => {
                let def = self.program.job(id);
                (&def.inputs, &def.outputs)
            }
        }
    }

    /// Where what an op runs is declared.
    pub(crate) fn place_of_runs(&self, runs: Runs) -> Place {
        match runs {
            Runs::Component(id) => self.program.component(id).item.place,
            Runs::Job(id) => self.program.job(id).item.place,
        }
    }

    /// What a call of it is checked against.
    pub(crate) fn callee(&self, runs: Runs) -> Callee<'p, 's> {
        match runs {
            Runs::Component(id) => {
                let def = self.program.component(id);
                Callee {
                    kind: "component",
                    name: &def.item.name,
                    params: &def.inputs,
                    place: Some(def.item.place),
                    positional: false,
                    owner: Owner::Component,
                }
            }
            Runs::Job(id) => {
                let def = self.program.job(id);
                Callee {
                    kind: "job",
                    name: &def.item.name,
                    params: &def.inputs,
                    place: Some(def.item.place),
                    positional: false,
                    owner: Owner::Job,
                }
            }
        }
    }
}
