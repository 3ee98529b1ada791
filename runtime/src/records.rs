//! What is recorded of a run: rows that are written new, or over the row with the same key.
//!
//! Values keep their types; a secret is recorded by its name. A record says everything that a later reader needs: the
//! report and the decisions of a test are computed from records and from the state they describe.

use hookc_plan::trace::{JobStatus, TraceEvent};
use hookc_plan::{EvalError, Event, Name, OpState, Span, Traced, Value};

use crate::clock::Moment;
use crate::values::Values;

/// One row.
#[derive(Clone, Debug)]
pub enum Record {
    /// The run of a job.
    Run(RunRow),
    /// An item of an op.
    Op(OpRow),
    /// An attempt.
    Attempt(AttemptRow),
    /// A hook that has fired.
    Hook(HookRow),
    /// A line of the trace.
    Event(TraceEvent),
    /// A decision with the values of its condition; recorded in tests.
    Decision(DecisionRow),
    /// A step or a call of an agent, after its gates; recorded in tests.
    AgentAction(AgentActionRow),
}

/// The run of a job. A job that an op calls has a row of its own.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// The run's id, or `RUN/OP`.
    pub id: String,
    /// The plan's hash.
    pub plan_hash: String,
    /// The job's key in the plan.
    pub job: Name,
    /// Its inputs.
    pub inputs: Values,
    /// How it ended.
    pub status: Option<JobStatus>,
    /// When it started.
    pub started: Option<Moment>,
    /// When it ended.
    pub finished: Option<Moment>,
}

/// An item of an op.
#[derive(Clone, Debug)]
pub struct OpRow {
    /// The op's node: `nightly.fit`.
    pub node: String,
    /// Its item in a fan-out.
    pub item: Option<u32>,
    /// How many times its job was started before.
    pub epoch: u32,
    /// Where it stands.
    pub phase: Phase,
    /// Its last attempt.
    pub attempt: u32,
    /// Its inputs, after the gates.
    pub inputs: Values,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// It has not started.
    #[default]
    Pending,
    /// It is at its start gates.
    Gating,
    /// An attempt runs.
    Running,
    /// It is at its end gates.
    Ending,
    /// It waits for the next attempt.
    Retrying,
    /// It has reached a final state.
    Final(OpState),
}

impl Phase {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Pending => "pending",
            Phase::Gating => "gating",
            Phase::Running => "running",
            Phase::Ending => "ending",
            Phase::Retrying => "retrying",
            Phase::Final(state) => state.word(),
        }
    }

    /// The final state, once it is reached.
    pub fn final_state(self) -> Option<OpState> {
        match self {
            Phase::Final(state) => Some(state),
            _ => None,
        }
    }

    /// Whether the item holds a slot.
    pub(crate) fn is_active(self) -> bool {
        matches!(self, Phase::Gating | Phase::Running | Phase::Ending)
    }

    /// Whether the item has started and not ended.
    pub(crate) fn is_open(self) -> bool {
        self.is_active() || self == Phase::Retrying
    }
}

/// An attempt of an item.
#[derive(Clone, Debug)]
pub struct AttemptRow {
    /// The op's node.
    pub node: String,
    /// Its item in a fan-out.
    pub item: Option<u32>,
    /// The attempt's number.
    pub number: u32,
    /// The process that leads its group, while it runs.
    pub pid: Option<u32>,
    /// When it started.
    pub started: Option<Moment>,
    /// The state it ended in; `None` while it runs.
    pub state: Option<OpState>,
    /// The process's exit code.
    pub exit: Option<i32>,
    /// Its outputs.
    pub outputs: Values,
    /// How it failed.
    pub error: Option<String>,
}

/// A hook that has fired. It is owed until it is delivered.
#[derive(Clone, Debug)]
pub struct HookRow {
    /// The delivery's id.
    pub id: String,
    /// The hook's path.
    pub hook: String,
    /// The op's item in a fan-out.
    pub item: Option<u32>,
    /// The event that fired it.
    pub trigger: Event,
    /// The op's attempt.
    pub attempt: u32,
    /// Where it stands.
    pub state: HookState,
    /// How many times it was tried.
    pub tries: u32,
    /// Its arguments.
    pub args: Values,
    /// How it failed.
    pub error: Option<String>,
}

/// Where an observer's firing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HookState {
    /// It waits to be delivered.
    Owed,
    /// Its component runs.
    Running,
    /// Its component succeeded.
    Delivered,
    /// Its component failed, and there is no further try.
    Failed,
    /// Its condition or an argument could not be evaluated.
    Errored,
    /// It used a mock, and was recorded instead of delivered.
    Mocked,
}

/// A decision of a hook, or of an op's `when`.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// The op; `None`: the job.
    pub op: Option<Name>,
    /// The op's item in a fan-out.
    pub item: Option<u32>,
    /// The hook and its event; `None`: the op's `when`.
    pub hook: Option<(Name, Event)>,
    /// What was decided.
    pub result: DecisionResult,
    /// The condition that decided it, if there is one.
    pub condition: Option<ConditionTrace>,
}

/// What was decided.
#[derive(Clone, Debug)]
pub enum DecisionResult {
    /// The condition is true: the op runs, or the hook runs with these arguments or gives this message.
    True(Values, Option<String>),
    /// The condition is false.
    False,
    /// It could not be decided, and why.
    Errored(String),
}

/// The evaluation of a condition: its value, and the value of each of its parts.
#[derive(Clone, Debug)]
pub struct ConditionTrace {
    /// The condition as it is written.
    pub source: String,
    /// Where it is written; for a named condition, where it is used.
    pub span: Span,
    /// Its value.
    pub value: Result<Value, EvalError>,
    /// The values of its parts, in the order of evaluation.
    pub parts: Traced,
}

/// A step or a call of an agent, or one that a gate refused.
#[derive(Clone, Debug)]
pub struct AgentActionRow {
    /// The agent's op.
    pub op: Name,
    /// The op's item in a fan-out.
    pub item: Option<u32>,
    /// Its event.
    pub on: Event,
    /// The tool: a key of the plan's components.
    pub tool: Option<Name>,
    /// The tool's inputs at `tool_start`, its outputs at `tool_end`; after the gates.
    pub values: Values,
    /// Whether a gate has changed them.
    pub modified: bool,
    /// The message of the gate that refused it.
    pub refused: Option<String>,
}
