//! Triggers without an effect: their job does nothing, or nothing reads their body.

use hookc_plan as plan;
use hookc_plan::{EventField, Path, TriggerKind};

use super::condition::place;
use crate::check::{Checker, JobScope};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;

impl Checker<'_, '_> {
    /// Reports triggers without an effect.
    pub(crate) fn lint_triggers(&mut self, job: &JobScope<'_, '_>, triggers: &[plan::Trigger], hooks: &[plan::Hook]) {
        if self.program.hides_part(job.def.item.damage) {
            return;
        }
        let does_nothing = job.ops.is_empty() && hooks.is_empty();
        for trigger in triggers {
            let (file, span) = place(trigger.span);
            let idle = |message: String| Diagnostic::new(diagnostics::IDLE_TRIGGER, Place::new(file, span), message);
            if does_nothing {
                let message = format!("trigger `{}` starts a job that does nothing", trigger.name);
                self.report(idle(message).help("add an op or a hook to the job"));
            } else if is_unread(trigger) {
                let message = format!("the body of trigger `{}` is never read", trigger.name);
                let help = "pass it on, as in `with (… : event.body.…)`, or remove `body`";
                self.report(idle(message).help(help));
            }
        }
    }
}

/// Whether it has a body that neither its condition nor an input reads.
fn is_unread(trigger: &plan::Trigger) -> bool {
    let TriggerKind::Webhook(webhook) = &trigger.kind else { return false };
    let body = Path::Event(EventField::Body);
    let values = trigger.args.iter().map(|arg| &arg.value).chain(trigger.when.as_ref().map(|when| &when.expr));
    webhook.body.is_some() && !values.into_iter().any(|value| plan::reads_of(value).contains(&body))
}
