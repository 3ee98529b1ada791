//! What a played test sees of a run: every decision with its values, and what a test changes.
//!
//! A run that is no test keeps nothing of this. In a test time stands still, nothing is waited for, and a job that an
//! op calls is an outcome like any other.

use std::collections::BTreeSet;

use hookc_plan::{Cond, EvalError, Event, Hook, Name, Op, Traced, Value};

use super::context::Scope;
use super::state::{Asks, ItemRef, OpRef, Subject, Timer};
use super::{Action, Machine};
use crate::clock::Moment;
use crate::executor::Values;

/// What a test gives beside the outcomes of components.
#[derive(Clone, Debug)]
pub(crate) struct TestSettings {
    /// The one moment at which all happens.
    pub(crate) at: Moment,
    /// The ops that are skipped, whatever their `when` says.
    pub(crate) skipped: BTreeSet<Name>,
    /// `job.previous`
    pub(crate) previous: Value,
}

/// A condition that was decided: its value, and that of each part of it.
#[derive(Clone, Debug)]
pub(crate) struct ConditionTrace {
    pub(crate) source: String,
    pub(crate) span: hookc_plan::Span,
    pub(crate) value: Result<Value, EvalError>,
    pub(crate) parts: Traced,
}

/// What became of a hook, or of an op's `when`.
#[derive(Clone, Debug)]
pub(crate) enum Fate {
    /// Its condition held: it ran with these arguments, or said this.
    Ran(Values, Option<String>),
    /// Its condition did not hold.
    Not,
    /// It could not be decided, and why.
    Errored(String),
}

/// A decision of a hook, or of an op's `when`.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    /// The op; none: the job.
    pub(crate) op: Option<Name>,
    pub(crate) item: Option<u32>,
    /// The hook and its event; none: the op's `when`.
    pub(crate) hook: Option<(Name, Event)>,
    pub(crate) fate: Fate,
    pub(crate) looked: Option<ConditionTrace>,
}

/// Something that an agent did, or that a gate refused it.
#[derive(Clone, Debug)]
pub(crate) struct AgentAction {
    pub(crate) op: Name,
    pub(crate) item: Option<u32>,
    pub(crate) on: Event,
    /// The tool: a key of the plan's components.
    pub(crate) tool: Option<Name>,
    /// Of a call what the tool was given, of an answer what it answered; after the gates.
    pub(crate) values: Values,
    /// Whether a gate has changed them.
    pub(crate) modified: bool,
    /// What the gate said that refused it.
    pub(crate) refused: Option<String>,
}

impl Machine {
    /// Keeps what an agent did.
    pub(super) fn record_agent_action(&mut self, item: ItemRef, asks: &Asks, refused: Option<String>) {
        let Some(op) = self.op(item.op).filter(|_| self.settings.test.is_some()) else {
            return;
        };
        let action = AgentAction {
            op: op.name.clone(),
            item: self.item_number(Subject::Item(item)),
            on: asks.on,
            tool: asks.tool.clone(),
            values: if asks.on == Event::ToolEnd { asks.output.clone() } else { asks.payload.clone() },
            modified: asks.modified,
            refused,
        };
        self.agent_actions.push(action);
    }

    /// The condition with the value of each of its parts, where anybody wants to know.
    pub(super) fn look(&self, cond: Option<&Cond>, scope: &Scope<'_>) -> Option<ConditionTrace> {
        let cond = cond.filter(|_| self.settings.test.is_some())?;
        let (value, parts) = hookc_plan::run_traced(&cond.expr, &self.plan.types, scope);
        Some(ConditionTrace {
            source: cond.source.clone(),
            // Of a named condition the place where it is used; its parts lie where it is declared.
            span: cond.expr.via.first().map_or(cond.expr.span, |via| via.span),
            value,
            parts,
        })
    }

    /// Keeps the decision of a hook.
    pub(super) fn watch_hook(
        &mut self,
        subject: Subject,
        on: Event,
        hook: &Hook,
        fate: Fate,
        looked: Option<ConditionTrace>,
    ) {
        if self.settings.test.is_none() {
            return;
        }
        let decided = Decided {
            op: subject.op().and_then(|op| self.op(op)).map(|op| op.name.clone()),
            item: self.item_number(subject),
            hook: Some((hook.name.clone(), on)),
            fate,
            looked,
        };
        self.watched.push(decided);
    }

    /// Keeps the decision of an op's `when`.
    pub(super) fn watch_when(&mut self, op: &Op, runs: &Result<bool, EvalError>, looked: Option<ConditionTrace>) {
        if looked.is_none() {
            return;
        }
        let fate = match runs {
            Ok(true) => Fate::Ran(Values::new(), None),
            Ok(false) => Fate::Not,
            Err(error) => Fate::Errored(error.to_string()),
        };
        self.watched.push(Decided { op: Some(op.name.clone()), item: None, hook: None, fate, looked });
    }

    /// Sets a timer. In a test nothing takes time, so nothing takes too long.
    pub(super) fn arm(&mut self, due: Moment, timer: Timer) {
        let limit = matches!(timer, Timer::Task(_) | Timer::Attempt(..));
        if !(limit && self.settings.test.is_some()) {
            self.act(Action::Timer(due, timer));
        }
    }

    /// Whether a test gives that the op is skipped.
    pub(super) fn is_given_skipped(&self, op: &Op) -> bool {
        let test = self.settings.test.as_ref();
        test.is_some_and(|test| test.skipped.contains(&op.name))
    }

    /// `job.previous`
    pub(super) fn previous(&self) -> Value {
        let test = self.settings.test.as_ref();
        test.map_or(Value::Null, |test| test.previous.clone())
    }

    /// The address of an op or a job in a test: `test:nightly/fit`, `test:nightly/fit.3`.
    pub(super) fn test_url(&self, subject: Subject) -> Option<String> {
        self.settings.test.as_ref()?;
        let job = self.jobs.get(subject.job())?;
        let name = self.job_name(job);
        let Some(op) = subject.op() else {
            return Some(format!("test:{name}"));
        };
        let op_name = &self.op(op)?.name;
        Some(match self.item_number(subject) {
            Some(item) => format!("test:{name}/{op_name}.{item}"),
            None => format!("test:{name}/{op_name}"),
        })
    }

    /// The place of an op of the job that was asked for.
    pub(crate) fn first_op(&self, name: &Name) -> Option<OpRef> {
        let job = self.jobs.first()?;
        Some(OpRef { job: 0, op: self.op_index(job, name)? })
    }
}
