//! The trace `hook.trace/v1`: JSON lines that report what happened, with the same words on every engine.
//!
//! The lists are closed: a new word is a change of this module.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::plan::{EvalError, OpState, VerbKind};
use crate::time::Timestamp;
use crate::types::Name;
use crate::words::words;

/// The version of the trace's shape.
pub const VERSION: &str = "hook.trace/v1";

/// Values by name: inputs, outputs, arguments, a tool's payload.
pub type Values = BTreeMap<Name, Json>;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TraceEvent {
    /// Its number in the run, from 0.
    pub seq: u64,
    /// When it happened; left out where times are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What happened.
    #[serde(flatten)]
    pub kind: TraceKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TraceKind {
    /// A job has begun.
    JobStarted(JobStarted),
    /// An attempt of an op has begun.
    OpStarted(OpStarted),
    /// An attempt has failed and another follows.
    OpRetrying(OpRetrying),
    /// An op waits for a person.
    OpWaiting(OpNode),
    /// An op is not final some time after it was ready.
    OpOverdue(OpNode),
    /// A gate has decided.
    Gate(Gate),
    /// An op is final.
    OpFinished(OpFinished),
    /// An observer's condition was decided.
    HookEvaluated(HookEvaluated),
    /// An observer's run has ended.
    HookFinished(HookFinished),
    /// A job has ended.
    JobFinished(JobFinished),
    /// An agent calls a tool.
    ToolStarted(AgentEvent),
    /// A tool has answered.
    ToolFinished(AgentEvent),
    /// An agent's step begins.
    StepStarted(AgentEvent),
    /// An agent's step ends.
    StepFinished(AgentEvent),
}

/// A job has begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobStarted {
    /// The job; inside another its path, as in `nightly.fit`.
    pub job: String,
    /// Its inputs.
    pub inputs: Values,
    /// What started it.
    pub trigger: Source,
}

/// An attempt of an op has begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpStarted {
    /// The op's path, as in `nightly.fit`.
    pub op: String,
    /// Its item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The attempt, from 1.
    pub attempt: u32,
    /// What it was given, after the gates.
    pub inputs: Values,
}

/// An attempt has failed and another follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpRetrying {
    /// The op's path.
    pub op: String,
    /// Its item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The attempt that failed.
    pub attempt: u32,
    /// How it failed.
    pub kind: ErrorKind,
}

/// Something about an op that is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpNode {
    /// The op's path.
    pub op: String,
    /// Its item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The attempt; 0 before the first.
    pub attempt: u32,
}

/// A gate has decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// The hook's path.
    pub hook: String,
    /// The op's item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The event, as it is written.
    pub trigger: String,
    /// The op's attempt.
    pub attempt: u32,
    /// What the gate does.
    pub verb: VerbKind,
    /// What it decided.
    pub decision: Decision,
    /// Why it errored or refused, where a kind says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AnyKind>,
}

/// An op is final.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpFinished {
    /// The op's path.
    pub op: String,
    /// Its item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The last attempt; 0 where none was made.
    pub attempt: u32,
    /// Its state.
    pub status: OpState,
    /// Its outputs, as far as there are any.
    pub outputs: Values,
    /// How it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ErrorKind>,
    /// The process's exit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The settings whose condition could not be evaluated, and why: they do not hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub undecided: BTreeMap<Name, EvalError>,
}

/// An observer's condition was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HookEvaluated {
    /// The hook's path.
    pub hook: String,
    /// The op's item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The event, as it is written.
    pub trigger: String,
    /// The op's attempt.
    pub attempt: u32,
    /// What was decided.
    pub verdict: Verdict,
    /// How its condition or arguments failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EvalError>,
}

/// An observer's run has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HookFinished {
    /// The hook's path.
    pub hook: String,
    /// The op's item in a fan-out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The event, as it is written.
    pub trigger: String,
    /// The op's attempt.
    pub attempt: u32,
    /// The delivery id.
    pub key: String,
    /// How it ended.
    pub status: HookStatus,
    /// How it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ErrorKind>,
    /// What it was given; secrets left out.
    pub args: Values,
    /// Whether it was recorded instead of being run.
    pub mocked: bool,
    /// What it answered.
    pub outputs: Values,
}

/// A job has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobFinished {
    /// The job.
    pub job: String,
    /// How it ended.
    pub status: JobStatus,
    /// The ops that failed, in the plan's order.
    pub failed_ops: Vec<String>,
}

/// Something an agent does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgentEvent {
    /// The path of the op that the agent is.
    pub agent: String,
    /// The step, from 1.
    pub step: u32,
    /// The tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<Name>,
    /// What the tool was given or has answered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub payload: Values,
}

/// How something failed: at run, or in a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AnyKind {
    /// At run.
    Error(ErrorKind),
    /// In a condition or an argument.
    Eval(EvalError),
}

words! {
    /// How an op or a hook's run fails.
    ErrorKind {
        /// Its process ended with another code than 0.
        Exit = "exit",
        /// Its process was ended by a signal.
        Signal = "signal",
        /// It took too long.
        Timeout = "timeout",
        /// Its process could not be started.
        Spawn = "spawn",
        /// An input breaks its `where`, or could not be computed.
        Input = "input",
        /// Its `when` could not be decided.
        Condition = "condition",
        /// Its outputs are not of their types.
        OutputType = "output_type",
        /// A gate refused it.
        Gate = "gate",
        /// A person refused it.
        Refused = "refused",
        /// A request failed.
        Http = "http",
        /// An agent broke the protocol.
        AgentProtocol = "agent_protocol",
        /// A secret is not to be had, or stood in an output.
        Secret = "secret",
        /// Its end is not known.
        Lost = "lost",
    }
}

words! {
    /// What a gate decided.
    Decision {
        /// The thing goes on; also when the gate's condition does not hold.
        Passed = "passed",
        /// It goes on with other values.
        Modified = "modified",
        /// It does not go on.
        Refused = "refused",
        /// It does not go on, because the gate could not decide.
        Errored = "errored",
        /// It goes on with a warning.
        Warned = "warned",
    }
}

words! {
    /// Whether an observer fires.
    Verdict {
        /// It does.
        Fired = "fired",
        /// Its condition does not hold.
        NotFired = "not_fired",
        /// Its condition or arguments failed.
        Errored = "errored",
    }
}

words! {
    /// How an observer's run ended.
    HookStatus {
        /// Well.
        Succeeded = "succeeded",
        /// Badly, after its last attempt.
        Failed = "failed",
        /// It was ended.
        Stopped = "stopped",
    }
}

words! {
    /// How a job ended.
    JobStatus {
        /// Well.
        Succeeded = "succeeded",
        /// An op failed that may not.
        Failed = "failed",
        /// It was ended.
        Stopped = "stopped",
    }
}

words! {
    /// What started a run.
    Source {
        /// A person.
        Manual = "manual",
        /// The clock.
        Schedule = "schedule",
        /// A request.
        Webhook = "webhook",
        /// A file.
        Watch = "watch",
        /// Another job.
        Job = "job",
    }
}
