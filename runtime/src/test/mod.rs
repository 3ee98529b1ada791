//! Plays tests: the same scheduler as a run, with given outcomes instead of bodies.
//!
//! Nothing is executed and no time passes: all happens at 2000-01-01T00:00:00Z, a retry waits for nothing, and only
//! what is given ends. Conditions, arguments and hooks are decided as in any run. Takes for granted that the test was
//! checked; what its lines say of things that did not happen is reported here.

mod agent_script;
mod completed_run;
mod constants;
mod executor;
mod expect;
mod given;

use std::sync::Arc;

use hookc_plan::test::{Subject, Test};
use hookc_plan::{Name, OpState, Plan, Span};
use serde::Serialize;

use crate::clock::{Moment, VirtualClock};
use crate::engine::{self, Parts};
use crate::executor::RunFolder;
use crate::journal::{JournalError, MemoryJournal};
use crate::machine::{Machine, Settings};
use completed_run::CompletedRun;
use executor::{Stop, TestExecutor};

/// 2000-01-01T00:00:00Z
const AT: Moment = Moment(946_684_800_000_000_000);
/// `job.id`
const RUN: &str = "test";

/// How a test went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TestReport {
    /// What is wrong; nothing: it has passed.
    pub problems: Vec<Problem>,
    /// The final states that ops and the job came to.
    pub states: Vec<Reached>,
    /// The paths of the hooks that ran, or could not be decided.
    pub hooks: Vec<String>,
}

impl TestReport {
    /// Whether all is as expected.
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

/// A final state that was reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reached {
    /// The op; none: the job.
    pub op: Option<Name>,
    /// The state.
    pub state: OpState,
}

/// Something that is not as a test says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// One line.
    pub message: String,
    /// The line of the test, or its head.
    pub span: Span,
    /// What happened instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The next action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The conditions that decided it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Evaluated>,
}

/// A condition that was decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluated {
    /// As it is written.
    pub source: String,
    /// Where it is written; of a named condition, where it is used.
    pub span: Span,
    /// The item of the fan-out that it was decided for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Its value, or `error: …`.
    pub value: String,
    /// Its parts, in the order of their evaluation; constants are left out.
    pub parts: Vec<Part>,
}

/// A part of a condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Where it is written.
    pub span: Span,
    /// Its value, or `error: …`.
    pub value: String,
}

impl Problem {
    fn new(span: Span, message: impl Into<String>) -> Problem {
        Problem { message: message.into(), span, notes: Vec::new(), help: None, conditions: Vec::new() }
    }

    fn note(mut self, note: impl Into<String>) -> Problem {
        self.notes.push(note.into());
        self
    }
}

/// Why a test was not played.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The plan has no such job.
    #[error("there is no job `{0}` in the plan")]
    NoSuchJob(Name),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system did not give what every run needs.
    #[error("the test cannot be played: {0}")]
    System(#[from] std::io::Error),
}

/// Plays a test and compares what happened with what it expects.
///
/// # Errors
/// When it is none of this plan, or cannot be played at all.
pub fn run_test(plan: &Arc<Plan>, test: &Test) -> Result<TestReport, TestError> {
    let Some(job) = plan.jobs.get(&test.job) else {
        return Err(TestError::NoSuchJob(test.job.clone()));
    };
    let given = match given::read(plan, test) {
        Ok(given) => given,
        Err(problems) => return Ok(failed(problems)),
    };
    let settings =
        Settings { run: RUN.to_owned(), source: test.source, slots: usize::MAX, test: Some(given.settings(AT)) };
    let folder = RunFolder::new(std::path::Path::new(""), RUN);
    let machine = Machine::new(Arc::clone(plan), &test.job, given.inputs.clone(), settings, folder);
    if let Some(broken) = machine.broken_input(&job.inputs, &given.inputs) {
        return Ok(failed(vec![Problem::new(test.span, format!("the input {broken}"))]));
    }
    let clock = VirtualClock::new(AT);
    let mut executor = TestExecutor::new(job, &given);
    let mut stop = Stop::new(&executor, AT);
    let parts = Parts {
        journal: &mut MemoryJournal::new(),
        executor: &mut executor,
        clock: &clock,
        signals: &mut stop,
        listener: &mut (),
        events: None,
    };
    // Nothing of it waits for the outside, so the simplest runtime drives it.
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let machine = runtime.block_on(engine::drive_machine(machine, parts))?;
    let observed = CompletedRun::new(plan, job, &machine);
    let mut problems = executor.problems(plan, job, test.span);
    problems.extend(given::did_not_happen(test, &observed));
    problems.extend(executor.unplayed());
    // What follows from an outcome that is missing would only hide what is wrong.
    if problems.is_empty() {
        problems = expect::compare(test, &observed);
    }
    Ok(TestReport { problems, states: observed.states(), hooks: observed.hooks() })
}

/// A test that was not played.
fn failed(problems: Vec<Problem>) -> TestReport {
    TestReport { problems, ..TestReport::default() }
}

/// The subject as it is written.
fn subject_text(subject: &Subject) -> String {
    let numbered = |op: &Name, item: &Option<u32>| match item {
        Some(item) => format!("{op}[{item}]"),
        None => op.to_string(),
    };
    match subject {
        Subject::Job => "job".to_owned(),
        Subject::Previous => "previous".to_owned(),
        Subject::Op { op, item } => numbered(op, item),
        Subject::Hook { op: None, hook, .. } => hook.to_string(),
        Subject::Hook { op: Some(op), item, hook } => format!("{}.{hook}", numbered(op, item)),
    }
}
