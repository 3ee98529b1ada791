//! Conditions: named ones are inlined at their uses, and each condition is converted to its form in the plan.

use std::collections::BTreeMap;

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr};
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::expressions::callee::{Callee, Owner};
use crate::check::{Env, ExpressionChecker, Local, Scope, Typed};
use crate::declare::Damage;
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ConditionId;
use crate::place::Place;
use crate::ty::Ty;

/// The maximum number of inlined conditions in one expression.
const MAX_EXPANSIONS: u32 = 10_000;

/// A condition that has its type, and is not in the form of the plan yet.
pub(crate) struct TypedCondition {
    pub(crate) typed: Typed,
    /// What an error in it may hide.
    damage: Damage,
    place: Place,
}

impl<'s> ExpressionChecker<'_, 's> {
    /// A condition over its own parameters.
    pub(crate) fn condition_alone(&mut self, scope: &mut Scope<'_, 's>, id: ConditionId) -> Typed {
        let def = self.program.condition(id);
        scope.locals = def.params.values().map(Local::parameter).collect();
        self.conditions.active.push(id);
        let typed = self.expect(scope, &def.item.ast.value, &Ty::Bool);
        self.conditions.active.pop();
        typed
    }

    /// Whether a condition has no error of its own.
    fn is_sound(&mut self, id: ConditionId) -> bool {
        if let Some(known) = self.conditions.sound.get(&id) {
            return *known;
        }
        let item = &self.program.condition(id).item;
        let mut scope = Scope::new(item.file, item.at, Env::Plain);
        let (typed, found) = self.quietly(|checker| checker.condition_alone(&mut scope, id));
        let sound = !typed.ty.is_error() && !found.iter().any(Diagnostic::is_error) && self.is_whole(item.damage);
        self.conditions.sound.insert(id, sound);
        sound
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
                "this condition is too large after the conditions it uses are inlined",
            );
            return scope.broken(span);
        }
        let mut inner = Scope::new(def.item.file, def.item.at, Env::Plain);
        // Its parts are checked where they are inlined.
        inner.inside = true;
        for (param, value) in def.params.values().zip(values) {
            let local = Local { name: param.name.clone(), ty: param.ty.clone(), value: value.node, place: param.place };
            inner.locals.push(local);
        }
        self.conditions.active.push(id);
        let (mut typed, found) = self.quietly(|checker| checker.expect(&mut inner, &def.item.ast.value, &Ty::Bool));
        self.conditions.active.pop();
        // Its own mistakes are reported where it is declared. What is left is that it does not fit these arguments.
        if let Some(error) = found.into_iter().find(Diagnostic::is_error) {
            if self.is_sound(id) {
                let (place, name) = (scope.place(span), &def.item.name);
                let message = format!("condition `{name}` does not accept these arguments: {}", error.message);
                self.error_at(error.code, place, message);
            }
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
        let complete = values.len() == def.params.len() && self.is_whole(self.damage_since(mark));
        complete.then(|| values.into_iter().map(|arg| arg.value).collect())
    }

    /// A condition in its form in the plan; `None` after a report.
    pub(crate) fn cond(&mut self, scope: &mut Scope<'_, 's>, expr: &Expr) -> Option<plan::Cond> {
        let condition = self.typed_condition(scope, expr)?;
        self.finish_condition(scope, condition)
    }

    fn typed_condition(&mut self, scope: &mut Scope<'_, 's>, expr: &Expr) -> Option<TypedCondition> {
        let mark = self.diagnostics.len();
        let typed = self.expect(scope, expr, &Ty::Bool);
        let damage = self.damage_since(mark);
        (!typed.ty.is_error()).then(|| TypedCondition { typed, damage, place: scope.place(expr.span) })
    }

    /// The form in the plan of a typed condition; `None` after a report.
    pub(crate) fn finish_condition(
        &mut self,
        scope: &Scope<'_, 's>,
        TypedCondition { typed, damage, place }: TypedCondition,
    ) -> Option<plan::Cond> {
        if self.is_whole(damage) {
            self.lint_condition(scope, &typed.expr);
        }
        let source = if self.keep { self.program.sources.text(place.file, place.span) } else { "" };
        let cond = self.cond_of(*typed.expr, source.to_owned());
        if let Some(why) = plan::too_expensive(&cond.expr) {
            self.report(too_expensive(why, place));
            return None;
        }
        Some(cond)
    }

    /// The condition of a clause; what it says holds for what follows.
    pub(crate) fn check_clause(&mut self, scope: &mut Scope<'_, 's>, when: &Expr) -> Option<plan::Cond> {
        let mark = self.diagnostics.len();
        let condition = self.typed_clause(scope, when)?;
        let cond = self.finish_condition(scope, condition);
        if cond.is_none() || self.is_unread_since(mark) {
            scope.narrowing.assume_unknown();
        }
        cond
    }

    /// The typed condition of a clause; what it says holds for what follows.
    pub(crate) fn typed_clause(&mut self, scope: &mut Scope<'_, 's>, when: &Expr) -> Option<TypedCondition> {
        let mark = self.diagnostics.len();
        let condition = self.typed_condition(scope, when);
        match &condition {
            Some(condition) => scope.narrowing.assume(&condition.typed.expr, true),
            None => scope.narrowing.assume_unknown(),
        }
        if self.is_unread_since(mark) {
            scope.narrowing.assume_unknown();
        }
        condition
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

fn too_expensive(why: plan::TooExpensive, place: Place) -> Diagnostic {
    let (message, help) = match why {
        plan::TooExpensive::Lists => (
            "the steps of this condition grow with the product of the sizes of two lists".to_owned(),
            "nest macros only over the lists in a list's items, or over lists that are written out",
        ),
        plan::TooExpensive::Texts => (
            "the steps of this condition grow with the product of the lengths of two texts".to_owned(),
            "search or replace with a text that is written out",
        ),
        plan::TooExpensive::Constant(steps) => (
            format!("this condition can take {steps} steps, and the maximum is {}", plan::BUDGET),
            "use smaller lists, or nest fewer macros",
        ),
    };
    Diagnostic::new(diagnostics::TOO_EXPENSIVE, place, message).help(help)
}
