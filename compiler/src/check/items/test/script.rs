//! The script of an agent in a test: its tool calls and steps, in the order of the lines.

use hookc_grammar::ast::{AgentEvent, Given, Ident};
use hookc_plan as plan;
use smol_str::SmolStr;

use super::{Checker, Runs, Scope};
use crate::check::expressions::callee::{Callee, Owner};
use crate::declare::{ParamDef, Params};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ids::ComponentId;
use crate::ty::Ty;

/// What the lines so far have begun, for each op or item.
#[derive(Default)]
pub(super) struct Scripts(Vec<Script>);

struct Script {
    op: SmolStr,
    item: Option<u32>,
    /// The tools of calls without an answer.
    calls: Vec<SmolStr>,
    in_step: bool,
}

impl Scripts {
    fn of(&mut self, given: &Given) -> Option<&mut Script> {
        let op = &given.subject.path.first()?.text;
        let item = given.subject.index.map(|(number, _)| number);
        let at = match self.0.iter().position(|script| script.op == *op && script.item == item) {
            Some(at) => at,
            None => {
                self.0.push(Script { op: op.clone(), item, calls: Vec::new(), in_step: false });
                self.0.len() - 1
            }
        };
        self.0.get_mut(at)
    }
}

impl Script {
    /// Advances by one event; returns a message if the event is not possible now.
    fn goes_on(&mut self, event: &AgentEvent) -> Result<(), String> {
        let tool = event.tool.as_ref().map(|tool| &tool.text);
        match event.word.text.as_str() {
            "tool_start" => self.calls.extend(tool.cloned()),
            "tool_end" => match self.calls.iter().rposition(|open| Some(open) == tool) {
                Some(at) => {
                    self.calls.remove(at);
                }
                None => {
                    let tool = tool.map(SmolStr::as_str).unwrap_or_default();
                    return Err(format!("`tool_end` without a call: expected a line `tool_start({tool})` before it"));
                }
            },
            "step_start" => self.in_step = true,
            _ if !self.in_step => {
                return Err("`step_end` without a step: expected a line `step_start` before it".to_owned());
            }
            _ => self.in_step = false,
        }
        Ok(())
    }
}

impl<'s> Checker<'_, 's> {
    /// `given OP tool_start(bash) (command: "…")`
    pub(super) fn given_event(
        &mut self,
        scope: &mut Scope<'_, 's>,
        given: &Given,
        event: &AgentEvent,
        runs: Runs,
        scripts: &mut Scripts,
    ) -> Option<Vec<plan::Arg>> {
        if let Some((_, span)) = given.retrying {
            let message = "`retrying` is allowed only in the line with the final state of the op";
            self.error_at(diagnostics::BAD_TEST, scope.place(span), message);
            return None;
        }
        let params = self.carried(scope, event, runs, true)?;
        if let Some(Err(message)) = scripts.of(given).map(|script| script.goes_on(event)) {
            self.error_at(diagnostics::BAD_TEST, scope.place(event.word.span), message);
            return None;
        }
        let name = match &event.tool {
            Some(tool) => format!("{}({})", event.word.text, tool.text),
            None => event.word.text.to_string(),
        };
        let is_call = event.word.text == "tool_start";
        let owner = if is_call { Owner::Component } else { Owner::Local };
        let callee = Callee { kind: "event", name: &name, params: &params, place: None, positional: false, owner };
        let args = given.args.as_deref().unwrap_or_default();
        // A call has all its inputs, with their defaults.
        Some(if is_call {
            self.arguments(scope, &callee, args, given.span)
        } else {
            self.written_arguments(scope, &callee, args, given.span)
        })
    }

    /// The parameters of an agent's event. `None` after a report that the op does not have this event, or if no tool is named and
    /// none is required.
    pub(super) fn carried(
        &mut self,
        scope: &Scope<'_, '_>,
        event: &AgentEvent,
        runs: Runs,
        names_tool: bool,
    ) -> Option<Params<'s>> {
        let Some(tools) = self.tools_of(runs) else {
            self.no_agent(scope, event);
            return None;
        };
        match (event.word.text.as_str(), &event.tool) {
            ("step_start", _) => Some(step(&[("number", Ty::Int)])),
            ("step_end", _) => Some(step(&[("text", Ty::String)])),
            (word, None) if names_tool => {
                let diagnostic = self.bad_test(scope, event.word.span, format!("missing tool for `{word}`"));
                let first = tools.first().map(|id| self.program.component(*id).item.name.clone());
                self.report(diagnostic.maybe_help(first.map(|tool| format!("name the tool, as in `{word}({tool})`"))));
                None
            }
            (_, None) => None,
            (word, Some(tool)) => {
                let id = self.tool_named(scope, tool, &tools)?;
                if !self.is_whole(self.program.component(id).item.damage) {
                    return None;
                }
                let def = self.program.component(id);
                Some(if word == "tool_end" { def.outputs.clone() } else { def.inputs.clone() })
            }
        }
    }

    fn tool_named(&mut self, scope: &Scope<'_, '_>, tool: &Ident, tools: &[ComponentId]) -> Option<ComponentId> {
        let id = self.component_named(scope, tool)?;
        if tools.contains(&id) {
            return Some(id);
        }
        let place = scope.place(tool.span);
        let message = format!("the agent has no tool `{}`", tool.text);
        let names: Vec<&str> = tools.iter().map(|id| self.program.component(*id).item.name.as_str()).collect();
        let help = did_you_mean(&tool.text, names);
        self.report(Diagnostic::new(diagnostics::UNKNOWN_TOOL, place, message).maybe_help(help));
        None
    }

    /// Reports an event of an agent for an op that does not run an agent.
    pub(super) fn no_agent(&mut self, scope: &Scope<'_, '_>, event: &AgentEvent) {
        let message = if is_step(event) { "only agents have steps" } else { "only agents call tools" };
        self.error_at(diagnostics::BAD_TEST, scope.place(event.word.span), message);
    }
}

pub(super) fn is_step(event: &AgentEvent) -> bool {
    event.word.text.starts_with("step_")
}

/// The parameters of a step, all of them optional.
fn step<'s>(fields: &[(&'static str, Ty)]) -> Params<'s> {
    let place = crate::place::Place { file: crate::FileId(0), span: hookc_grammar::Span::default() };
    let param = |(name, ty): &(&'static str, Ty)| {
        let name = SmolStr::new_static(name);
        (name.clone(), ParamDef { name, ty: ty.clone().optional(), place, at: 0, ast: None })
    };
    fields.iter().map(param).collect()
}
