//! The plan itself: everything resolved, in the shape of `hook.plan/v1`.
//!
//! Maps are sorted by key, lists keep the order that has a meaning (ops: dependency order, then source order).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Spread};
use crate::path::{Path, words};
use crate::types::{Field, Name, Span, Type, TypeDef};

/// The version of the plan's shape.
pub const VERSION: &str = "hook.plan/v1";

/// A whole plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`VERSION`].
    pub plan: String,
    /// SHA-256 (hex) of the canonical JSON without positions and documentation: see [`Plan::content_hash`].
    pub hash: String,
    /// The project's name.
    pub project: String,
    /// The profile it was compiled for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Name>,
    /// Whether the profile lets `http` reach private addresses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_private: bool,
    /// The source files, by id.
    pub sources: Vec<Source>,
    /// The enums and records that are used.
    pub types: BTreeMap<Name, TypeDef>,
    /// The components and agents that are used.
    pub components: BTreeMap<Name, Component>,
    /// The connections that are used.
    pub connections: BTreeMap<Name, Connection>,
    /// The secrets that are used, by name.
    pub secrets: Vec<Secret>,
    /// The jobs: the ones asked for and those they call.
    pub jobs: BTreeMap<Name, Job>,
    /// Every feature that an engine must know, one row for each place.
    pub uses: Vec<Use>,
}

/// A source file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The first number of spans.
    pub id: u32,
    /// Its path from the project's root, with `/`; `std/…` for the built-in library.
    pub path: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

words! {
    /// The two kinds of component.
    ComponentKind {
        /// Runs once and answers.
        Component = "component",
        /// Lives in steps and calls tools.
        Agent = "agent",
    }
}

words! {
    /// Where an `exec` or `shell` body leaves its outputs.
    OutputsFrom {
        /// In the file `$HOOK_OUTPUTS`.
        File = "file",
        /// In the last line of its standard output that is not blank.
        Stdout = "stdout",
    }
}

/// A component or an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Which of the two.
    pub kind: ComponentKind,
    /// Its inputs in written order.
    pub inputs: Vec<Field>,
    /// Its outputs in written order.
    pub outputs: Vec<Field>,
    /// One body for each place it can run; none for a tool that the agent runs itself.
    pub bodies: Vec<Body>,
    /// The container image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Expr>,
    /// Variables of the process. The one place, with `http` and `python`, where a secret may be read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<Name, Expr>,
    /// The working folder, from the project's root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<Expr>,
    /// Where its outputs are read.
    pub outputs_from: OutputsFrom,
    /// An agent's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Expr>,
    /// An agent's prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Expr>,
    /// An agent's tools: keys of [`Plan::components`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Name>,
    /// Its documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// What a component does. Expressions read `inputs.X`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A program and its arguments; no shell in between.
    Exec(Vec<ExecItem>),
    /// A script for `/bin/sh -e`, as it is written.
    Shell(String),
    /// A Python function.
    Python(Python),
    /// A request.
    Http(Box<Http>),
    /// A person answers; the question.
    Ask(Expr),
    /// What only one engine has.
    External(External),
}

/// One or more arguments of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ExecItem {
    /// As many arguments as the list has items.
    Spread(Spread),
    /// One argument: a string.
    One(Expr),
}

/// `python "module:function"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Python {
    /// The module.
    pub module: String,
    /// The function in it.
    pub function: String,
}

/// `external polyaxon "acme/slack:1.2"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// The engine.
    pub engine: Name,
    /// The engine's own reference.
    #[serde(rename = "ref")]
    pub target: String,
}

/// `http METHOD url { … }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// `GET`, `POST`, …
    pub method: String,
    /// The address; may read secrets.
    pub url: Expr,
    /// The headers; may read secrets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<Name, Expr>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Expr>,
    /// The secret that signs the request (Standard Webhooks 1.0.0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Expr>,
    /// The answers that are a success.
    pub accept: Accept,
}

/// A range of HTTP status codes, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accept(pub u32, pub u32);

/// A connection as the profile binds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Its record type.
    #[serde(rename = "type")]
    pub ty: Name,
    /// Its value.
    pub value: ConnectionValue,
}

/// The value of a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionValue {
    /// Its fields.
    Fields(BTreeMap<Name, FieldValue>),
    /// A component that is given it is recorded, not run.
    Mock(Mock),
}

/// What components answer that are given a mock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mock {
    /// The outputs by component and name; a component that is not named answers null for each.
    pub outputs: BTreeMap<Name, BTreeMap<Name, Expr>>,
    /// The plain fields of its declared value, for tests.
    pub fields: BTreeMap<Name, FieldValue>,
}

/// One field of a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// A constant.
    Const(Expr),
    /// A secret, by name.
    Secret(Name),
}

/// A secret: its name and where it comes from, never its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its name.
    pub name: Name,
    /// Where it comes from.
    pub provider: Provider,
    /// The plan's paths that read it, sorted.
    pub used_by: Vec<String>,
}

/// Where secrets come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The environment variable of its name.
    Env,
    /// A file of `NAME=value` lines.
    File(String),
    /// A command; the name is appended, its standard output is the value.
    Exec(Vec<String>),
}

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
    /// A key of [`Plan::components`].
    Component(Name),
    /// A key of [`Plan::jobs`].
    Job(Name),
}

/// An op of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// How long a result may be used again, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_ms: Option<u64>,
    /// The time of one attempt, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Whether its failure leaves the job well.
    pub allow_failure: bool,
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
    /// The op behind the edge may start when `op` ended in one of these.
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
    /// Of `run`, `modify` and `require`: a key of [`Plan::components`].
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
    /// Further attempts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retry: Vec<Retry>,
    /// The time of one attempt, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// Where it runs.
    #[serde(default, skip_serializing_if = "Placement::is_empty")]
    pub placement: Placement,
}

/// What starts a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Its name.
    pub name: Name,
    /// What it waits for.
    pub kind: TriggerKind,
    /// Whether it starts the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Cond>,
    /// The job's inputs, defaults written out.
    pub args: Vec<Arg>,
    /// Where it is declared.
    pub span: Span,
}

/// The kinds of trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    /// At times.
    Schedule(Schedule),
    /// On a request.
    Webhook(Webhook),
    /// When another job has ended.
    After(AfterJob),
    /// When a file appears or changes.
    Watch(Watch),
}

/// `schedule("0 2 * * *", timezone: "Europe/Berlin")`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Five fields of cron.
    pub cron: String,
    /// An IANA name.
    pub timezone: String,
}

/// `webhook("/path", body: Record, secret: secret("…"))`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The path of the address.
    pub path: String,
    /// The record that the body must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Name>,
    /// The secret that signs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Name>,
}

/// `after(JOB, succeeded)`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterJob {
    /// The job.
    pub job: Name,
    /// The states it may have ended in.
    pub states: Vec<OpState>,
}

/// `watch("data/*.csv")`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The pattern, from the project's root.
    pub glob: String,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cond {
    /// What it says: a bool.
    pub expr: Expr,
    /// As it is written.
    pub source: String,
    /// What it reads, sorted.
    pub reads: Vec<Read>,
    /// How it can fail, sorted.
    pub may_fail: Vec<EvalError>,
    /// The most steps it can take.
    pub cost: u64,
}

/// A read of a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// What is read.
    pub path: Path,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether it is there for certain.
    pub certain: bool,
}

words! {
    /// How an evaluation fails.
    EvalError {
        /// An integer, duration or timestamp left its range.
        Overflow = "overflow",
        /// Division by zero.
        DivisionByZero = "division_by_zero",
        /// A list has no such item.
        Index = "index",
        /// A map has no such key.
        Key = "key",
        /// An argument is out of its range.
        Range = "range",
        /// A float that is not finite would leave the expression.
        NotFinite = "not_finite",
        /// Text that does not read as the type.
        Parse = "parse",
        /// Too many steps.
        Cost = "cost",
    }
}

/// A feature that an engine must know, and where it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// The feature's name, as in `body.exec` or `op.retry`.
    pub feature: String,
    /// The plan's path, as in `nightly.fit`.
    pub at: String,
    /// Where it is written.
    pub span: Span,
}
