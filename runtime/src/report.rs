//! The report of a run.

use hookc_plan::trace::{Decision, ErrorKind, JobStatus};
use hookc_plan::{Event, Name, OpState, VerbKind};
use serde::Serialize;

use crate::records::HookState;
use crate::values::JsonValues;

/// A run that has ended.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The run's id.
    pub run: String,
    /// The job.
    pub job: Name,
    /// The profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Name>,
    /// The plan's hash.
    pub plan_hash: String,
    /// How it ended.
    pub status: JobStatus,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it started.
    pub started_at: Option<String>,
    /// When it ended; its hooks may have gone on.
    pub finished_at: Option<String>,
    /// How long it took.
    pub duration: Option<String>,
    /// Its inputs.
    pub inputs: JsonValues,
    /// Its outputs.
    pub outputs: JsonValues,
    /// Its ops; those of called jobs follow their callers.
    pub ops: Vec<OpReport>,
    /// Its hooks, in the same order.
    pub hooks: Vec<HookReport>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// The folder of the run: its trace, logs and files.
    pub folder: String,
    /// The signal that stopped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
}

/// A signal that stops a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Signal {
    /// Ctrl-C.
    Sigint,
    /// A request to end.
    Sigterm,
}

impl Signal {
    /// The exit code of a command that it has stopped.
    pub fn exit_code(self) -> u8 {
        match self {
            Signal::Sigint => 130,
            Signal::Sigterm => 143,
        }
    }
}

impl Report {
    /// Leaves out the logs that are not there: an attempt that prints nothing leaves none.
    pub(crate) fn keep_logs(&mut self, is_there: impl Fn(&str) -> bool) {
        for op in &mut self.ops {
            let logs = op.items.iter_mut().map(|item| &mut item.log).chain([&mut op.log]);
            logs.for_each(|log| *log = log.take().filter(|log| is_there(log)));
        }
    }

    /// The exit code of `hookc run`: hooks that failed do not count.
    pub fn exit_code(&self) -> u8 {
        match (self.signal, self.status) {
            (Some(signal), _) => signal.exit_code(),
            (None, JobStatus::Succeeded) => 0,
            (None, JobStatus::Failed | JobStatus::Stopped) => 1,
        }
    }
}

/// An op.
#[derive(Clone, Debug, Serialize)]
pub struct OpReport {
    /// Its name; of a called job's op, below the caller's.
    pub op: String,
    /// What it ran.
    pub component: Name,
    /// How it ended; `pending` if it never started.
    pub status: OpState,
    /// Whether the job may succeed although it fails.
    pub allow_failure: bool,
    /// How many attempts were made; for a fan-out, the largest number of an item.
    pub attempts: u32,
    /// How long it took, retries included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Its outputs.
    pub outputs: JsonValues,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
    /// The log of its last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// The items of a fan-out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemReport>,
}

/// An item of a fan-out.
#[derive(Clone, Debug, Serialize)]
pub struct ItemReport {
    /// How it ended.
    pub status: OpState,
    /// How many attempts were made.
    pub attempts: u32,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
    /// The log of its last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

/// A failure.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorReport {
    /// Its kind.
    pub kind: ErrorKind,
    /// For a person.
    pub message: String,
    /// The process's exit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The traceback of a `python` body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceback: Option<String>,
    /// The class of the exception of a `python` body.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
}

/// A hook, and all its firings.
#[derive(Clone, Debug, Serialize)]
pub struct HookReport {
    /// Its path.
    pub hook: String,
    /// Its events.
    pub on: Vec<Event>,
    /// What it does.
    pub verb: VerbKind,
    /// The worst outcome of its firings or decisions.
    pub outcome: HookOutcome,
    /// How many times its condition was false.
    pub not_fired: u64,
    /// An observer's firings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<HookRunReport>,
    /// A gate's decisions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateReport>,
}

/// The outcome of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookOutcome {
    /// It fired, and its component succeeded.
    Delivered,
    /// It fired, and its component failed.
    Failed,
    /// It fired, and was not delivered before the end of the run.
    Owed,
    /// It fired with a mock, and was recorded.
    Mocked,
    /// It did not fire: its condition was false.
    ConditionFalse,
    /// It did not fire: its event did not happen.
    NoEvent,
    /// Its condition or arguments could not be evaluated.
    Errored,
    /// A gate passed.
    Passed,
    /// A gate replaced values.
    Modified,
    /// A gate refused.
    Refused,
    /// A gate warned.
    Warned,
    /// A gate was not asked: one before it had refused.
    NotReached,
}

/// One firing of an observer.
#[derive(Clone, Debug, Serialize)]
pub struct HookRunReport {
    /// The op's item in a fan-out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The event, as written.
    pub trigger: Event,
    /// The op's attempt.
    pub attempt: u32,
    /// The delivery's id.
    pub key: String,
    /// Where it stands.
    pub state: HookState,
    /// How many times it was tried.
    pub tries: u32,
    /// Its arguments, without secrets.
    pub args: JsonValues,
    /// How its component failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
    /// Why it could not be evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One decision of a gate.
#[derive(Clone, Debug, Serialize)]
pub struct GateReport {
    /// The op's item in a fan-out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The event.
    pub trigger: Event,
    /// The decision.
    pub decision: Decision,
    /// Its message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
