//! What is expected of an agent's calls and steps.

use hookc_plan::Name;
use hookc_plan::test::{AgentEvent, Outcome};

use super::{Line, conditions, differences, only};
use crate::machine::decisions::AgentAction;
use crate::test::Problem;
use crate::test::constants::all_shown;

impl Line<'_> {
    /// `tool_start(bash) refused "…"`, `tool_end(bash) modified (…)`: of at least one call.
    pub(super) fn agent_actions(&self, op: &Name, item: Option<u32>, event: &AgentEvent) -> Option<Problem> {
        let meant = |action: &&AgentAction| {
            let tool = event.tool.is_none() || action.tool == event.tool;
            action.op == *op && (item.is_none() || action.item == item) && action.on == event.event && tool
        };
        let actions: Vec<&AgentAction> = self.observed.machine.agent_actions.iter().filter(meant).collect();
        let what = format!("`{}` of `{}`", written(event), self.subject);
        let fits = actions.iter().any(|action| self.fits(action));
        if fits != self.expect.not {
            return None;
        }
        let outcome = self.expect.outcome;
        if self.expect.not {
            let problem = self.problem(format!("{what} was {outcome}"));
            let fitting: Vec<&AgentAction> = actions.into_iter().filter(|action| self.fits(action)).collect();
            return Some(self.explain_agent_actions(problem, op, item, event, &fitting));
        }
        if actions.is_empty() {
            return Some(self.problem(format!("{what} did not happen")));
        }
        let other = actions.iter().any(|action| is_so(outcome, action));
        let message = match (outcome, other) {
            (Outcome::Refused, true) => format!("{what} was refused, but not with this message"),
            (_, true) => format!("{what} was modified, but not to these values"),
            (_, false) => format!("{what} was not {outcome}"),
        };
        Some(self.explain_agent_actions(self.problem(message), op, item, event, &actions))
    }

    fn fits(&self, action: &AgentAction) -> bool {
        let says = self.message.as_ref().is_none_or(|wanted| action.refused.as_deref() == wanted.as_str());
        is_so(self.expect.outcome, action) && says && differences(&self.args, &action.values).is_empty()
    }

    /// What became of each, and the conditions of the gates that decided it.
    fn explain_agent_actions(
        &self,
        mut problem: Problem,
        op: &Name,
        item: Option<u32>,
        event: &AgentEvent,
        actions: &[&AgentAction],
    ) -> Problem {
        for action in actions {
            problem = problem.note(match &action.refused {
                Some(message) => format!("it was refused: {message}"),
                None if action.values.is_empty() => "it went ahead".to_owned(),
                None => format!("it went ahead with ({})", all_shown(&only(&self.args, &action.values))),
            });
        }
        problem.notes.dedup();
        let gates = self.observed.hooks_of(Some(op)).iter().filter(|hook| hook.verb != hookc_plan::VerbKind::Run);
        for gate in gates {
            let mut decisions = self.observed.decisions(Some(op), item, &gate.name);
            decisions.retain(|decided| decided.hook.as_ref().is_some_and(|(_, on)| *on == event.event));
            problem.conditions.extend(conditions(&decisions));
        }
        problem
    }
}

fn is_so(outcome: Outcome, action: &AgentAction) -> bool {
    match outcome {
        Outcome::Refused => action.refused.is_some(),
        _ => action.modified && action.refused.is_none(),
    }
}

/// `tool_start(bash)`, `step_end`
fn written(event: &AgentEvent) -> String {
    match &event.tool {
        Some(tool) => format!("{}({})", event.event, crate::machine::tool_name(tool)),
        None => event.event.to_string(),
    }
}
