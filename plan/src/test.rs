//! Tests of jobs, ready to run: what is given and what is expected, with every name resolved and every type checked.
//!
//! A test is not part of a plan: it accompanies the plan of its job. Values are typed expressions that read nothing.
//! Whether the given things happen is checked by the code that runs the test.

use serde::{Deserialize, Serialize};

use crate::plan::Arg;
use crate::trace::Source;
use crate::types::{Name, Span};
use crate::words::words;

/// A `test` block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Its title.
    pub title: String,
    /// The job: a key of [`crate::Plan::jobs`].
    pub job: Name,
    /// Every input once, defaults written out.
    pub inputs: Vec<Arg>,
    /// The profile that is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Name>,
    /// What started the run.
    pub source: Source,
    /// What is given, in written order.
    pub given: Vec<Given>,
    /// What is expected, in written order.
    pub expect: Vec<Expect>,
    /// The whole item.
    pub span: Span,
}

/// The subject of a line of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// `job`
    Job,
    /// `previous`
    Previous,
    /// `fit`, `sweep[2]`
    Op {
        /// The op.
        op: Name,
        /// The item of its fan-out; none: every one.
        item: Option<u32>,
    },
    /// `fit.page`, `sweep[2].page`, `page`
    Hook {
        /// The op that it watches; none: the job.
        op: Option<Name>,
        /// The item of the op's fan-out; none: every one.
        item: Option<u32>,
        /// The hook.
        hook: Name,
    },
}

/// `tool_start(bash)`, `step_end`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentEvent {
    /// `tool_start`, `tool_end`, `step_start` or `step_end`.
    pub event: crate::plan::Event,
    /// The tool: a key of [`crate::Plan::components`]. None: that of any call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<Name>,
}

words! {
    /// How a given subject ends.
    GivenState {
        /// Well.
        Succeeded = "succeeded",
        /// Badly.
        Failed = "failed",
        /// A person stops the run while it goes on.
        Stopped = "stopped",
        /// It does not have to run.
        Skipped = "skipped",
    }
}

/// `given …`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Its subject.
    pub subject: Subject,
    /// How many attempts fail before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrying: Option<u32>,
    /// What the agent does; the lines of an op, in their order, are what it does in an attempt that ends as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<AgentEvent>,
    /// How it ends; none for what an agent does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<GivenState>,
    /// Of a failure: `kind`, `message`, `exit_code`, `traceback`, `type`, as far as they are written.
    pub error: Vec<Arg>,
    /// The outputs; of a call its payload, of an answer the tool's outputs, of a step `number` and `text`.
    pub values: Vec<Arg>,
    /// The whole line.
    pub span: Span,
}

words! {
    /// What can be expected.
    Outcome {
        /// A hook fired.
        Ran = "ran",
        /// A hook could not be decided.
        Errored = "errored",
        /// A gate refused it.
        Refused = "refused",
        /// A gate changed its values.
        Modified = "modified",
        /// It ended well.
        Succeeded = "succeeded",
        /// It ended badly.
        Failed = "failed",
        /// It was ended.
        Stopped = "stopped",
        /// It did not have to run.
        Skipped = "skipped",
        /// It could not run.
        UpstreamFailed = "upstream_failed",
        /// It never started.
        Pending = "pending",
    }
}

/// `expect …`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Its subject.
    pub subject: Subject,
    /// The event of an agent that is its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<AgentEvent>,
    /// Whether the outcome must not be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
    /// The outcome.
    pub outcome: Outcome,
    /// The message with the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<crate::Expr>,
    /// Values that it must have.
    pub args: Vec<Arg>,
    /// The whole line.
    pub span: Span,
}
