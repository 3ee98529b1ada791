//! Named conditions: checked once where they are declared, inlined where they are used.

use std::collections::BTreeMap;

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr};
use hookc_plan as plan;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::check::expressions::arguments::{Callee, Owner};
use crate::check::items::record::BareNames;
use crate::check::scope::Local;
use crate::check::{Checker, Env, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ConditionId;
use crate::place::Place;
use crate::ty::Ty;

/// How many inlined conditions one expression may hold.
const MAX_EXPANSIONS: u32 = 10_000;

/// Which conditions are being inlined, and how many were in this expression.
pub(crate) struct ConditionBodies {
    active: Vec<ConditionId>,
    expansions: u32,
    count: usize,
    /// Whether each is well by itself, where that was asked.
    sound: FxHashMap<ConditionId, bool>,
    /// Conditions that are defined by each other; each circle from its first condition.
    circles: Vec<Vec<ConditionId>>,
}

impl ConditionBodies {
    pub(crate) fn new(count: usize) -> ConditionBodies {
        ConditionBodies { active: Vec::new(), expansions: 0, count, sound: FxHashMap::default(), circles: Vec::new() }
    }
}

impl ConditionBodies {
    fn add_circle(&mut self, mut circle: Vec<ConditionId>) {
        let least = circle.iter().enumerate().min_by_key(|(_, id)| **id).map_or(0, |(index, _)| index);
        circle.rotate_left(least);
        if !self.circles.contains(&circle) {
            self.circles.push(circle);
        }
    }
}

impl<'s> Checker<'_, 's> {
    /// Checks the declarations of all named conditions.
    pub(crate) fn check_conditions(&mut self) {
        for index in 0..self.conditions.count {
            let id = ConditionId(u32::try_from(index).unwrap_or(u32::MAX));
            let def = self.program.condition(id);
            if !self.is_own(def.item.file) {
                continue;
            }
            self.report_function_name(id);
            self.check_hidden(&def.params, BareNames::Consts);
            self.check_defaults(Owner::Local, &def.params);
            let mut scope = Scope::new(def.item.file, def.item.at, Env::Plain);
            let mark = self.diagnostics.len();
            let typed = self.condition_alone(&mut scope, id);
            if !self.errors_since(mark) {
                self.lint_condition(&scope, &typed.expr);
            }
        }
        self.report_circles();
    }

    /// A condition over its own parameters.
    fn condition_alone(&mut self, scope: &mut Scope<'_, 's>, id: ConditionId) -> Typed {
        let def = self.program.condition(id);
        scope.locals = def.params.values().map(crate::check::hooks::use_hook::parameter_local).collect();
        self.conditions.active.push(id);
        let typed = self.expect(scope, &def.item.ast.value, &Ty::Bool);
        self.conditions.active.pop();
        typed
    }

    /// Whether a condition has no mistake of its own.
    fn is_sound(&mut self, id: ConditionId) -> bool {
        if let Some(known) = self.conditions.sound.get(&id) {
            return *known;
        }
        let item = &self.program.condition(id).item;
        let mut scope = Scope::new(item.file, item.at, Env::Plain);
        let mark = self.diagnostics.len();
        let typed = self.condition_alone(&mut scope, id);
        let sound = !typed.ty.is_error() && !self.errors_since(mark) && !self.program.is_damaged(Some(item.place));
        self.diagnostics.truncate(mark);
        self.conditions.sound.insert(id, sound);
        sound
    }

    /// Conditions that are defined by each other, once for each circle.
    fn report_circles(&mut self) {
        for circle in std::mem::take(&mut self.conditions.circles) {
            let items: Vec<_> = circle.iter().map(|id| &self.program.condition(*id).item).collect();
            let Some(first) = items.first() else { continue };
            let names: Vec<String> = items.iter().chain([first]).map(|item| format!("`{}`", item.name)).collect();
            let message = match items.len() {
                1 => format!("condition `{}` is defined by itself", first.name),
                _ => format!("these conditions are defined by each other: {}", names.join(" -> ")),
            };
            self.error_at(diagnostics::CONSTANT_CYCLE, Place::new(first.file, first.place.span), message);
        }
    }

    fn report_function_name(&mut self, id: ConditionId) {
        let item = &self.program.condition(id).item;
        if crate::check::expressions::functions::NAMES.contains(&item.name.as_str()) {
            let message = format!("`{}` is a built-in function", item.name);
            let diagnostic =
                Diagnostic::new(diagnostics::RESERVED_NAME, Place::new(item.file, item.place.span), message);
            self.report(diagnostic.help("choose another name"));
        }
    }

    /// `poor(outputs.loss, 0.5)`: the condition's text with its arguments in place of its parameters.
    pub(crate) fn named_condition(
        &mut self,
        scope: &mut Scope<'_, '_>,
        id: ConditionId,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        let def = self.program.condition(id);
        if let Some(first) = self.conditions.active.iter().position(|active| *active == id) {
            let circle = self.conditions.active.get(first..).unwrap_or_default().to_vec();
            self.conditions.add_circle(circle);
            return scope.broken(span);
        }
        let Some(values) = self.condition_arguments(scope, id, args, span) else {
            return scope.broken(span);
        };
        if self.conditions.active.is_empty() {
            self.conditions.expansions = 0;
        }
        self.conditions.expansions += 1;
        if self.conditions.expansions > MAX_EXPANSIONS {
            self.error_at(
                diagnostics::TOO_EXPENSIVE,
                scope.place(span),
                "this condition grows too large when its parts are inlined",
            );
            return scope.broken(span);
        }
        let mut inner = Scope::new(def.item.file, def.item.at, Env::Plain);
        // Its parts are looked at where they are inlined.
        inner.inside = true;
        for (param, value) in def.params.values().zip(values) {
            let local = Local { name: param.name.clone(), ty: param.ty.clone(), value: value.node, place: param.place };
            inner.locals.push(local);
        }
        self.conditions.active.push(id);
        let mark = self.diagnostics.len();
        let mut typed = self.expect(&mut inner, &def.item.ast.value, &Ty::Bool);
        let told: Vec<Diagnostic> = self.diagnostics.drain(mark..).collect();
        self.conditions.active.pop();
        // Its own mistakes are reported where it is declared. What is left is that it does not fit these arguments.
        if let Some(error) = told.into_iter().find(|told| told.severity == crate::Severity::Error)
            && self.is_sound(id)
        {
            let place = scope.place(span);
            let message = format!("condition `{}` cannot have these arguments: {}", def.item.name, error.message);
            self.error_at(error.code, place, message);
            return scope.broken(span);
        }
        let via = plan::Via { name: SmolStr::new(&def.item.name), span: scope.plan_span(span) };
        typed.expr.via.insert(0, via);
        typed
    }

    fn condition_arguments(
        &mut self,
        scope: &mut Scope<'_, '_>,
        id: ConditionId,
        args: &[Arg],
        span: Span,
    ) -> Option<Vec<plan::Expr>> {
        let def = self.program.condition(id);
        let callee = Callee {
            kind: "condition",
            name: &def.item.name,
            params: &def.params,
            place: Some(def.item.place),
            positional: true,
            owner: Owner::Local,
        };
        let mark = self.diagnostics.len();
        let values = self.arguments(scope, &callee, args, span);
        let complete = values.len() == def.params.len() && !self.errors_since(mark);
        complete.then(|| values.into_iter().map(|arg| arg.value).collect())
    }

    /// A condition with what the plan says of it; `None` where it has a mistake, which is reported.
    pub(crate) fn cond(&mut self, scope: &mut Scope<'_, 's>, expr: &Expr) -> Option<plan::Cond> {
        let mark = self.diagnostics.len();
        let typed = self.expect(scope, expr, &Ty::Bool);
        if typed.ty.is_error() {
            return None;
        }
        if !self.errors_since(mark) {
            self.lint_condition(scope, &typed.expr);
        }
        let place = scope.place(expr.span);
        let source = if self.keep { self.program.sources.text(place.file, place.span) } else { "" };
        let cond = self.cond_of(*typed.expr, source.to_owned());
        if cond.cost > plan::BUDGET {
            let message = format!("this can take {} steps, and {} are allowed", cond.cost, plan::BUDGET);
            let diagnostic = Diagnostic::new(diagnostics::TOO_EXPENSIVE, place, message);
            self.report(diagnostic.help("put fewer macros into each other"));
            return None;
        }
        Some(cond)
    }

    /// What the plan says of a condition.
    pub(crate) fn cond_of(&self, expr: plan::Expr, source: String) -> plan::Cond {
        let cost = plan::cost(&expr);
        if !self.keep {
            return plan::Cond { expr, source: String::new(), reads: Vec::new(), may_fail: Vec::new(), cost };
        }
        let may_fail = plan::may_fail(&expr);
        let mut reads: BTreeMap<plan::Path, plan::Type> = BTreeMap::new();
        expr.walk(&mut |node| {
            if let plan::Node::Ctx { path } = &node.node {
                reads.entry(path.clone()).or_insert_with(|| node.ty.clone());
            }
        });
        let read = |(path, ty): (plan::Path, plan::Type)| {
            let certain = !matches!(ty, plan::Type::Optional(_));
            plan::Read { path, ty, certain }
        };
        plan::Cond { reads: reads.into_iter().map(read).collect(), may_fail, cost, expr, source }
    }
}
