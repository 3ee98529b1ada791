//! The report of a run: what every op did, and every hook: fired, not fired and why, errored.

use std::collections::{BTreeMap, BTreeSet};

use hookc_plan::trace::{Decision, JobStatus};
use hookc_plan::{Event, Hook, Op, OpState, Value, VerbKind};

use super::Machine;
use super::state::{HookRow, HookState, ItemRef, JobId, JobRun, OpRef, OpRun, Phase, Subject};
use crate::clock::Moment;
use crate::executor::Failure;
use crate::report::{ErrorReport, GateReport, HookOutcome, HookReport, HookRunReport, ItemReport, OpReport, Report};
use crate::values::all_shown;

/// What happened to hooks beside the rows of those that fired.
#[derive(Debug, Default)]
pub(crate) struct HookTallies {
    not_fired: BTreeMap<String, u64>,
    gates: Vec<(String, GateReport)>,
}

impl HookTallies {
    /// A condition did not hold.
    pub(crate) fn not_fired(&mut self, path: String) {
        *self.not_fired.entry(path).or_insert(0) += 1;
    }

    /// The decisions of gates, each with the gate's path.
    pub(crate) fn gates(&self) -> &[(String, GateReport)] {
        &self.gates
    }

    /// A gate has decided.
    pub(crate) fn gate(
        &mut self,
        path: String,
        item: Option<u32>,
        on: Event,
        decision: Decision,
        message: Option<String>,
    ) {
        self.gates.push((path, GateReport { item, trigger: on.word().to_owned(), decision, message }));
    }
}

impl Machine {
    /// The report, once the run is done.
    pub(crate) fn report(&self) -> Report {
        let mut pages = Pages::of(self);
        self.report_job(0, &mut pages);
        let job = self.jobs.first();
        let message = job.map(|job| self.job_message(job)).filter(|message| !message.is_empty());
        Report {
            run: self.settings.run.clone(),
            job: job.map(|job| self.job_name(job).clone()).unwrap_or_default(),
            profile: self.plan.profile.clone(),
            plan_hash: self.plan.hash.clone(),
            // A run that was killed has no state of its own any more.
            status: job.and_then(|job| job.status).unwrap_or(JobStatus::Stopped),
            error: message,
            started_at: job.and_then(|job| job.started).map(Moment::rfc3339),
            finished_at: job.and_then(|job| job.finished).map(Moment::rfc3339),
            duration: job.and_then(|job| length(job.started, job.finished)),
            inputs: job.map(|job| all_shown(&job.inputs)).unwrap_or_default(),
            outputs: job.map(|job| all_shown(&job.outputs)).unwrap_or_default(),
            ops: pages.ops,
            hooks: pages.hooks,
            warnings: Vec::new(),
            folder: self.folder.run().to_string_lossy().into_owned(),
            signal: None,
        }
    }

    fn report_job(&self, id: JobId, pages: &mut Pages<'_>) {
        let Some(job) = self.jobs.get(id) else { return };
        let Some(declared) = self.plan.jobs.get(&job.key) else {
            return;
        };
        for (place, (op, run)) in declared.ops.iter().zip(&job.ops).enumerate() {
            let of = OpRef { job: id, op: place };
            pages.ops.push(self.report_op(job, of, op, run));
            for hook in &op.hooks {
                self.report_hook(Subject::Whole(of), hook, pages);
            }
            for called in self.last_called(of) {
                self.report_job(called, pages);
            }
        }
        for hook in &declared.hooks {
            self.report_hook(Subject::Job(id), hook, pages);
        }
    }

    /// For each item of an op that calls a job, the last run of that job.
    fn last_called(&self, op: OpRef) -> Vec<JobId> {
        let mut last: BTreeMap<ItemRef, JobId> = BTreeMap::new();
        for (id, job) in self.jobs.iter().enumerate() {
            if let Some((item, _)) = job.caller.filter(|(item, _)| item.op == op) {
                last.insert(item, id);
            }
        }
        last.into_values().collect()
    }

    fn report_op(&self, job: &JobRun, of: OpRef, op: &Op, run: &OpRun) -> OpReport {
        let only = run.items.first().filter(|_| !run.fans);
        OpReport {
            op: format!("{}{}", job.prefix, op.name),
            component: super::runs_name(&op.runs).clone(),
            status: run.state.unwrap_or(OpState::Pending),
            allow_failure: op.allow_failure,
            attempts: only.map_or(run.attempts, |item| item.attempt),
            duration: length(run.started, run.finished),
            outputs: all_shown(&run.outputs),
            error: run.failure.as_ref().map(error),
            log: only.filter(|item| item.number > 0).and_then(|item| self.report_log(of, None, item.number)),
            items: if run.fans { self.report_items(of, run) } else { Vec::new() },
        }
    }

    fn report_items(&self, of: OpRef, run: &OpRun) -> Vec<ItemReport> {
        let report = |(number, item): (usize, &super::Item)| ItemReport {
            status: match item.phase {
                Phase::Final(state) => state,
                _ => OpState::Pending,
            },
            attempts: item.attempt,
            duration: length(item.started, item.finished),
            error: item.failure.as_ref().map(error),
            log: u32::try_from(number)
                .ok()
                .filter(|_| item.number > 0)
                .and_then(|number| self.report_log(of, Some(number), item.number)),
        };
        run.items.iter().enumerate().map(report).collect()
    }

    fn report_log(&self, op: OpRef, item: Option<u32>, number: u32) -> Option<String> {
        let label = self.file_label(op, item)?;
        Some(self.folder.log(&label, number, "out").to_string_lossy().into_owned())
    }

    fn report_hook(&self, subject: Subject, hook: &Hook, pages: &mut Pages<'_>) {
        let path = self.hook_path(subject, hook);
        if !pages.seen.insert(path.clone()) {
            return;
        }
        // Items end in any order: the report has them in their own, and what befell one in the order of events.
        let mut runs: Vec<HookRunReport> =
            pages.rows.get(path.as_str()).into_iter().flatten().map(|row| run_report(row)).collect();
        let mut gates: Vec<GateReport> =
            pages.gates.get(path.as_str()).into_iter().flatten().map(|gate| (*gate).clone()).collect();
        runs.sort_by_key(|run| run.item);
        gates.sort_by_key(|gate| gate.item);
        let not_fired = self.tallies.not_fired.get(&path).copied().unwrap_or(0);
        let outcome = match hook.verb {
            VerbKind::Run => observer_outcome(&runs, not_fired),
            _ => gate_outcome(&gates),
        };
        pages.hooks.push(HookReport {
            hook: path,
            on: hook.on.iter().map(|on| on.event.word().to_owned()).collect(),
            verb: hook.verb.word().to_owned(),
            outcome,
            not_fired,
            runs,
            gates,
        });
    }
}

/// A report in the making, with what happened to hooks at hand by path.
struct Pages<'m> {
    ops: Vec<OpReport>,
    hooks: Vec<HookReport>,
    seen: BTreeSet<String>,
    rows: BTreeMap<&'m str, Vec<&'m HookRow>>,
    gates: BTreeMap<&'m str, Vec<&'m GateReport>>,
}

impl<'m> Pages<'m> {
    fn of(machine: &'m Machine) -> Pages<'m> {
        let mut pages = Pages {
            ops: Vec::new(),
            hooks: Vec::new(),
            seen: BTreeSet::new(),
            rows: BTreeMap::new(),
            gates: BTreeMap::new(),
        };
        for row in &machine.hooks {
            pages.rows.entry(&row.path).or_default().push(row);
        }
        for (path, gate) in &machine.tallies.gates {
            pages.gates.entry(path).or_default().push(gate);
        }
        pages
    }
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

fn run_report(row: &HookRow) -> HookRunReport {
    HookRunReport {
        item: row.item,
        trigger: row.trigger.word().to_owned(),
        attempt: row.attempt,
        key: row.id.clone(),
        state: row.state,
        tries: row.tries,
        args: all_shown(&row.args),
        error: row.failure.as_ref().map(error),
        reason: row.eval_error.clone(),
    }
}

fn error(failure: &Failure) -> ErrorReport {
    ErrorReport {
        kind: failure.kind,
        message: failure.message.clone(),
        exit_code: failure.exit_code,
        traceback: failure.traceback.clone(),
    }
}

/// A length of time in its text form, to the millisecond.
fn length(started: Option<Moment>, finished: Option<Moment>) -> Option<String> {
    let nanos = finished?.since(started?);
    Value::Duration(nanos - nanos % 1_000_000).to_text().ok().map(|text| text.to_string())
}
