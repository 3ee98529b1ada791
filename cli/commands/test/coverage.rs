//! Which final states and hooks no test reaches.
//!
//! Counted over the jobs that the given files declare, by what the plan lets each op come to; `stopped`, which a person
//! brings about, is not counted. A hook is reached when it ran, or could not be decided.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use hookc_plan::{Edge, Job, Name, Op, OpState, Plan};
use serde::Serialize;

use super::File;
use crate::output::{BOLD, YELLOW};
use crate::sanitise::one_line;

/// What the tests reach of the jobs.
#[derive(Debug, Default, Serialize)]
pub(super) struct Coverage {
    /// How many final states there are, and how many of them are reached.
    states: usize,
    states_reached: usize,
    hooks: usize,
    hooks_reached: usize,
    /// What is not reached, by file and job.
    missed: Vec<Missed>,
}

/// What of a job no test reaches.
#[derive(Debug, Serialize)]
struct Missed {
    file: String,
    job: String,
    /// `fit failed`, `job failed`
    states: Vec<String>,
    hooks: Vec<String>,
}

/// A job, whatever file speaks of it: the path of its source and its name.
type Key = (String, Name);

#[derive(Default)]
struct Reached {
    states: BTreeSet<(Option<Name>, OpState)>,
    hooks: BTreeSet<String>,
}

pub(super) fn of(files: &[File]) -> Coverage {
    let mut reached: BTreeMap<Key, Reached> = BTreeMap::new();
    for played in files.iter().flat_map(|file| &file.played) {
        let Some(job) = played.plan.jobs.get(&played.test.job) else {
            continue;
        };
        let of_job = reached.entry(key(&played.plan, job)).or_default();
        let states = played.report.states.iter();
        of_job.states.extend(states.map(|reached| (reached.op.clone(), reached.state)));
        of_job.hooks.extend(played.report.hooks.iter().cloned());
    }
    let mut coverage = Coverage::default();
    for file in files {
        for (plan, job) in own_jobs(file) {
            let none = Reached::default();
            coverage.add(file, job, reached.get(&key(plan, job)).unwrap_or(&none));
        }
    }
    coverage
}

/// The jobs that the file itself declares; its plan also has those that they call.
fn own_jobs(file: &File) -> impl Iterator<Item = (&Plan, &Job)> {
    let plan = file.jobs.as_deref();
    let jobs = plan.into_iter().flat_map(|plan| plan.jobs.iter().map(move |(key, job)| (plan, key, job)));
    jobs.filter(|(_, key, job)| **key == job.name).map(|(plan, _, job)| (plan, job))
}

fn key(plan: &Plan, job: &Job) -> Key {
    let source = plan.sources.iter().find(|source| source.id == job.span.0);
    (source.map(|source| source.path.clone()).unwrap_or_default(), job.name.clone())
}

impl Coverage {
    fn add(&mut self, file: &File, job: &Job, reached: &Reached) {
        let mut missed =
            Missed { file: file.shown.clone(), job: job.name.to_string(), states: Vec::new(), hooks: Vec::new() };
        for (op, state) in states(job) {
            self.states += 1;
            let name = op.as_ref().map_or("job", Name::as_str);
            if reached.states.contains(&(op.clone(), state)) {
                self.states_reached += 1;
            } else {
                missed.states.push(format!("{name} {state}"));
            }
        }
        let hooks = job.ops.iter().flat_map(|op| &op.hooks).chain(&job.hooks);
        for hook in hooks {
            self.hooks += 1;
            if reached.hooks.contains(&hook.path) {
                self.hooks_reached += 1;
            } else {
                missed.hooks.push(hook.path.clone());
            }
        }
        if !(missed.states.is_empty() && missed.hooks.is_empty()) {
            self.missed.push(missed);
        }
    }
}

/// The final states that the job and its ops can come to.
fn states(job: &Job) -> Vec<(Option<Name>, OpState)> {
    let mut possible: BTreeMap<&Name, Vec<OpState>> = BTreeMap::new();
    for op in &job.ops {
        let states = op_states(op, &possible);
        possible.insert(&op.name, states);
    }
    let mut states = vec![(None, OpState::Succeeded)];
    if job.ops.iter().any(|op| !op.allow_failure) {
        states.push((None, OpState::Failed));
    }
    for op in &job.ops {
        let of_op = possible.get(&op.name).map(Vec::as_slice).unwrap_or_default();
        states.extend(of_op.iter().map(|state| (Some(op.name.clone()), *state)));
    }
    states
}

fn op_states(op: &Op, possible: &BTreeMap<&Name, Vec<OpState>>) -> Vec<OpState> {
    let mut states = BTreeSet::from([OpState::Succeeded, OpState::Failed]);
    if op.when.is_some() {
        states.insert(OpState::Skipped);
    }
    let alone = op.edges.iter().filter(|edge| edge.any.is_none());
    states.extend(alone.flat_map(|edge| without(edge, possible)));
    let groups: BTreeSet<u32> = op.edges.iter().filter_map(|edge| edge.any).collect();
    for group in groups {
        let edges = op.edges.iter().filter(|edge| edge.any == Some(group));
        let verdicts: Vec<Vec<OpState>> = edges.map(|edge| without(edge, possible)).collect();
        // One that always holds is enough.
        if verdicts.iter().all(|verdicts| !verdicts.is_empty()) {
            states.extend(verdicts.into_iter().flatten());
        }
    }
    states.into_iter().collect()
}

/// The state of the op after an edge when the edge does not hold.
fn without(edge: &Edge, possible: &BTreeMap<&Name, Vec<OpState>>) -> Vec<OpState> {
    let states = possible.get(&edge.op).map(Vec::as_slice).unwrap_or_default();
    let unfit = states.iter().filter(|state| !edge.states.contains(state));
    unfit
        .map(|state| match state {
            OpState::Failed | OpState::UpstreamFailed if edge.states.contains(&OpState::Succeeded) => {
                OpState::UpstreamFailed
            }
            _ => OpState::Skipped,
        })
        .collect()
}

/// For people.
pub(super) fn text(coverage: &Coverage) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    if !coverage.missed.is_empty() {
        let _ = writeln!(text, "{BOLD}not reached by any test{BOLD:#}");
    }
    for missed in &coverage.missed {
        let _ = writeln!(text, "  job {} ({})", one_line(&missed.job), one_line(&missed.file));
        for state in &missed.states {
            let _ = writeln!(text, "    {YELLOW}state{YELLOW:#} {}", one_line(state));
        }
        for hook in &missed.hooks {
            let _ = writeln!(text, "    {YELLOW}hook{YELLOW:#}  {}", one_line(hook));
        }
    }
    let _ = writeln!(
        text,
        "{} of {} final states and {} of {} hooks are reached",
        coverage.states_reached, coverage.states, coverage.hooks_reached, coverage.hooks
    );
    text
}
