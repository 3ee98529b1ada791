//! Completions of the roots of the context and of bare inputs.

use hookc_plan::Event;

use crate::check::editor::completion::Candidate;
use crate::check::editor::completions::NEAR;
use crate::check::hooks::context::OpContext;
use crate::check::hooks::event_facts::facts;
use crate::check::{Env, ExpressionChecker, Scope};
use crate::declare::ParamDef;
use crate::ide::Kind;

impl ExpressionChecker<'_, '_> {
    /// An input by its name, or with `inputs.` where the name is a reserved word.
    pub(super) fn bare_input_candidate(&self, param: &ParamDef<'_>) -> Candidate {
        let mut candidate = self.param_candidate(param, Kind::Input, &param.ty, NEAR);
        if hookc_grammar::Keyword::of(&param.name).is_some_and(hookc_grammar::Keyword::is_reserved) {
            candidate.label = format!("inputs.{}", param.name).into();
        }
        candidate
    }

    pub(super) fn root_candidates(&self, scope: &Scope<'_, '_>) -> Vec<Candidate> {
        let roots: Vec<&str> = match scope.env {
            Env::Plain => Vec::new(),
            Env::Component(_) => vec!["inputs"],
            Env::Job(..) => vec!["job"],
            Env::Trigger(_) => vec!["event", "job"],
            Env::JobHook(_) => vec!["job", "inputs", "hook"],
            Env::Op(context) => self.op_roots(context),
        };
        roots
            .into_iter()
            .map(|root| Candidate { page: Some(root.into()), ..Candidate::new(root, Kind::Variable, NEAR) })
            .collect()
    }

    fn op_roots(&self, context: &OpContext<'_, '_>) -> Vec<&'static str> {
        let mut roots = vec!["outputs", "inputs", "op", "job"];
        if context.events.iter().any(|event| facts(*event).error) {
            roots.push("error");
        }
        if !context.retry {
            roots.push("hook");
        }
        if context.tools.is_some() {
            roots.extend(["agent", "session", "user"]);
            let in_steps =
                |event: &Event| matches!(event, Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd);
            if context.events.iter().any(in_steps) {
                roots.push("step");
            }
            if context.events.iter().any(|event| in_steps(event) || *event == Event::End) {
                roots.push("steps");
            }
            if context.events.iter().any(|event| matches!(event, Event::ToolStart | Event::ToolEnd)) {
                roots.extend(["payload", "output", "tool"]);
            }
        }
        roots
    }
}
