//! Checks arguments against parameters: unknown, missing or duplicate arguments, wrong types, and refinements.

use std::rc::Rc;

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Call, ExprKind, Ident};
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::expressions::callee::Callee;
use crate::check::expressions::callee::Owner;
use crate::check::{Env, ExpressionChecker, Scope};
use crate::declare::{Damage, ParamDef, Params};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::ty::Ty;

impl<'s> ExpressionChecker<'_, 's> {
    /// The arguments of a call in the order of the parameters, defaults written out. `whole` is where a missing one is reported.
    pub(crate) fn arguments(
        &mut self,
        scope: &mut Scope<'_, '_>,
        callee: &Callee<'_, 's>,
        args: &[Arg],
        whole: Span,
    ) -> Vec<plan::Arg> {
        let mut given: Vec<Option<(plan::Expr, Span)>> = vec![None; callee.params.len()];
        let mut damage = Damage::NONE;
        for (position, arg) in args.iter().enumerate() {
            self.probe_argument(scope, callee, args, arg);
            let Some((index, param)) = self.parameter(scope, callee, position, arg) else {
                damage = Damage::UNKNOWN;
                self.expr(scope, &arg.value, Some(&Ty::Error));
                continue;
            };
            let ty = param.ty.clone();
            let value = self.expect(scope, &arg.value, &ty);
            match given.get_mut(index) {
                Some(Some(_)) => {
                    let message = format!("`{}` is given twice", param.name);
                    self.error_at(diagnostics::GIVEN_TWICE, scope.place(arg.span), message);
                }
                Some(slot) => *slot = Some((*value.expr, arg.value.span)),
                None => {}
            }
        }
        self.report_missing(scope, callee, &given, whole, damage);
        let mark = self.diagnostics.len();
        let values = self.complete(scope, callee, &given, whole);
        if self.is_whole(self.damage_since(mark)) {
            self.check_refinements(scope, callee, &given, &values, whole);
        }
        values
    }

    /// The parameter of an argument; `None` after a report.
    fn parameter<'c>(
        &mut self,
        scope: &Scope<'_, '_>,
        callee: &'c Callee<'_, 's>,
        position: usize,
        arg: &Arg,
    ) -> Option<(usize, &'c ParamDef<'s>)> {
        let Some(label) = &arg.label else {
            if callee.positional {
                let found = callee.params.get_index(position);
                if found.is_none() && self.is_whole(callee.params.damage) {
                    let message = format!("too many arguments: {} takes {}", callee.what(), callee.params.len());
                    self.error_at(diagnostics::ARGUMENT_COUNT, scope.place(arg.span), message);
                }
                return found.map(|(_, param)| (position, param));
            }
            self.report_unnamed(scope, callee, position, arg);
            return None;
        };
        let found = callee.params.get_full(&label.text);
        if found.is_none() {
            self.report_unknown(scope, callee, label);
        }
        if let Some((_, _, param)) = found {
            self.note_param(scope.place(label.span), param, callee.name);
        }
        found.map(|(index, _, param)| (index, param))
    }

    /// Offers the labels of missing arguments if the cursor is on a label, or on a value that may become one.
    pub(crate) fn probe_argument(&mut self, scope: &Scope<'_, '_>, callee: &Callee<'_, 's>, args: &[Arg], arg: &Arg) {
        if self.notes.is_none() {
            return;
        }
        let span = match (&arg.label, &arg.value.kind) {
            (Some(label), _) => label.span,
            (None, ExprKind::Name(_)) => arg.value.span,
            _ => return,
        };
        let others = args.iter().filter(|other| other.span != arg.span);
        let given: Vec<SmolStr> = others.filter_map(|other| Some(other.label.as_ref()?.text.clone())).collect();
        self.complete_labels(callee, &given, scope.place(span));
    }

    fn report_unnamed(&mut self, scope: &Scope<'_, '_>, callee: &Callee<'_, 's>, position: usize, arg: &Arg) {
        let place = scope.place(arg.span);
        let message = format!("arguments of {} must be named", callee.what());
        let mut diagnostic = Diagnostic::new(diagnostics::UNNAMED_ARGUMENT, place, message);
        if let Some((name, _)) = callee.params.get_index(position) {
            let at = Span::new(place.span.start, place.span.start);
            diagnostic = diagnostic.help(format!("write `{name}: …`")).fix(
                format!("add the name `{name}`"),
                at,
                format!("{name}: "),
            );
        }
        self.report(diagnostic);
    }

    fn report_unknown(&mut self, scope: &Scope<'_, '_>, callee: &Callee<'_, 's>, label: &Ident) {
        if !self.is_whole(callee.params.damage) {
            return;
        }
        let place = scope.place(label.span);
        let names = || callee.params.keys().map(SmolStr::as_str);
        let message = format!("{} has no {} `{}`", callee.what(), callee.part(), label.text);
        let mut diagnostic = Diagnostic::new(diagnostics::UNKNOWN_ARGUMENT, place, message);
        if let Some(declared) = callee.place {
            diagnostic = diagnostic.label(declared, "declared here");
        }
        self.report(diagnostic.suggest(&label.text, names()).help_else(|| list_names(callee)));
    }

    fn report_missing(
        &mut self,
        scope: &Scope<'_, '_>,
        callee: &Callee<'_, 's>,
        given: &[Option<(plan::Expr, Span)>],
        whole: Span,
        damage: Damage,
    ) {
        let missing: Vec<&ParamDef<'s>> = callee
            .params
            .values()
            .zip(given)
            .filter(|(param, given)| given.is_none() && !param.has_default() && param.ty != Ty::Error)
            .map(|(param, _)| param)
            .collect();
        // A misspelt name is reported already; that its parameter is missing is the same mistake.
        if missing.is_empty() || !self.is_whole(damage | callee.params.damage) {
            return;
        }
        let names: Vec<String> =
            missing.iter().map(|param| format!("`{}: {}`", param.name, self.show(&param.ty))).collect();
        let place = scope.place(whole);
        let message = {
            let plural = if names.len() > 1 { "s" } else { "" };
            format!("missing {}{plural} {} for {}", callee.part(), names.join(", "), callee.what())
        };
        let mut diagnostic = Diagnostic::new(diagnostics::MISSING_ARGUMENT, place, message);
        if let Some(declared) = callee.place {
            diagnostic = diagnostic.label(declared, "declared here");
        }
        self.report(diagnostic);
    }

    /// Every parameter once, with the given value or its default.
    fn complete(
        &mut self,
        scope: &Scope<'_, '_>,
        callee: &Callee<'_, 's>,
        given: &[Option<(plan::Expr, Span)>],
        whole: Span,
    ) -> Vec<plan::Arg> {
        let span = scope.plan_span(whole);
        let mut values = Vec::with_capacity(given.len());
        for (param, given) in callee.params.values().zip(given) {
            let value = match given {
                Some((value, _)) => Some(value.clone()),
                None => self.default_of(param, span),
            };
            values.extend(value.map(|value| plan::Arg { name: param.name.clone(), value }));
        }
        values
    }

    /// The default of a parameter; `None` if it has none. Errors in it are reported at its declaration.
    pub(crate) fn default_of(&mut self, param: &ParamDef<'_>, span: plan::Span) -> Option<plan::Expr> {
        if let Some(ast) = param.ast
            && let Some(default) = &ast.default
        {
            let mut scope = Scope::new(param.place.file, param.at, Env::Plain);
            let (typed, _) = self.quietly(|checker| checker.expect(&mut scope, default, &param.ty));
            return Some(*typed.expr);
        }
        let null = plan::Node::Const { value: serde_json::Value::Null };
        matches!(param.ty, Ty::Optional(_)).then(|| plan::Expr {
            node: null,
            ty: self.plan_type(&param.ty),
            span,
            via: Vec::new(),
        })
    }

    /// Evaluates each refinement whose reads are all constants.
    fn check_refinements(
        &mut self,
        scope: &Scope<'_, '_>,
        callee: &Callee<'_, 's>,
        given: &[Option<(plan::Expr, Span)>],
        values: &[plan::Arg],
        whole: Span,
    ) {
        for (index, param) in callee.params.values().enumerate() {
            let span = given.get(index).and_then(|given| given.as_ref().map(|(_, span)| *span)).unwrap_or(whole);
            self.check_rule(callee.owner, callee.params, index, param, values, scope.place(span));
        }
    }

    /// Evaluates the refinement of one parameter if its reads are all constants.
    pub(crate) fn check_rule(
        &mut self,
        owner: Owner,
        params: &Params<'s>,
        index: usize,
        param: &ParamDef<'s>,
        values: &[plan::Arg],
        place: Place,
    ) {
        let Some(written) = param.ast.and_then(|ast| ast.constraint.as_ref()) else {
            return;
        };
        let Some(rule) = self.refinement(owner, params, index) else {
            return;
        };
        if crate::check::expressions::evaluation::holds(
            &rule,
            &crate::check::expressions::evaluation::Arguments { owner, values },
        ) != Some(false)
        {
            return;
        }
        let span = written.span.shifted(param.at);
        let text = self.program.sources.text(param.place.file, span);
        let message = format!("the value of `{}` does not satisfy its rule `{text}`", param.name);
        let diagnostic = Diagnostic::new(diagnostics::REFINEMENT, place, message);
        self.report(diagnostic.label(Place::new(param.place.file, span), "rule declared here"));
    }

    /// The condition after `where` of one parameter, which can read the parameters up to this one; `None` if it has an error.
    pub(crate) fn refinement(&mut self, owner: Owner, params: &Params<'s>, index: usize) -> Option<Rc<plan::Expr>> {
        let (_, param) = params.get_index(index)?;
        if let Some(known) = self.refinements.get(&param.place) {
            self.name_again(&known.named);
            return known.value.clone();
        }
        let kept = self.naming(|checker| {
            let (typed, found) = checker.quietly(|checker| checker.check_refinement(owner, params, index));
            typed.filter(|_| !found.iter().any(Diagnostic::is_error)).map(Rc::new)
        });
        let refinement = kept.value.clone();
        self.refinements.insert(param.place, kept);
        refinement
    }

    /// Checks the condition and reports its errors.
    pub(crate) fn check_refinement(&mut self, owner: Owner, params: &Params<'s>, index: usize) -> Option<plan::Expr> {
        let (_, param) = params.get_index(index)?;
        let constraint = param.ast?.constraint.as_ref()?;
        let so_far: Params<'s> =
            params.iter().take(index + 1).map(|(name, param)| (name.clone(), param.clone())).collect();
        let env = if owner == Owner::Component { Env::Component(&so_far) } else { Env::Plain };
        let mut scope = Scope::new(param.place.file, param.at, env);
        if owner != Owner::Component {
            for param in so_far.values() {
                let value = match owner {
                    Owner::Job => plan::Node::Ctx { path: plan::Path::JobInput(param.name.clone()) },
                    _ => plan::Node::Local { name: param.name.clone() },
                };
                scope.locals.push(crate::check::Local {
                    name: param.name.clone(),
                    ty: param.ty.clone(),
                    value,
                    place: param.place,
                });
            }
        }
        let typed = self.expect(&mut scope, constraint, &Ty::Bool);
        (!typed.ty.is_error()).then_some(*typed.expr)
    }

    /// Checks the arguments of a call to something unknown, to report their own errors.
    pub(crate) fn arguments_of_unknown(&mut self, scope: &mut Scope<'_, '_>, call: &Call) {
        for arg in &call.args {
            self.expr(scope, &arg.value, Some(&Ty::Error));
        }
    }
}

fn list_names(callee: &Callee<'_, '_>) -> Option<String> {
    let names: Vec<String> = callee.params.keys().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("available {}s: {}", callee.part(), names.join(", ")))
}
