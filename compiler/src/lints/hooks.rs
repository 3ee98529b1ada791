//! Hooks of one op or job that add nothing to each other.

use hookc_plan as plan;
use hookc_plan::{Event, VerbKind};

use super::atom::Literal;
use super::condition::place;
use super::same::Said;
use super::split::{Split, State};
use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};

/// With more hooks than this nobody reads what is said of each two.
const MOST_HOOKS: usize = 500;

impl Checker<'_, '_> {
    /// Reports hooks that only repeat another, and gates behind one that has refused already.
    pub(crate) fn lint_hooks(&mut self, hooks: &[plan::Hook]) {
        if !(2..=MOST_HOOKS).contains(&hooks.len()) {
            return;
        }
        let said: Vec<Said<'_>> = hooks.iter().map(Said::new).collect();
        for (index, later) in said.iter().enumerate() {
            let mut before = said.iter().take(index);
            let found = before.find_map(|earlier| {
                let comparable = earlier.hook.verb == later.hook.verb
                    && earlier.hook.name != later.hook.name
                    && is_comparable(later.hook.verb);
                comparable.then(|| self.repeated(earlier, later)).flatten()
            });
            if let Some(found) = found {
                self.report(found);
            }
        }
    }

    fn repeated(&self, first: &Said<'_>, second: &Said<'_>) -> Option<Diagnostic> {
        let (earlier, later) = (first.hook, second.hook);
        let (within, around) = (is_within(later, earlier), is_within(earlier, later));
        if later.verb == VerbKind::Fail {
            let refused = within && self.implied(later.when.as_ref(), earlier.when.as_ref());
            let message = format!("`{}` is never asked: `{}` has refused before it", later.name, earlier.name);
            return refused.then(|| report(later, earlier, message, "refuses first"));
        }
        if !(within || around) || !first.same_call(second) {
            return None;
        }
        let same_when = first.same_condition(second);
        if same_when && within && around {
            let message = format!("`{}` does the same as `{}`: both fire", later.name, earlier.name);
            return Some(report(later, earlier, message, "the same hook"));
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
        let mut split = Split::new(&enums, any, &[]);
        let states = match a {
            Some(a) => split.split(&a.expr, vec![State::new()]).yes,
            None => vec![State::new()],
        };
        !states.is_empty() && split.split(&b.expr, states).no.is_empty()
    }
}

fn is_comparable(verb: VerbKind) -> bool {
    matches!(verb, VerbKind::Run | VerbKind::Warn | VerbKind::Fail)
}

/// Whether every event of `inner` is one of `outer`.
fn is_within(inner: &plan::Hook, outer: &plan::Hook) -> bool {
    let is_final = |event: Event| {
        matches!(event, Event::Succeeded | Event::Failed | Event::Stopped | Event::Skipped | Event::UpstreamFailed)
    };
    inner
        .on
        .iter()
        .all(|on| outer.on.iter().any(|other| other == on || (other.event == Event::Done && is_final(on.event))))
}

fn only_when(narrow: &plan::Hook, wide: &plan::Hook) -> Diagnostic {
    let message =
        format!("`{}` repeats `{}`: it fires only when that one does, with the same call", narrow.name, wide.name);
    report(narrow, wide, message, "fires too")
}

fn report(hook: &plan::Hook, other: &plan::Hook, message: String, label: &str) -> Diagnostic {
    let (file, span) = place(hook.attached);
    let (other_file, other_span) = place(other.attached);
    Diagnostic::new(diagnostics::REPEATED_HOOK, file, span, message)
        .label(other_file, other_span, label)
        .help("remove one of the two")
}
