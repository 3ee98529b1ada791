//! What is expected of an agent's calls and steps.

use hookc_plan::Name;
use hookc_plan::test::{AgentEvent, Outcome};

use super::{Line, conditions, differences, only};
use crate::machine::watch::Deed;
use crate::test::Problem;
use crate::test::value::all_shown;

impl Line<'_> {
    /// `tool_start(bash) refused "…"`, `tool_end(bash) modified (…)`: of at least one call.
    pub(super) fn deeds(&self, op: &Name, item: Option<u32>, event: &AgentEvent) -> Option<Problem> {
        let meant = |deed: &&Deed| {
            let tool = event.tool.is_none() || deed.tool == event.tool;
            deed.op == *op && (item.is_none() || deed.item == item) && deed.on == event.event && tool
        };
        let deeds: Vec<&Deed> = self.observed.machine.deeds.iter().filter(meant).collect();
        let what = format!("`{}` of `{}`", written(event), self.subject);
        let fits = deeds.iter().any(|deed| self.fits(deed));
        if fits != self.expect.not {
            return None;
        }
        let outcome = self.expect.outcome;
        if self.expect.not {
            let problem = self.problem(format!("{what} was {outcome}"));
            let fitting: Vec<&Deed> = deeds.into_iter().filter(|deed| self.fits(deed)).collect();
            return Some(self.explain_deeds(problem, op, item, event, &fitting));
        }
        if deeds.is_empty() {
            return Some(self.problem(format!("{what} did not happen")));
        }
        let other = deeds.iter().any(|deed| is_so(outcome, deed));
        let message = match (outcome, other) {
            (Outcome::Refused, true) => format!("{what} was refused, but not with this message"),
            (_, true) => format!("{what} was modified, but not to these values"),
            (_, false) => format!("{what} was not {outcome}"),
        };
        Some(self.explain_deeds(self.problem(message), op, item, event, &deeds))
    }

    fn fits(&self, deed: &Deed) -> bool {
        let says = self.message.as_ref().is_none_or(|wanted| deed.refused.as_deref() == wanted.as_str());
        is_so(self.expect.outcome, deed) && says && differences(&self.args, &deed.values).is_empty()
    }

    /// What became of each, and the conditions of the gates that decided it.
    fn explain_deeds(
        &self,
        mut problem: Problem,
        op: &Name,
        item: Option<u32>,
        event: &AgentEvent,
        deeds: &[&Deed],
    ) -> Problem {
        for deed in deeds {
            problem = problem.note(match &deed.refused {
                Some(message) => format!("it was refused: {message}"),
                None if deed.values.is_empty() => "it went ahead".to_owned(),
                None => format!("it went ahead with ({})", all_shown(&only(&self.args, &deed.values))),
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

fn is_so(outcome: Outcome, deed: &Deed) -> bool {
    match outcome {
        Outcome::Refused => deed.refused.is_some(),
        _ => deed.modified && deed.refused.is_none(),
    }
}

/// `tool_start(bash)`, `step_end`
fn written(event: &AgentEvent) -> String {
    match &event.tool {
        Some(tool) => format!("{}({})", event.event, crate::machine::tool_name(tool)),
        None => event.event.to_string(),
    }
}
