//! Hooks of one op or job that repeat each other, and gates that together refuse everything.

use hookc_plan as plan;
use hookc_plan::{Event, EventOn, VerbKind};

use super::comparison::Literal;
use super::condition::place;
use super::repeated_hook::ComparedHook;
use super::truth::{State, Truth};
use crate::check::{Checker, event_facts};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;

/// The maximum number of hooks that are compared with each other.
const MOST_HOOKS: usize = 500;

impl Checker<'_, '_> {
    /// Reports hooks that only repeat another, hooks after a gate that has already refused, and gates that together refuse
    /// everything. The hooks are in firing order, gates first.
    pub(crate) fn lint_hooks(&mut self, hooks: &[plan::Hook]) {
        for hook in hooks.iter().filter(|hook| refuses_everything(hook)) {
            if !self.is_unsure_hook(hook) {
                self.report(refuses_alone(hook));
            }
        }
        if !(2..=MOST_HOOKS).contains(&hooks.len()) {
            return;
        }
        let compared: Vec<ComparedHook<'_>> = hooks.iter().map(ComparedHook::new).collect();
        for (index, later) in compared.iter().enumerate() {
            let before = compared.get(..index).unwrap_or_default();
            let found = before.iter().enumerate().find_map(|(at, earlier)| match earlier.hook.verb {
                VerbKind::Fail => self.refused(earlier.hook, later.hook, hooks.get(at + 1..index).unwrap_or_default()),
                _ => self.repeated(earlier, later),
            });
            if let Some(found) = found.filter(|_| !self.is_unsure_hook(later.hook)) {
                self.report(found);
            }
        }
        if hooks.iter().filter(|hook| hook.verb == VerbKind::Fail && hook.when.is_some()).count() > 1 {
            let gated = Event::ALL.iter().filter(|event| event_facts(**event).gates);
            let found: Vec<_> = gated.filter_map(|event| self.closed(hooks, *event)).collect();
            self.diagnostics.extend(found);
        }
    }

    /// Whether there is a syntax error around the hook, or in what it runs. Its call may then be incomplete.
    fn is_unsure_hook(&self, hook: &plan::Hook) -> bool {
        let (file, span) = place(hook.attached);
        let called = self.hook_component(hook).map(|id| self.program.component(id).item.damage);
        let damage = self.program.damage_at(file, span.start) | called.unwrap_or_default();
        self.program.hides_part(damage)
    }

    /// Reports a hook that is never reached: whenever it would run, an earlier gate has refused.
    fn refused(&self, earlier: &plan::Hook, later: &plan::Hook, between: &[plan::Hook]) -> Option<Diagnostic> {
        if earlier.when.is_none() && (later.verb != VerbKind::Fail || refuses_everything(earlier)) {
            // A gate without a condition usually closes an op temporarily, or it is reported itself.
            return None;
        }
        let modified = later.on.iter().any(|on| between.iter().any(|hook| modifies(hook, on.event)));
        if modified || !is_within(later, earlier) || !self.implied(later.when.as_ref(), earlier.when.as_ref()) {
            return None;
        }
        let never = if later.verb == VerbKind::Run { "never runs" } else { "is never checked" };
        let message = format!("hook `{}` {never}: hook `{}` always refuses first", later.name, earlier.name);
        Some(report(later, earlier, message, "refuses first"))
    }

    /// Reports gates of which one always refuses.
    fn closed(&self, hooks: &[plan::Hook], event: Event) -> Option<Diagnostic> {
        let enums = |name: &str| self.enum_values(name);
        let any: Literal<'_> = &|_| true;
        let mut split = Truth::new(&enums, any, &[]);
        let mut states = vec![State::new()];
        let mut first = None;
        let stands = |hook: &&plan::Hook| hook.on.iter().any(|on| on.event == event && on.tools.is_empty());
        for hook in hooks.iter().filter(stands) {
            match (hook.verb, &hook.when) {
                (VerbKind::Fail, Some(when)) => states = split.split(&when.expr, states).no,
                (VerbKind::Fail, None) => return None,
                (VerbKind::Modify, _) => {
                    states = vec![State::new()];
                    first = None;
                    continue;
                }
                _ => continue,
            }
            let Some(first) = first.replace(first.unwrap_or(hook)) else {
                // A gate that always refuses by itself is reported as a condition that is always true.
                if states.is_empty() {
                    return None;
                }
                continue;
            };
            if states.is_empty() {
                let when = hook.when.as_ref()?;
                let alone = split.split(&when.expr, vec![State::new()]).no;
                return (!alone.is_empty()).then(|| always_refused(hook, first));
            }
        }
        None
    }

    fn repeated(&self, first: &ComparedHook<'_>, second: &ComparedHook<'_>) -> Option<Diagnostic> {
        let (earlier, later) = (first.hook, second.hook);
        let comparable = earlier.verb == later.verb && earlier.name != later.name && is_comparable(later.verb);
        if !comparable {
            return None;
        }
        let (within, around) = (is_within(later, earlier), is_within(earlier, later));
        if !(within || around) || !first.same_call(second) {
            return None;
        }
        let same_when = first.same_condition(second);
        if same_when && within && around {
            let message = format!("hook `{}` repeats hook `{}`: both make the same call", later.name, earlier.name);
            return Some(report(later, earlier, message, "same call here"));
        }
        if within && (same_when || self.implied(later.when.as_ref(), earlier.when.as_ref())) {
            return Some(only_when(later, earlier));
        }
        let narrower = around && (same_when || self.implied(earlier.when.as_ref(), later.when.as_ref()));
        narrower.then(|| only_when(earlier, later))
    }

    /// Whether `b` is true, and cannot fail, wherever `a` is true.
    fn implied(&self, a: Option<&plan::Cond>, b: Option<&plan::Cond>) -> bool {
        let Some(b) = b else { return true };
        if !plan::may_fail(&b.expr).is_empty() {
            return false;
        }
        let enums = |name: &str| self.enum_values(name);
        let any: Literal<'_> = &|_| true;
        let mut split = Truth::new(&enums, any, &[]);
        let states = match a {
            Some(a) => split.split(&a.expr, vec![State::new()]).yes,
            None => vec![State::new()],
        };
        !states.is_empty() && split.split(&b.expr, states).no.is_empty()
    }
}

fn is_comparable(verb: VerbKind) -> bool {
    matches!(verb, VerbKind::Run | VerbKind::Warn)
}

/// Whether every event of `inner` is one of `outer`.
fn is_within(inner: &plan::Hook, outer: &plan::Hook) -> bool {
    inner.on.iter().all(|on| outer.on.iter().any(|other| covers(other, on)))
}

fn covers(outer: &EventOn, inner: &EventOn) -> bool {
    let every_tool = EventOn { tools: Vec::new(), ..inner.clone() };
    outer == inner || *outer == every_tool || (outer.event == Event::Done && event_facts(inner.event).is_final)
}

/// Whether the gate changes what later conditions on the event read.
fn modifies(hook: &plan::Hook, event: Event) -> bool {
    hook.verb == VerbKind::Modify && hook.on.iter().any(|on| on.event == event)
}

fn only_when(narrow: &plan::Hook, wide: &plan::Hook) -> Diagnostic {
    let message = format!(
        "hook `{}` repeats hook `{}`: it runs only when that one does, with the same call",
        narrow.name, wide.name
    );
    report(narrow, wide, message, "also runs")
}

fn report(hook: &plan::Hook, other: &plan::Hook, message: String, label: &str) -> Diagnostic {
    let (file, span) = place(hook.attached);
    let (other_file, other_span) = place(other.attached);
    Diagnostic::new(diagnostics::REPEATED_HOOK, Place::new(file, span), message)
        .label(Place::new(other_file, other_span), label)
        .help("remove one of them")
}

/// Whether a gate refuses whatever it is asked: it has no condition, and is not for some of the tools alone.
fn refuses_everything(hook: &plan::Hook) -> bool {
    let is_all = |on: &EventOn| matches!(on.event, Event::Start | Event::End | Event::StepStart | Event::StepEnd);
    hook.verb == VerbKind::Fail && hook.when.is_none() && hook.on.iter().all(is_all)
}

fn refuses_alone(hook: &plan::Hook) -> Diagnostic {
    let (file, span) = place(hook.attached);
    let event = hook.on.first().map_or("start", |on| on.event.word());
    let message = format!("this gate refuses every `{event}`: it has no condition");
    Diagnostic::new(diagnostics::ALWAYS_REFUSED, Place::new(file, span), message)
        .help(format!("add a condition, as in `on {event} when … fail …`"))
}

fn always_refused(hook: &plan::Hook, first: &plan::Hook) -> Diagnostic {
    let (file, span) = place(hook.attached);
    let (first_file, first_span) = place(first.attached);
    let message = format!("the gates refuse everything: `{}` refuses all that the gates before it allow", hook.name);
    Diagnostic::new(diagnostics::ALWAYS_REFUSED, Place::new(file, span), message)
        .label(Place::new(first_file, first_span), "refuses everything else")
        .help("change a condition so that some values pass")
}
