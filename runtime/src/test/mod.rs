//! Runs `test` blocks: the same scheduler as in a run, with given outcomes instead of bodies.
//!
//! Nothing is executed and no time passes: everything happens at 2000-01-01T00:00:00Z, a retry waits for nothing, and only
//! what is given ends. Conditions, arguments and hooks are decided as in any run. The checker has checked the test; lines
//! about things that did not happen are reported here.

mod agent_script;
mod completed_run;
mod constants;
mod executor;
mod expect;
mod given;
mod report;

use std::path::Path;
use std::sync::Arc;

use hookc_plan::test::Test;
use hookc_plan::{Job, Name, Plan};

pub use report::{Evaluated, Part, Problem, Reached, TestReport};

use crate::clock::{Moment, VirtualClock};
use crate::engine::{self, Interfaces};
use crate::journal::{JournalError, MemoryJournal};
use crate::machine::{Machine, Settings};
use crate::run_folder::RunFolder;
use completed_run::CompletedRun;
use executor::{TestExecutor, TestSignals};
use given::Given;

/// 2000-01-01T00:00:00Z
const AT: Moment = Moment(946_684_800_000_000_000);
/// `job.id`
const RUN: &str = "test";

/// Why a test could not be run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The plan has no such job.
    #[error("the plan has no job `{0}`")]
    NoSuchJob(Name),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system did not provide what every run needs.
    #[error("cannot run the test: {0}")]
    System(#[from] std::io::Error),
}

/// Runs a test and compares what happens with what it expects.
///
/// # Errors
/// When the test does not belong to the plan, or cannot be run at all.
pub fn run_test(plan: &Arc<Plan>, test: &Test) -> Result<TestReport, TestError> {
    let Some(job) = plan.jobs.get(&test.job) else {
        return Err(TestError::NoSuchJob(test.job.clone()));
    };
    let given = match given::read(plan, test) {
        Ok(given) => given,
        Err(problems) => return Ok(TestReport::not_started(problems)),
    };
    let machine = machine(plan, test, &given);
    if let Some(violation) = machine.input_violation(&job.inputs, &given.inputs) {
        let problem = Problem::new(test.span, format!("the input {violation}"));
        return Ok(TestReport::not_started(vec![problem]));
    }
    play(plan, job, test, &given, machine)
}

fn machine(plan: &Arc<Plan>, test: &Test, given: &Given) -> Machine {
    let settings = Settings {
        run: RUN.to_owned(),
        source: test.source,
        project: "project".to_owned(),
        slots: usize::MAX,
        queues: Default::default(),
        test: Some(given.settings(AT)),
    };
    let folder = RunFolder::new(Path::new(""), RUN);
    Machine::new(Arc::clone(plan), &test.job, given.inputs.clone(), settings, folder)
}

fn play(plan: &Arc<Plan>, job: &Job, test: &Test, given: &Given, machine: Machine) -> Result<TestReport, TestError> {
    let mut executor = TestExecutor::new(job, given);
    let mut signals = TestSignals::new(&executor, AT);
    let mut journal = MemoryJournal::keeping();
    let outside = Interfaces {
        journal: &mut journal,
        executor: &mut executor,
        clock: &VirtualClock::new(AT),
        signals: &mut signals,
        listener: &mut (),
        events: None,
    };
    // Nothing waits for the outside, so the simplest runtime is enough.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let machine = runtime.block_on(engine::drive_machine(machine, outside))?;
    let completed = CompletedRun::new(plan, job, &machine, journal.records());
    let mut problems = executor.missing_outcomes(plan, job, test.span);
    problems.extend(given::did_not_happen(test, &completed));
    problems.extend(executor.unplayed());
    // What follows from an outcome that is missing would only hide the cause.
    if problems.is_empty() {
        problems = expect::compare(test, &completed);
    }
    Ok(TestReport { problems, states: completed.states(), hooks: completed.hooks() })
}
