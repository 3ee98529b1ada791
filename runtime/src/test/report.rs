//! What is reported of a test.

use hookc_plan::{Name, OpState, Span};
use serde::Serialize;

/// How a test went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TestReport {
    /// What differs from the expectations; if nothing does, the test has passed.
    pub problems: Vec<Problem>,
    /// The final states that ops and the job reached.
    pub states: Vec<Reached>,
    /// The paths of the hooks that ran, or could not be decided.
    pub hooks: Vec<String>,
}

impl TestReport {
    /// Whether everything is as expected.
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }

    /// The report of a test that did not start.
    pub(super) fn not_started(problems: Vec<Problem>) -> TestReport {
        TestReport { problems, ..TestReport::default() }
    }
}

/// A final state that was reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reached {
    /// The op; `None`: the job.
    pub op: Option<Name>,
    /// The state.
    pub state: OpState,
}

/// Something that differs from what a test says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// One line.
    pub message: String,
    /// The line of the test, or its head.
    pub span: Span,
    /// What happened instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The conditions that decided it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Evaluated>,
}

impl Problem {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Problem {
        Problem { message: message.into(), span, notes: Vec::new(), help: None, conditions: Vec::new() }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Problem {
        self.notes.push(note.into());
        self
    }
}

/// A condition that was evaluated.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluated {
    /// The condition as it is written.
    pub source: String,
    /// Where it is written; for a named condition, where it is used.
    pub span: Span,
    /// The item of the fan-out that it was evaluated for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Its value, or `error: …`.
    pub value: String,
    /// Its parts, in the order of evaluation; constants are left out.
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
