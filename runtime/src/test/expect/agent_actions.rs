//! What is expected of an agent's calls and steps.

use hookc_plan::Name;
use hookc_plan::test::{AgentEvent, Outcome};

use super::{Line, conditions, differences, only};
use crate::machine::{is_gate, tool_name};
use crate::records::AgentActionRow;
use crate::test::constants::all_shown;
use crate::test::report::Problem;

impl Line<'_> {
    /// `tool_start(bash) refused "…"`, `tool_end(bash) modified (…)`: for at least one call.
    pub(super) fn agent_actions(&self, op: &Name, item: Option<u32>, event: &AgentEvent) -> Option<Problem> {
        let is_meant = |action: &&AgentActionRow| {
            let of_tool = event.tool.is_none() || action.tool == event.tool;
            action.op == *op && (item.is_none() || action.item == item) && action.on == event.event && of_tool
        };
        let actions: Vec<&AgentActionRow> = self.run.agent_actions.iter().copied().filter(is_meant).collect();
        let what = format!("`{}` of `{}`", written(event), self.subject);
        let fitting: Vec<&AgentActionRow> = actions.iter().copied().filter(|action| self.fits(action)).collect();
        if fitting.is_empty() == self.expect.not {
            return None;
        }
        let outcome = self.expect.outcome;
        if self.expect.not {
            let problem = self.problem(format!("{what} was {outcome}"));
            return Some(self.explain_agent_actions(problem, op, item, event, &fitting));
        }
        if actions.is_empty() {
            return Some(self.problem(format!("{what} did not happen")));
        }
        let message = match (outcome, actions.iter().any(|action| has_outcome(action, outcome))) {
            (Outcome::Refused, true) => format!("{what} was refused, but not with this message"),
            (_, true) => format!("{what} was modified, but not to these values"),
            (_, false) => format!("{what} was not {outcome}"),
        };
        Some(self.explain_agent_actions(self.problem(message), op, item, event, &actions))
    }

    fn fits(&self, action: &AgentActionRow) -> bool {
        let has_message = self.message.as_ref().is_none_or(|expected| action.refused.as_deref() == expected.as_str());
        has_outcome(action, self.expect.outcome) && has_message && differences(&self.args, &action.values).is_empty()
    }

    /// What became of each action, and the conditions of the gates that decided it.
    fn explain_agent_actions(
        &self,
        mut problem: Problem,
        op: &Name,
        item: Option<u32>,
        event: &AgentEvent,
        actions: &[&AgentActionRow],
    ) -> Problem {
        for action in actions {
            problem = problem.note(match &action.refused {
                Some(message) => format!("it was refused: {message}"),
                None if action.values.is_empty() => "it went ahead".to_owned(),
                None => format!("it went ahead with ({})", all_shown(&only(&self.args, &action.values))),
            });
        }
        problem.notes.dedup();
        for gate in self.run.hooks_of(Some(op)).iter().filter(|hook| is_gate(hook.verb)) {
            let mut decisions = self.run.decisions(Some(op), item, &gate.name);
            decisions.retain(|decision| decision.hook.as_ref().is_some_and(|(_, on)| *on == event.event));
            problem.conditions.extend(conditions(&decisions));
        }
        problem
    }
}

fn has_outcome(action: &AgentActionRow, outcome: Outcome) -> bool {
    match outcome {
        Outcome::Refused => action.refused.is_some(),
        _ => action.modified && action.refused.is_none(),
    }
}

/// `tool_start(bash)`, `step_end`
fn written(event: &AgentEvent) -> String {
    match &event.tool {
        Some(tool) => format!("{}({})", event.event, tool_name(tool)),
        None => event.event.to_string(),
    }
}
