//! Runs a job with scripted outcomes under a virtual clock: nothing is executed, nothing is written.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::Plan;

use crate::clock::{Moment, VirtualClock};
use crate::engine::{self, Interfaces};
use crate::executor::{Scenario, ScenarioError, ScriptedExecutor};
use crate::journal::{Journal, JournalError};
use crate::listener::RunListener;
use crate::options::{Options, StartError};
use crate::report::{Report, Signal};
use crate::signals::TimedSignals;
use crate::start;

/// What is played.
pub struct PlaySettings<'a> {
    /// The id of the run.
    pub run: &'a str,
    /// When it starts.
    pub start: Moment,
    /// How attempts and hooks end.
    pub scenario: Scenario,
    /// When it is asked to stop, counted from its start.
    pub signals: Vec<(Duration, Signal)>,
    /// Where it is recorded.
    pub journal: &'a mut dyn Journal,
}

/// Why nothing was played.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The run did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The scenario does not fit the plan.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system did not provide what every run needs.
    #[error("cannot start the run: {0}")]
    System(#[from] std::io::Error),
}

/// Runs a job of the plan with the outcomes of a scenario.
///
/// # Errors
/// When the job does not start, or the scenario does not fit.
pub fn play(
    plan: Arc<Plan>,
    options: &Options,
    settings: PlaySettings<'_>,
    listener: &mut dyn RunListener,
) -> Result<Report, PlayError> {
    let (machine, _) = start::machine(&plan, options, &options.root, settings.run)?;
    let clock = VirtualClock::new(settings.start);
    let mut executor = ScriptedExecutor::new(plan, settings.scenario, clock.clone())?;
    let mut signals = TimedSignals::new(settings.start, settings.signals);
    let outside = Interfaces {
        journal: settings.journal,
        executor: &mut executor,
        clock: &clock,
        signals: &mut signals,
        listener,
        events: None,
    };
    // Nothing waits for the outside, so the simplest runtime is enough.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(engine::drive(machine, outside))?)
}
