//! The state of a run as plain data: jobs, ops, items, agents and hooks, and the look-ups over them.
//!
//! Nothing here decides anything. The rooms beside it read this state and change it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use hookc_plan::trace::{JobStatus, Source};
use hookc_plan::{EvalError, Event, Field, Hook, Job, Name, Op, OpState, Plan, Runs, Value};
use rustc_hash::FxHashMap;

use super::settings::Settings;
use crate::clock::Moment;
use crate::records::{HookState, Phase};
use crate::run_folder::RunFolder;
use crate::task::Failure;
use crate::values::Values;

/// The number of a job's run: 0 is the requested job, the others are called by ops.
pub(crate) type JobId = usize;

/// An op of a job's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OpRef {
    pub(crate) job: JobId,
    pub(crate) op: usize,
}

/// An item of an op. An op that does not fan out has the one item 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ItemRef {
    pub(crate) op: OpRef,
    pub(crate) item: usize,
}

/// What a hook belongs to at one of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    Job(JobId),
    Item(ItemRef),
    /// An op of which no item ran: skipped, upstream_failed, or failed before there were items.
    WholeOp(OpRef),
}

impl Subject {
    pub(crate) fn job(self) -> JobId {
        match self {
            Subject::Job(job) => job,
            Subject::Item(item) => item.op.job,
            Subject::WholeOp(op) => op.job,
        }
    }

    pub(crate) fn op(self) -> Option<OpRef> {
        match self {
            Subject::Job(_) => None,
            Subject::Item(item) => Some(item.op),
            Subject::WholeOp(op) => Some(op),
        }
    }
}

/// A run in progress.
pub(crate) struct RunState {
    pub(crate) plan: Arc<Plan>,
    pub(crate) settings: Settings,
    pub(crate) folder: RunFolder,
    /// The time of the present step.
    pub(crate) now: Moment,
    pub(crate) jobs: Vec<JobRun>,
    /// Whether the run was asked to stop.
    pub(crate) stopping: bool,
    /// The values of connections; for a mock, its mark.
    pub(crate) connections: BTreeMap<Name, Value>,
    /// The logs that `op.log` was read of in this step: they have to exist.
    pub(super) read_logs: RefCell<BTreeSet<String>>,
    /// How many times each called job was started, by its label in file names.
    pub(super) job_starts: FxHashMap<String, u32>,
    /// How many attempts were made, by their labels in file names.
    pub(super) attempts_made: FxHashMap<String, u32>,
    /// The index of each op in its job, by name.
    op_indexes: FxHashMap<Name, FxHashMap<Name, usize>>,
}

/// A job's run.
#[derive(Debug)]
pub(crate) struct JobRun {
    /// The key in the plan.
    pub(crate) key: Name,
    /// The name of its node: `nightly`, or `nightly.sub` for a job that an op calls.
    pub(crate) node: String,
    /// The prefix of its ops' names: nothing, or `sub.`.
    pub(crate) prefix: String,
    /// The prefix of its ops' labels in file names.
    pub(crate) files: String,
    /// `RUN`, or `RUN/sub`.
    pub(crate) id: String,
    pub(crate) source: Source,
    /// The run that started it.
    pub(crate) source_id: Option<String>,
    /// The item that called it, and its attempt.
    pub(crate) caller: Option<(ItemRef, u32)>,
    /// How many times its node was started before.
    pub(crate) epoch: u32,
    /// Its place in the order of admission: the places of its callers, then that of its own ops.
    pub(crate) order: Vec<u32>,
    pub(crate) inputs: Values,
    pub(crate) ops: Vec<OpRun>,
    /// For each op, the ops that wait for it.
    pub(crate) dependents: Arc<Vec<Vec<usize>>>,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) status: Option<JobStatus>,
    /// Why it failed, where that is not an op's failure.
    pub(crate) failure: Option<Failure>,
    pub(crate) outputs: Values,
    /// How many ops are not final.
    pub(crate) open: usize,
    /// How many items have started and are not final.
    pub(crate) busy: usize,
    /// Whether it starts nothing any more.
    pub(crate) stopping: bool,
}

/// An op of a job's run.
#[derive(Debug, Default)]
pub(crate) struct OpRun {
    /// How many ops it still waits for.
    pub(crate) waits: usize,
    pub(crate) items: Vec<Item>,
    /// The items that may start, in order.
    pub(crate) queue: VecDeque<usize>,
    /// How many items hold a place of `concurrency`.
    pub(crate) active: usize,
    /// How many items are not final.
    pub(crate) open: usize,
    pub(crate) state: Option<OpState>,
    pub(crate) failure: Option<Failure>,
    /// The settings whose condition could not be evaluated when it failed without an item.
    pub(crate) undecided: BTreeMap<Name, EvalError>,
    pub(crate) outputs: Values,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    /// The largest number of attempts of an item.
    pub(crate) attempts: u32,
    /// Whether it fans out.
    pub(crate) is_fan_out: bool,
    /// Whether it starts no further item, and what runs of it is ended.
    pub(crate) stopping: bool,
    /// Whether its job may succeed although it fails.
    pub(crate) failure_allowed: bool,
}

impl OpRun {
    /// Whether its failure makes its job fail.
    pub(crate) fn fails_job(&self) -> bool {
        self.state == Some(OpState::Failed) && !self.failure_allowed
    }

    /// The worst final state of its items, if one of them failed or was stopped.
    pub(crate) fn worst_item_state(&self) -> Option<OpState> {
        [OpState::Failed, OpState::Stopped].into_iter().find(|state| self.has_item_in(*state))
    }

    pub(crate) fn has_item_in(&self, state: OpState) -> bool {
        self.items.iter().any(|item| item.phase == Phase::Final(state))
    }

    /// When its first item started.
    pub(crate) fn first_start(&self) -> Option<Moment> {
        self.items.iter().filter_map(|item| item.started).min()
    }
}

/// One item of an op.
#[derive(Debug, Default)]
pub(crate) struct Item {
    /// The variables of the fan-out.
    pub(crate) locals: Arc<[(Name, Value)]>,
    pub(crate) inputs: Values,
    pub(crate) outputs: Values,
    pub(crate) phase: Phase,
    pub(crate) attempt: u32,
    /// The number of its last attempt in file names.
    pub(crate) number: u32,
    pub(crate) started: Option<Moment>,
    pub(crate) attempt_started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) failure: Option<Failure>,
    /// The settings whose condition could not be evaluated when it failed.
    pub(crate) undecided: BTreeMap<Name, EvalError>,
    /// Whether its attempt ran out of time: how it ends does not matter any more.
    pub(crate) timed_out: bool,
    /// Whether it ended before the gates on `end` had let its outputs pass.
    pub(crate) withheld: bool,
    /// What its agent has done in this attempt.
    pub(crate) agent: Option<Box<AgentRun>>,
}

/// What an agent has done in an attempt.
#[derive(Clone, Debug, Default)]
pub(crate) struct AgentRun {
    /// How many requests it has made.
    pub(crate) requests: u64,
    /// The request that is being decided.
    pub(crate) pending: Option<PendingRequest>,
    /// The calls that wait for their answer.
    pub(crate) open_calls: Vec<OpenCall>,
    /// Its steps, the present one last.
    pub(crate) steps: Arc<Vec<Step>>,
}

/// A request of an agent: what its hooks read, and its gates change.
#[derive(Clone, Debug)]
pub(crate) struct PendingRequest {
    pub(crate) on: Event,
    /// The id of the call.
    pub(crate) call: Option<String>,
    pub(crate) tool: Option<Name>,
    pub(crate) payload: Values,
    pub(crate) output: Values,
    /// Whether a gate has changed something.
    pub(crate) modified: bool,
}

/// A call that waits for its answer.
#[derive(Clone, Debug)]
pub(crate) struct OpenCall {
    pub(crate) id: String,
    pub(crate) tool: Name,
    pub(crate) payload: Values,
}

/// An agent's step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) number: i64,
    pub(crate) text: Option<String>,
    /// The calls that went ahead: their ids and tools.
    pub(crate) calls: Vec<(String, Name)>,
}

/// A gate whose component runs, or waits to run.
#[derive(Clone, Debug)]
pub(crate) struct GateRun {
    pub(crate) subject: Subject,
    pub(crate) on: Event,
    /// The hook's index in its op or job.
    pub(crate) hook: usize,
    pub(crate) tries: u32,
    pub(crate) delivery: String,
    pub(crate) inputs: Values,
    pub(crate) connections: Vec<Name>,
    pub(crate) timed_out: bool,
}

/// A firing of an observer, or one whose condition could not be decided.
#[derive(Clone, Debug)]
pub(crate) struct ObserverRun {
    pub(crate) id: String,
    pub(crate) path: String,
    /// The hook's index in its op or job.
    pub(crate) hook: usize,
    pub(crate) subject: Subject,
    pub(crate) item: Option<u32>,
    pub(crate) trigger: Event,
    /// The attempt of the op at that moment.
    pub(crate) attempt: u32,
    pub(crate) state: HookState,
    pub(crate) tries: u32,
    pub(crate) args: Values,
    pub(crate) connections: Vec<Name>,
    pub(crate) outputs: Values,
    pub(crate) failure: Option<Failure>,
    pub(crate) eval_error: Option<String>,
    /// What its `retry … when` can read.
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) timed_out: bool,
}

/// What a hook can read of its subject, as it was when the hook fired.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) state: Option<OpState>,
    pub(crate) attempt: u32,
    /// The variables of the fan-out, if the subject is an item.
    pub(crate) locals: Arc<[(Name, Value)]>,
    pub(crate) inputs: Values,
    pub(crate) outputs: Values,
    pub(crate) failure: Option<Failure>,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    /// `op.duration`, where it is not the time between these two.
    pub(crate) duration: Option<i64>,
    /// What the agent has done.
    pub(crate) agent: Option<Box<AgentRun>>,
}

impl Snapshot {
    /// What a hook of `item` reads now.
    pub(crate) fn of_item(item: &Item) -> Snapshot {
        Snapshot {
            state: item.phase.final_state(),
            attempt: item.attempt,
            locals: item.locals.clone(),
            inputs: item.inputs.clone(),
            outputs: item.outputs.clone(),
            failure: item.failure.clone(),
            started: item.started,
            finished: item.finished,
            duration: None,
            agent: item.agent.clone(),
        }
    }

    /// What a hook reads of an op of which no item ran.
    fn of_whole_op(op: &OpRun) -> Snapshot {
        Snapshot {
            state: op.state,
            outputs: op.outputs.clone(),
            failure: op.failure.clone(),
            started: op.started,
            finished: op.finished,
            ..Snapshot::default()
        }
    }
}

impl RunState {
    /// A run of `plan` without a job.
    pub(super) fn new(plan: Arc<Plan>, settings: Settings, folder: RunFolder) -> RunState {
        let names = plan.connections.keys();
        let connection = |name: &Name| Some((name.clone(), crate::values::connection(&plan, name)?));
        RunState {
            connections: names.filter_map(connection).collect(),
            op_indexes: plan.jobs.iter().map(|(key, job)| (key.clone(), op_indexes(job))).collect(),
            plan,
            settings,
            folder,
            now: Moment::default(),
            jobs: Vec::new(),
            stopping: false,
            read_logs: RefCell::default(),
            job_starts: FxHashMap::default(),
            attempts_made: FxHashMap::default(),
        }
    }

    pub(crate) fn op_run(&self, op: OpRef) -> Option<&OpRun> {
        self.jobs.get(op.job)?.ops.get(op.op)
    }

    pub(super) fn op_run_mut(&mut self, op: OpRef) -> Option<&mut OpRun> {
        self.jobs.get_mut(op.job)?.ops.get_mut(op.op)
    }

    pub(crate) fn item(&self, item: ItemRef) -> Option<&Item> {
        self.op_run(item.op)?.items.get(item.item)
    }

    pub(super) fn item_mut(&mut self, item: ItemRef) -> Option<&mut Item> {
        self.op_run_mut(item.op)?.items.get_mut(item.item)
    }

    /// The settings of an op or an item whose condition could not be evaluated.
    pub(super) fn undecided_mut(&mut self, subject: Subject) -> Option<&mut BTreeMap<Name, EvalError>> {
        match subject {
            Subject::Item(item) => self.item_mut(item).map(|item| &mut item.undecided),
            Subject::WholeOp(op) => self.op_run_mut(op).map(|op| &mut op.undecided),
            Subject::Job(_) => None,
        }
    }

    pub(super) fn agent(&self, subject: Subject) -> Option<&AgentRun> {
        let Subject::Item(item) = subject else { return None };
        self.item(item)?.agent.as_deref()
    }

    pub(super) fn agent_mut(&mut self, item: ItemRef) -> Option<&mut AgentRun> {
        self.item_mut(item)?.agent.as_deref_mut()
    }

    /// A job as the plan declares it.
    pub(super) fn declared_job(&self, job: &JobRun) -> Option<&Job> {
        self.plan.jobs.get(&job.key)
    }

    /// An op as the plan declares it.
    pub(crate) fn declared(&self, op: OpRef) -> Option<&Op> {
        self.declared_job(self.jobs.get(op.job)?)?.ops.get(op.op)
    }

    /// The ops of a job's run, each with its declaration.
    pub(super) fn ops_of<'s>(&'s self, job: &'s JobRun) -> impl Iterator<Item = (&'s Op, &'s OpRun)> {
        let declared = self.declared_job(job).map(|job| job.ops.as_slice()).unwrap_or_default();
        declared.iter().zip(&job.ops)
    }

    /// The fields of what an op runs: its inputs.
    pub(super) fn input_fields(&self, runs: &Runs) -> Option<&[Field]> {
        match runs {
            Runs::Component(key) => self.plan.components.get(key).map(|component| component.inputs.as_slice()),
            Runs::Job(key) => self.plan.jobs.get(key).map(|job| job.inputs.as_slice()),
        }
    }

    /// The index of an op in its job, by name.
    pub(super) fn op_index(&self, job: &JobRun, name: &Name) -> Option<usize> {
        self.op_indexes.get(&job.key)?.get(name).copied()
    }

    /// An op of the requested job, by name.
    pub(crate) fn op_of_requested_job(&self, name: &Name) -> Option<OpRef> {
        let job = self.jobs.first()?;
        Some(OpRef { job: 0, op: self.op_index(job, name)? })
    }

    /// The number of an item in its fan-out.
    pub(crate) fn item_number(&self, subject: Subject) -> Option<u32> {
        match subject {
            Subject::Item(item) if self.op_run(item.op)?.is_fan_out => u32::try_from(item.item).ok(),
            _ => None,
        }
    }

    /// What a hook of `subject` reads on `on`; at `start` the attempt is the one that begins.
    pub(super) fn snapshot(&self, subject: Subject, on: Event) -> Snapshot {
        match subject {
            Subject::Job(_) => Snapshot::default(),
            Subject::WholeOp(op) => self.op_run(op).map(Snapshot::of_whole_op).unwrap_or_default(),
            Subject::Item(item) => {
                let snapshot = self.item(item).map(Snapshot::of_item).unwrap_or_default();
                Snapshot { attempt: self.attempt_on(subject, on), ..snapshot }
            }
        }
    }

    /// The attempt that a hook of `subject` reads on `on`.
    pub(super) fn attempt_on(&self, subject: Subject, on: Event) -> u32 {
        let Subject::Item(item) = subject else { return 0 };
        let attempt = self.item(item).map_or(0, |item| item.attempt);
        if on == Event::Start { attempt.max(1) } else { attempt }
    }

    /// Whether a job starts nothing any more.
    pub(super) fn is_stopping(&self, job: JobId) -> bool {
        self.jobs.get(job).is_none_or(|job| job.stopping)
    }

    /// Whether an op starts nothing any more: it is stopped, or its job is.
    pub(super) fn is_op_stopping(&self, op: OpRef) -> bool {
        self.is_stopping(op.job) || self.op_run(op).is_none_or(|run| run.stopping)
    }

    /// Whether what belongs to `subject` starts no more.
    pub(super) fn is_subject_stopping(&self, subject: Subject) -> bool {
        subject.op().map_or_else(|| self.is_stopping(subject.job()), |op| self.is_op_stopping(op))
    }

    /// Whether the requested job has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.jobs.first().is_some_and(|job| job.status.is_some())
    }
}

fn op_indexes(job: &Job) -> FxHashMap<Name, usize> {
    job.ops.iter().enumerate().map(|(index, op)| (op.name.clone(), index)).collect()
}

/// The hooks of `subject`, as `plan` declares them.
pub(super) fn declared_hooks<'p>(plan: &'p Plan, state: &RunState, subject: Subject) -> &'p [Hook] {
    let declared_job = || plan.jobs.get(&state.jobs.get(subject.job())?.key);
    let hooks = match subject.op() {
        Some(op) => declared_job().and_then(|job| job.ops.get(op.op)).map(|op| &op.hooks),
        None => declared_job().map(|job| &job.hooks),
    };
    hooks.map(Vec::as_slice).unwrap_or_default()
}

/// An op as `plan` declares it.
pub(super) fn declared_op<'p>(plan: &'p Plan, state: &RunState, op: OpRef) -> Option<&'p Op> {
    plan.jobs.get(&state.jobs.get(op.job)?.key)?.ops.get(op.op)
}

/// The key of what an op runs.
pub(crate) fn runs_name(runs: &Runs) -> &Name {
    match runs {
        Runs::Component(name) | Runs::Job(name) => name,
    }
}
