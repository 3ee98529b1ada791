//! What is expected of a hook: that it ran, with which arguments or message, or that it could not be decided.

use hookc_plan::test::{Outcome, Subject};
use hookc_plan::{Name, Value};

use super::{Line, conditions, differences};
use crate::records::{DecisionResult, DecisionRow};
use crate::test::completed_run::subject_text;
use crate::test::constants::{all_shown, shown};
use crate::test::report::Problem;
use crate::values::Values;

/// A hook that ran: with these arguments, or with this message.
struct Ran<'a> {
    decision: &'a DecisionRow,
    args: &'a Values,
    message: Option<&'a String>,
}

impl Line<'_> {
    pub(super) fn hook(&self, op: Option<&Name>, item: Option<u32>, hook: &Name) -> Option<Problem> {
        let decisions = self.run.decisions(op, item, hook);
        if self.expect.outcome == Outcome::Errored {
            return self.errored(op, item, hook, &decisions);
        }
        let ran: Vec<Ran<'_>> = decisions.iter().filter_map(|decision| ran(decision)).collect();
        let fits = ran.iter().any(|ran| differences(&self.args, ran.args).is_empty() && self.has_message(ran));
        if fits != self.expect.not {
            return None;
        }
        if self.expect.not {
            let problem = self.problem(format!("`{}` ran", self.subject));
            return Some(explain_runs(problem, &ran));
        }
        if ran.is_empty() {
            return Some(self.did_not_run(op, item, hook, &decisions));
        }
        let what = if self.message.is_some() { "message" } else { "arguments" };
        let problem = self.problem(format!("`{}` ran, but not with the expected {what}", self.subject));
        Some(self.explain_differences(problem, &ran))
    }

    fn has_message(&self, ran: &Ran<'_>) -> bool {
        let expected = self.message.as_ref();
        expected.is_none_or(|expected| ran.message.map(String::as_str) == expected.as_str())
    }

    fn explain_differences(&self, mut problem: Problem, ran: &[Ran<'_>]) -> Problem {
        for Ran { decision, args, message } in ran {
            let at = place(decision);
            for name in differences(&self.args, args) {
                let show = |values: &Values| values.get(&name).map_or_else(|| "nothing".to_owned(), shown);
                problem = problem
                    .note(format!("on {at}, expected {name}: {}", show(&self.args)))
                    .note(format!("on {at}, found    {name}: {}", show(args)));
            }
            if let (Some(_), Some(message)) = (&self.message, message) {
                problem = problem.note(format!("on {at}, the message was {}", shown(&Value::text(message.as_str()))));
            }
        }
        problem
    }

    fn did_not_run(&self, op: Option<&Name>, item: Option<u32>, hook: &Name, decisions: &[&DecisionRow]) -> Problem {
        if decisions.is_empty() {
            return self.no_event(op, item, hook);
        }
        let error = decisions.iter().find_map(|decision| match &decision.result {
            DecisionResult::Errored(message) => Some(message.as_str()),
            _ => None,
        });
        let reason = error.unwrap_or("its condition is false");
        let problem = self.problem(format!("`{}` did not run: {reason}", self.subject));
        Problem { conditions: conditions(decisions), ..problem }
    }

    fn no_event(&self, op: Option<&Name>, item: Option<u32>, hook: &Name) -> Problem {
        let declared = self.run.hooks_of(op).iter().find(|found| found.name == *hook);
        let events: Vec<String> =
            declared.into_iter().flat_map(|hook| &hook.on).map(|on| format!("`{}`", on.event)).collect();
        let (what, state) = match op {
            Some(op) => {
                let subject = Subject::Op { op: op.clone(), item };
                (format!("`{}`", subject_text(&subject)), self.run.state(op, item))
            }
            None => ("the job".to_owned(), self.run.job_state()),
        };
        let problem = self.problem(format!("`{}` did not run: {} did not happen", self.subject, events.join(" or ")));
        problem.note(format!("{what} is `{state}`"))
    }

    fn errored(
        &self,
        op: Option<&Name>,
        item: Option<u32>,
        hook: &Name,
        decisions: &[&DecisionRow],
    ) -> Option<Problem> {
        let errored = decisions.iter().any(|decision| matches!(decision.result, DecisionResult::Errored(_)));
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

fn ran<'a>(decision: &'a DecisionRow) -> Option<Ran<'a>> {
    match &decision.result {
        DecisionResult::True(args, message) => Some(Ran { decision, args, message: message.as_ref() }),
        _ => None,
    }
}

fn explain_runs(mut problem: Problem, ran: &[Ran<'_>]) -> Problem {
    for Ran { decision, args, message } in ran {
        let with = match (message, args.is_empty()) {
            (Some(message), _) => format!(", with the message {}", shown(&Value::text(message.as_str()))),
            (None, true) => String::new(),
            (None, false) => format!(" with ({})", all_shown(args)),
        };
        problem = problem.note(format!("on {}{with}", place(decision)));
    }
    let decisions: Vec<&DecisionRow> = ran.iter().map(|ran| ran.decision).collect();
    problem.conditions = conditions(&decisions);
    problem
}

/// `failed`, `failed` of item 2
fn place(decision: &DecisionRow) -> String {
    let event = decision.hook.as_ref().map_or("when", |(_, event)| event.word());
    match decision.item {
        Some(item) => format!("`{event}` of item {item}"),
        None => format!("`{event}`"),
    }
}
