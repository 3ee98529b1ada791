//! `given`: outcomes of ops and of the components of hooks.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Given};
use hookc_plan as plan;
use smol_str::SmolStr;

use super::script::Scripts;
use super::{Checker, JOB_STATES, JobId, Named, Runs, Scope};
use crate::check::expressions::callee::{Callee, Owner};
use crate::declare::{ParamDef, Params};
use crate::diagnostics::{self, Diagnostic, did_you_mean};
use crate::ty::Ty;

/// The states that a test can give for an op.
const GIVEN_STATES: &[&str] = &["succeeded", "failed", "stopped", "skipped"];

/// What the earlier lines of a test have given.
#[derive(Default)]
pub(super) struct Said {
    outcomes: Vec<(Vec<SmolStr>, Option<u32>, Span)>,
    scripts: Scripts,
}

impl<'s> Checker<'_, 's> {
    pub(super) fn given(
        &mut self,
        scope: &mut Scope<'_, 's>,
        id: JobId,
        job: &plan::Job,
        given: &Given,
        said: &mut Said,
    ) {
        let Some(named) = self.subject(scope, id, job, &given.subject) else {
            return;
        };
        if let (Some(event), Named::Job | Named::Previous | Named::Hook(_)) = (&given.event, &named) {
            return self.no_agent(scope, event);
        }
        let is_state = given.state.as_ref().is_some_and(|state| GIVEN_STATES.contains(&state.text.as_str()));
        if is_state && self.is_given_twice(scope, given, said) {
            return;
        }
        if self.is_unsure(id, &named) {
            return;
        }
        match named {
            Named::Job => self.error_at(
                diagnostics::BAD_TEST,
                scope.place(given.subject.span),
                "`job` is allowed in `expect`, not in `given`",
            ),
            Named::Previous => {
                self.state(scope, given.state.as_ref(), JOB_STATES);
            }
            Named::Hook(hook) => self.given_hook(scope, given, hook),
            Named::Op(op) => match (&given.event, self.op_runs(id, &op.name)) {
                (Some(event), Some(runs)) => self.given_event(scope, given, event, runs, &mut said.scripts),
                (None, Some(runs)) => self.given_op(scope, given, op, runs),
                (_, None) => {}
            },
        }
    }

    /// Whether an earlier line has given the same. Then it is reported.
    fn is_given_twice(&mut self, scope: &Scope<'_, '_>, given: &Given, said: &mut Said) -> bool {
        let path: Vec<SmolStr> = given.subject.path.iter().map(|name| name.text.clone()).collect();
        let item = given.subject.index.map(|(number, _)| number);
        let before = said.outcomes.iter().find(|(known, known_item, _)| *known == path && *known_item == item);
        let Some((_, _, before)) = before else {
            said.outcomes.push((path, item, given.subject.span));
            return false;
        };
        let first = scope.place(*before);
        let text = self.program.sources.text(first.file, first.span);
        let diagnostic = self.bad_test(scope, given.subject.span, format!("`{text}` is given twice"));
        self.report(diagnostic.label(first, "first given here"));
        true
    }

    fn given_op(&mut self, scope: &mut Scope<'_, 's>, given: &Given, op: &plan::Op, runs: Runs) {
        if let Some((times, span)) = given.retrying {
            let most = op.retry.iter().map(|retry| retry.times).max().unwrap_or(0);
            if times > most {
                let message = format!("op `{}` is retried at most {most} times", op.name);
                self.error_at(diagnostics::BAD_TEST, scope.place(span), message);
            }
        }
        if !self.state(scope, given.state.as_ref(), GIVEN_STATES) {
            return;
        }
        if let (Some(state), Some(_)) = (&given.state, given.subject.index)
            && state.text == "skipped"
        {
            let message = "an item cannot be skipped: `when` applies to the whole op";
            return self.error_at(diagnostics::BAD_TEST, scope.place(state.span), message);
        }
        let args = given.args.as_deref().unwrap_or_default();
        let outputs = self.signature(runs).1;
        match given.state.as_ref().map(|state| state.text.as_str()) {
            Some("succeeded") => {
                let callee = Callee::outputs("op", &op.name, outputs, self.place_of_runs(runs));
                self.arguments(scope, &callee, args, given.span);
            }
            Some("failed") => self.given_failure(scope, given, args, outputs),
            _ => self.no_arguments(scope, given.args.as_deref(), given.span),
        }
    }

    /// `failed (kind: …, message: …, outputs: { … })`
    fn given_failure(&mut self, scope: &mut Scope<'_, 's>, given: &Given, args: &[Arg], outputs: &Params<'s>) {
        let mut rest: Vec<Arg> = Vec::new();
        for arg in args {
            let is_outputs = arg.label.as_ref().is_some_and(|label| label.text == "outputs");
            let hookc_grammar::ast::ExprKind::Braces(fields) = &arg.value.kind else {
                rest.push(arg.clone());
                continue;
            };
            if !is_outputs {
                rest.push(arg.clone());
                continue;
            }
            for field in fields {
                let hookc_grammar::ast::Key::Word(key) = &field.key else {
                    continue;
                };
                match outputs.get(&key.text) {
                    Some(param) => {
                        let ty = param.ty.clone();
                        self.expect(scope, &field.value, &ty);
                    }
                    None => {
                        let place = scope.place(key.span);
                        let message = format!("unknown output `{}`", key.text);
                        let help = did_you_mean(&key.text, outputs.keys().map(SmolStr::as_str));
                        self.report(Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place, message).maybe_help(help));
                    }
                }
            }
        }
        let params = self.failure_params();
        let callee = Callee {
            kind: "state",
            name: "failed",
            params: &params,
            place: None,
            positional: false,
            owner: Owner::Local,
        };
        self.arguments(scope, &callee, &rest, given.span);
    }

    fn failure_params(&self) -> Params<'s> {
        let place = crate::place::Place { file: crate::FileId(0), span: Span::default() };
        let kind = Ty::Enum(self.program.builtins.error_kind);
        [("kind", kind), ("message", Ty::String), ("exit_code", Ty::Int), ("traceback", Ty::String)]
            .into_iter()
            .map(|(name, ty)| {
                let name = SmolStr::new_static(name);
                (name.clone(), ParamDef { name, ty: ty.optional(), place, at: 0, ast: None })
            })
            .collect()
    }

    pub(super) fn no_arguments(&mut self, scope: &Scope<'_, '_>, args: Option<&[Arg]>, span: Span) {
        if args.is_some_and(|args| !args.is_empty()) {
            self.error_at(diagnostics::BAD_TEST, scope.place(span), "this state takes no arguments");
        }
    }

    fn given_hook(&mut self, scope: &mut Scope<'_, 's>, given: &Given, hook: &plan::Hook) {
        if !self.state(scope, given.state.as_ref(), &["succeeded", "failed"]) {
            return;
        }
        let Some(id) = self.hook_component(hook) else {
            let message = format!("hook `{}` does not run a component", hook.name);
            self.error_at(diagnostics::BAD_TEST, scope.place(given.subject.span), message);
            return;
        };
        let args = given.args.as_deref().unwrap_or_default();
        if given.state.as_ref().is_some_and(|state| state.text == "succeeded") {
            let def = self.program.component(id);
            let callee = Callee::outputs("the run of hook", &hook.name, &def.outputs, def.item.place);
            self.arguments(scope, &callee, args, given.span);
        } else {
            let none = Params::default();
            self.given_failure(scope, given, args, &none);
        }
    }
}
