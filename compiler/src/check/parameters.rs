//! Inputs, outputs and fields: their defaults and refinements, and their form in the plan.

use hookc_plan as plan;

use crate::check::expressions::callee::Owner;
use crate::check::expressions::evaluation::{Arguments, holds};
use crate::check::{Checker, Env, Scope};
use crate::declare::{ParamDef, Params, duplicate};
use crate::diagnostics;
use crate::place::Place;
use crate::symbol::Symbol;

/// The top-level names that are read by their bare name beside parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BareNames {
    /// In components and conditions.
    Consts,
    /// In jobs and hooks.
    ConstsAndConnections,
}

impl<'s> Checker<'_, 's> {
    /// Checks the fields of every record.
    pub(crate) fn check_records(&mut self) {
        let program = self.program;
        for def in &program.records {
            self.check_defaults(Owner::Local, &def.fields);
        }
    }

    /// Checks the constants and the connections.
    pub(crate) fn check_values(&mut self) {
        for index in 0..self.program.consts.len() {
            self.constant_value(crate::ids::ConstId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        self.check_connections();
    }

    /// Reports parameters that hide another bare name.
    pub(crate) fn check_hidden(&mut self, params: &Params<'s>, bare: BareNames) {
        for param in params.values() {
            let symbol = self.program.lookup(param.place.file, &param.name);
            let hides = match symbol {
                Some(Symbol::Const(_)) => true,
                Some(Symbol::Connection(_)) => bare == BareNames::ConstsAndConnections,
                _ => false,
            };
            if let Some(symbol) = symbol.filter(|_| hides) {
                let first = self.program.place_of(symbol);
                self.report(duplicate(&param.name, param.place, first));
            }
        }
    }

    /// Checks the defaults and refinements of parameters.
    pub(crate) fn check_defaults(&mut self, owner: Owner, params: &Params<'s>) {
        for (index, param) in params.values().enumerate() {
            let Some(ast) = param.ast else { continue };
            let mark = self.diagnostics.len();
            if let Some(default) = &ast.default {
                let mut scope = Scope::new(param.place.file, param.at, Env::Plain);
                self.expect(&mut scope, default, &param.ty);
            }
            let constraint = self.check_refinement(owner, params, index);
            if let Some(constraint) = constraint.filter(|_| self.is_whole(self.damage_since(mark))) {
                let scope = Scope::new(param.place.file, param.at, Env::Plain);
                self.lint_condition(&scope, &constraint);
                self.check_default_against(owner, params, param, &constraint);
            }
        }
    }

    /// Reports a default that does not satisfy the parameter's rule.
    fn check_default_against(
        &mut self,
        owner: Owner,
        params: &Params<'s>,
        param: &ParamDef<'s>,
        constraint: &plan::Expr,
    ) {
        let Some(default) = param.ast.and_then(|ast| ast.default.as_ref()) else {
            return;
        };
        let mut values = Vec::new();
        for param in params.values() {
            let value = self.default_of(param, plan::Span::default());
            values.extend(value.map(|value| plan::Arg { name: param.name.clone(), value }));
        }
        if holds(constraint, &Arguments { owner, values: &values }) == Some(false) {
            let span = default.span.shifted(param.at);
            let message = format!("the default of `{}` does not satisfy its rule", param.name);
            self.error_at(diagnostics::REFINEMENT, Place { span, ..param.place }, message);
        }
    }

    /// Reports outputs with a default or a rule.
    pub(crate) fn check_outputs(&mut self, params: &Params<'s>) {
        for param in params.values() {
            let Some(ast) = param.ast else { continue };
            let extra = ast
                .default
                .as_ref()
                .map(|expr| (expr, "default"))
                .or_else(|| ast.constraint.as_ref().map(|expr| (expr, "rule")));
            if let Some((expr, what)) = extra {
                let message = format!("an output cannot have a {what}");
                let place = crate::place::Place { file: param.place.file, span: expr.span.shifted(param.at) };
                self.error_at(diagnostics::NOT_ALLOWED_HERE, place, message);
            }
        }
    }

    /// The parameters as the plan writes them.
    pub(crate) fn fields(&mut self, owner: Owner, params: &Params<'s>) -> Vec<plan::Field> {
        let mut fields = Vec::with_capacity(params.len());
        for (index, param) in params.values().enumerate() {
            let span = self.plan_span(param.place);
            let default = param.ast.and_then(|ast| ast.default.as_ref()).and_then(|_| self.default_of(param, span));
            let constraint = self.refinement(owner, params, index);
            let source = param.ast.and_then(|ast| ast.constraint.as_ref()).map(|expr| expr.span.shifted(param.at));
            let constraint = constraint.map(|expr| {
                let text = source.map_or("", |span| self.program.sources.text(param.place.file, span));
                self.cond_of(expr.as_ref().clone(), text.to_owned())
            });
            fields.push(plan::Field {
                name: param.name.clone(),
                ty: self.plan_type(&param.ty),
                default,
                constraint,
                doc: param.ast.and_then(|ast| ast.doc.as_ref()).map(ToString::to_string),
                span,
            });
        }
        fields
    }
}
