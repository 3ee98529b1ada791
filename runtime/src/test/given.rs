//! The given outcomes of a test; and the given lines that did not happen.

use std::collections::BTreeMap;

use hookc_plan::test::{Given as Line, GivenState, Subject, Test};
use hookc_plan::trace::ErrorKind;
use hookc_plan::{Name, Plan, Span, Timestamp, Value};

use super::agent_script::{self, ScriptedAction};
use super::completed_run::CompletedRun;
use super::constants::constants;
use super::report::Problem;
use crate::clock::Moment;
use crate::machine::TestSettings;
use crate::task::Failure;
use crate::values::Values;

/// How something ends.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) state: GivenState,
    /// How many attempts fail before the last one.
    pub(super) retrying: Option<u32>,
    pub(super) failure: Option<Failure>,
    pub(super) values: Values,
}

/// An op or a hook, and an item of a fan-out.
type Key = (Option<Name>, Option<u32>, Option<Name>);

/// Everything that a test gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) inputs: Values,
    outcomes: BTreeMap<Key, Outcome>,
    /// What agents do, by op and item.
    scripts: BTreeMap<(Name, Option<u32>), Vec<ScriptedAction>>,
    previous: Option<GivenState>,
}

/// Reads what a test gives.
pub(super) fn read(plan: &Plan, test: &Test) -> Result<Given, Vec<Problem>> {
    let mut problems = Vec::new();
    let failing = |what: &str, span: Span, (name, error): (Name, hookc_plan::EvalError)| {
        Problem::new(span, format!("cannot evaluate the {what} `{name}`: {error}"))
    };
    let mut given = Given::default();
    match constants(plan, &test.inputs) {
        Ok(inputs) => given.inputs = inputs,
        Err(error) => problems.push(failing("input", test.span, error)),
    }
    for line in &test.given {
        match (agent_script::scripted_action(plan, line), &line.subject) {
            (Ok(None), _) => {}
            (Ok(Some(action)), Subject::Op { op, item }) => {
                given.scripts.entry((op.clone(), *item)).or_default().push(action);
            }
            (Ok(Some(_)), _) => {}
            (Err(error), _) => problems.push(failing("value of", line.span, error)),
        }
        let Some(state) = line.state else { continue };
        let (op, item, hook) = match &line.subject {
            Subject::Op { op, item } => (Some(op.clone()), *item, None),
            Subject::Hook { op, item, hook } => (op.clone(), *item, Some(hook.clone())),
            Subject::Previous => {
                given.previous = Some(state);
                continue;
            }
            Subject::Job => continue,
        };
        match outcome(plan, line, state) {
            Ok(outcome) => {
                given.outcomes.insert((op, item, hook), outcome);
            }
            Err(error) => problems.push(failing("value of", line.span, error)),
        }
    }
    if problems.is_empty() { Ok(given) } else { Err(problems) }
}

fn outcome(plan: &Plan, line: &Line, state: GivenState) -> Result<Outcome, (Name, hookc_plan::EvalError)> {
    let failure = match state {
        GivenState::Failed => Some(failure(&constants(plan, &line.error)?)),
        _ => None,
    };
    Ok(Outcome { state, retrying: line.retrying, failure, values: constants(plan, &line.values)? })
}

/// The failure as it is given.
fn failure(error: &Values) -> Failure {
    let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = error.get("kind").and_then(Value::as_str).and_then(ErrorKind::from_word);
    let code = match error.get("exit_code") {
        Some(Value::Int(code)) => i32::try_from(*code).ok(),
        _ => None,
    };
    Failure {
        traceback: text("traceback"),
        error_type: text("type"),
        ..Failure::described(kind, code, text("message"))
    }
}

impl Given {
    /// What the scheduler has to know of it.
    pub(super) fn settings(&self, at: Moment) -> TestSettings {
        let skipped = self.outcomes.iter().filter(|(_, outcome)| outcome.state == GivenState::Skipped);
        TestSettings {
            at,
            skipped: skipped.filter_map(|((op, _, _), _)| op.clone()).collect(),
            previous: self.previous.map_or(Value::Null, |state| previous(state, at)),
        }
    }

    /// The outcome of the item, or of every item.
    pub(super) fn find(&self, op: Option<&Name>, item: Option<u32>, hook: Option<&Name>) -> Option<&Outcome> {
        let own = (op.cloned(), item, hook.cloned());
        let every = (op.cloned(), None, hook.cloned());
        self.outcomes.get(&own).or_else(|| self.outcomes.get(&every))
    }

    /// The actions of an agent: those of the item, or of every item.
    pub(super) fn script(&self, op: Option<&Name>, item: Option<u32>) -> &[ScriptedAction] {
        let of = |item| self.scripts.get(&(op?.clone(), item));
        of(item).or_else(|| of(None)).map(Vec::as_slice).unwrap_or_default()
    }
}

/// `job.previous`
fn previous(state: GivenState, at: Moment) -> Value {
    let finished = Timestamp::from_unix_nanos(i128::from(at.0)).map_or(Value::Null, Value::Timestamp);
    Value::record([
        (Name::new_static("id"), Value::text("test-previous")),
        (Name::new_static("status"), Value::Enum(state.word().into())),
        (Name::new_static("finished_at"), finished),
    ])
}

/// Lines about an item that does not exist, or about retries that did not happen.
pub(super) fn did_not_happen(test: &Test, completed: &CompletedRun<'_>) -> Vec<Problem> {
    test.given.iter().filter_map(|line| Some(Problem::new(line.span, unmet(line, completed)?))).collect()
}

fn unmet(line: &Line, completed: &CompletedRun<'_>) -> Option<String> {
    let (Subject::Op { op, item } | Subject::Hook { op: Some(op), item, .. }) = &line.subject else {
        return None;
    };
    if let Some(missing) = completed.missing_item(op, *item) {
        return Some(missing);
    }
    let items = &completed.run(op)?.items;
    let named = |index: usize| item.is_none_or(|number| usize::try_from(number) == Ok(index));
    let mut attempts = items.iter().enumerate().filter(|(index, _)| named(*index)).map(|(_, item)| item.attempt);
    let times = line.retrying?;
    let made = attempts.find(|made| (1..=times).contains(made))?;
    Some(format!("`{op}` was not retried after attempt {made}: no line of its `retry` applies"))
}
