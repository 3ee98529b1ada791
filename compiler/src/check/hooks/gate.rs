//! Gates: the events on which they are allowed, and what `modify` may replace.

use hookc_grammar::ast::Ident;
use hookc_plan as plan;
use hookc_plan::{Event, VerbKind};

use crate::check::hooks::event_facts::Target;
use crate::check::hooks::event_facts::facts;
use crate::check::hooks::site::Site;
use crate::check::{Checker, Scope};
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ComponentId;

impl<'s> Checker<'_, 's> {
    /// Checks the event of a gate: `start`, `end`, `step_*` and `tool_*` are allowed.
    pub(crate) fn check_gate(
        &mut self,
        site: &Site<'_, 's>,
        scope: &Scope<'_, '_>,
        word: &Ident,
        planned: &plan::Hook,
    ) -> bool {
        let verb = planned.verb;
        let place = scope.place(word.span);
        if let Some(on) = planned.on.iter().find(|on| !facts(on.event).gates) {
            let message = format!("`{verb}` is not allowed on `{}`", on.event);
            let help = if site.target == Target::Job {
                "in a job, gates are allowed only on `start`"
            } else {
                "gates are allowed only on `start`, `end`, `step_*` and `tool_*`: use `run` on other events"
            };
            self.report(Diagnostic::new(diagnostics::BAD_VERB, place, message).help(help));
            return false;
        }
        if verb != VerbKind::Modify {
            return true;
        }
        let steps = planned.on.iter().any(|on| matches!(on.event, Event::StepStart | Event::StepEnd));
        if site.target == Target::Job || steps || planned.on.len() != 1 {
            let message = match (site.target, steps) {
                (Target::Job, _) => "`modify` is not allowed on a job",
                (_, true) => "`modify` is not allowed on `step_start` and `step_end`",
                _ => "`modify` takes exactly one event",
            };
            self.error_at(diagnostics::BAD_VERB, place, message);
            return false;
        }
        true
    }

    /// Checks that the outputs of the modifying component match what it replaces, by name and type.
    pub(crate) fn check_modify(
        &mut self,
        site: &Site<'_, 's>,
        scope: &Scope<'_, '_>,
        word: &Ident,
        planned: &plan::Hook,
        id: Option<ComponentId>,
    ) {
        let (Some(id), Some(on)) = (id, planned.on.first()) else {
            return;
        };
        let tools = site.tools.as_ref().map(|tools| self.tool_context(tools, &planned.on));
        let (what, replaced) = match (on.event, &tools) {
            (Event::Start, _) => ("input", site.inputs.clone()),
            (Event::End, _) => ("output", site.outputs.clone()),
            (Event::ToolStart, Some(tools)) => ("input", tools.payload.clone().into_owned()),
            (_, Some(tools)) => ("output", tools.output.clone().into_owned()),
            _ => return,
        };
        let def = self.program.component(id);
        if !self.is_whole(replaced.damage | def.outputs.damage) {
            return;
        }
        let place = scope.place(word.span);
        let wrong = def
            .outputs
            .values()
            .find(|output| !replaced.get(&output.name).is_some_and(|param| self.fits(&output.ty, &param.ty)));
        let message = match wrong {
            _ if def.outputs.is_empty() => {
                format!("component `{}` has no outputs, so it modifies nothing", def.item.name)
            }
            Some(output) => match replaced.get(&output.name) {
                Some(param) => format!(
                    "output `{}: {}` of component `{}` does not match the {what} `{}: {}`",
                    output.name,
                    self.show(&output.ty),
                    def.item.name,
                    param.name,
                    self.show(&param.ty)
                ),
                None => {
                    format!("output `{}` of component `{}` does not match any {what} here", output.name, def.item.name)
                }
            },
            None => return,
        };
        self.error_at(diagnostics::BAD_MODIFY, place, message);
    }
}
