//! The report of a run: what every op did, and every hook: fired, not fired and why, errored.

use std::collections::{BTreeMap, BTreeSet};

use hookc_plan::trace::{Decision, JobStatus};
use hookc_plan::{Hook, Op, OpState, Value};

use super::hook_tasks::is_gate;
use super::run::Run;
use super::state::{Item, ItemRef, JobId, JobRun, ObserverRun, OpRef, OpRun, RunState, Subject, runs_name};
use super::{failures, naming};
use crate::clock::Moment;
use crate::records::HookState;
use crate::report::{ErrorReport, GateReport, HookOutcome, HookReport, HookRunReport, ItemReport, OpReport, Report};
use crate::task::Failure;
use crate::values::to_json_values;

/// The report, once the run is done.
pub(super) fn report(run: &Run) -> Report {
    let state = &run.state;
    let mut builder = ReportBuilder::new(run);
    builder.add_job(0);
    let job = state.jobs.first();
    Report {
        run: state.settings.run.clone(),
        job: job.map(|job| naming::job_name(state, job).clone()).unwrap_or_default(),
        profile: state.plan.profile.clone(),
        plan_hash: state.plan.hash.clone(),
        // A run that was killed has no status of its own any more.
        status: job.and_then(|job| job.status).unwrap_or(JobStatus::Stopped),
        error: job.map(|job| failures::job_message(state, job)).filter(|message| !message.is_empty()),
        started_at: job.and_then(|job| job.started).map(Moment::rfc3339),
        finished_at: job.and_then(|job| job.finished).map(Moment::rfc3339),
        duration: job.and_then(|job| duration(job.started, job.finished)),
        inputs: job.map(|job| to_json_values(&job.inputs)).unwrap_or_default(),
        outputs: job.map(|job| to_json_values(&job.outputs)).unwrap_or_default(),
        ops: builder.ops,
        hooks: builder.hooks,
        warnings: Vec::new(),
        folder: state.folder.path().to_string_lossy().into_owned(),
        signal: None,
    }
}

/// A report in the making, with the decisions and firings of hooks by path.
struct ReportBuilder<'r> {
    run: &'r Run,
    ops: Vec<OpReport>,
    hooks: Vec<HookReport>,
    reported_hooks: BTreeSet<String>,
    firings: BTreeMap<&'r str, Vec<&'r ObserverRun>>,
    gates: BTreeMap<&'r str, Vec<&'r GateReport>>,
}

impl<'r> ReportBuilder<'r> {
    fn new(run: &'r Run) -> ReportBuilder<'r> {
        let mut firings: BTreeMap<&str, Vec<&ObserverRun>> = BTreeMap::new();
        for firing in run.observers.runs() {
            firings.entry(&firing.path).or_default().push(firing);
        }
        let gates = run.tallies.gates();
        ReportBuilder { run, ops: Vec::new(), hooks: Vec::new(), reported_hooks: BTreeSet::new(), firings, gates }
    }

    fn add_job(&mut self, id: JobId) {
        let state = &self.run.state;
        let Some(job) = state.jobs.get(id) else { return };
        for (index, (op, run)) in state.ops_of(job).enumerate() {
            let of = OpRef { job: id, op: index };
            self.ops.push(op_report(state, job, of, op, run));
            for hook in &op.hooks {
                self.add_hook(Subject::WholeOp(of), hook);
            }
            for called in last_called(state, of) {
                self.add_job(called);
            }
        }
        for hook in state.declared_job(job).into_iter().flat_map(|job| &job.hooks) {
            self.add_hook(Subject::Job(id), hook);
        }
    }

    fn add_hook(&mut self, subject: Subject, hook: &Hook) {
        let path = naming::hook_path(&self.run.state, subject, hook);
        if !self.reported_hooks.insert(path.clone()) {
            return;
        }
        // Items end in any order: the report sorts by item, and keeps the order of events within an item.
        let firings = self.firings.get(path.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut runs: Vec<HookRunReport> = firings.iter().map(|firing| firing_report(firing)).collect();
        let gates = self.gates.get(path.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut gates: Vec<GateReport> = gates.iter().map(|gate| (*gate).clone()).collect();
        runs.sort_by_key(|run| run.item);
        gates.sort_by_key(|gate| gate.item);
        let not_fired = self.run.tallies.not_fired(&path);
        let outcome = match is_gate(hook.verb) {
            true if gates.is_empty() && self.run.tallies.was_not_reached(&path) => HookOutcome::NotReached,
            true => gate_outcome(&gates),
            false => observer_outcome(&runs, not_fired),
        };
        let on = hook.on.iter().map(|on| on.event).collect();
        self.hooks.push(HookReport { hook: path, on, verb: hook.verb, outcome, not_fired, runs, gates });
    }
}

/// For each item of an op that calls a job, the last run of that job.
fn last_called(state: &RunState, op: OpRef) -> Vec<JobId> {
    let mut last: BTreeMap<ItemRef, JobId> = BTreeMap::new();
    for (id, job) in state.jobs.iter().enumerate() {
        if let Some((item, _)) = job.caller.filter(|(item, _)| item.op == op) {
            last.insert(item, id);
        }
    }
    last.into_values().collect()
}

fn op_report(state: &RunState, job: &JobRun, of: OpRef, op: &Op, run: &OpRun) -> OpReport {
    let only = run.items.first().filter(|_| !run.is_fan_out);
    OpReport {
        op: format!("{}{}", job.prefix, op.name),
        component: runs_name(&op.runs).clone(),
        status: run.state.unwrap_or(OpState::Pending),
        allow_failure: run.failure_allowed,
        attempts: only.map_or(run.attempts, |item| item.attempt),
        duration: duration(run.started, run.finished),
        outputs: to_json_values(&run.outputs),
        error: run.failure.as_ref().map(error),
        log: only.and_then(|item| log(state, of, None, item)),
        items: if run.is_fan_out { item_reports(state, of, run) } else { Vec::new() },
    }
}

fn item_reports(state: &RunState, of: OpRef, run: &OpRun) -> Vec<ItemReport> {
    let report = |(number, item): (usize, &Item)| ItemReport {
        status: item.phase.final_state().unwrap_or(OpState::Pending),
        attempts: item.attempt,
        duration: duration(item.started, item.finished),
        error: item.failure.as_ref().map(error),
        log: u32::try_from(number).ok().and_then(|number| log(state, of, Some(number), item)),
    };
    run.items.iter().enumerate().map(report).collect()
}

/// The log of an item's last attempt, if there was one.
fn log(state: &RunState, op: OpRef, number: Option<u32>, item: &Item) -> Option<String> {
    naming::log(state, op, number, item.number).filter(|_| item.number > 0)
}

fn observer_outcome(runs: &[HookRunReport], not_fired: u64) -> HookOutcome {
    let worst = [
        HookState::Errored,
        HookState::Failed,
        HookState::Owed,
        HookState::Running,
        HookState::Delivered,
        HookState::Mocked,
    ];
    match worst.into_iter().find(|state| runs.iter().any(|run| run.state == *state)) {
        Some(HookState::Errored) => HookOutcome::Errored,
        Some(HookState::Failed) => HookOutcome::Failed,
        Some(HookState::Owed | HookState::Running) => HookOutcome::Owed,
        Some(HookState::Mocked) => HookOutcome::Mocked,
        Some(HookState::Delivered) => HookOutcome::Delivered,
        None if not_fired > 0 => HookOutcome::ConditionFalse,
        None => HookOutcome::NoEvent,
    }
}

fn gate_outcome(gates: &[GateReport]) -> HookOutcome {
    let has = |decision| gates.iter().any(|gate| gate.decision == decision);
    let worst = [Decision::Errored, Decision::Refused, Decision::Warned, Decision::Modified, Decision::Passed];
    match worst.into_iter().find(|decision| has(*decision)) {
        Some(Decision::Errored) => HookOutcome::Errored,
        Some(Decision::Refused) => HookOutcome::Refused,
        Some(Decision::Warned) => HookOutcome::Warned,
        Some(Decision::Modified) => HookOutcome::Modified,
        Some(Decision::Passed) => HookOutcome::Passed,
        None => HookOutcome::NoEvent,
    }
}

fn firing_report(firing: &ObserverRun) -> HookRunReport {
    HookRunReport {
        item: firing.item,
        trigger: firing.trigger,
        attempt: firing.attempt,
        key: firing.id.clone(),
        state: firing.state,
        tries: firing.tries,
        args: to_json_values(&firing.args),
        error: firing.failure.as_ref().map(error),
        reason: firing.eval_error.clone(),
    }
}

fn error(failure: &Failure) -> ErrorReport {
    ErrorReport {
        kind: failure.kind,
        message: failure.message.clone(),
        exit_code: failure.exit_code,
        traceback: failure.traceback.clone(),
        error_type: failure.error_type.clone(),
    }
}

/// A duration in its text form, to the millisecond.
fn duration(started: Option<Moment>, finished: Option<Moment>) -> Option<String> {
    let nanos = finished?.since(started?);
    Value::Duration(nanos - nanos % 1_000_000).to_text().ok().map(|text| text.to_string())
}
