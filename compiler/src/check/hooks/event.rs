//! The events after `on`: whether the target has them, and the payloads of agents' tools.

use hookc_grammar::ast::{Event as EventAst, ExprKind, Hook, Ident};
use hookc_plan as plan;
use hookc_plan::Event;
use smol_str::SmolStr;

use crate::check::hooks::context::ToolContext;
use crate::check::hooks::event_facts::Target;
use crate::check::hooks::event_facts::{events_of, facts, final_events};
use crate::check::hooks::site::Site;
use crate::check::{Checker, Env, Referent, Scope};
use crate::declare::Params;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ids::ComponentId;
use crate::symbol::Symbol;

impl<'p, 's> Checker<'p, 's> {
    /// One event of the hook, checked against what it watches.
    pub(crate) fn event(
        &mut self,
        site: &Site<'_, 's>,
        scope: &Scope<'_, '_>,
        event: &EventAst,
    ) -> Option<plan::EventOn> {
        let word = &event.name;
        let known = Event::from_word(&word.text);
        self.complete_events(site, scope.place(word.span));
        if let Some(event) = known {
            self.note_name(scope.place(word.span), Referent::Event(event));
        }
        let Some(found) = known.filter(|event| facts(*event).targets.contains(&site.target)) else {
            let place = scope.place(word.span);
            let names = events_of(site.target).map(Event::word);
            let message = match known {
                Some(event) => format!("{} has no event `{event}`", site.target.word()),
                None => format!("unknown event `{}`", word.text),
            };
            let usual = usual_event(&word.text).map(|event| format!("use `{event}`"));
            let diagnostic = Diagnostic::new(diagnostics::BAD_EVENT, place, message).maybe_help(usual);
            let unknown = known.is_none() && diagnostic.help.is_none();
            let diagnostic = if unknown { diagnostic.suggest(&word.text, names.clone()) } else { diagnostic };
            let all = || Some(format!("available events: `{}`", names.clone().collect::<Vec<_>>().join("`, `")));
            let diagnostic = diagnostic.help_else(all);
            self.report(diagnostic);
            return None;
        };
        let mut on = plan::EventOn { event: found, after_ms: None, tools: Vec::new() };
        match found {
            Event::Overdue => {
                let [time] = event.args.as_slice() else {
                    let place = scope.place(event.span);
                    let diagnostic = Diagnostic::new(diagnostics::BAD_EVENT, place, "`overdue` needs a duration");
                    self.report(diagnostic.help("add a duration, as in `overdue(90m)`"));
                    return None;
                };
                let mut plain = Scope::new(scope.file, scope.at, Env::Plain);
                plain.locals.clone_from(&site.params);
                on.after_ms = Some(self.time_setting(&mut plain, time)?);
            }
            Event::ToolStart | Event::ToolEnd => on.tools = self.event_tools(site, scope, event)?,
            _ if !event.args.is_empty() => {
                let message = format!("event `{found}` takes no arguments");
                self.error_at(diagnostics::BAD_EVENT, scope.place(event.span), message);
                return None;
            }
            _ => {}
        }
        Some(on)
    }

    /// The tools in the brackets of `tool_start` and `tool_end`, which must be tools of the agent.
    pub(crate) fn event_tools(
        &mut self,
        site: &Site<'_, 's>,
        scope: &Scope<'_, '_>,
        event: &EventAst,
    ) -> Option<Vec<SmolStr>> {
        let mut tools = Vec::new();
        for arg in &event.args {
            let ExprKind::Name(name) = &arg.kind else {
                self.error_at(diagnostics::BAD_EVENT, scope.place(arg.span), "expected the name of a tool");
                return None;
            };
            let ident = Ident { text: name.clone(), span: arg.span };
            self.complete_tools(site, scope.place(arg.span));
            let id = self.component_of(scope, &ident)?;
            let reusable = site.op.is_none() || site.tools.as_ref().is_some_and(Vec::is_empty);
            let has = site.tools.as_ref().is_some_and(|tools| tools.contains(&id));
            if !has && !reusable {
                let place = scope.place(arg.span);
                let message = format!("the agent has no tool `{name}`");
                let names: Vec<&str> =
                    site.tools.iter().flatten().map(|id| self.program.component(*id).item.name.as_str()).collect();
                let help = did_you_mean(name, names);
                self.report(Diagnostic::new(diagnostics::UNKNOWN_TOOL, place, message).maybe_help(help));
                return None;
            }
            tools.push(self.key(Symbol::Component(id)));
        }
        Some(tools)
    }

    /// The common parameters of the tools that these events name, or of all tools of the agent.
    pub(crate) fn tool_context(&self, tools: &[ComponentId], on: &[plan::EventOn]) -> ToolContext<'p, 's> {
        let named: Vec<&SmolStr> = on.iter().flat_map(|on| &on.tools).collect();
        let listens = |id: &ComponentId| named.is_empty() || named.contains(&&self.key(Symbol::Component(*id)));
        let all = (0..self.program.components.len()).map(|index| ComponentId(u32::try_from(index).unwrap_or(u32::MAX)));
        let chosen: Vec<ComponentId> = if tools.is_empty() {
            all.filter(|id| !named.is_empty() && listens(id)).collect()
        } else {
            tools.iter().copied().filter(listens).collect()
        };
        let shared = |params: fn(&'p crate::declare::ComponentDef<'s>) -> &'p Params<'s>| {
            let mut ids = chosen.iter();
            let mut shared = ids.next().map(|id| params(self.program.component(*id)).clone()).unwrap_or_default();
            for id in ids {
                let other = params(self.program.component(*id));
                shared.damage |= other.damage;
                shared.retain(|name, param| {
                    other
                        .get(name)
                        .is_some_and(|other| other.ty == param.ty || other.ty.is_error() || param.ty.is_error())
                });
            }
            shared
        };
        ToolContext {
            payload: std::borrow::Cow::Owned(shared(|def| &def.inputs)),
            output: std::borrow::Cow::Owned(shared(|def| &def.outputs)),
        }
    }

    pub(crate) fn report_repeated_events(&mut self, scope: &Scope<'_, '_>, hook: &Hook) {
        for (index, event) in hook.events.iter().enumerate() {
            let repeated = hook.events.iter().take(index).any(|other| other.name.text == event.name.text);
            if repeated && !matches!(event.name.text.as_str(), "overdue" | "tool_start" | "tool_end") {
                let message = format!("`{}` is given twice", event.name.text);
                self.error_at(diagnostics::GIVEN_TWICE, scope.place(event.span), message);
            }
        }
    }
}

/// The events with `done` written out.
pub(crate) fn expand(on: &[plan::EventOn], target: Target) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for on in on {
        let meant = match on.event {
            Event::Done => final_events(target).collect(),
            event => vec![event],
        };
        for event in meant {
            if !events.contains(&event) {
                events.push(event);
            }
        }
    }
    events
}

/// The event that has a different name in other systems.
fn usual_event(name: &str) -> Option<&'static str> {
    Some(match name {
        "success" | "succeed" | "completed" | "on_success" => "succeeded",
        "failure" | "fail" | "error" | "on_failure" => "failed",
        "finished" | "finally" | "always" | "complete" | "exit" => "done",
        "started" | "begin" | "before" => "start",
        "cancelled" | "canceled" | "killed" | "aborted" => "stopped",
        "retry" | "retried" => "retrying",
        "late" | "sla" | "timeout" => "overdue",
        _ => return None,
    })
}
