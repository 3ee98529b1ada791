//! `given`: outcomes of ops and of the components of hooks.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, ExprKind, Field, Given};
use hookc_plan as plan;
use smol_str::SmolStr;

use super::plan_lines::plan_subject;
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

/// The typed values of a line: of a failure its `kind`, `message`, …, and what the subject gives.
#[derive(Default)]
struct Values {
    error: Vec<plan::Arg>,
    values: Vec<plan::Arg>,
}

impl From<Vec<plan::Arg>> for Values {
    fn from(values: Vec<plan::Arg>) -> Values {
        Values { error: Vec::new(), values }
    }
}

impl<'s> Checker<'_, 's> {
    pub(super) fn given(
        &mut self,
        scope: &mut Scope<'_, 's>,
        id: JobId,
        job: &plan::Job,
        given: &Given,
        said: &mut Said,
    ) -> Option<plan::test::Given> {
        let named = self.subject(scope, id, job, &given.subject)?;
        if let (Some(event), Named::Job | Named::Previous | Named::Hook(_)) = (&given.event, &named) {
            self.no_agent(scope, event);
            return None;
        }
        let is_state = given.state.as_ref().is_some_and(|state| GIVEN_STATES.contains(&state.text.as_str()));
        if (is_state && self.is_given_twice(scope, given, said)) || self.is_hidden(id, &named) {
            return None;
        }
        let subject = plan_subject(&given.subject, &named);
        let Values { error, values } = self.given_values(scope, id, given, named, &mut said.scripts)?;
        Some(plan::test::Given {
            subject,
            retrying: given.retrying.map(|(times, _)| times),
            event: given.event.as_ref().and_then(|event| self.plan_event(scope, event)),
            state: given.state.as_ref().and_then(|state| plan::test::GivenState::from_word(&state.text)),
            error,
            values,
            span: scope.plan_span(given.span),
        })
    }

    /// The values of a line; `None` after a report that it is not possible.
    fn given_values(
        &mut self,
        scope: &mut Scope<'_, 's>,
        id: JobId,
        given: &Given,
        named: Named<'_>,
        scripts: &mut Scripts,
    ) -> Option<Values> {
        match named {
            Named::Job => {
                let message = "`job` is allowed in `expect`, not in `given`";
                self.error_at(diagnostics::BAD_TEST, scope.place(given.subject.span), message);
                None
            }
            Named::Previous => {
                self.no_arguments(scope, given.args.as_deref(), given.span);
                self.state(scope, given.state.as_ref(), JOB_STATES).then(Values::default)
            }
            Named::Hook(hook) => self.given_hook(scope, given, hook),
            Named::Op(op) => match (&given.event, self.op_runs(id, &op.name)?) {
                (Some(event), runs) => self.given_event(scope, given, event, runs, scripts).map(Values::from),
                (None, runs) => self.given_op(scope, given, op, runs),
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

    fn given_op(&mut self, scope: &mut Scope<'_, 's>, given: &Given, op: &plan::Op, runs: Runs) -> Option<Values> {
        if let Some((times, span)) = given.retrying {
            let most = op.retry.iter().map(|retry| retry.times).max().unwrap_or(0);
            if times > most {
                let message = format!("op `{}` is retried at most {most} times", op.name);
                self.error_at(diagnostics::BAD_TEST, scope.place(span), message);
            }
        }
        if !self.state(scope, given.state.as_ref(), GIVEN_STATES) {
            return None;
        }
        if let (Some(state), Some(_)) = (&given.state, given.subject.index)
            && state.text == "skipped"
        {
            let message = "an item cannot be skipped: `when` applies to the whole op";
            self.error_at(diagnostics::BAD_TEST, scope.place(state.span), message);
            return None;
        }
        let args = given.args.as_deref().unwrap_or_default();
        let outputs = self.signature(runs).1;
        match given.state.as_ref().map(|state| state.text.as_str()) {
            Some("succeeded") => {
                let callee = Callee::outputs("op", &op.name, outputs, self.place_of_runs(runs));
                Some(self.written_arguments(scope, &callee, args, given.span).into())
            }
            Some("failed") => Some(self.given_failure(scope, given, args, outputs)),
            _ => {
                self.no_arguments(scope, given.args.as_deref(), given.span);
                Some(Values::default())
            }
        }
    }

    /// `failed (kind: …, message: …, outputs: { … })`
    fn given_failure(
        &mut self,
        scope: &mut Scope<'_, 's>,
        given: &Given,
        args: &[Arg],
        outputs: &Params<'s>,
    ) -> Values {
        let mut rest: Vec<Arg> = Vec::new();
        let mut values = Vec::new();
        for arg in args {
            match &arg.value.kind {
                ExprKind::Braces(fields) if arg.label.as_ref().is_some_and(|label| label.text == "outputs") => {
                    self.failed_outputs(scope, fields, outputs, &mut values);
                }
                _ => rest.push(arg.clone()),
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
        Values { error: self.written_arguments(scope, &callee, &rest, given.span), values }
    }

    /// `outputs: { … }`: what an op has written before it failed.
    fn failed_outputs(
        &mut self,
        scope: &mut Scope<'_, 's>,
        fields: &[Field],
        outputs: &Params<'s>,
        values: &mut Vec<plan::Arg>,
    ) {
        for field in fields {
            let Some(key) = self.key_of(scope, &field.key) else { continue };
            let place = scope.place(key.span);
            let given: Vec<SmolStr> = values.iter().map(|arg| arg.name.clone()).collect();
            self.complete_labels(&Callee::outputs("op", "", outputs, place), &given, place);
            if values.iter().any(|arg| arg.name == key.text) {
                let message = format!("the output `{}` is given twice", key.text);
                self.error_at(diagnostics::GIVEN_TWICE, place, message);
                continue;
            }
            match outputs.get(&key.text) {
                Some(param) => {
                    self.note_param(place, param, "outputs");
                    let value = self.expect(scope, &field.value, &param.ty.clone());
                    values.push(plan::Arg { name: key.text, value: *value.expr });
                }
                None => {
                    let message = format!("unknown output `{}`", key.text);
                    let help = did_you_mean(&key.text, outputs.keys().map(SmolStr::as_str));
                    self.report(Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place, message).maybe_help(help));
                }
            }
        }
    }

    /// The arguments that are written, in their order: a test gives no defaults of what it does not name.
    pub(super) fn written_arguments(
        &mut self,
        scope: &mut Scope<'_, 's>,
        callee: &Callee<'_, 's>,
        args: &[Arg],
        whole: Span,
    ) -> Vec<plan::Arg> {
        let values = self.arguments(scope, callee, args, whole);
        let labels = args.iter().filter_map(|arg| arg.label.as_ref());
        labels.filter_map(|label| values.iter().find(|value| value.name == label.text).cloned()).collect()
    }

    fn failure_params(&self) -> Params<'s> {
        let place = crate::place::Place { file: crate::FileId(0), span: Span::default() };
        let kind = Ty::Enum(self.program.builtins.error_kind);
        let texts = ["message", "traceback", "type"].map(|name| (name, Ty::String));
        [("kind", kind), ("exit_code", Ty::Int)]
            .into_iter()
            .chain(texts)
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

    fn given_hook(&mut self, scope: &mut Scope<'_, 's>, given: &Given, hook: &plan::Hook) -> Option<Values> {
        if !self.state(scope, given.state.as_ref(), &["succeeded", "failed"]) {
            return None;
        }
        let Some(id) = self.hook_component(hook) else {
            let message = format!("hook `{}` does not run a component", hook.name);
            self.error_at(diagnostics::BAD_TEST, scope.place(given.subject.span), message);
            return None;
        };
        let args = given.args.as_deref().unwrap_or_default();
        if given.state.as_ref().is_some_and(|state| state.text == "succeeded") {
            let def = self.program.component(id);
            let callee = Callee::outputs("the run of hook", &hook.name, &def.outputs, def.item.place);
            Some(self.written_arguments(scope, &callee, args, given.span).into())
        } else {
            Some(self.given_failure(scope, given, args, &Params::default()))
        }
    }
}
