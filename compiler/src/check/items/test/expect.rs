//! `expect`: states, hooks, and the values that are compared.

use hookc_grammar::ast::{Arg, Expect};
use hookc_plan as plan;

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
    pub(super) fn expectation(&mut self, scope: &mut Scope<'_, 's>, id: JobId, job: &plan::Job, expect: &Expect) {
        let Some(named) = self.subject(scope, id, job, &expect.subject) else {
            return;
        };
        if let (Some(event), Named::Job | Named::Previous | Named::Hook(_)) = (&expect.event, &named) {
            return self.no_agent(scope, event);
        }
        let outcomes: &[&str] = match (&named, &expect.event) {
            (Named::Job, _) => &["succeeded", "failed", "stopped", "refused"],
            (Named::Previous, _) => {
                let message = "`previous` is allowed in `given`, not in `expect`";
                return self.error_at(diagnostics::BAD_TEST, scope.place(expect.subject.span), message);
            }
            (Named::Op(_), Some(event)) if is_step(event) => &["refused"],
            (Named::Op(_), Some(_)) => &["refused", "modified"],
            (Named::Op(_), None) => OP_OUTCOMES,
            (Named::Hook(_), _) => HOOK_OUTCOMES,
        };
        if self.is_unsure(id, &named) {
            return;
        }
        let wanted = self.comparable(scope, id, &named, expect);
        if !self.state(scope, expect.outcome.as_ref(), outcomes) {
            return;
        }
        let Some(outcome) = &expect.outcome else { return };
        if let Some(message) = &expect.message {
            if !WITH_MESSAGE.contains(&outcome.text.as_str()) {
                let told = format!("`{}` has no message to compare", outcome.text);
                return self.error_at(diagnostics::BAD_TEST, scope.place(message.span), told);
            }
            self.expect(scope, message, &Ty::String);
        }
        let Some(args) = &expect.args else { return };
        if !WITH_VALUES.contains(&outcome.text.as_str()) {
            let message = format!("`{}` has no values to compare", outcome.text);
            let first = args.first().map_or(expect.span, |arg| arg.span);
            let diagnostic = self.bad_test(scope, first, message);
            return self.report(diagnostic.help("only `ran (…)` and `modified (…)` take values"));
        }
        match wanted {
            Some(wanted) => self.some_arguments(scope, &wanted, args),
            // Errors in the event are already reported.
            None if expect.event.is_some() => {}
            None => self.no_arguments(scope, Some(args), expect.span),
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
    fn some_arguments(&mut self, scope: &mut Scope<'_, 's>, params: &Params<'s>, args: &[Arg]) {
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
                    let ty = param.ty.clone();
                    self.expect(scope, &arg.value, &ty);
                }
                None => {
                    let place = scope.place(label.span);
                    let message = format!("there is no value `{}` to compare", label.text);
                    let help = did_you_mean(&label.text, params.keys().map(SmolStr::as_str));
                    self.report(Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place, message).maybe_help(help));
                }
            }
        }
    }
}
