//! What happened in a test: the ops, the hooks and the job in their final states, and the recorded decisions.

use std::collections::BTreeMap;

use hookc_plan::test::Subject;
use hookc_plan::trace::{Decision, JobStatus};
use hookc_plan::{Event, Hook, Job, Name, Op, OpState, Plan};

use super::report::Reached;
use crate::machine::state::{Item, OpRun};
use crate::machine::{Machine, job_failure, job_message};
use crate::records::{AgentActionRow, DecisionResult, DecisionRow, Record};
use crate::report::GateReport;
use crate::task::Failure;

/// A run that has ended.
pub(super) struct CompletedRun<'a> {
    pub(super) plan: &'a Plan,
    job: &'a Job,
    machine: &'a Machine,
    /// What gates decided, by their paths.
    gates: BTreeMap<&'a str, Vec<&'a GateReport>>,
    /// The decisions about each op, and about the job.
    decisions: BTreeMap<Option<Name>, Vec<&'a DecisionRow>>,
    pub(super) agent_actions: Vec<&'a AgentActionRow>,
}

impl<'a> CompletedRun<'a> {
    pub(super) fn new(plan: &'a Plan, job: &'a Job, machine: &'a Machine, records: &'a [Record]) -> CompletedRun<'a> {
        let mut decisions: BTreeMap<Option<Name>, Vec<&DecisionRow>> = BTreeMap::new();
        let mut agent_actions = Vec::new();
        for record in records {
            match record {
                Record::Decision(row) => decisions.entry(row.op.clone()).or_default().push(row),
                Record::AgentAction(row) => agent_actions.push(row),
                _ => {}
            }
        }
        CompletedRun { plan, job, machine, gates: machine.tallies().gates(), decisions, agent_actions }
    }

    fn decisions_about(&self, op: Option<&Name>) -> &[&'a DecisionRow] {
        self.decisions.get(&op.cloned()).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn run(&self, op: &Name) -> Option<&'a OpRun> {
        let state = self.machine.state();
        state.op_run(state.op_of_requested_job(op)?)
    }

    pub(super) fn op(&self, name: &Name) -> Option<&'a Op> {
        self.job.ops.iter().find(|op| op.name == *name)
    }

    fn item(&self, op: &Name, number: u32) -> Option<&'a Item> {
        self.run(op)?.items.get(usize::try_from(number).ok()?)
    }

    /// What is wrong with a line about an item that does not exist.
    pub(super) fn missing_item(&self, op: &Name, item: Option<u32>) -> Option<String> {
        // A skipped op has no items to count.
        let run = self.run(op).filter(|run| run.is_fan_out)?;
        let number = item.filter(|number| self.item(op, *number).is_none())?;
        Some(format!("`{op}` has {} items, so `{op}[{number}]` does not exist", run.items.len()))
    }

    /// The state of an op, or of one of its items.
    pub(super) fn state(&self, op: &Name, item: Option<u32>) -> OpState {
        let whole = || self.run(op).and_then(|run| run.state).unwrap_or(OpState::Pending);
        // Without the item, the whole op ended, or nothing of it started.
        match item.and_then(|number| self.item(op, number)) {
            Some(item) => item.phase.final_state().unwrap_or(OpState::Pending),
            None => whole(),
        }
    }

    /// Why an op, or one of its items, failed.
    pub(super) fn failure(&self, op: &Name, item: Option<u32>) -> Option<&'a Failure> {
        match item.and_then(|number| self.item(op, number)) {
            Some(item) => item.failure.as_ref(),
            None => self.run(op)?.failure.as_ref(),
        }
    }

    /// How the job ended.
    pub(super) fn job_state(&self) -> OpState {
        match self.machine.state().jobs.first().and_then(|job| job.status) {
            Some(JobStatus::Succeeded) => OpState::Succeeded,
            Some(JobStatus::Failed) => OpState::Failed,
            Some(JobStatus::Stopped) => OpState::Stopped,
            None => OpState::Pending,
        }
    }

    /// Why the job failed.
    pub(super) fn job_failure(&self) -> Option<Failure> {
        job_failure(self.machine.state(), 0)
    }

    /// `job.error_message`
    pub(super) fn job_message(&self) -> String {
        let state = self.machine.state();
        state.jobs.first().map(|job| job_message(state, job)).unwrap_or_default()
    }

    /// The hooks of an op, or of the job.
    pub(super) fn hooks_of(&self, op: Option<&Name>) -> &'a [Hook] {
        match op {
            Some(op) => self.op(op).map(|op| op.hooks.as_slice()).unwrap_or_default(),
            None => &self.job.hooks,
        }
    }

    /// The decisions of a hook; of every item where none is named.
    pub(super) fn decisions(&self, op: Option<&Name>, item: Option<u32>, hook: &Name) -> Vec<&'a DecisionRow> {
        let fits = |row: &&DecisionRow| {
            row.hook.as_ref().is_some_and(|(name, _)| name == hook) && (item.is_none() || row.item == item)
        };
        self.decisions_about(op).iter().copied().filter(fits).collect()
    }

    /// The decision of an op's `when`.
    pub(super) fn when(&self, op: &Name) -> Option<&'a DecisionRow> {
        self.decisions_about(Some(op)).iter().copied().find(|row| row.hook.is_none())
    }

    /// What the gates of an op, or of the job, decided at its start and end, for an item or for any.
    pub(super) fn gates(&self, op: Option<&Name>, item: Option<u32>) -> Vec<(&'a Hook, Decision)> {
        let mut decisions = Vec::new();
        for hook in self.hooks_of(op) {
            let gates = self.gates.get(hook.path.as_str()).map(Vec::as_slice).unwrap_or_default();
            let of_item = gates.iter().filter(|gate| {
                matches!(gate.trigger, Event::Start | Event::End) && (item.is_none() || gate.item == item)
            });
            decisions.extend(of_item.map(|gate| (hook, gate.decision)));
        }
        decisions
    }

    /// Every final state that was reached.
    pub(super) fn states(&self) -> Vec<Reached> {
        let mut reached = vec![Reached { op: None, state: self.job_state() }];
        for op in &self.job.ops {
            let items = self.run(&op.name).into_iter().flat_map(|run| &run.items);
            let of_items = items.filter_map(|item| item.phase.final_state());
            let states = std::iter::once(self.state(&op.name, None)).chain(of_items);
            reached.extend(states.map(|state| Reached { op: Some(op.name.clone()), state }));
        }
        reached.retain(|reached| reached.state != OpState::Pending);
        reached.sort();
        reached.dedup();
        reached
    }

    /// The paths of the hooks that ran, or could not be decided.
    pub(super) fn hooks(&self) -> Vec<String> {
        let ran = self.decisions.values().flatten().filter(|row| !matches!(row.result, DecisionResult::False));
        let path = |row: &&DecisionRow| {
            let (name, _) = row.hook.as_ref()?;
            let hooks = self.hooks_of(row.op.as_ref());
            Some(hooks.iter().find(|hook| hook.name == *name)?.path.clone())
        };
        let mut paths: Vec<String> = ran.filter_map(path).collect();
        paths.sort();
        paths.dedup();
        paths
    }
}

/// The subject as it is written.
pub(super) fn subject_text(subject: &Subject) -> String {
    let numbered = |op: &Name, item: &Option<u32>| match item {
        Some(item) => format!("{op}[{item}]"),
        None => op.to_string(),
    };
    match subject {
        Subject::Job => "job".to_owned(),
        Subject::Previous => "previous".to_owned(),
        Subject::Op { op, item } => numbered(op, item),
        Subject::Hook { op: None, hook, .. } => hook.to_string(),
        Subject::Hook { op: Some(op), item, hook } => format!("{}.{hook}", numbered(op, item)),
    }
}
