//! The ops of a job as other ops see them, and their dependencies.

use std::cell::RefCell;
use std::sync::Arc;

use hookc_grammar::ast::{self, JobEntry};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::check::jobs::needs::Needs;
use crate::check::jobs::op_log::OpLog;
use crate::check::jobs::op_log::Question;
use crate::declare::{Damage, JobDef, Wanted};
use crate::diagnostics::nearest;
use crate::ids::{ComponentId, JobId};
use crate::place::Place;
use crate::ty::Ty;

/// The component or job that an op runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    Component(ComponentId),
    Job(JobId),
}

/// An op as other ops see it.
pub(crate) struct OpInfo<'s> {
    pub(crate) ast: &'s ast::Op,
    /// The entry that contains it.
    pub(crate) entry: &'s Arc<JobEntry>,
    /// The entry's first byte.
    pub(crate) at: u32,
    pub(crate) name: SmolStr,
    pub(crate) place: Place,
    /// The component or job that it runs; `None` after a report.
    pub(crate) runs: Option<Runs>,
    /// Its outputs as other ops read them: lists after a fan-out.
    pub(crate) outputs: Vec<(SmolStr, Ty)>,
    /// Whether it may have more outputs than these: what it runs is unknown, or a syntax error stands there.
    pub(crate) damage: Damage,
    /// Whether it may need more ops than are found: there is an error in its arguments or clauses.
    pub(crate) damage_of_needs: Damage,
    /// Whether the job can succeed although the op, once begun, does not.
    pub(crate) may_not_succeed: bool,
}

/// The ops of a job, and their dependencies.
pub(crate) struct JobScope<'a, 's> {
    pub(crate) def: &'a JobDef<'s>,
    pub(crate) ops: Vec<OpInfo<'s>>,
    pub(crate) by_name: FxHashMap<SmolStr, usize>,
    pub(crate) needs: Needs,
    /// Its `each op` blocks.
    pub(crate) blocks: Vec<Arc<JobEntry>>,
    /// What the check of the current op reads.
    pub(crate) log: RefCell<OpLog>,
}

impl JobScope<'_, '_> {
    /// Whether `other` has ended, in any state, when `op` begins or is skipped.
    pub(crate) fn waits_for(&self, op: usize, other: usize) -> bool {
        self.ask(Question::WaitsFor, op, other)
    }

    /// Whether `other` has succeeded when `op` begins.
    pub(crate) fn needs(&self, op: usize, other: usize) -> bool {
        self.ask(Question::Needs, op, other)
    }

    /// Whether there is an op without a name.
    pub(crate) fn has_nameless_op(&self) -> bool {
        self.ops.iter().any(|op| op.name.is_empty())
    }

    /// Whether an unknown name may be that of an op that has none.
    pub(crate) fn hides_op(&self, wanted: &Wanted<'_>) -> bool {
        self.has_nameless_op() && nearest(wanted.name, wanted.known.iter().copied()).is_empty()
    }

    /// What may be hidden: something of the job cannot be read, or what one of its ops runs is unknown.
    pub(crate) fn damage(&self) -> Damage {
        self.ops.iter().fold(self.def.item.damage, |damage, op| damage | op.damage)
    }

    /// Whether an op may wait for more ops than are found: an error stands in one of the ops that it waits for.
    pub(crate) fn damage_of_needs(&self, op: usize) -> Damage {
        self.looks_further();
        let damage_of = |op: usize| self.ops.get(op).map_or(Damage::UNKNOWN, |op| op.damage_of_needs);
        let waited = self.needs.waited_for_by(op);
        let own = self.def.item.damage | damage_of(op);
        waited.into_iter().map(damage_of).fold(own, |damage, op| damage | op)
    }

    /// Whether the op has succeeded when the job has.
    pub(crate) fn is_certain(&self, op: usize) -> bool {
        self.needs.is_certain(op)
    }
}

impl JobScope<'_, '_> {
    /// The op with this name.
    pub(crate) fn op_named(&self, name: &str) -> Option<usize> {
        let found = self.by_name.get(name).copied();
        if let Ok(mut log) = self.log.try_borrow_mut() {
            log.looked.push((SmolStr::new(name), found));
        }
        found
    }

    /// Records an answer about another op.
    pub(crate) fn ask(&self, question: Question, op: usize, other: usize) -> bool {
        let answer = question.answer(self, op, other);
        if let Ok(mut log) = self.log.try_borrow_mut() {
            log.asked.push((question, other, answer));
        }
        answer
    }

    /// Records that the check reads something that cannot be recorded.
    pub(crate) fn looks_further(&self) {
        if let Ok(mut log) = self.log.try_borrow_mut() {
            log.more = true;
        }
    }
}

impl Question {
    pub(crate) fn answer(self, job: &JobScope<'_, '_>, op: usize, other: usize) -> bool {
        match self {
            Question::WaitsFor => job.needs.waits_for(op, other),
            Question::Needs => job.needs.needs(op, other),
        }
    }
}
