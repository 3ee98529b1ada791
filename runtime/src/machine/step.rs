//! What goes into a step of the machine, and what comes out of it.

use hookc_plan::trace::TraceEvent;

use super::state::ItemRef;
use crate::clock::Moment;
use crate::listener::Progress;
use crate::records::Record;
use crate::task::{AgentAnswer, AgentRequest, Kill, TaskId, TaskOutcome, TaskStart};

/// What has happened outside.
#[derive(Debug)]
pub(crate) enum MachineEvent {
    /// The run begins.
    Begin,
    /// A task's process runs.
    Started(TaskId, u32),
    /// A task has ended.
    Exited(TaskId, TaskOutcome),
    /// An agent asks whether it may go on.
    Asked(TaskId, AgentRequest),
    /// A timer has expired.
    Timer(Timer),
    /// The run is asked to stop.
    Stop,
}

/// A timer of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// The time limit of a hook's task is reached.
    HookTask(TaskId),
    /// The time limit of an attempt of an item is reached.
    Attempt(ItemRef, u32),
    /// An item's next attempt is due.
    Retry(ItemRef, u32),
    /// An observer's next try is due.
    Observer(usize),
    /// A gate's next try is due; the number of its wait.
    Gate(u64),
    /// The run stops waiting for hooks.
    HooksDeadline,
}

/// What to do once the records of a step are committed.
#[derive(Debug)]
pub(crate) enum Action {
    Start(Box<TaskStart>),
    Kill(TaskId, Kill),
    Answer(TaskId, AgentAnswer),
    /// Something reads the path of this log.
    CreateLog(String),
    Timer(Moment, Timer),
}

/// What to publish once the records of a step are committed, in order.
#[derive(Debug)]
pub(crate) enum Notice {
    Event(TraceEvent),
    Progress(Progress),
}

/// What a step leads to: commit the records, then publish the notices, then do the actions.
#[derive(Debug, Default)]
pub(crate) struct StepOutput {
    pub(crate) records: Vec<Record>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) actions: Vec<Action>,
}
