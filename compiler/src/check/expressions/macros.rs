//! The macros over lists and maps: `all exists exists_one map filter transformList transformMap`, with one variable or two.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind};
use hookc_plan::{MacroKind, Node};
use smol_str::{SmolStr, format_smolstr};

use crate::check::expressions::expr::narrow_by;
use crate::check::expressions::library_call::LibraryCall;
use crate::check::expressions::narrowing::filtered;
use crate::check::typed::Local;
use crate::check::{ExpressionChecker, Referent, Scope, Typed};
use crate::diagnostics;
use crate::functions::Variables;
use crate::ty::Ty;

/// The maximum nesting of macros.
const MAX_NESTING: u32 = 3;

impl ExpressionChecker<'_, '_> {
    /// `over.all(x, …)`, `over.map(x, keep, …)`, and with two variables `map.all(key, value, …)`, `list.all(index, item, …)`.
    pub(crate) fn macro_call(
        &mut self,
        scope: &mut Scope<'_, '_>,
        over: Typed,
        (kind, variables): (MacroKind, Variables),
        call: &LibraryCall<'_>,
    ) -> Typed {
        let (name, span) = (call.name, call.span);
        let Some(args) = self.arguments_of(scope, name, call.args, 2, 4, span) else {
            return scope.broken(span);
        };
        if scope.macros >= MAX_NESTING {
            let message = format!("macros are nested more than {MAX_NESTING} levels deep");
            self.error_at(diagnostics::TOO_EXPENSIVE, scope.place(call.name_span), message);
            return scope.broken(span);
        }
        let Some(parts) = self.macro_parts(scope, (name, kind, variables), &over.ty, &args, span) else {
            return scope.broken(span);
        };
        let (mark, narrowed) = (scope.locals.len(), scope.narrowing.mark());
        let items = scope.narrowing.of_items(&over.expr);
        let mut vars = Vec::with_capacity(parts.vars.len());
        for (name, ty, var_span) in parts.vars {
            vars.push(self.bind_variable(scope, &name, ty, var_span));
        }
        if let Some(item) = vars.last().filter(|_| vars.len() == 2 || !matches!(over.ty, Ty::Map(_))) {
            scope.narrowing.assume_item(item, items);
        }
        scope.macros += 1;
        let (keep, is_keep_broken) = parts.keep.map(|keep| self.kept_items(scope, keep)).unzip();
        let errors = self.diagnostics.len();
        let body = match kind {
            MacroKind::Map | MacroKind::TransformMap => self.expr(scope, parts.body, None),
            _ => self.expect(scope, parts.body, &Ty::Bool),
        };
        scope.macros -= 1;
        scope.locals.truncate(mark);
        scope.narrowing.reset(narrowed);
        if body.ty.is_secrets() {
            return self.secrets_in_call(scope, name, parts.body);
        }
        let ty = match kind {
            MacroKind::Map | MacroKind::TransformMap if body.ty.is_error() => return scope.broken(span),
            // As for `filter`: the condition may have asked for anything.
            MacroKind::Map if is_keep_broken == Some(true) => Ty::Error.list(),
            MacroKind::Map => body.ty.clone().list(),
            MacroKind::TransformMap => Ty::Map(body.ty.clone().into()),
            MacroKind::Filter => match &over.ty {
                Ty::Map(_) => Ty::String.list(),
                // The condition may have asked for anything.
                Ty::List(_) if self.has_mistake(&body, errors) => Ty::Error.list(),
                list => list.clone(),
            },
            _ => Ty::Bool,
        };
        let mut vars = vars.into_iter();
        let node = Node::Macro {
            kind,
            over: over.expr,
            var: vars.next().unwrap_or_default(),
            value_var: vars.next(),
            keep,
            body: body.expr,
        };
        let typed = scope.typed(self, node, ty, span);
        self.without_nulls(typed)
    }

    /// The condition of `map(x, condition, …)`, and whether it has a mistake. What it says holds in the expression after it.
    fn kept_items(&mut self, scope: &mut Scope<'_, '_>, keep: &Expr) -> (Box<hookc_plan::Expr>, bool) {
        let errors = self.diagnostics.len();
        let keep = self.expect(scope, keep, &Ty::Bool);
        let is_broken = self.has_mistake(&keep, errors);
        narrow_by(scope, &keep, true, is_broken);
        (keep.expr, is_broken)
    }

    /// The items of a filter that asks whether they are null are not.
    fn without_nulls(&self, mut filter: Typed) -> Typed {
        if let Ty::List(item) = &filter.ty
            && let Ty::Optional(item) = item.as_ref()
            && filtered(&filter.expr).iter().any(|(rest, _)| rest.is_empty())
        {
            filter.ty = item.as_ref().clone().list();
            filter.expr.ty = self.plan_type(&filter.ty);
        }
        filter
    }

    fn macro_parts<'e>(
        &mut self,
        scope: &Scope<'_, '_>,
        (name, kind, variables): (&str, MacroKind, Variables),
        over: &Ty,
        args: &[&'e Expr],
        span: Span,
    ) -> Option<Parts<'e>> {
        let is_map = matches!(over, Ty::Map(_));
        let (vars, keep, body): (&[&Expr], _, _) = match (variables, args) {
            (Variables::Two, [_, _, body]) => (args.get(..2)?, None, *body),
            (Variables::Two, [_, _, keep, body]) => (args.get(..2)?, Some(*keep), *body),
            (Variables::Two, _) => return self.wrong_parts(scope, name, true, span),
            (Variables::OneOrTwo, [_, body]) => (args.get(..1)?, None, *body),
            (Variables::OneOrTwo, [_, keep, body]) if kind == MacroKind::Map && !is_map => {
                (args.get(..1)?, Some(*keep), *body)
            }
            (Variables::OneOrTwo, [_, _, body]) => (args.get(..2)?, None, *body),
            (Variables::OneOrTwo, _) => return self.wrong_parts(scope, name, false, span),
        };
        let types = match over {
            Ty::Map(value) => [Ty::String, value.as_ref().clone()],
            Ty::List(item) if vars.len() == 2 => [Ty::Int, item.as_ref().clone()],
            Ty::List(item) => [item.as_ref().clone(), Ty::Error],
            _ => [Ty::Error, Ty::Error],
        };
        let mut named = Vec::with_capacity(vars.len());
        for (var, ty) in vars.iter().zip(types) {
            let ExprKind::Name(name) = &var.kind else {
                self.error_at(diagnostics::NOT_A_VALUE, scope.place(var.span), "expected the name of a variable");
                return None;
            };
            named.push((name.clone(), ty, var.span));
        }
        Some(Parts { vars: named, keep, body })
    }

    fn wrong_parts<'e>(&mut self, scope: &Scope<'_, '_>, name: &str, pair: bool, span: Span) -> Option<Parts<'e>> {
        let place = scope.place(span);
        let message = if pair {
            format!("`{name}` takes two variables and an expression, as in `xs.{name}(k, v, …)`")
        } else {
            format!("`{name}` takes a variable and an expression, as in `xs.{name}(x, …)`")
        };
        self.error_at(diagnostics::ARGUMENT_COUNT, place, message);
        None
    }

    /// Declares a variable of a macro, which cannot hide another name. Returns its name in the plan.
    fn bind_variable(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, ty: Ty, span: Span) -> SmolStr {
        let place = scope.place(span);
        if crate::context_names::is_context_name(name) {
            self.report(crate::declare::context_name(name, "variable", place));
        } else if self.find(scope, name).is_some() && scope.local(name).is_none_or(|local| local.place != place) {
            let first = scope.local(name).map(|local| local.place);
            self.report(crate::declare::duplicate(name, place, first));
        }
        self.note_name(place, Referent::Declared(place));
        self.note_variable(place, &ty);
        let planned = free_name(scope, name);
        scope.locals.push(Local { name: name.clone(), ty, value: Node::Local { name: planned.clone() }, place });
        planned
    }
}

/// A name that no parameter's value reads, so that a caller's `v` is not confused with the `v` of a named condition.
fn free_name(scope: &Scope<'_, '_>, name: &SmolStr) -> SmolStr {
    let is_read = |name: &SmolStr| scope.locals.iter().any(|local| reads(&local.value, name));
    let numbered = (2u32..).map(|number| format_smolstr!("{name}_{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| !is_read(name)).unwrap_or_default()
}

fn reads(value: &Node, name: &SmolStr) -> bool {
    let mut found = false;
    let mut look = |node: &Node| found |= matches!(node, Node::Local { name: read } if read == name);
    look(value);
    value.operands(&mut |operand| operand.walk(&mut |expr| look(&expr.node)));
    found
}

struct Parts<'e> {
    vars: Vec<(SmolStr, Ty, Span)>,
    keep: Option<&'e Expr>,
    body: &'e Expr,
}
