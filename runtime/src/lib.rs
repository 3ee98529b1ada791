//! Runs a plan on this machine.
//!
//! The scheduler is a pure state machine. Around it are a journal, an executor, a clock and a listener, each with an
//! interface. It decides nothing about the language: conditions, types and hooks are the plan's.

mod clock;
mod dry_run;
mod engine;
mod executor;
mod inputs;
mod journal;
mod listener;
mod machine;
mod options;
mod placement;
mod play;
mod records;
mod report;
mod run;
mod run_folder;
mod run_id;
mod secrets;
mod signals;
mod start;
mod task;
mod test;
mod unsupported;
mod values;

#[cfg(test)]
mod tests;

pub use clock::{Clock, Moment, SystemClock, VirtualClock, Wait};
pub use dry_run::{DryConnection, DryFan, DryHook, DryOp, DryRun, DrySecret};
pub use executor::{Executor, LocalExecutor, Scenario, ScenarioError, ScriptedExecutor, ScriptedOutcome};
pub use journal::{Journal, JournalError, MemoryJournal};
pub use listener::{Progress, RunListener};
pub use options::{Environment, MissingSecret, NoContainer, Options, StartError, Unsupported};
pub use play::{PlayError, PlaySettings, play};
pub use records::{
    AgentActionRow, AttemptRow, ConditionTrace, DecisionResult, DecisionRow, HookRow, HookState, OpRow, Phase, Record,
    RunRow,
};
pub use report::{
    ErrorReport, GateReport, HookOutcome, HookReport, HookRunReport, ItemReport, OpReport, Report, Signal,
};
pub use run::{RunError, run, run_blocking, run_with};
pub use signals::{Signals, SystemSignals, TimedSignals};
pub use start::dry_run;
pub use task::{AgentAnswer, AgentRequest, ExecutorEvent, Failure, HookTask, Kill, TaskId, TaskOutcome, TaskStart};
pub use test::{Evaluated, Part, Problem, Reached, TestError, TestReport, run_test};
pub use values::{JsonValues, Values};
