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
mod kept;
mod parameters;
mod plan_names;
mod program;
mod scope;
mod typed;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

pub(crate) use editor::completion::{Candidate, Probe};
pub(crate) use editor::incremental::PreviousCheck;
pub(crate) use editor::notebook::{Inferred, Notes, Referent, Value};
pub(crate) use expressions::callee::Owner;
pub(crate) use expressions::checker::ExpressionChecker;
pub(crate) use hooks::event_facts::facts as event_facts;
pub(crate) use items::profile::Binding;
pub(crate) use jobs::each_block::EachBlock;
pub(crate) use jobs::job_scope::JobScope;
pub(crate) use kept::KeptParts;
pub(crate) use plan_names::PlanNames;
pub(crate) use scope::{Env, Scope};
pub(crate) use typed::{Kept, Local, Typed};

use crate::declare::Program;
use crate::diagnostics::Diagnostic;
use crate::sources::FileId;

/// Checks items, jobs, hooks and tests; the expressions in them are checked by an [`ExpressionChecker`].
pub(crate) struct Checker<'p, 's> {
    expressions: ExpressionChecker<'p, 's>,
    /// The one file whose items are looked at; `None` for all. What they need of others is still found out.
    pub(crate) own: Option<FileId>,
    /// What the last check of the own file knew and this one finds out.
    known: Option<Arc<PreviousCheck>>,
    pub(crate) kept_ops: Option<PreviousCheck>,
    /// Where jobs use connections, for what mocks cannot do; the file of the job that is being checked.
    connection_uses: items::connection_uses::ConnectionUses,
    job_file: Option<FileId>,
}

impl<'p, 's> Deref for Checker<'p, 's> {
    type Target = ExpressionChecker<'p, 's>;

    fn deref(&self) -> &ExpressionChecker<'p, 's> {
        &self.expressions
    }
}

impl<'p, 's> DerefMut for Checker<'p, 's> {
    fn deref_mut(&mut self) -> &mut ExpressionChecker<'p, 's> {
        &mut self.expressions
    }
}

impl<'p, 's> Checker<'p, 's> {
    pub(crate) fn new(program: &'p Program<'s>, root: FileId) -> Checker<'p, 's> {
        Checker {
            expressions: ExpressionChecker::new(program, root),
            own: None,
            known: None,
            kept_ops: None,
            connection_uses: items::connection_uses::ConnectionUses::default(),
            job_file: None,
        }
    }

    /// Looks at something without reporting what is wrong with it, which is given back.
    pub(crate) fn quietly<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> (T, Vec<Diagnostic>) {
        let mark = self.diagnostics.len();
        let value = look(self);
        (value, self.diagnostics.split_off(mark))
    }
}
