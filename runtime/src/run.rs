//! Runs a job with processes and requests.

use std::future::poll_fn;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_plan::Plan;

use crate::clock::{Clock as _, SystemClock};
use crate::engine::{self, Interfaces};
use crate::executor::{Executor, LocalExecutor};
use crate::journal::{JournalError, MemoryJournal};
use crate::listener::{EventsFile, RunListener};
use crate::options::{Options, StartError};
use crate::report::{Report, Signal};
use crate::run_id::new_run_id;
use crate::signals::{Signals, SystemSignals};
use crate::start;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The run did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A signal came before anything was started.
    #[error("stopped before anything started")]
    Stopped(Signal),
    /// The run was ended early: what happened could not be recorded.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system did not provide what every run needs.
    #[error("cannot start the run: {0}")]
    System(#[from] io::Error),
}

impl RunError {
    /// The exit code of `hookc run`.
    pub fn exit_code(&self) -> u8 {
        match self {
            RunError::Start(_) => 2,
            RunError::Stopped(signal) => signal.exit_code(),
            RunError::Journal(_) | RunError::System(_) => 3,
        }
    }
}

/// Runs a job of the plan to its end, stopped by Ctrl-C. The caller needs no tokio runtime.
///
/// # Errors
/// When the job does not start, or what happens cannot be recorded.
pub fn run_blocking(plan: Arc<Plan>, options: &Options, listener: &mut dyn RunListener) -> Result<Report, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        let mut signals = SystemSignals::listen()?;
        run(plan, options, listener, &mut signals).await
    });
    // A request that was abandoned may still wait for its answer.
    runtime.shutdown_background();
    report
}

/// Runs a job of the plan to its end, inside a tokio runtime.
///
/// # Errors
/// When the job does not start, or what happens cannot be recorded.
pub async fn run(
    plan: Arc<Plan>,
    options: &Options,
    listener: &mut dyn RunListener,
    signals: &mut dyn Signals,
) -> Result<Report, RunError> {
    let clock = SystemClock::new();
    let run = new_run_id(clock.now());
    let root = absolute(&options.root)?;
    let (machine, folder) = start::machine(&plan, options, &root, &run)?;
    // A provider may be slow; a run that is stopped does not wait for it.
    let secrets = tokio::select! {
        secrets = start::fetched_secrets(&plan, options, &root) => secrets?,
        signal = poll_fn(|context| signals.poll(clock.now(), context)) => return Err(RunError::Stopped(signal)),
    };
    let not_created = |error: io::Error| folder_error(folder.path(), &error);
    folder.create().map_err(not_created)?;
    let events = EventsFile::create(&folder.path().join("events.jsonl")).map_err(not_created)?;
    let notes = start::placement_notes(&plan, options);
    let mut executor = LocalExecutor::new(plan, run, folder, secrets, options);
    notes.into_iter().for_each(|note| executor.warn(note));
    let outside = Interfaces {
        journal: &mut MemoryJournal::new(),
        executor: &mut executor,
        clock: &clock,
        signals,
        listener,
        events: Some(events),
    };
    let mut report = engine::drive(machine, outside).await?;
    report.keep_logs(|log| Path::new(log).exists());
    Ok(report)
}

/// Runs a job of the plan with the caller's executor, inside a tokio runtime. Nothing is written to the disk.
///
/// # Errors
/// When the job does not start.
pub async fn run_with(
    plan: Arc<Plan>,
    options: &Options,
    executor: &mut dyn Executor,
    listener: &mut dyn RunListener,
    signals: &mut dyn Signals,
) -> Result<Report, RunError> {
    let clock = SystemClock::new();
    let run = new_run_id(clock.now());
    let (machine, _) = start::machine(&plan, options, &absolute(&options.root)?, &run)?;
    let journal = &mut MemoryJournal::new();
    let outside = Interfaces { journal, executor, clock: &clock, signals, listener, events: None };
    Ok(engine::drive(machine, outside).await?)
}

fn absolute(root: &Path) -> Result<PathBuf, StartError> {
    std::path::absolute(root).map_err(|error| folder_error(root, &error))
}

fn folder_error(path: &Path, error: &io::Error) -> StartError {
    StartError::Folder { path: path.display().to_string(), why: error.to_string() }
}
