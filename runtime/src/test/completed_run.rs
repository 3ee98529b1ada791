//! What happened in a test: the ops, the hooks and the job as they stand at the end.

use std::collections::BTreeMap;

use hookc_plan::trace::{Decision, JobStatus};
use hookc_plan::{Event, Hook, Job, Name, Op, OpState, Plan};

use super::Reached;
use crate::executor::Failure;
use crate::machine::Machine;
use crate::machine::decisions::{Decided, Fate};
use crate::machine::state::{Item, OpRun, Phase};
use crate::report::GateReport;

/// A run that has ended.
pub(super) struct CompletedRun<'a> {
    pub(super) plan: &'a Plan,
    pub(super) job: &'a Job,
    pub(super) machine: &'a Machine,
    /// What gates decided, by their paths.
    gates: BTreeMap<&'a str, Vec<&'a GateReport>>,
    /// What was decided of each op, and of the job.
    decided: BTreeMap<Option<Name>, Vec<&'a Decided>>,
}

impl<'a> CompletedRun<'a> {
    pub(super) fn new(plan: &'a Plan, job: &'a Job, machine: &'a Machine) -> CompletedRun<'a> {
        let mut gates: BTreeMap<&str, Vec<&GateReport>> = BTreeMap::new();
        for (path, gate) in machine.tallies.gates() {
            gates.entry(path).or_default().push(gate);
        }
        let mut decided: BTreeMap<Option<Name>, Vec<&Decided>> = BTreeMap::new();
        for one in &machine.watched {
            decided.entry(one.op.clone()).or_default().push(one);
        }
        CompletedRun { plan, job, machine, gates, decided }
    }

    fn decided(&self, op: Option<&Name>) -> &[&'a Decided] {
        self.decided.get(&op.cloned()).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn run(&self, op: &Name) -> Option<&'a OpRun> {
        self.machine.op_run(self.machine.first_op(op)?)
    }

    pub(super) fn op(&self, name: &Name) -> Option<&'a Op> {
        self.job.ops.iter().find(|op| op.name == *name)
    }

    pub(super) fn item(&self, op: &Name, number: u32) -> Option<&'a Item> {
        self.run(op)?.items.get(usize::try_from(number).ok()?)
    }

    /// The state of an op, or of one of its items.
    pub(super) fn state(&self, op: &Name, item: Option<u32>) -> OpState {
        let Some(run) = self.run(op) else {
            return OpState::Pending;
        };
        match item {
            None => run.state.unwrap_or(OpState::Pending),
            Some(number) => match self.item(op, number).map(|item| item.phase) {
                Some(Phase::Final(state)) => state,
                // The whole op ended, or nothing of it began.
                None => run.state.unwrap_or(OpState::Pending),
                Some(_) => OpState::Pending,
            },
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
        match self.machine.jobs.first().and_then(|job| job.status) {
            Some(JobStatus::Succeeded) => OpState::Succeeded,
            Some(JobStatus::Failed) => OpState::Failed,
            Some(JobStatus::Stopped) => OpState::Stopped,
            None => OpState::Pending,
        }
    }

    /// The hooks of an op, or of the job.
    pub(super) fn hooks_of(&self, op: Option<&Name>) -> &'a [Hook] {
        match op {
            Some(op) => self.op(op).map(|op| op.hooks.as_slice()).unwrap_or_default(),
            None => &self.job.hooks,
        }
    }

    /// What was decided of a hook; of every item where none is named.
    pub(super) fn decisions(&self, op: Option<&Name>, item: Option<u32>, hook: &Name) -> Vec<&'a Decided> {
        let fits = |decided: &&Decided| {
            decided.hook.as_ref().is_some_and(|(name, _)| name == hook) && (item.is_none() || decided.item == item)
        };
        self.decided(op).iter().copied().filter(fits).collect()
    }

    /// What was decided of an op's `when`.
    pub(super) fn when(&self, op: &Name) -> Option<&'a Decided> {
        let mut decided = self.decided(Some(op)).iter().copied();
        decided.find(|decided| decided.hook.is_none())
    }

    /// What the gates of an op, or of the job, decided at its start and end, of an item or of any.
    pub(super) fn gates(&self, op: Option<&Name>, item: Option<u32>) -> Vec<(&'a Hook, Decision)> {
        let mut decisions = Vec::new();
        for hook in self.hooks_of(op) {
            let gates = self.gates.get(hook.path.as_str()).map(Vec::as_slice).unwrap_or_default();
            let of_item = gates.iter().filter(|gate| {
                let own = matches!(Event::from_word(&gate.trigger), Some(Event::Start | Event::End));
                own && (item.is_none() || gate.item == item)
            });
            decisions.extend(of_item.map(|gate| (hook, gate.decision)));
        }
        decisions
    }

    /// Every final state that was reached.
    pub(super) fn states(&self) -> Vec<Reached> {
        let job = Reached { op: None, state: self.job_state() };
        let mut reached = vec![job];
        for op in &self.job.ops {
            let run = self.run(&op.name);
            let of_items = run.into_iter().flat_map(|run| &run.items).filter_map(|item| match item.phase {
                Phase::Final(state) => Some(state),
                _ => None,
            });
            for state in std::iter::once(self.state(&op.name, None)).chain(of_items) {
                reached.push(Reached { op: Some(op.name.clone()), state });
            }
        }
        reached.retain(|reached| reached.state != OpState::Pending);
        reached.sort();
        reached.dedup();
        reached
    }

    /// The paths of the hooks that ran, or could not be decided.
    pub(super) fn hooks(&self) -> Vec<String> {
        let ran = self.machine.watched.iter().filter(|decided| !matches!(decided.fate, Fate::Not));
        let mut paths: Vec<String> = ran
            .filter_map(|decided| {
                let (name, _) = decided.hook.as_ref()?;
                let hooks = self.hooks_of(decided.op.as_ref());
                Some(hooks.iter().find(|hook| hook.name == *name)?.path.clone())
            })
            .collect();
        paths.sort();
        paths.dedup();
        paths
    }
}
