//! Jobs and their ops: what runs, after what, how often, where.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::Expr;
use crate::plan::{Cond, Event, EventOn, Hook, Trigger, VerbKind};
use crate::types::{Field, Name, Span, Type};
use crate::words::words;

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Its name.
    pub name: Name,
    /// Its inputs in written order.
    pub inputs: Vec<Field>,
    /// Its outputs.
    pub outputs: Vec<Arg>,
    /// How many runs at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Concurrency>,
    /// Whether the first failure that is the job's ends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fail_fast: bool,
    /// Its ops: dependency order, then source order.
    pub ops: Vec<Op>,
    /// Its own hooks.
    pub hooks: Vec<Hook>,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// Whether an engine's own failure handling is enough.
    pub shape: Shape,
    /// Its documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

words! {
    /// Whether an engine's own failure handling is enough for a job.
    Shape {
        /// It is.
        Plain = "plain",
        /// Each step must end well and report how it went.
        Observed = "observed",
    }
}

impl Shape {
    /// The shape of a job with these ops.
    pub fn of(ops: &[Op]) -> Shape {
        if ops.iter().any(Op::is_observed) { Shape::Observed } else { Shape::Plain }
    }
}

/// How many runs of a job at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concurrency {
    /// The number.
    pub max: u32,
    /// What happens to one more.
    #[serde(rename = "else")]
    pub otherwise: Else,
}

words! {
    /// What happens to a run above the number.
    Else {
        /// It waits.
        Wait = "wait",
        /// It is dropped.
        Skip = "skip",
        /// The oldest is stopped.
        Stop = "stop",
    }
}

/// A named value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arg {
    /// The name.
    pub name: Name,
    /// The value.
    pub value: Expr,
}

/// What an op runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Runs {
    /// A key of [`crate::Plan::components`].
    Component(Name),
    /// A key of [`crate::Plan::jobs`].
    Job(Name),
}

impl Default for Runs {
    fn default() -> Runs {
        Runs::Component(Name::default())
    }
}

/// An op of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Op {
    /// Its name.
    pub name: Name,
    /// What it runs.
    pub runs: Runs,
    /// Every input once, defaults written out.
    pub args: Vec<Arg>,
    /// Whether it runs at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Cond>,
    /// What it waits for, sorted by op.
    pub edges: Vec<Edge>,
    /// The fan-out, the last varying fastest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<Fan>,
    /// How many items at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Its outputs as others read them: lists after a fan-out, optional where it may not succeed (`allow failure`).
    pub outputs: Vec<Field>,
    /// Further attempts: the first line that fits. Empty: none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retry: Vec<Retry>,
    /// For which failures it ends as skipped. Decided once no other attempt follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_when: Option<Cond>,
    /// How long a result may be used again, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_ms: Option<u64>,
    /// The time of one attempt, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Whether its failure leaves the job well.
    pub allow_failure: bool,
    /// Which failures leave the job well. Decided after [`Op::skip_when`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_failure_when: Option<Cond>,
    /// Whether the first failure of an item that is the job's ends the fan-out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fail_fast: bool,
    /// Whether a lost attempt is a failure instead of being repeated.
    pub at_most_once: bool,
    /// Where it runs.
    #[serde(default, skip_serializing_if = "Placement::is_empty")]
    pub placement: Placement,
    /// Its hooks in firing order, gates first.
    pub hooks: Vec<Hook>,
    /// Its documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

impl Op {
    /// Whether there are failures of it that leave the job well.
    pub fn allows_failure(&self) -> bool {
        self.allow_failure || self.allow_failure_when.is_some()
    }

    /// Whether it asks for more than an engine's own failure handling.
    fn is_observed(&self) -> bool {
        let plain_event = |on: &EventOn| matches!(on.event, Event::Succeeded | Event::Failed);
        self.when.is_some()
            || self.skip_when.is_some()
            || self.allow_failure
            || self.allow_failure_when.is_some()
            || self.edges.iter().any(|edge| edge.states != [OpState::Succeeded])
            || self.hooks.iter().any(|hook| hook.verb != VerbKind::Run || !hook.on.iter().all(plain_event))
    }

    /// Calls `f` with every expression of the op itself, without its hooks.
    pub(crate) fn expressions<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        let retried = self.retry.iter().flat_map(|retry| &retry.when);
        let conditions = self.when.iter().chain(retried).chain(&self.skip_when).chain(&self.allow_failure_when);
        conditions.for_each(|cond| f(&cond.expr));
        self.each.iter().for_each(|fan| f(&fan.over));
        self.args.iter().for_each(|arg| f(&arg.value));
    }
}

/// One variable of a fan-out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fan {
    /// The variable: `local` in arguments.
    pub var: Name,
    /// The list.
    pub over: Expr,
    /// The type of an item.
    #[serde(rename = "type")]
    pub ty: Type,
}

words! {
    /// The states of an op that others see. All but `pending` are final.
    OpState {
        /// Ended well.
        Succeeded = "succeeded",
        /// Ended badly.
        Failed = "failed",
        /// Was ended.
        Stopped = "stopped",
        /// Did not have to run.
        Skipped = "skipped",
        /// Could not run: what it needs failed.
        UpstreamFailed = "upstream_failed",
        /// Has not ended.
        Pending = "pending",
    }
}

/// A dependency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// The op that is waited for.
    pub op: Name,
    /// The op after the edge may start when `op` ended in one of these.
    pub states: Vec<OpState>,
    /// The outputs it reads (or its status: none).
    pub reads: Vec<Name>,
    /// Whether its reads have the declared types: the op's success is a need.
    pub certain: bool,
    /// Whether an `after` names it.
    pub written: bool,
    /// Edges of one number are alternatives: one must hold, the others are waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any: Option<u32>,
}

/// One `retry` line, of an op or a hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// How many further attempts.
    pub times: u32,
    /// For which failures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Cond>,
    /// The first delay, in milliseconds; it doubles.
    pub delay_ms: u64,
    /// The longest delay, in milliseconds.
    pub max_ms: u64,
}

/// Where an op runs. Hints: they never change its result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The engine's presets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presets: Vec<String>,
    /// Cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<f64>,
    /// Memory, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// GPUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<u32>,
}

impl Placement {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Placement::default()
    }
}
