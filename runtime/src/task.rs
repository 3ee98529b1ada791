//! What the scheduler and an executor say to each other about tasks.
//!
//! A task is one attempt of an op, or one try of a hook's component. The scheduler sends a [`TaskStart`] or a [`Kill`]; the
//! executor reports an [`ExecutorEvent`]. An agent also asks before each step and each call of a tool, and is answered.

use std::time::Duration;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Name, Placement};

use crate::values::Values;

/// The number of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// A request to run a component once.
#[derive(Clone, Debug)]
pub struct TaskStart {
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
    /// The number of the attempt or try that scripted outcomes count, from 1.
    pub attempt: u32,
    /// The number in file names: like `attempt`, but unique in a run.
    pub number: u32,
    /// The hook, if the task runs a hook's component.
    pub hook: Option<HookTask>,
    /// What it asks of where it runs.
    pub placement: Placement,
    /// The id of this delivery, the same for all tries of a hook.
    pub delivery: String,
}

/// The hook that a task runs for.
#[derive(Clone, Debug)]
pub struct HookTask {
    /// The hook's path.
    pub path: String,
    /// The hook's own name.
    pub name: Name,
}

/// How a task is ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// It is asked to end, and killed after the grace time.
    Stop,
    /// It is killed at once.
    Now,
}

/// What an executor reports.
#[derive(Clone, Debug)]
pub enum ExecutorEvent {
    /// A process runs, with this process id.
    Started(TaskId, u32),
    /// The task has ended, and so has everything that it started.
    Exited(TaskId, TaskOutcome),
    /// An agent asks whether it may go on. It does not ask again before it is answered.
    Asked(TaskId, AgentRequest),
}

/// What an agent wants to do, or has done.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentRequest {
    /// To begin a step.
    StepStart {
        /// Its number, if it is not the next one.
        number: Option<i64>,
    },
    /// To end its step.
    StepEnd {
        /// The text of the step.
        text: Option<String>,
    },
    /// To call a tool.
    ToolStart {
        /// The call's id.
        call: String,
        /// The tool: a key of [`hookc_plan::Plan::components`].
        tool: Name,
        /// The tool's inputs.
        payload: Values,
    },
    /// To receive the answer of a tool.
    ToolEnd {
        /// The id of the call.
        call: String,
        /// The tool's outputs.
        output: Values,
    },
}

/// The answer to an agent's request.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentAnswer {
    /// The agent goes on, with these values of the call or of the tool's answer.
    Proceed(Values),
    /// A gate has refused, with this message.
    Refuse(String),
}

/// How a task ended.
#[derive(Clone, Debug, Default)]
pub struct TaskOutcome {
    /// The outputs; after a failure, those that have the declared types.
    pub outputs: Values,
    /// Why it failed; `None` if it succeeded.
    pub failure: Option<Failure>,
}

impl TaskOutcome {
    /// The task succeeded.
    pub fn succeeded(outputs: Values) -> TaskOutcome {
        TaskOutcome { outputs, failure: None }
    }

    /// The task failed and left no outputs.
    pub fn failed(failure: Failure) -> TaskOutcome {
        TaskOutcome { outputs: Values::new(), failure: Some(failure) }
    }
}

/// Why a task failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The kind.
    pub kind: ErrorKind,
    /// The message for a person; without secrets.
    pub message: String,
    /// The process's exit code.
    pub exit_code: Option<i32>,
    /// The traceback of a `python` body.
    pub traceback: Option<String>,
    /// The class of the exception of a `python` body.
    pub error_type: Option<String>,
    /// How long the other side asks to wait before the next try.
    pub retry_after: Option<Duration>,
    /// Whether a request was not answered, or was answered by a status that asks to try again.
    pub temporary: bool,
    /// Whether the failure is final, whatever the retry settings are.
    pub permanent: bool,
}

impl Failure {
    /// A failure of a kind, with its message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Failure {
        Failure {
            kind,
            message: message.into(),
            exit_code: None,
            traceback: None,
            error_type: None,
            retry_after: None,
            temporary: false,
            permanent: false,
        }
    }

    /// A failure that a script or a test describes. What it leaves out is that of a process that exited with code 1.
    pub(crate) fn described(kind: Option<ErrorKind>, exit_code: Option<i32>, message: Option<String>) -> Failure {
        let kind = kind.unwrap_or(ErrorKind::Exit);
        let exit_code = exit_code.or_else(|| (kind == ErrorKind::Exit).then_some(1));
        let message = message.unwrap_or_else(|| match exit_code {
            Some(code) if kind == ErrorKind::Exit => format!("exit code {code}"),
            _ => kind.word().to_owned(),
        });
        // A request of which nothing more is said was not answered.
        Failure { exit_code, temporary: kind == ErrorKind::Http, ..Failure::new(kind, message) }
    }

    /// A failure of something that did not end within its time limit.
    pub(crate) fn timed_out(limit: Duration) -> Failure {
        let limit = hookc_plan::Value::Duration(i64::try_from(limit.as_nanos()).unwrap_or(i64::MAX));
        let limit = limit.to_text().unwrap_or_default();
        Failure::new(ErrorKind::Timeout, format!("timed out after {limit}"))
    }

    /// Whether another attempt may help: failures of inputs, conditions and gates repeat themselves.
    pub(crate) fn may_be_retried(&self) -> bool {
        let transient = matches!(
            self.kind,
            ErrorKind::Exit
                | ErrorKind::Signal
                | ErrorKind::Timeout
                | ErrorKind::Spawn
                | ErrorKind::Http
                | ErrorKind::AgentProtocol
        );
        transient && !self.permanent
    }
}
