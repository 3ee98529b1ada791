//! The macros over lists and maps: `all exists exists_one map filter`.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, ExprKind, Ident};
use hookc_plan::{MacroKind, Node};
use smol_str::SmolStr;

use super::scope::Local;
use super::{Checker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ty::Ty;

/// How deep macros may stand in each other.
const MAX_NESTING: u32 = 3;

/// Whether this method is a macro.
pub(super) fn is_macro(name: &str) -> bool {
    MacroKind::from_word(name).is_some()
}

impl Checker<'_, '_> {
    /// `over.all(x, …)`, `over.map(x, keep, …)`, and over maps `over.all(k, v, …)`.
    pub(super) fn macro_call(
        &mut self,
        scope: &mut Scope<'_, '_>,
        over: Typed,
        method: &Ident,
        args: &[Arg],
        span: Span,
    ) -> Typed {
        let Some(kind) = MacroKind::from_word(&method.text) else {
            return scope.broken(span);
        };
        let Some(args) = self.arguments_of(scope, &method.text, args, 2, 4, span) else {
            return scope.broken(span);
        };
        if scope.macros >= MAX_NESTING {
            let message = format!("macros stand in each other at most {MAX_NESTING} deep");
            self.error_at(diagnostics::TOO_EXPENSIVE, scope.place(method.span), message);
            return scope.broken(span);
        }
        let Some(parts) = self.macro_parts(scope, kind, &over.ty, &args, span) else {
            return scope.broken(span);
        };
        let mark = scope.locals.len();
        for (name, ty, var_span) in &parts.vars {
            self.bind_variable(scope, name, ty.clone(), *var_span);
        }
        scope.macros += 1;
        let keep = parts.keep.map(|keep| self.expect(scope, keep, &Ty::Bool).expr);
        let body = match kind {
            MacroKind::Map => self.expr(scope, parts.body, None),
            _ => self.expect(scope, parts.body, &Ty::Bool),
        };
        scope.macros -= 1;
        scope.locals.truncate(mark);
        let ty = match kind {
            MacroKind::Map if body.ty.is_error() => return scope.broken(span),
            MacroKind::Map => body.ty.clone().list(),
            MacroKind::Filter => match &over.ty {
                Ty::Map(_) => Ty::String.list(),
                list => list.clone(),
            },
            _ => Ty::Bool,
        };
        let mut vars = parts.vars.into_iter().map(|(name, ..)| name);
        let node = Node::Macro {
            kind,
            over: Box::new(over.expr),
            var: vars.next().unwrap_or_default(),
            value_var: vars.next(),
            keep: keep.map(Box::new),
            body: Box::new(body.expr),
        };
        scope.typed(self, node, ty, span)
    }

    fn macro_parts<'e>(
        &mut self,
        scope: &Scope<'_, '_>,
        kind: MacroKind,
        over: &Ty,
        args: &[&'e Expr],
        span: Span,
    ) -> Option<Parts<'e>> {
        let item = match over {
            Ty::List(item) => item.as_ref().clone(),
            _ => Ty::String,
        };
        let (vars, keep, body): (&[&Expr], _, _) = match (kind, args) {
            (_, [_, body]) => (args.get(..1)?, None, *body),
            (MacroKind::Map, [_, keep, body]) if !matches!(over, Ty::Map(_)) => (args.get(..1)?, Some(*keep), *body),
            (_, [_, _, body]) if matches!(over, Ty::Map(_)) => (args.get(..2)?, None, *body),
            _ => {
                let place = scope.place(span);
                let message = format!("`{kind}` takes a variable and an expression, as in `xs.{kind}(x, …)`");
                self.report(Diagnostic::new(
                    diagnostics::ARGUMENT_COUNT,
                    place.file,
                    place.span,
                    message,
                ));
                return None;
            }
        };
        let value = match over {
            Ty::Map(value) => value.as_ref().clone(),
            _ => Ty::Error,
        };
        let mut named = Vec::with_capacity(vars.len());
        for (var, ty) in vars.iter().zip([item, value]) {
            let ExprKind::Name(name) = &var.kind else {
                self.error_at(
                    diagnostics::NOT_A_VALUE,
                    scope.place(var.span),
                    "a variable's name belongs here",
                );
                return None;
            };
            named.push((name.clone(), ty, var.span));
        }
        Some(Parts {
            vars: named,
            keep,
            body,
        })
    }

    /// A variable of a macro, which hides no other name.
    fn bind_variable(&mut self, scope: &mut Scope<'_, '_>, name: &SmolStr, ty: Ty, span: Span) {
        let place = scope.place(span);
        if super::is_context_name(name) {
            self.report(crate::declare::context_name(name, "variable", place));
        } else if self.find(scope, name).is_some() && scope.local(name).is_none_or(|local| local.place != place) {
            let first = scope.local(name).map(|local| local.place);
            self.report(crate::declare::duplicate(name, place, first));
        }
        scope.locals.push(Local {
            name: name.clone(),
            ty,
            value: Node::Local { name: name.clone() },
            place,
        });
    }
}

struct Parts<'e> {
    vars: Vec<(SmolStr, Ty, Span)>,
    keep: Option<&'e Expr>,
    body: &'e Expr,
}
