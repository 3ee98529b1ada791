//! A run as the sum of its parts: the state, and the parts that each decide one thing over it.
//!
//! Each part is a struct with a few methods that can be read alone. The flows beside it (jobs, ops, items, attempts, gates,
//! observers, agents) are functions over a run: they change the state, ask the parts, and record what has happened.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Cond, EvalError, Event, Hook, Name, Plan, Retry, Runs, Type};

use super::admission::Admission;
use super::context::EvalContext;
use super::evaluation::Evaluator;
use super::gate_queue::GateQueue;
use super::hook_tallies::HookTallies;
use super::hook_tasks::HookCapacity;
use super::observer_queue::ObserverQueue;
use super::recording::Recording;
use super::refinements;
use super::retry::{FailedTry, next_try};
use super::settings::Settings;
use super::state::{JobId, JobRun, RunState, Snapshot, Subject};
use super::tasks::Tasks;
use super::transitions::Transitions;
use crate::records::{ConditionTrace, DecisionResult, DecisionRow};
use crate::run_folder::RunFolder;
use crate::task::{Failure, TaskOutcome};
use crate::values::Values;

/// A run and its parts.
pub(crate) struct Run {
    pub(crate) state: RunState,
    pub(super) evaluator: Evaluator,
    pub(super) admission: Admission,
    pub(super) tasks: Tasks,
    pub(super) hook_capacity: HookCapacity,
    pub(super) gate_queue: GateQueue,
    pub(crate) observers: ObserverQueue,
    pub(crate) tallies: HookTallies,
    pub(super) recording: Recording,
    pub(super) transitions: Transitions,
}

impl Run {
    /// A run of `plan` without a job.
    pub(super) fn new(plan: Arc<Plan>, settings: Settings, folder: RunFolder) -> Run {
        Run {
            evaluator: Evaluator::new(Arc::clone(&plan)),
            admission: Admission::new(settings.slots, settings.queues.clone()),
            recording: Recording::new(settings.is_test()),
            state: RunState::new(plan, settings, folder),
            tasks: Tasks::default(),
            hook_capacity: HookCapacity::default(),
            gate_queue: GateQueue::default(),
            observers: ObserverQueue::default(),
            tallies: HookTallies::default(),
            transitions: Transitions::default(),
        }
    }

    /// Where the conditions and arguments of a hook of `subject` are evaluated.
    pub(super) fn hook_context<'r>(&'r self, subject: Subject, snapshot: &'r Snapshot) -> Option<EvalContext<'r>> {
        let job = self.state.jobs.get(subject.job())?;
        Some(EvalContext::of_hook(&self.state, job, subject, snapshot))
    }

    /// The wait before the next try, if there is one. `id` names the try that failed.
    pub(super) fn retry_wait(
        &self,
        policy: &[Retry],
        (made, id): (u32, &str),
        subject: Subject,
        snapshot: &Snapshot,
    ) -> Result<Option<Duration>, EvalError> {
        let Some((failure, context)) = snapshot.failure.as_ref().zip(self.hook_context(subject, snapshot)) else {
            return Ok(None);
        };
        let failed = FailedTry { failure, made, id, at_once: self.state.settings.is_test() };
        next_try(policy, &failed, &self.evaluator, &context)
    }

    /// The first `where` that is false for what an op runs, as a message.
    pub(super) fn input_violation(&self, job: &JobRun, runs: &Runs, inputs: &Values) -> Option<String> {
        let fields = self.state.input_fields(runs)?;
        refinements::violation(&self.state, &self.evaluator, job, fields, inputs)
    }

    /// The first `where` that is false for an input of a hook's component, as a message.
    pub(super) fn hook_violation(&self, subject: Subject, hook: &Hook, inputs: &Values) -> Option<String> {
        let fields = &self.state.plan.components.get(hook.component.as_ref()?)?.inputs;
        let job = self.state.jobs.get(subject.job())?;
        refinements::violation(&self.state, &self.evaluator, job, fields, inputs)
    }

    /// The outcome of a component. Records in its outputs that do not satisfy a `where` are left out, and it has failed.
    pub(super) fn checked_outcome(&self, job: JobId, component: &Name, mut outcome: TaskOutcome) -> TaskOutcome {
        let Some((component, job)) = self.state.plan.components.get(component).zip(self.state.jobs.get(job)) else {
            return outcome;
        };
        for field in &component.outputs {
            let types = std::iter::once((&field.name, &field.ty));
            let Some(message) = self.output_violation(job, types, &outcome.outputs) else { continue };
            outcome.outputs.remove(&field.name);
            outcome.failure.get_or_insert_with(|| Failure::new(ErrorKind::OutputType, message));
        }
        outcome
    }

    /// The first `where` of a record in these outputs that is false, as a message.
    pub(super) fn output_violation<'t>(
        &self,
        job: &JobRun,
        types: impl Iterator<Item = (&'t Name, &'t Type)>,
        outputs: &Values,
    ) -> Option<String> {
        refinements::output_violation(&self.state, &self.evaluator, job, types, outputs)
    }

    /// A condition with the values of its parts, in a test.
    pub(super) fn trace(&self, cond: Option<&Cond>, context: &EvalContext<'_>) -> Option<ConditionTrace> {
        let cond = cond.filter(|_| self.state.settings.is_test())?;
        Some(self.evaluator.trace(cond, context))
    }

    /// Records the decision of a hook, in a test.
    pub(super) fn record_hook_decision(
        &mut self,
        subject: Subject,
        (hook, on): (&Hook, Event),
        result: DecisionResult,
        condition: Option<ConditionTrace>,
    ) {
        if self.state.settings.is_test() {
            self.recording.record_decision(DecisionRow {
                op: subject.op().and_then(|op| self.state.declared(op)).map(|op| op.name.clone()),
                item: self.state.item_number(subject),
                hook: Some((hook.name.clone(), on)),
                result,
                condition,
            });
        }
    }

    /// Records the decision of an op's `when`, in a test.
    pub(super) fn record_op_decision(
        &mut self,
        op: &Name,
        when: Result<bool, EvalError>,
        condition: Option<ConditionTrace>,
    ) {
        if condition.is_some() {
            let result = match when {
                Ok(true) => DecisionResult::True(Values::new(), None),
                Ok(false) => DecisionResult::False,
                Err(error) => DecisionResult::Errored(error.to_string()),
            };
            let op = Some(op.clone());
            self.recording.record_decision(DecisionRow { op, item: None, hook: None, result, condition });
        }
    }
}
