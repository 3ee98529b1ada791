//! What is expected of the gates of an op or of the job: `refused` and `modified`.

use hookc_plan::trace::{Decision, ErrorKind};
use hookc_plan::{Event, Hook, Name};

use super::{Line, conditions, differences, only};
use crate::machine::is_gate;
use crate::test::constants::all_shown;
use crate::test::report::Problem;
use crate::values::Values;

impl Line<'_> {
    /// `refused ["…"]`: by a gate at its start or end.
    pub(super) fn refused(&self, op: Option<&Name>, item: Option<u32>) -> Option<Problem> {
        let refused = |decision| matches!(decision, Decision::Refused | Decision::Errored);
        let by_gate = self.run.gates(op, item).into_iter().any(|(_, decision)| refused(decision));
        let failure = match op {
            Some(op) => self.run.failure(op, item).cloned(),
            None => self.run.job_failure(),
        };
        let failure = failure.filter(|failure| failure.kind == ErrorKind::Gate && by_gate);
        match (failure, self.expect.not) {
            (Some(failure), true) => Some(
                self.problem(format!("`{}` was refused", self.subject))
                    .note(format!("the message of the gate is: {}", failure.message)),
            ),
            (None, true) => None,
            (Some(failure), false) => self.message_differs(self.message.as_ref()?, Some(&failure.message)),
            (None, false) => {
                let state = match op {
                    Some(op) => self.run.state(op, item),
                    None => self.run.job_state(),
                };
                let problem = self.problem(format!("`{}` was not refused: it is `{state}`", self.subject));
                Some(self.explain_gates(problem, op, item))
            }
        }
    }

    /// The conditions of the gates that passed.
    fn explain_gates(&self, mut problem: Problem, op: Option<&Name>, item: Option<u32>) -> Problem {
        for hook in self.run.hooks_of(op).iter().filter(|hook| is_gate(hook.verb)) {
            let decisions = self.run.decisions(op, item, &hook.name);
            if decisions.is_empty() {
                problem = problem.note(format!("gate `{}` was not asked", hook.name));
            }
            problem.conditions.extend(conditions(&decisions));
        }
        problem
    }

    /// `modified (…)`: inputs at its start, outputs at its end.
    pub(super) fn modified(&self, op: &Name, item: Option<u32>) -> Option<Problem> {
        let gates = self.run.gates(Some(op), item).into_iter();
        let modified: Vec<&Hook> =
            gates.filter(|(_, decision)| *decision == Decision::Modified).map(|(hook, _)| hook).collect();
        if modified.is_empty() {
            let problem = self.problem(format!("`{}` was not modified", self.subject));
            return (!self.expect.not).then(|| self.explain_gates(problem, Some(op), item));
        }
        let changed = self.changed(op, item, &modified);
        let fits = changed.iter().any(|values| differences(&self.args, values).is_empty());
        if fits != self.expect.not {
            return None;
        }
        let problem = match self.expect.not {
            true => self.problem(format!("`{}` was modified", self.subject)),
            false => self.problem(format!("`{}` was modified, but not to these values", self.subject)),
        };
        let note = |values: &Values| format!("it has ({})", all_shown(&only(&self.args, values)));
        Some(changed.iter().fold(problem, |problem, values| problem.note(note(values))))
    }

    /// The values of each item that gates changed: outputs before inputs, as names are looked up.
    fn changed(&self, op: &Name, item: Option<u32>, by: &[&Hook]) -> Vec<Values> {
        let on = |event: Event| by.iter().any(|hook| hook.on.iter().any(|on| on.event == event));
        let items = self.run.run(op).map(|run| run.items.as_slice()).unwrap_or_default();
        let named = |index: usize| item.is_none() || u32::try_from(index).ok() == item;
        let items = items.iter().enumerate().filter(|(index, _)| named(*index));
        items
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
}
