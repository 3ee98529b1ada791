//! What runs components: the interface between the scheduler and the outside.
//!
//! The scheduler says `start` and `kill` and hears `started` and `exited`; an agent also asks for each step and call, and
//! is answered. The local executor runs processes and
//! requests; a scripted one plays given outcomes under a virtual clock.

mod body;
mod http;
mod kept_files;
mod local;
mod outputs;
mod process;
mod process_group;
mod process_lifetime;
mod process_output;
mod python;
mod scripted;

use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Name, Value};

use crate::clock::Moment;

pub use local::LocalExecutor;
pub(crate) use local::RunFolder;
pub use scripted::{Line, Scenario, ScenarioError, ScriptedExecutor};

/// Names and values, in the declared order.
pub type Values = std::collections::BTreeMap<Name, Value>;

/// The number of a task: one attempt of an op, or one try of a hook's component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// A request to run a component once.
#[derive(Clone, Debug)]
pub struct Start {
    /// The task.
    pub id: TaskId,
    /// The component: a key of [`hookc_plan::Plan::components`].
    pub component: Name,
    /// Its inputs; secrets by name.
    pub inputs: Values,
    /// The op that runs, or that the hook watches: its name below the job, as in `fit` or `sub.fit`.
    pub op: String,
    /// The item of a fan-out.
    pub item: Option<u32>,
    /// The number of the attempt that a script counts, from 1.
    pub attempt: u32,
    /// The number that names files: like `attempt`, and never given twice in a run.
    pub number: u32,
    /// Of a hook: which.
    pub hook: Option<HookTask>,
    /// The id of this delivery, the same for all tries of a hook.
    pub delivery: String,
}

/// What a task knows of the hook it runs for.
#[derive(Clone, Debug)]
pub struct HookTask {
    /// The hook's path.
    pub path: String,
    /// The hook's own name.
    pub name: Name,
}

/// How hard a task is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// Asked to end, and killed after the grace time.
    Stop,
    /// Killed at once.
    Now,
}

/// What an executor reports.
#[derive(Clone, Debug)]
pub enum Message {
    /// A process runs.
    Started(TaskId, u32),
    /// The task has ended, and so has all that it started.
    Exited(TaskId, TaskOutcome),
    /// An agent asks whether it may go on. It asks again only when it is answered.
    Asked(TaskId, Request),
}

/// What an agent wants to do, or has done.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// To begin a step.
    StepStart {
        /// Its number, where it is not simply the next.
        number: Option<i64>,
    },
    /// To end its step.
    StepEnd {
        /// What it said in it.
        text: Option<String>,
    },
    /// To call a tool.
    ToolStart {
        /// The call's id.
        call: String,
        /// The tool: a key of [`hookc_plan::Plan::components`].
        tool: Name,
        /// What the tool is given.
        payload: Values,
    },
    /// To take a tool's answer.
    ToolEnd {
        /// The id of the call.
        call: String,
        /// What the tool has answered.
        output: Values,
    },
}

/// What an agent is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It goes on, with these values of the call or the tool's answer.
    Go(Values),
    /// A gate refuses, and says why.
    Refuse(String),
}

/// How a task ended.
#[derive(Clone, Debug, Default)]
pub struct TaskOutcome {
    /// The outputs; after a failure those that were well typed.
    pub outputs: Values,
    /// Why it failed; nothing when it ended well.
    pub failure: Option<Failure>,
}

/// Why a task failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The kind.
    pub kind: ErrorKind,
    /// For a person; without secrets.
    pub message: String,
    /// The process's exit code.
    pub exit_code: Option<i32>,
    /// The traceback of a `python` body.
    pub traceback: Option<String>,
    /// How long the other side asks to wait.
    pub retry_after: Option<Duration>,
    /// Whether the other side says that no try will help.
    pub hopeless: bool,
}

impl Failure {
    /// A failure of a kind, with its message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), exit_code: None, traceback: None, retry_after: None, hopeless: false }
    }
}

impl TaskOutcome {
    /// TaskOutcome well.
    pub fn succeeded(outputs: Values) -> TaskOutcome {
        TaskOutcome { outputs, failure: None }
    }

    /// Failed without outputs.
    pub fn failed(failure: Failure) -> TaskOutcome {
        TaskOutcome { outputs: Values::new(), failure: Some(failure) }
    }
}

/// Runs components.
pub trait Executor {
    /// Begins a task. Its `exited` always follows.
    fn start(&mut self, task: Start);
    /// Ends a task; its `exited` follows all the same.
    fn kill(&mut self, task: TaskId, how: Kill);
    /// Answers what an agent has asked. Only for executors that run agents.
    fn answer(&mut self, _: TaskId, _: Answer) {}
    /// The next message.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Message>;
    /// The next moment at which a message will come, where that is known before (of a script).
    fn due(&self) -> Option<Moment> {
        None
    }
    /// What a person should know of the run as a whole.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}
