//! The output of a step in the making: rows of the journal, lines of the trace, progress, and actions.
//!
//! Each part of the machine says here what has happened. What that looks like as a record is decided here alone.

use std::time::Duration;

use hookc_plan::trace::{
    AgentEvent, AnyKind, Decision, ErrorKind, Gate, HookEvaluated, HookFinished, HookStatus, JobFinished, JobStarted,
    OpFinished, OpRetrying, OpStarted, TraceEvent, TraceKind, Verdict,
};
use hookc_plan::{EvalError, Event, Hook, OpState, Timestamp};

use super::naming::{hook_path, node};
use super::state::{ItemRef, JobId, ObserverRun, OpRef, PendingRequest, RunState, Subject};
use super::step::{Action, Notice, StepOutput, Timer};
use crate::clock::Moment;
use crate::listener::Progress;
use crate::records::{AgentActionRow, AttemptRow, DecisionRow, HookRow, HookState, OpRow, Phase, Record, RunRow};
use crate::values::{Values, to_json_values};

/// An observer at one of its events.
pub(super) struct Firing<'a> {
    pub(super) subject: Subject,
    pub(super) path: &'a str,
    pub(super) trigger: Event,
    pub(super) attempt: u32,
}

/// The output of the present step.
pub(super) struct Recording {
    output: StepOutput,
    next_event: u64,
    /// In a test nothing takes time, so no time limit is set.
    without_time_limits: bool,
}

impl Recording {
    pub(super) fn new(is_test: bool) -> Recording {
        Recording { output: StepOutput::default(), next_event: 0, without_time_limits: is_test }
    }

    /// The output, which is complete.
    pub(super) fn take(&mut self) -> StepOutput {
        std::mem::take(&mut self.output)
    }

    pub(super) fn act(&mut self, action: Action) {
        self.output.actions.push(action);
    }

    /// Sets a timer.
    pub(super) fn set_timer(&mut self, due: Moment, timer: Timer) {
        self.act(Action::Timer(due, timer));
    }

    /// Sets the timer of a time limit.
    pub(super) fn set_time_limit(&mut self, now: Moment, limit: Duration, timer: Timer) {
        if !self.without_time_limits {
            self.set_timer(now.after(limit), timer);
        }
    }

    fn record(&mut self, record: Record) {
        self.output.records.push(record);
    }

    fn emit(&mut self, state: &RunState, kind: TraceKind) {
        let at = Timestamp::from_unix_nanos(i128::from(state.now.0));
        let event = TraceEvent { seq: self.next_event, at, kind };
        self.next_event += 1;
        self.output.notices.push(Notice::Event(event.clone()));
        self.record(Record::Event(event));
    }

    fn report_progress(&mut self, progress: Progress) {
        self.output.notices.push(Notice::Progress(progress));
    }

    pub(super) fn job_started(&mut self, state: &RunState, id: JobId) {
        let Some(job) = state.jobs.get(id) else { return };
        self.run_row(state, id);
        let kind = JobStarted { job: job.node.clone(), inputs: to_json_values(&job.inputs), trigger: job.source };
        self.emit(state, TraceKind::JobStarted(kind));
    }

    pub(super) fn job_finished(&mut self, state: &RunState, id: JobId) {
        let Some(job) = state.jobs.get(id) else { return };
        self.run_row(state, id);
        let Some(status) = job.status else { return };
        let failed = state.ops_of(job).filter(|(_, run)| run.state == Some(OpState::Failed));
        let failed_ops = failed.map(|(op, _)| op.name.to_string()).collect();
        self.emit(state, TraceKind::JobFinished(JobFinished { job: job.node.clone(), status, failed_ops }));
    }

    fn run_row(&mut self, state: &RunState, id: JobId) {
        let Some(job) = state.jobs.get(id) else { return };
        self.record(Record::Run(RunRow {
            id: job.id.clone(),
            plan_hash: state.plan.hash.clone(),
            job: job.key.clone(),
            inputs: job.inputs.clone(),
            status: job.status,
            started: job.started,
            finished: job.finished,
        }));
    }

    /// An op has this many items. No line of the trace says so.
    pub(super) fn items_counted(&mut self, state: &RunState, op: OpRef, count: usize) {
        self.report_progress(Progress::Items { op: node(state, op), count });
    }

    /// An op is final with all its items. No line of the trace says so.
    pub(super) fn op_closed(&mut self, state: &RunState, op: OpRef) {
        if let Some(final_state) = state.op_run(op).and_then(|run| run.state) {
            self.report_progress(Progress::Closed { op: node(state, op), state: final_state });
        }
    }

    pub(super) fn attempt_started(&mut self, state: &RunState, item: ItemRef) {
        let Some(run) = state.item(item) else { return };
        let kind = OpStarted {
            op: node(state, item.op),
            item: state.item_number(Subject::Item(item)),
            attempt: run.attempt,
            inputs: to_json_values(&run.inputs),
        };
        self.emit(state, TraceKind::OpStarted(kind));
        self.item_row(state, item);
    }

    /// The row of an attempt: with its process while that runs, without at its end.
    pub(super) fn attempt_row(&mut self, state: &RunState, item: ItemRef, pid: Option<u32>) {
        let Some(run) = state.item(item) else { return };
        let failure = run.failure.as_ref();
        let ended = if failure.is_some() { OpState::Failed } else { OpState::Succeeded };
        self.record(Record::Attempt(AttemptRow {
            node: node(state, item.op),
            item: state.item_number(Subject::Item(item)),
            number: run.number,
            pid,
            started: run.attempt_started,
            state: pid.is_none().then_some(ended),
            exit: failure.and_then(|failure| failure.exit_code),
            outputs: run.outputs.clone(),
            error: failure.map(|failure| failure.message.clone()),
        }));
    }

    pub(super) fn attempt_retried(&mut self, state: &RunState, item: ItemRef, kind: ErrorKind) {
        let Some(run) = state.item(item) else { return };
        self.item_row(state, item);
        let number = state.item_number(Subject::Item(item));
        let kind = OpRetrying { op: node(state, item.op), item: number, attempt: run.attempt, kind };
        self.emit(state, TraceKind::OpRetrying(kind));
    }

    pub(super) fn item_row(&mut self, state: &RunState, item: ItemRef) {
        let (Some(run), Some(job)) = (state.item(item), state.jobs.get(item.op.job)) else {
            return;
        };
        self.record(Record::Op(OpRow {
            node: node(state, item.op),
            item: state.item_number(Subject::Item(item)),
            epoch: job.epoch,
            phase: run.phase,
            attempt: run.attempt,
            inputs: run.inputs.clone(),
        }));
    }

    pub(super) fn item_finished(&mut self, state: &RunState, item: ItemRef) {
        let Some(run) = state.item(item) else { return };
        let Some(status) = run.phase.final_state() else { return };
        self.item_row(state, item);
        let kind = OpFinished {
            op: node(state, item.op),
            item: state.item_number(Subject::Item(item)),
            attempt: run.attempt,
            status,
            outputs: to_json_values(&run.outputs),
            kind: run.failure.as_ref().map(|failure| failure.kind),
            exit_code: run.failure.as_ref().and_then(|failure| failure.exit_code),
            undecided: run.undecided.clone(),
        };
        self.emit(state, TraceKind::OpFinished(kind));
    }

    /// The row of an op as a whole: of a fan-out, or without items.
    pub(super) fn op_row(&mut self, state: &RunState, op: OpRef) {
        let (Some(run), Some(job)) = (state.op_run(op), state.jobs.get(op.job)) else {
            return;
        };
        self.record(Record::Op(OpRow {
            node: node(state, op),
            item: None,
            epoch: job.epoch,
            phase: run.state.map_or(Phase::Pending, Phase::Final),
            attempt: run.attempts,
            inputs: Values::new(),
        }));
    }

    pub(super) fn op_finished_without_items(&mut self, state: &RunState, op: OpRef) {
        let Some(run) = state.op_run(op) else { return };
        let Some(status) = run.state else { return };
        self.op_row(state, op);
        let kind = OpFinished {
            op: node(state, op),
            item: None,
            attempt: 0,
            status,
            outputs: to_json_values(&run.outputs),
            kind: run.failure.as_ref().map(|failure| failure.kind),
            exit_code: None,
            undecided: run.undecided.clone(),
        };
        self.emit(state, TraceKind::OpFinished(kind));
    }

    /// An agent's request has passed its gates.
    pub(super) fn agent_proceeded(&mut self, state: &RunState, item: ItemRef, request: &PendingRequest) {
        let step = state.agent(Subject::Item(item)).map_or(1, super::state::AgentRun::step_number);
        let event = AgentEvent {
            agent: node(state, item.op),
            step,
            tool: request.tool.clone(),
            payload: to_json_values(request.values()),
        };
        let kind = match request.on {
            Event::ToolStart => TraceKind::ToolStarted(event),
            Event::ToolEnd => TraceKind::ToolFinished(event),
            Event::StepEnd => TraceKind::StepFinished(event),
            _ => TraceKind::StepStarted(event),
        };
        self.emit(state, kind);
    }

    /// What became of an agent's request. Recorded in tests.
    pub(super) fn agent_action(
        &mut self,
        state: &RunState,
        item: ItemRef,
        request: &PendingRequest,
        refused: Option<String>,
    ) {
        let Some(op) = state.declared(item.op).filter(|_| state.settings.is_test()) else {
            return;
        };
        self.record(Record::AgentAction(AgentActionRow {
            op: op.name.clone(),
            item: state.item_number(Subject::Item(item)),
            on: request.on,
            tool: request.tool.clone(),
            values: request.values().clone(),
            modified: request.modified,
            refused,
        }));
    }

    pub(super) fn gate_decided(
        &mut self,
        state: &RunState,
        subject: Subject,
        on: Event,
        hook: &Hook,
        decision: Decision,
        kind: Option<AnyKind>,
    ) {
        let kind = Gate {
            hook: hook_path(state, subject, hook),
            item: state.item_number(subject),
            trigger: on.word().to_owned(),
            attempt: state.attempt_on(subject, on),
            verb: hook.verb,
            decision,
            kind,
        };
        self.emit(state, TraceKind::Gate(kind));
    }

    pub(super) fn observer_evaluated(
        &mut self,
        state: &RunState,
        firing: &Firing<'_>,
        verdict: Verdict,
        kind: Option<EvalError>,
    ) {
        let kind = HookEvaluated {
            hook: firing.path.to_owned(),
            item: state.item_number(firing.subject),
            trigger: firing.trigger.word().to_owned(),
            attempt: firing.attempt,
            verdict,
            kind,
        };
        self.emit(state, TraceKind::HookEvaluated(kind));
    }

    pub(super) fn observer_finished(&mut self, state: &RunState, run: &ObserverRun) {
        let kind = HookFinished {
            hook: run.path.clone(),
            item: run.item,
            trigger: run.trigger.word().to_owned(),
            attempt: run.attempt,
            key: run.id.clone(),
            status: if run.failure.is_none() { HookStatus::Succeeded } else { HookStatus::Failed },
            kind: run.failure.as_ref().map(|failure| failure.kind),
            args: to_json_values(&run.args),
            mocked: run.state == HookState::Mocked,
            outputs: to_json_values(&run.outputs),
        };
        self.emit(state, TraceKind::HookFinished(kind));
    }

    pub(super) fn observer_row(&mut self, run: &ObserverRun) {
        let failure = || run.failure.as_ref().map(|failure| failure.message.clone());
        self.record(Record::Hook(HookRow {
            id: run.id.clone(),
            hook: run.path.clone(),
            item: run.item,
            trigger: run.trigger,
            attempt: run.attempt,
            state: run.state,
            tries: run.tries,
            args: run.args.clone(),
            error: run.eval_error.clone().or_else(failure),
        }));
    }

    /// A decision with the values of its condition. Recorded in tests.
    pub(super) fn record_decision(&mut self, decision: DecisionRow) {
        self.record(Record::Decision(decision));
    }
}
