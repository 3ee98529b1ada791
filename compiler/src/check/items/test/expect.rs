//! `expect`: states, hooks, and the values that are compared.

use hookc_grammar::ast::{Arg, Expect, Expr, Ident};
use hookc_plan as plan;

use super::plan_lines::plan_subject;
use super::script::is_step;
use super::{Checker, JobId, Named, Scope};
use crate::declare::Params;
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ty::Ty;
use smol_str::SmolStr;

const OP_OUTCOMES: &[&str] =
    &["succeeded", "failed", "stopped", "skipped", "upstream_failed", "pending", "refused", "modified"];
/// The outcomes with a message, and those with values.
const WITH_MESSAGE: &[&str] = &["ran", "refused", "failed"];
const WITH_VALUES: &[&str] = &["ran", "modified"];
const HOOK_OUTCOMES: &[&str] = &["ran", "errored"];

impl<'s> Checker<'_, 's> {
    pub(super) fn expectation(
        &mut self,
        scope: &mut Scope<'_, 's>,
        id: JobId,
        job: &plan::Job,
        expect: &Expect,
    ) -> Option<plan::test::Expect> {
        let named = self.subject(scope, id, job, &expect.subject)?;
        let outcomes = self.outcomes(scope, &named, expect)?;
        if self.is_hidden(id, &named) {
            return None;
        }
        let wanted = self.comparable(scope, id, &named, expect);
        if !self.state(scope, expect.outcome.as_ref(), outcomes) {
            return None;
        }
        let outcome = expect.outcome.as_ref()?;
        let message = match &expect.message {
            Some(message) => Some(self.expected_message(scope, outcome, message)?),
            None => None,
        };
        let args = self.compared(scope, expect, outcome, wanted)?;
        Some(plan::test::Expect {
            subject: plan_subject(&expect.subject, &named),
            event: expect.event.as_ref().and_then(|event| self.plan_event(scope, event)),
            not: expect.not,
            outcome: plan::test::Outcome::from_word(&outcome.text)?,
            message,
            args,
            span: scope.plan_span(expect.span),
        })
    }

    /// The outcomes that can be expected of the subject; `None` after a report.
    fn outcomes(
        &mut self,
        scope: &Scope<'_, '_>,
        named: &Named<'_>,
        expect: &Expect,
    ) -> Option<&'static [&'static str]> {
        match (named, &expect.event) {
            (Named::Job | Named::Previous | Named::Hook(_), Some(event)) => {
                self.no_agent(scope, event);
                None
            }
            (Named::Job, None) => Some(&["succeeded", "failed", "stopped", "refused"]),
            (Named::Previous, None) => {
                let message = "`previous` is allowed in `given`, not in `expect`";
                self.error_at(diagnostics::BAD_TEST, scope.place(expect.subject.span), message);
                None
            }
            (Named::Op(_), Some(event)) if is_step(event) => Some(&["refused"]),
            (Named::Op(_), Some(_)) => Some(&["refused", "modified"]),
            (Named::Op(_), None) => Some(OP_OUTCOMES),
            (Named::Hook(_), None) => Some(HOOK_OUTCOMES),
        }
    }

    /// The message that is compared; `None` after a report that there is none.
    fn expected_message(&mut self, scope: &mut Scope<'_, 's>, outcome: &Ident, message: &Expr) -> Option<plan::Expr> {
        if !WITH_MESSAGE.contains(&outcome.text.as_str()) {
            let text = format!("`{}` has no message to compare", outcome.text);
            self.error_at(diagnostics::BAD_TEST, scope.place(message.span), text);
            return None;
        }
        Some(*self.expect(scope, message, &Ty::String).expr)
    }

    /// The values that are compared; `None` after a report that there are none.
    fn compared(
        &mut self,
        scope: &mut Scope<'_, 's>,
        expect: &Expect,
        outcome: &Ident,
        wanted: Option<Params<'s>>,
    ) -> Option<Vec<plan::Arg>> {
        let Some(args) = &expect.args else { return Some(Vec::new()) };
        if !WITH_VALUES.contains(&outcome.text.as_str()) {
            let message = format!("`{}` has no values to compare", outcome.text);
            let first = args.first().map_or(expect.span, |arg| arg.span);
            let diagnostic = self.bad_test(scope, first, message);
            self.report(diagnostic.help("only `ran (…)` and `modified (…)` take values"));
            return None;
        }
        match wanted {
            Some(wanted) => Some(self.some_arguments(scope, &wanted, args)),
            // Errors in the event are already reported.
            None if expect.event.is_some() => None,
            None => {
                self.no_arguments(scope, Some(args), expect.span);
                Some(Vec::new())
            }
        }
    }

    /// The names that an expectation can compare; `None` if there are none.
    fn comparable(
        &mut self,
        scope: &Scope<'_, '_>,
        id: JobId,
        named: &Named<'_>,
        expect: &Expect,
    ) -> Option<Params<'s>> {
        match named {
            Named::Hook(hook) => self.hook_component(hook).map(|id| self.program.component(id).inputs.clone()),
            Named::Op(op) => {
                let runs = self.op_runs(id, &op.name)?;
                let Some(event) = &expect.event else {
                    let (inputs, outputs) = self.signature(runs);
                    return Some(inputs.with(outputs));
                };
                let names_tool = event.tool.is_some() || expect.args.is_some();
                self.carried(scope, event, runs, names_tool)
            }
            Named::Job | Named::Previous => None,
        }
    }

    /// Values to compare. Each is named after one of the parameters, and all are optional.
    fn some_arguments(&mut self, scope: &mut Scope<'_, 's>, params: &Params<'s>, args: &[Arg]) -> Vec<plan::Arg> {
        let mut values = Vec::new();
        for arg in args {
            let Some(label) = &arg.label else {
                self.error_at(
                    diagnostics::UNNAMED_ARGUMENT,
                    scope.place(arg.span),
                    "the values to compare must be named",
                );
                continue;
            };
            match params.get(&label.text) {
                Some(param) => {
                    let value = self.expect(scope, &arg.value, &param.ty.clone());
                    values.push(plan::Arg { name: label.text.clone(), value: *value.expr });
                }
                None => {
                    let place = scope.place(label.span);
                    let message = format!("there is no value `{}` to compare", label.text);
                    let help = did_you_mean(&label.text, params.keys().map(SmolStr::as_str));
                    self.report(Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place, message).maybe_help(help));
                }
            }
        }
        values
    }
}
