//! Writes records and the events of the trace.

use hookc_plan::trace::{
    AgentEvent, AnyKind, Decision, ErrorKind, Gate, HookEvaluated, HookFinished, HookStatus, JobFinished, JobStarted,
    OpFinished, OpRetrying, OpStarted, TraceEvent, TraceKind, Verdict,
};
use hookc_plan::{EvalError, Event, Expr, Hook, OpState, Slot, Timestamp};

use super::state::{Asks, HookState, ItemRef, JobId, OpRef, Phase, Subject};
use super::{Action, Machine};
use crate::journal::{AttemptRow, HookRecord, OpRow, Record, RunRow};
use crate::listener::Progress;
use crate::values::all_shown;

impl Machine {
    fn record(&mut self, record: Record) {
        self.out.records.push(record);
    }

    fn emit(&mut self, kind: TraceKind) {
        let event = TraceEvent { seq: self.sequence, at: Timestamp::from_unix_nanos(i128::from(self.now.0)), kind };
        self.sequence += 1;
        self.record(Record::Event(event));
    }

    /// The node of an op: `nightly.fit`.
    pub(crate) fn node(&self, op: OpRef) -> String {
        let node = self.jobs.get(op.job).map(|job| job.node.as_str()).unwrap_or_default();
        format!("{node}.{}", self.op(op).map(|op| op.name.as_str()).unwrap_or_default())
    }

    pub(super) fn emit_job_started(&mut self, id: JobId) {
        self.record_run(id);
        let Some(job) = self.jobs.get(id) else { return };
        let kind = JobStarted { job: job.node.clone(), inputs: all_shown(&job.inputs), trigger: job.source };
        self.emit(TraceKind::JobStarted(kind));
    }

    pub(super) fn emit_job_finished(&mut self, id: JobId) {
        let Some(job) = self.jobs.get(id) else { return };
        let Some(status) = job.status else { return };
        let declared = self.plan.jobs.get(&job.key).map(|job| job.ops.as_slice()).unwrap_or_default();
        let failed = declared.iter().zip(&job.ops).filter(|(_, run)| run.state == Some(OpState::Failed));
        let failed_ops = failed.map(|(op, _)| op.name.to_string()).collect();
        self.emit(TraceKind::JobFinished(JobFinished { job: job.node.clone(), status, failed_ops }));
    }

    pub(super) fn emit_op_started(&mut self, item: ItemRef) {
        let number = self.item_number(Subject::Item(item));
        let Some(state) = self.item(item) else { return };
        let inputs = all_shown(&state.inputs);
        let kind = OpStarted { op: self.node(item.op), item: number, attempt: state.attempt, inputs };
        self.emit(TraceKind::OpStarted(kind));
    }

    pub(super) fn emit_op_retrying(&mut self, item: ItemRef, kind: ErrorKind) {
        let number = self.item_number(Subject::Item(item));
        let Some(state) = self.item(item) else { return };
        let kind = OpRetrying { op: self.node(item.op), item: number, attempt: state.attempt, kind };
        self.emit(TraceKind::OpRetrying(kind));
    }

    pub(super) fn emit_op_finished(&mut self, item: ItemRef) {
        let number = self.item_number(Subject::Item(item));
        let Some(state) = self.item(item) else { return };
        let Phase::Final(status) = state.phase else { return };
        let kind = OpFinished {
            op: self.node(item.op),
            item: number,
            attempt: state.attempt,
            status,
            outputs: all_shown(&state.outputs),
            kind: state.failure.as_ref().map(|failure| failure.kind),
            exit_code: state.failure.as_ref().and_then(|failure| failure.exit_code),
        };
        self.emit(TraceKind::OpFinished(kind));
    }

    pub(super) fn emit_whole_finished(&mut self, op: OpRef) {
        let Some(run) = self.op_run(op) else { return };
        let Some(status) = run.state else { return };
        let kind = OpFinished {
            op: self.node(op),
            item: None,
            attempt: 0,
            status,
            outputs: all_shown(&run.outputs),
            kind: run.failure.as_ref().map(|failure| failure.kind),
            exit_code: None,
        };
        self.emit(TraceKind::OpFinished(kind));
    }

    /// What an agent does, once its gates have passed.
    pub(super) fn emit_agent(&mut self, item: ItemRef, asks: &Asks) {
        let step = self.item(item).and_then(|state| state.agent.as_ref()?.steps.last());
        let step = step.map_or(1, |step| u32::try_from(step.number).unwrap_or(u32::MAX));
        let payload = if asks.on == Event::ToolEnd { &asks.output } else { &asks.payload };
        let event =
            AgentEvent { agent: self.node(item.op), step, tool: asks.tool.clone(), payload: all_shown(payload) };
        self.emit(match asks.on {
            Event::ToolStart => TraceKind::ToolStarted(event),
            Event::ToolEnd => TraceKind::ToolFinished(event),
            Event::StepEnd => TraceKind::StepFinished(event),
            _ => TraceKind::StepStarted(event),
        });
    }

    pub(super) fn emit_gate(
        &mut self,
        subject: Subject,
        on: Event,
        hook: &Hook,
        decision: Decision,
        kind: Option<&str>,
    ) {
        let error = kind.and_then(ErrorKind::from_word).map(AnyKind::Error);
        let kind = Gate {
            hook: self.hook_path(subject, hook),
            item: self.item_number(subject),
            trigger: on.word().to_owned(),
            attempt: self.seen_on(subject, on).attempt,
            verb: hook.verb,
            decision,
            kind: error.or_else(|| kind.and_then(EvalError::from_word).map(AnyKind::Eval)),
        };
        self.emit(TraceKind::Gate(kind));
    }

    pub(super) fn emit_hook_evaluated(
        &mut self,
        subject: Subject,
        hook: &Hook,
        trigger: Event,
        attempt: u32,
        verdict: Verdict,
        kind: Option<EvalError>,
    ) {
        let kind = HookEvaluated {
            hook: self.hook_path(subject, hook),
            item: self.item_number(subject),
            trigger: trigger.word().to_owned(),
            attempt,
            verdict,
            kind,
        };
        self.emit(TraceKind::HookEvaluated(kind));
    }

    pub(super) fn emit_hook_finished(&mut self, number: usize) {
        let Some(row) = self.hooks.get(number) else { return };
        let kind = HookFinished {
            hook: row.path.clone(),
            item: row.item,
            trigger: row.trigger.word().to_owned(),
            attempt: row.attempt,
            key: row.id.clone(),
            status: if row.failure.is_none() { HookStatus::Succeeded } else { HookStatus::Failed },
            kind: row.failure.as_ref().map(|failure| failure.kind),
            args: all_shown(&row.args),
            mocked: row.state == HookState::Mocked,
            outputs: all_shown(&row.outputs),
        };
        self.emit(TraceKind::HookFinished(kind));
    }

    /// Says how many items an op has; no line of the trace.
    pub(super) fn emit_items(&mut self, op: OpRef, count: usize) {
        let node = self.node(op);
        self.act(Action::Progress(Progress::Items { op: node, count }));
    }

    /// Says that an op is final as a whole; no line of the trace.
    pub(super) fn emit_op_closed(&mut self, op: OpRef) {
        let Some(state) = self.op_state(op) else { return };
        let node = self.node(op);
        self.act(Action::Progress(Progress::Closed { op: node, state }));
    }

    pub(super) fn record_run(&mut self, id: JobId) {
        let Some(job) = self.jobs.get(id) else { return };
        let row = RunRow {
            id: job.id.clone(),
            plan_hash: self.plan.hash.clone(),
            job: job.key.clone(),
            inputs: all_shown(&job.inputs),
            status: job.status,
            started: job.started,
            finished: job.finished,
        };
        self.record(Record::Run(row));
    }

    pub(super) fn record_item(&mut self, item: ItemRef) {
        let number = self.item_number(Subject::Item(item));
        let (Some(state), Some(job)) = (self.item(item), self.jobs.get(item.op.job)) else {
            return;
        };
        let row = OpRow {
            node: self.node(item.op),
            item: number,
            epoch: job.epoch,
            state: phase_word(state.phase),
            attempt: state.attempt,
            inputs: all_shown(&state.inputs),
        };
        self.record(Record::Op(row));
    }

    pub(super) fn record_whole(&mut self, op: OpRef) {
        let (Some(run), Some(job)) = (self.op_run(op), self.jobs.get(op.job)) else {
            return;
        };
        let row = OpRow {
            node: self.node(op),
            item: None,
            epoch: job.epoch,
            state: run.state.map_or("pending", OpState::word),
            attempt: run.attempts,
            inputs: crate::journal::JsonValues::new(),
        };
        self.record(Record::Op(row));
    }

    pub(super) fn record_attempt(&mut self, item: ItemRef, pid: Option<u32>) {
        let number = self.item_number(Subject::Item(item));
        let Some(state) = self.item(item) else { return };
        let failed = state.failure.as_ref();
        let ended = if failed.is_some() { OpState::Failed } else { OpState::Succeeded };
        let row = AttemptRow {
            node: self.node(item.op),
            item: number,
            number: state.number,
            pid,
            started: state.attempt_started,
            state: pid.is_none().then_some(ended),
            exit: failed.and_then(|failure| failure.exit_code),
            outputs: all_shown(&state.outputs),
            error: failed.map(|failure| failure.message.clone()),
        };
        self.record(Record::Attempt(row));
    }

    pub(super) fn record_hook(&mut self, number: usize) {
        let Some(row) = self.hooks.get(number) else { return };
        let record = HookRecord {
            id: row.id.clone(),
            hook: row.path.clone(),
            item: row.item,
            trigger: row.trigger.word().to_owned(),
            attempt: row.attempt,
            state: row.state,
            tries: row.tries,
            args: all_shown(&row.args),
            error: row.eval_error.clone().or_else(|| row.failure.as_ref().map(|failure| failure.message.clone())),
        };
        self.record(Record::Hook(record));
    }

    /// What an expression reads.
    pub(super) fn slots_of(&self, expr: &Expr) -> Vec<Slot> {
        self.program(expr).slots().to_vec()
    }
}

fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Pending => "pending",
        Phase::Gating => "gating",
        Phase::Running => "running",
        Phase::Ending => "ending",
        Phase::Retrying => "retrying",
        Phase::Final(state) => state.word(),
    }
}
