//! Hooks: what they watch, what they do, in which order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::Expr;
use crate::plan::{Arg, Cond, Placement, Retry};
use crate::types::{Name, Span};
use crate::words::words;

words! {
    /// The events, as written after `on`. `done` is the five final states.
    Event {
        /// Before the first attempt.
        Start = "start",
        /// The outputs are known, the final state is not.
        End = "end",
        /// Ended well.
        Succeeded = "succeeded",
        /// Ended badly, after the last attempt.
        Failed = "failed",
        /// Was ended.
        Stopped = "stopped",
        /// Did not have to run.
        Skipped = "skipped",
        /// Could not run.
        UpstreamFailed = "upstream_failed",
        /// Any final state.
        Done = "done",
        /// An attempt failed and another follows.
        Retrying = "retrying",
        /// A person is asked.
        Waiting = "waiting",
        /// Not final some time after it was ready.
        Overdue = "overdue",
        /// An agent's step begins.
        StepStart = "step_start",
        /// An agent's step ends.
        StepEnd = "step_end",
        /// An agent calls a tool.
        ToolStart = "tool_start",
        /// A tool has answered.
        ToolEnd = "tool_end",
    }
}

/// One event of a hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventOn {
    /// The event.
    pub event: Event,
    /// Of `overdue`: the time, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<u64>,
    /// Of `tool_start` and `tool_end`: the tools; empty: every tool.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Name>,
}

words! {
    /// What a hook does.
    VerbKind {
        /// Observes.
        Run = "run",
        /// A gate that replaces inputs or outputs.
        Modify = "modify",
        /// A gate that asks a component.
        Require = "require",
        /// A gate that refuses.
        Fail = "fail",
        /// A gate that lets pass and records.
        Warn = "warn",
    }
}

words! {
    /// Where a hook was attached.
    From {
        /// In the op's block.
        Own = "own",
        /// In `each op` or `each job`.
        Each = "each",
        /// By `use`.
        Use = "use",
        /// In the job's block.
        Job = "job",
    }
}

/// A hook on one op or job, fully resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// Its name.
    pub name: Name,
    /// `JOB.OP.NAME`, or `JOB.NAME` for a job's.
    pub path: String,
    /// The events it fires on; once for each state, under the first that fits.
    pub on: Vec<EventOn>,
    /// What it does.
    pub verb: VerbKind,
    /// Whether it does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Cond>,
    /// Of `run`, `modify` and `require`: a key of [`crate::Plan::components`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<Name>,
    /// Of the same: every input once, defaults written out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Arg>,
    /// Of `fail` and `warn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Expr>,
    /// The settings of its own run.
    pub settings: HookSettings,
    /// Its place in the firing order of its op or job, from 0; gates first.
    pub order: u32,
    /// Where it was attached.
    pub from: From,
    /// Where it is written.
    pub span: Span,
    /// Where it was attached: the `use`, or the hook itself.
    pub attached: Span,
}

/// The settings of a hook's run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookSettings {
    /// Further tries, as they are written. Without lines, a request of an observer that gets no answer, or one of 408,
    /// 425, 429 and 5xx, is tried up to 3 times more, and nothing else is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retry: Vec<Retry>,
    /// The time of one attempt, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Where it runs.
    #[serde(default, skip_serializing_if = "Placement::is_empty")]
    pub placement: Placement,
}
