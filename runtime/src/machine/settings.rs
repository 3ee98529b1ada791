//! The settings of a run: what started it, how much runs at once, and what a test changes.

use std::collections::{BTreeMap, BTreeSet};

use hookc_plan::trace::Source;
use hookc_plan::{Name, Value};

use crate::clock::Moment;

/// The settings of a run.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) run: String,
    pub(crate) source: Source,
    /// The project's name.
    pub(crate) project: String,
    /// How many ops run at once.
    pub(crate) slots: usize,
    /// How many ops of a queue run at once.
    pub(crate) queues: BTreeMap<String, u32>,
    /// Set in a test.
    pub(crate) test: Option<TestSettings>,
}

/// What a test changes: time stands still, nothing is waited for, a job that an op calls has a given outcome, and every
/// decision is recorded with the values of its condition.
#[derive(Clone, Debug)]
pub(crate) struct TestSettings {
    /// The time of everything.
    pub(crate) at: Moment,
    /// The ops that are skipped, whatever their `when` is.
    pub(crate) skipped: BTreeSet<Name>,
    /// `job.previous`
    pub(crate) previous: Value,
}

impl Settings {
    pub(crate) fn is_test(&self) -> bool {
        self.test.is_some()
    }

    /// The time of a step that happens `now`.
    pub(super) fn time(&self, now: Moment) -> Moment {
        self.test.as_ref().map_or(now, |test| test.at)
    }

    /// Whether a test says that the op is skipped.
    pub(super) fn is_skipped(&self, op: &Name) -> bool {
        self.test.as_ref().is_some_and(|test| test.skipped.contains(op))
    }

    /// `job.previous`
    pub(super) fn previous(&self) -> Value {
        self.test.as_ref().map_or(Value::Null, |test| test.previous.clone())
    }
}
