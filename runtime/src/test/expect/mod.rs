//! Compares what a test expects with what happened.

mod agent_actions;
mod gates;
mod hooks;

use hookc_plan::test::{Expect, Outcome, Subject, Test};
use hookc_plan::{Name, OpState, Value};

use super::completed_run::{CompletedRun, subject_text};
use super::constants::{constant, constants, evaluated, shown};
use super::report::{Evaluated, Problem};
use crate::records::DecisionRow;
use crate::task::Failure;
use crate::values::Values;

/// The maximum number of conditions in a problem: those of a wide fan-out are alike.
const MAX_CONDITIONS: usize = 5;

/// A problem for every expectation that is not met.
pub(super) fn compare(test: &Test, run: &CompletedRun<'_>) -> Vec<Problem> {
    let compare = |expect| Line::read(expect, run).map_or_else(Some, |line| line.compare());
    test.expect.iter().filter_map(compare).collect()
}

/// An expectation with its values.
struct Line<'a> {
    expect: &'a Expect,
    run: &'a CompletedRun<'a>,
    subject: String,
    args: Values,
    message: Option<Value>,
}

impl<'a> Line<'a> {
    fn read(expect: &'a Expect, run: &'a CompletedRun<'a>) -> Result<Line<'a>, Problem> {
        let failing =
            |name: &str, error| Problem::new(expect.span, format!("cannot evaluate the value of `{name}`: {error}"));
        let args = constants(run.plan, &expect.args).map_err(|(name, error)| failing(&name, error))?;
        let message = expect.message.as_ref().map(|message| constant(run.plan, message));
        let message = message.transpose().map_err(|error| failing("message", error))?;
        Ok(Line { expect, run, subject: subject_text(&expect.subject), args, message })
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.expect.span, message)
    }

    fn compare(&self) -> Option<Problem> {
        match &self.expect.subject {
            Subject::Previous => None,
            Subject::Hook { op, item, hook } => self.hook(op.as_ref(), *item, hook),
            Subject::Op { op, item } => match (self.run.missing_item(op, *item), &self.expect.event) {
                (Some(missing), _) => Some(self.problem(missing)),
                (None, Some(event)) => self.agent_actions(op, *item, event),
                (None, None) => self.op(op, *item),
            },
            Subject::Job => self.job(),
        }
    }

    fn op(&self, op: &Name, item: Option<u32>) -> Option<Problem> {
        match self.expect.outcome {
            Outcome::Refused => self.refused(Some(op), item),
            Outcome::Modified => self.modified(op, item),
            outcome => {
                let state = self.run.state(op, item);
                let problem = self.state(state, outcome, self.run.failure(op, item))?;
                Some(self.explain_state(problem, op, item, state))
            }
        }
    }

    fn job(&self) -> Option<Problem> {
        let outcome = self.expect.outcome;
        if outcome == Outcome::Refused {
            return self.refused(None, None);
        }
        let state = self.run.job_state();
        let problem = self.state(state, outcome, self.run.job_failure().as_ref())?;
        Some(match state {
            OpState::Failed => problem.note(self.run.job_message()),
            _ => problem,
        })
    }

    /// A state that is not as expected, or that has another message.
    fn state(&self, state: OpState, outcome: Outcome, failure: Option<&Failure>) -> Option<Problem> {
        let same = OpState::from_word(outcome.word()) == Some(state);
        let subject = &self.subject;
        if same == self.expect.not {
            let message = match self.expect.not {
                true => format!("`{subject}` is `{state}`"),
                false => format!("`{subject}` is `{state}`, not `{outcome}`"),
            };
            return Some(self.problem(message));
        }
        let expected = self.message.as_ref().filter(|_| !self.expect.not)?;
        self.message_differs(expected, failure.map(|failure| failure.message.as_str()))
    }

    fn message_differs(&self, expected: &Value, found: Option<&str>) -> Option<Problem> {
        if found.is_some() && found == expected.as_str() {
            return None;
        }
        let problem = self.problem(format!("the message of `{}` is not {}", self.subject, shown(expected)));
        Some(match found {
            Some(found) => problem.note(format!("its message is {}", shown(&Value::text(found)))),
            None => problem.note("it has no message"),
        })
    }

    /// Why an op is in its state.
    fn explain_state(&self, mut problem: Problem, op: &Name, item: Option<u32>, state: OpState) -> Problem {
        if let Some(failure) = self.run.failure(op, item).filter(|_| state == OpState::Failed) {
            problem = problem.note(format!("it failed ({}): {}", failure.kind, failure.message));
        }
        if let Some(condition) = self.run.when(op).and_then(|row| row.condition.as_ref()) {
            problem.conditions.push(evaluated(condition, None));
        }
        for edge in self.run.op(op).into_iter().flat_map(|op| &op.edges) {
            let needed = self.run.state(&edge.op, None);
            if !edge.states.contains(&needed) {
                problem = problem.note(format!("`{}`, which it waits for, is `{needed}`", edge.op));
            }
        }
        problem.notes.dedup();
        problem
    }
}

/// The names whose values are not the expected ones.
fn differences(expected: &Values, found: &Values) -> Vec<Name> {
    let differs = |(name, value): &(&Name, &Value)| found.get(*name).unwrap_or(&Value::Null) != *value;
    expected.iter().filter(differs).map(|(name, _)| name.clone()).collect()
}

/// The values of the names that are expected, or all if none are.
fn only(expected: &Values, values: &Values) -> Values {
    let kept = values.iter().filter(|(name, _)| expected.is_empty() || expected.contains_key(*name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The conditions of the first decisions.
fn conditions(decisions: &[&DecisionRow]) -> Vec<Evaluated> {
    let conditions = decisions.iter().filter_map(|row| Some(evaluated(row.condition.as_ref()?, row.item)));
    conditions.take(MAX_CONDITIONS).collect()
}
