//! What is expected against what happened.

mod agent_actions;

use hookc_plan::test::{Expect, Outcome, Subject, Test};
use hookc_plan::trace::{Decision, ErrorKind};
use hookc_plan::{Event, Hook, Name, OpState, Value};

use super::completed_run::CompletedRun;
use super::constants::{all_shown, constant, constants, evaluated, shown};
use super::{Problem, subject_text};
use crate::executor::{Failure, Values};
use crate::machine::decisions::{Decided, Fate};

/// Every expectation that does not hold.
pub(super) fn compare(test: &Test, observed: &CompletedRun<'_>) -> Vec<Problem> {
    test.expect
        .iter()
        .filter_map(|expect| Line::read(expect, observed).map_or_else(Some, |line| line.compare()))
        .collect()
}

/// An expectation with its values.
struct Line<'a> {
    expect: &'a Expect,
    observed: &'a CompletedRun<'a>,
    subject: String,
    args: Values,
    message: Option<Value>,
}

impl<'a> Line<'a> {
    fn read(expect: &'a Expect, observed: &'a CompletedRun<'a>) -> Result<Line<'a>, Problem> {
        let failing = |name: &str, error| {
            Problem::new(expect.span, format!("the value of `{name}` cannot be evaluated: {error}"))
        };
        let args = constants(observed.plan, &expect.args).map_err(|(name, error)| failing(&name, error))?;
        let message = expect.message.as_ref().map(|message| constant(observed.plan, message));
        let message = message.transpose().map_err(|error| failing("message", error))?;
        Ok(Line { expect, observed, subject: subject_text(&expect.subject), args, message })
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.expect.span, message)
    }

    fn compare(&self) -> Option<Problem> {
        match &self.expect.subject {
            Subject::Previous => None,
            Subject::Hook { op, item, hook } => self.hook(op.as_ref(), *item, hook),
            Subject::Op { op, item } => self.missing_item(op, *item).or_else(|| match &self.expect.event {
                Some(event) => self.agent_actions(op, *item, event),
                None => self.op(op, *item),
            }),
            Subject::Job => self.job(),
        }
    }

    fn missing_item(&self, op: &Name, item: Option<u32>) -> Option<Problem> {
        let run = self.observed.run(op)?;
        // Of an op that was skipped there are no items to count.
        let number = item.filter(|_| run.fans)?;
        match self.observed.item(op, number) {
            Some(_) => None,
            None => {
                Some(self.problem(format!("`{op}` has {} items, so there is no `{op}[{number}]`", run.items.len())))
            }
        }
    }

    fn op(&self, op: &Name, item: Option<u32>) -> Option<Problem> {
        let state = self.observed.state(op, item);
        match self.expect.outcome {
            Outcome::Refused => self.refused(Some(op), item),
            Outcome::Modified => self.modified(op, item),
            outcome => {
                let problem = self.state(state, outcome, self.observed.failure(op, item))?;
                Some(self.explain_state(problem, op, item, state))
            }
        }
    }

    fn job(&self) -> Option<Problem> {
        let failure = self.observed.machine.job_failure(0);
        match self.expect.outcome {
            Outcome::Refused => self.refused(None, None),
            outcome => {
                let state = self.observed.job_state();
                let problem = self.state(state, outcome, failure.as_ref())?;
                let job = self.observed.machine.jobs.first()?;
                Some(match (state, self.observed.machine.job_message(job)) {
                    (OpState::Failed, message) => problem.note(message),
                    _ => problem,
                })
            }
        }
    }

    /// A state that is not as expected, or that comes with another message.
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
        let wanted = self.message.as_ref().filter(|_| !self.expect.not)?;
        self.other_message(wanted, failure.map(|failure| failure.message.as_str()))
    }

    fn other_message(&self, wanted: &Value, got: Option<&str>) -> Option<Problem> {
        if got.is_some() && got == wanted.as_str() {
            return None;
        }
        let problem = self.problem(format!("`{}` does not say {}", self.subject, shown(wanted)));
        Some(match got {
            Some(got) => problem.note(format!("it says {}", shown(&Value::text(got)))),
            None => problem.note("it has no message"),
        })
    }

    /// Why an op is what it is.
    fn explain_state(&self, mut problem: Problem, op: &Name, item: Option<u32>, state: OpState) -> Problem {
        if let Some(failure) = self.observed.failure(op, item).filter(|_| state == OpState::Failed) {
            problem = problem.note(format!("it failed ({}): {}", failure.kind, failure.message));
        }
        if let Some(looked) = self.observed.when(op).and_then(|decided| decided.looked.as_ref()) {
            problem.conditions.push(evaluated(looked, None));
        }
        for edge in self.observed.op(op).into_iter().flat_map(|op| &op.edges) {
            let needed = self.observed.state(&edge.op, None);
            if !edge.states.contains(&needed) {
                problem = problem.note(format!("`{}`, which it waits for, is `{needed}`", edge.op));
            }
        }
        problem.notes.dedup();
        problem
    }

    /// `refused ["…"]`: by a gate at its start or end.
    fn refused(&self, op: Option<&Name>, item: Option<u32>) -> Option<Problem> {
        let refused = |decision: &Decision| matches!(decision, Decision::Refused | Decision::Errored);
        let by: Vec<&Hook> = self
            .observed
            .gates(op, item)
            .into_iter()
            .filter(|(_, decision)| refused(decision))
            .map(|(hook, _)| hook)
            .collect();
        let own = self.observed.machine.job_failure(0);
        let failure = match op {
            Some(op) => self.observed.failure(op, item),
            None => own.as_ref(),
        };
        let failure = failure.filter(|failure| failure.kind == ErrorKind::Gate && !by.is_empty());
        match (failure, self.expect.not) {
            (Some(failure), true) => Some(
                self.problem(format!("`{}` was refused", self.subject))
                    .note(format!("the gate said: {}", failure.message)),
            ),
            (None, true) => None,
            (Some(failure), false) => {
                let wanted = self.message.as_ref()?;
                self.other_message(wanted, Some(&failure.message))
            }
            (None, false) => {
                let state = match op {
                    Some(op) => self.observed.state(op, item),
                    None => self.observed.job_state(),
                };
                let problem = self.problem(format!("`{}` was not refused: it is `{state}`", self.subject));
                Some(self.explain_gates(problem, op, item))
            }
        }
    }

    /// The conditions of the gates that let pass.
    fn explain_gates(&self, mut problem: Problem, op: Option<&Name>, item: Option<u32>) -> Problem {
        for hook in self.observed.hooks_of(op).iter().filter(|hook| hook.verb != hookc_plan::VerbKind::Run) {
            let decisions = self.observed.decisions(op, item, &hook.name);
            if decisions.is_empty() {
                problem = problem.note(format!("gate `{}` was not asked", hook.name));
            }
            problem.conditions.extend(conditions(&decisions));
        }
        problem
    }

    /// `modified (…)`: inputs at its start, outputs at its end.
    fn modified(&self, op: &Name, item: Option<u32>) -> Option<Problem> {
        let gates = self.observed.gates(Some(op), item);
        let modified: Vec<&Hook> =
            gates.into_iter().filter(|(_, decision)| *decision == Decision::Modified).map(|(hook, _)| hook).collect();
        if modified.is_empty() {
            let problem = self.problem(format!("`{}` was not modified", self.subject));
            return (!self.expect.not).then(|| self.explain_gates(problem, Some(op), item));
        }
        let changed: Vec<Values> = self.changed(op, item, &modified);
        let fits = changed.iter().any(|values| differences(&self.args, values).is_empty());
        if fits != self.expect.not {
            return None;
        }
        let mut problem = match self.expect.not {
            true => self.problem(format!("`{}` was modified", self.subject)),
            false => self.problem(format!("`{}` was modified, but not to these values", self.subject)),
        };
        for values in &changed {
            problem = problem.note(format!("it has ({})", all_shown(&only(&self.args, values))));
        }
        Some(problem)
    }

    /// The values of each item that gates changed: outputs before inputs, as names are looked up.
    fn changed(&self, op: &Name, item: Option<u32>, by: &[&Hook]) -> Vec<Values> {
        let on = |event: Event| by.iter().any(|hook| hook.on.iter().any(|on| on.event == event));
        let items = self.observed.run(op).map(|run| run.items.as_slice()).unwrap_or_default();
        let number = |at: usize| u32::try_from(at).ok();
        let wanted = items.iter().enumerate().filter(|(at, _)| item.is_none() || number(*at) == item);
        wanted
            .map(|(_, item)| {
                let mut values = Values::new();
                if on(Event::Start) {
                    values.extend(item.inputs.clone());
                }
                if on(Event::End) {
                    values.extend(item.outputs.clone());
                }
                values
            })
            .collect()
    }

    fn hook(&self, op: Option<&Name>, item: Option<u32>, hook: &Name) -> Option<Problem> {
        let decisions = self.observed.decisions(op, item, hook);
        if self.expect.outcome == Outcome::Errored {
            return self.errored(op, item, hook, &decisions);
        }
        let ran: Vec<(&Decided, &Values, Option<&String>)> = decisions
            .iter()
            .filter_map(|decided| match &decided.fate {
                Fate::Ran(args, said) => Some((*decided, args, said.as_ref())),
                _ => None,
            })
            .collect();
        let says = |said: Option<&String>| match &self.message {
            Some(wanted) => said.map(String::as_str) == wanted.as_str(),
            None => true,
        };
        let fits = ran.iter().any(|(_, args, said)| differences(&self.args, args).is_empty() && says(*said));
        if fits != self.expect.not {
            return None;
        }
        if self.expect.not {
            let problem = self.problem(format!("`{}` ran", self.subject));
            return Some(self.explain_runs(problem, &ran));
        }
        if ran.is_empty() {
            return Some(self.did_not_run(op, item, hook, &decisions));
        }
        let what = if self.message.is_some() { "message" } else { "arguments" };
        let problem = self.problem(format!("`{}` ran, but not with the expected {what}", self.subject));
        Some(self.explain_differences(problem, &ran))
    }

    fn explain_runs(&self, mut problem: Problem, ran: &[(&Decided, &Values, Option<&String>)]) -> Problem {
        for (decided, args, said) in ran {
            let with = match (said, args.is_empty()) {
                (Some(said), _) => format!(", and said {}", shown(&Value::text(said.as_str()))),
                (None, true) => String::new(),
                (None, false) => format!(" with ({})", all_shown(args)),
            };
            problem = problem.note(format!("on {}{with}", place(decided)));
        }
        let decided: Vec<&Decided> = ran.iter().map(|(decided, _, _)| *decided).collect();
        problem.conditions = conditions(&decided);
        problem
    }

    fn explain_differences(&self, mut problem: Problem, ran: &[(&Decided, &Values, Option<&String>)]) -> Problem {
        for (decided, args, said) in ran {
            let at = place(decided);
            for name in differences(&self.args, args) {
                let show = |values: &Values| values.get(&name).map_or_else(|| "nothing".to_owned(), shown);
                problem = problem
                    .note(format!("on {at}, expected {name}: {}", show(&self.args)))
                    .note(format!("on {at}, found    {name}: {}", show(args)));
            }
            if let (Some(_), Some(said)) = (&self.message, said) {
                problem = problem.note(format!("on {at}, it said {}", shown(&Value::text(said.as_str()))));
            }
        }
        problem
    }

    fn did_not_run(&self, op: Option<&Name>, item: Option<u32>, hook: &Name, decisions: &[&Decided]) -> Problem {
        let subject = &self.subject;
        if let Some(message) = decisions.iter().find_map(|decided| match &decided.fate {
            Fate::Errored(message) => Some(message),
            _ => None,
        }) {
            let mut problem = self.problem(format!("`{subject}` did not run: {message}"));
            problem.conditions = conditions(decisions);
            return problem;
        }
        if decisions.is_empty() {
            return self.no_event(op, item, hook);
        }
        let mut problem = self.problem(format!("`{subject}` did not run: its condition is false"));
        problem.conditions = conditions(decisions);
        problem
    }

    fn no_event(&self, op: Option<&Name>, item: Option<u32>, hook: &Name) -> Problem {
        let declared = self.observed.hooks_of(op).iter().find(|found| found.name == *hook);
        let events: Vec<String> =
            declared.into_iter().flat_map(|hook| &hook.on).map(|on| format!("`{}`", on.event)).collect();
        let (what, state) = match op {
            Some(op) => {
                let subject = Subject::Op { op: op.clone(), item };
                (format!("`{}`", subject_text(&subject)), self.observed.state(op, item))
            }
            None => ("the job".to_owned(), self.observed.job_state()),
        };
        let problem = self.problem(format!("`{}` did not run: {} did not happen", self.subject, events.join(" or ")));
        problem.note(format!("{what} is `{state}`"))
    }

    fn errored(&self, op: Option<&Name>, item: Option<u32>, hook: &Name, decisions: &[&Decided]) -> Option<Problem> {
        let errored = decisions.iter().any(|decided| matches!(decided.fate, Fate::Errored(_)));
        if errored != self.expect.not {
            return None;
        }
        let problem = match (self.expect.not, decisions.is_empty()) {
            (true, _) => self.problem(format!("`{}` could not be decided", self.subject)),
            (false, true) => return Some(self.no_event(op, item, hook)),
            (false, false) => self.problem(format!("`{}` was decided without an error", self.subject)),
        };
        Some(Problem { conditions: conditions(decisions), ..problem })
    }
}

/// The names whose values are not the expected ones.
fn differences(wanted: &Values, got: &Values) -> Vec<Name> {
    let differs = |(name, value): &(&Name, &Value)| got.get(*name).unwrap_or(&Value::Null) != *value;
    wanted.iter().filter(differs).map(|(name, _)| name.clone()).collect()
}

/// The values of the names that are asked for, or all.
fn only(names: &Values, values: &Values) -> Values {
    let wanted = |name: &Name| names.is_empty() || names.contains_key(name);
    let kept = values.iter().filter(|(name, _)| wanted(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// `failed`, `failed of item 2`
fn place(decided: &Decided) -> String {
    let event = decided.hook.as_ref().map_or("when", |(_, event)| event.word());
    match decided.item {
        Some(item) => format!("`{event}` of item {item}"),
        None => format!("`{event}`"),
    }
}

/// The conditions of the first decisions: those of a wide fan-out are alike.
fn conditions(decisions: &[&Decided]) -> Vec<super::Evaluated> {
    const MOST: usize = 5;
    let looked = decisions.iter().filter_map(|decided| Some(evaluated(decided.looked.as_ref()?, decided.item)));
    looked.take(MOST).collect()
}
