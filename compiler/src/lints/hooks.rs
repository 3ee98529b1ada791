//! Hooks of one op or job that add nothing to each other.

use hookc_plan as plan;
use hookc_plan::{Event, VerbKind};

use super::atom::Literal;
use super::condition::place;
use super::same::{same, same_args};
use super::split::{Split, State};
use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};

impl Checker<'_, '_> {
    /// Reports hooks that only repeat another, and gates behind one that has refused already.
    pub(crate) fn lint_hooks(&mut self, hooks: &[plan::Hook]) {
        for (index, later) in hooks.iter().enumerate() {
            for earlier in hooks.iter().take(index) {
                if earlier.verb != later.verb || earlier.name == later.name || !is_comparable(later.verb) {
                    continue;
                }
                if let Some(found) = self.repeated(earlier, later) {
                    self.report(found);
                    break;
                }
            }
        }
    }

    fn repeated(&self, earlier: &plan::Hook, later: &plan::Hook) -> Option<Diagnostic> {
        if later.verb == VerbKind::Fail {
            let refused = is_within(later, earlier) && self.implied(later.when.as_ref(), earlier.when.as_ref());
            let message = format!(
                "`{}` is never asked: `{}` has refused before it",
                later.name, earlier.name
            );
            return refused.then(|| report(later, earlier, message, "refuses first"));
        }
        if !same_call(earlier, later) {
            return None;
        }
        let same_when = same_condition(earlier.when.as_ref(), later.when.as_ref());
        if is_within(later, earlier) {
            if same_when && is_within(earlier, later) {
                let message = format!("`{}` does the same as `{}`: both fire", later.name, earlier.name);
                return Some(report(later, earlier, message, "the same hook"));
            }
            if same_when || self.implied(later.when.as_ref(), earlier.when.as_ref()) {
                return Some(only_when(later, earlier));
            }
        }
        let narrower =
            is_within(earlier, later) && (same_when || self.implied(earlier.when.as_ref(), later.when.as_ref()));
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
        matches!(
            event,
            Event::Succeeded | Event::Failed | Event::Stopped | Event::Skipped | Event::UpstreamFailed
        )
    };
    inner.on.iter().all(|on| {
        outer
            .on
            .iter()
            .any(|other| other == on || (other.event == Event::Done && is_final(on.event)))
    })
}

fn same_call(a: &plan::Hook, b: &plan::Hook) -> bool {
    let same_message = match (&a.message, &b.message) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    a.component == b.component && same_message && same_args(&a.args, &b.args)
}

fn same_condition(a: Option<&plan::Cond>, b: Option<&plan::Cond>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(&a.expr, &b.expr),
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn only_when(narrow: &plan::Hook, wide: &plan::Hook) -> Diagnostic {
    let message = format!(
        "`{}` repeats `{}`: it fires only when that one does, with the same call",
        narrow.name, wide.name
    );
    report(narrow, wide, message, "fires too")
}

fn report(hook: &plan::Hook, other: &plan::Hook, message: String, label: &str) -> Diagnostic {
    let (file, span) = place(hook.attached);
    let (other_file, other_span) = place(other.attached);
    Diagnostic::new(diagnostics::REPEATED_HOOK, file, span, message)
        .label(other_file, other_span, label)
        .help("remove one of the two")
}
