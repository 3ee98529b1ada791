//! Runs a plan on this machine.
//!
//! The scheduler is a pure state machine; around it stand a journal, an executor, a clock and whoever listens, each
//! behind an interface. It decides nothing about the language: conditions, types and hooks are the plan's.

mod clock;
mod dry_run;
mod engine;
mod executor;
mod inputs;
mod journal;
mod listener;
mod machine;
mod options;
mod report;
mod run_id;
mod secrets;
mod signals;
mod test;
mod unsupported;
mod values;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_plan::{Name, Plan};

pub use clock::{Clock, Moment, SystemClock, VirtualClock, Wait};
pub use dry_run::{DryFan, DryHook, DryOp, DryRun};
pub use executor::{
    Executor, Failure, HookTask, Kill, Line, LocalExecutor, Message, Scenario, ScenarioError, ScriptedExecutor, Start,
    TaskId, TaskOutcome, Values,
};
pub use journal::{AttemptRow, HookRecord, Journal, JournalError, JsonValues, MemoryJournal, OpRow, Record, RunRow};
pub use listener::{Progress, RunListener};
pub use options::{Environment, Options, StartError, Unsupported};
pub use report::{
    ErrorReport, GateReport, HookOutcome, HookReport, HookRunReport, HookState, ItemReport, OpReport, Report, Signal,
};
pub use signals::{Signals, System, TimedSignals};
pub use test::{Evaluated, Part, Problem, Reached, TestError, TestReport, run_test};

use engine::Parts;
use executor::RunFolder;
use listener::EventsFile;
use machine::{Machine, Settings};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The run did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The run was given up: what happened could not be recorded.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system did not give what every run needs.
    #[error("the run cannot be started: {0}")]
    System(#[from] std::io::Error),
}

impl RunError {
    /// The exit code of `hookc run`.
    pub fn exit_code(&self) -> u8 {
        match self {
            RunError::Start(_) => 2,
            RunError::Journal(_) | RunError::System(_) => 3,
        }
    }
}

/// Runs a job of the plan to its end, stopped by Ctrl-C; needs no runtime around it.
///
/// # Errors
/// When it does not start, or what happens cannot be recorded.
pub fn run_blocking(plan: Arc<Plan>, options: &Options, listener: &mut dyn RunListener) -> Result<Report, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        let mut signals = System::listen()?;
        run(plan, options, listener, &mut signals).await
    });
    // A request that was given up may still wait for its answer.
    runtime.shutdown_background();
    report
}

/// Runs a job of the plan to its end, inside a tokio runtime.
///
/// # Errors
/// When it does not start, or what happens cannot be recorded.
pub async fn run(
    plan: Arc<Plan>,
    options: &Options,
    listener: &mut dyn RunListener,
    signals: &mut dyn Signals,
) -> Result<Report, RunError> {
    let clock = SystemClock::new();
    let run = run_id::run_id(clock.now());
    let root = absolute(&options.root)?;
    let (machine, folder) = machine(&plan, options, &root, &run)?;
    folder.create().map_err(|error| folder_error(&folder, &error))?;
    let events =
        EventsFile::create(&folder.run().join("events.jsonl")).map_err(|error| folder_error(&folder, &error))?;
    let mut executor = LocalExecutor::new(plan, run, folder, options);
    let parts = Parts {
        journal: &mut MemoryJournal::new(),
        executor: &mut executor,
        clock: &clock,
        signals,
        listener,
        events: Some(events),
    };
    Ok(engine::drive(machine, parts).await?)
}

/// Plays a job of the plan with given outcomes under a virtual clock: nothing is executed, nothing is written.
///
/// # Errors
/// When it does not start, or the scenario does not fit.
pub fn play(
    plan: Arc<Plan>,
    options: &Options,
    script: Script<'_>,
    listener: &mut dyn RunListener,
) -> Result<Report, PlayError> {
    let (machine, _) = machine(&plan, options, &options.root, script.run)?;
    let clock = VirtualClock::new(script.start);
    let mut executor = ScriptedExecutor::new(plan, script.scenario, clock.clone())?;
    let mut signals = TimedSignals::new(script.start, script.signals);
    let parts = Parts {
        journal: script.journal,
        executor: &mut executor,
        clock: &clock,
        signals: &mut signals,
        listener,
        events: None,
    };
    // Nothing of it waits for the outside, so the simplest runtime drives it.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(engine::drive(machine, parts))?)
}

/// What is played.
pub struct Script<'a> {
    /// The id of the run.
    pub run: &'a str,
    /// When it begins.
    pub start: Moment,
    /// How attempts and hooks end.
    pub scenario: Scenario,
    /// When it is asked to stop, from its begin.
    pub signals: Vec<(std::time::Duration, Signal)>,
    /// Where it is recorded.
    pub journal: &'a mut dyn Journal,
}

/// Why nothing was played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The run did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The scenario is none of this plan.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system did not give what every run needs.
    #[error("the run cannot be played: {0}")]
    System(#[from] std::io::Error),
}

/// What a run would do.
///
/// # Errors
/// As a run that does not start.
pub fn dry_run(plan: &Arc<Plan>, options: &Options) -> Result<DryRun, StartError> {
    let (_, job) = inputs::job(plan, options.job.as_ref())?;
    machine(plan, options, &options.root, "dry")?;
    let values = inputs::read(plan, job, &options.inputs)?;
    Ok(dry_run::dry_run(plan, job, &values))
}

/// The job's inputs and constructs checked: a machine that may begin.
fn machine(plan: &Arc<Plan>, options: &Options, root: &Path, run: &str) -> Result<(Machine, RunFolder), StartError> {
    let (key, job) = inputs::job(plan, options.job.as_ref())?;
    let key: Name = key.clone();
    let unsupported = unsupported::unsupported(plan, &key);
    if !unsupported.is_empty() {
        return Err(StartError::Unsupported(unsupported));
    }
    let values = inputs::read(plan, job, &options.inputs)?;
    let settings = Settings { run: run.to_owned(), source: options.source, slots: options.jobs.max(1), test: None };
    let folder = RunFolder::new(root, run);
    let machine = Machine::new(Arc::clone(plan), &key, values.clone(), settings, folder.clone());
    match machine.broken_input(&job.inputs, &values) {
        Some(broken) => Err(StartError::Inputs(vec![format!("the input {broken}")])),
        None => Ok((machine, folder)),
    }
}

fn absolute(root: &Path) -> Result<PathBuf, StartError> {
    std::path::absolute(root)
        .map_err(|error| StartError::Folder { path: root.display().to_string(), why: error.to_string() })
}

fn folder_error(folder: &RunFolder, error: &std::io::Error) -> StartError {
    StartError::Folder { path: folder.run().display().to_string(), why: error.to_string() }
}
