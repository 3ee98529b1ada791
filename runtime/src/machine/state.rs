//! What the scheduler knows: jobs, ops, items, tasks and hooks, as plain data.

use std::collections::VecDeque;
use std::sync::Arc;

use hookc_plan::trace::{ErrorKind, JobStatus, Source};
use hookc_plan::{Event, Name, OpState, Value};

use crate::clock::Moment;
use crate::executor::{Failure, Values};

/// The number of a job's run: 0 is the one that was asked for, the others are called by ops.
pub(crate) type JobId = usize;

/// An op of a job's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OpRef {
    pub(crate) job: JobId,
    pub(crate) op: usize,
}

/// An item of an op; an op that does not fan out has the one item 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ItemRef {
    pub(crate) op: OpRef,
    pub(crate) item: usize,
}

/// A job's run.
#[derive(Debug)]
pub(crate) struct JobRun {
    /// The key in the plan.
    pub(crate) key: Name,
    /// The name of its node: `nightly`, or `nightly.sub` for a job that an op calls.
    pub(crate) node: String,
    /// What stands before the names of its ops: nothing, or `sub.`.
    pub(crate) prefix: String,
    /// The same in names of files.
    pub(crate) files: String,
    /// `RUN`, or `RUN/sub`.
    pub(crate) id: String,
    pub(crate) source: Source,
    /// The item that called it, and its attempt.
    pub(crate) caller: Option<(ItemRef, u32)>,
    /// How often its node was begun before.
    pub(crate) epoch: u32,
    /// Where it stands among all that is ready: callers' places, then its own ops'.
    pub(crate) order: Vec<u32>,
    pub(crate) inputs: Values,
    pub(crate) ops: Vec<OpRun>,
    /// For each op, the ops that wait for it.
    pub(crate) dependents: Arc<Vec<Vec<usize>>>,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) status: Option<JobStatus>,
    /// Why it failed, where that is no op's failure.
    pub(crate) failure: Option<Failure>,
    pub(crate) outputs: Values,
    /// How many ops are not final.
    pub(crate) open: usize,
    /// How many ops have begun and are not final.
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
    /// The items that may begin, in order.
    pub(crate) queue: VecDeque<usize>,
    /// How many items hold a place of `concurrency`.
    pub(crate) active: usize,
    /// How many items are not final.
    pub(crate) open: usize,
    pub(crate) state: Option<OpState>,
    pub(crate) failure: Option<Failure>,
    pub(crate) outputs: Values,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    /// How many attempts were made by the item that made most.
    pub(crate) attempts: u32,
    /// Whether it fans out.
    pub(crate) fans: bool,
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
    /// The number that its last attempt has in names of files.
    pub(crate) number: u32,
    pub(crate) started: Option<Moment>,
    pub(crate) attempt_started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) failure: Option<Failure>,
    /// Whether its time was up: how it ends does not matter any more.
    pub(crate) timed_out: bool,
    /// Of an agent: what it has done in this attempt.
    pub(crate) agent: Option<Box<AgentRun>>,
}

/// What an agent has done in an attempt.
#[derive(Clone, Debug, Default)]
pub(crate) struct AgentRun {
    /// How often it has asked.
    pub(crate) asked: u64,
    /// What it asks, while that is decided.
    pub(crate) asks: Option<Asks>,
    /// The calls that wait for their answer.
    pub(crate) open: Vec<OpenCall>,
    /// The steps up to now, the present one last.
    pub(crate) steps: Arc<Vec<Step>>,
}

/// What an agent asks: what its hooks read, and its gates change.
#[derive(Clone, Debug)]
pub(crate) struct Asks {
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

/// Where an item stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Pending,
    /// At its start gates.
    Gating,
    Running,
    /// At its end gates.
    Ending,
    /// Waits for the next attempt.
    Retrying,
    Final(OpState),
}

impl Phase {
    /// Whether it holds a slot.
    pub(crate) fn active(self) -> bool {
        matches!(self, Phase::Gating | Phase::Running | Phase::Ending)
    }
}

/// Whom a hook watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    Job(JobId),
    Item(ItemRef),
    /// An op of which no item ran: skipped, upstream_failed, empty, or failed before there were items.
    Whole(OpRef),
}

impl Subject {
    pub(crate) fn job(self) -> JobId {
        match self {
            Subject::Job(job) => job,
            Subject::Item(item) => item.op.job,
            Subject::Whole(op) => op.job,
        }
    }

    pub(crate) fn op(self) -> Option<OpRef> {
        match self {
            Subject::Job(_) => None,
            Subject::Item(item) => Some(item.op),
            Subject::Whole(op) => Some(op),
        }
    }
}

/// What a task runs for.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Attempt(ItemRef),
    Gate(GateRun),
    Observer(usize),
}

/// A gate whose component runs.
#[derive(Clone, Debug)]
pub(crate) struct GateRun {
    pub(crate) subject: Subject,
    pub(crate) on: Event,
    /// The hook's place in its op or job.
    pub(crate) hook: usize,
    pub(crate) tries: u32,
    pub(crate) delivery: String,
    pub(crate) inputs: Values,
    pub(crate) connections: Vec<Name>,
    pub(crate) timed_out: bool,
}

/// A hook that has fired, or whose condition could not be decided.
#[derive(Clone, Debug)]
pub(crate) struct HookRow {
    pub(crate) id: String,
    pub(crate) path: String,
    /// Its place in its op or job.
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
    pub(crate) seen: Arc<Seen>,
    pub(crate) timed_out: bool,
}

/// The states of an observer's run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookState {
    /// To be delivered.
    Owed,
    /// Being delivered.
    Running,
    /// Its component ended well.
    Delivered,
    /// Its component failed, after the last try.
    Failed,
    /// Its condition or an argument could not be evaluated.
    Errored,
    /// It was given a mock, and recorded.
    Mocked,
}

/// What of a subject changes while its hooks run: kept from the moment the hook fired.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) state: Option<OpState>,
    pub(crate) attempt: u32,
    /// The variables of the fan-out, where it is of an item.
    pub(crate) locals: Arc<[(Name, Value)]>,
    pub(crate) inputs: Values,
    pub(crate) outputs: Values,
    pub(crate) failure: Option<Failure>,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    /// Where `op.duration` is not the time between these two.
    pub(crate) took: Option<i64>,
    /// Of an agent: what it has done by then.
    pub(crate) agent: Option<Box<AgentRun>>,
}

/// A timer of the scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A task's time is up.
    Task(crate::executor::TaskId),
    /// The time of an attempt of an item is up.
    Attempt(ItemRef, u32),
    /// An item's next attempt is due.
    Retry(ItemRef, u32),
    /// A hook's next try is due.
    Hook(usize),
    /// A gate's next try is due: its place among the gates that wait.
    Gate(u64),
    /// The run waits no longer for hooks.
    Hooks,
}

/// The kind of a failure that is retried.
pub(crate) fn retried(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Exit
            | ErrorKind::Signal
            | ErrorKind::Timeout
            | ErrorKind::Spawn
            | ErrorKind::Http
            | ErrorKind::AgentProtocol
    )
}

/// A null for each of `fields`.
pub(crate) fn nulls(fields: &[hookc_plan::Field]) -> Values {
    fields.iter().map(|field| (field.name.clone(), Value::Null)).collect()
}
