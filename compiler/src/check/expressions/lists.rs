//! The methods of lists whose result depends on the type of the items.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind};
use hookc_plan::{Node, SortOn};

use crate::check::expressions::binary::compare_on;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics;
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    pub(crate) fn distinct(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, receiver: Typed, span: Span) -> Typed {
        let Ty::List(item) = &receiver.ty else { return scope.broken(span) };
        if **item != Ty::Never && compare_on(item.required()).is_none() {
            return self.no_such_list(scope, of, &receiver.ty, "distinct", "its items cannot be compared", span);
        }
        scope.typed(self, Node::Distinct { a: receiver.expr }, receiver.ty, span)
    }

    pub(crate) fn sort(&mut self, scope: &mut Scope<'_, '_>, of: &Expr, receiver: Typed, span: Span) -> Typed {
        let Ty::List(item) = &receiver.ty else { return scope.broken(span) };
        match sort_on(item) {
            Some(on) => scope.typed(self, Node::Sort { on, a: receiver.expr }, receiver.ty, span),
            None => self.no_such_list(scope, of, &receiver.ty, "sort", "its items cannot be ordered", span),
        }
    }

    /// `list.flatten()`, with an optional constant depth.
    pub(crate) fn flatten(
        &mut self,
        scope: &mut Scope<'_, '_>,
        of: &Expr,
        receiver: Typed,
        depth: Option<&Expr>,
        span: Span,
    ) -> Typed {
        let levels = match depth.map(|depth| &depth.kind) {
            None => 1,
            Some(ExprKind::Int(levels @ 1..)) => *levels,
            Some(ExprKind::Error) => return scope.broken(span),
            Some(_) => {
                let place = scope.place(depth.map_or(span, |depth| depth.span));
                let message = "the depth of `flatten` must be a constant of at least 1";
                self.error_at(diagnostics::NOT_CONSTANT, place, message);
                return scope.broken(span);
            }
        };
        let mut typed = receiver;
        for level in 0..levels {
            let Ty::List(item) = &typed.ty else { break };
            let inner = item.as_ref().clone();
            match inner {
                Ty::List(_) => {}
                Ty::Error => return scope.broken(span),
                // A depth beyond the nesting of the lists has no further effect.
                _ if level > 0 => break,
                _ => {
                    let list = typed.ty.clone();
                    return self.no_such_list(scope, of, &list, "flatten", "its items are not lists", span);
                }
            }
            let a = typed.expr;
            typed = scope.typed(self, Node::Flatten { a }, inner, span);
        }
        typed
    }

    fn no_such_list(
        &mut self,
        scope: &Scope<'_, '_>,
        of: &Expr,
        list: &Ty,
        method: &str,
        why: &str,
        span: Span,
    ) -> Typed {
        if !list.is_error() {
            let place = scope.place(of.span);
            let message = format!("cannot apply `{method}` to `{}`: {why}", self.show(list));
            self.error_at(diagnostics::TYPE_MISMATCH, place, message);
        }
        scope.broken(span)
    }
}

fn sort_on(item: &Ty) -> Option<SortOn> {
    Some(match item {
        Ty::Bool => SortOn::Bool,
        // The type does not matter for an empty list.
        Ty::Int | Ty::Never => SortOn::Int,
        Ty::Float => SortOn::Float,
        Ty::Duration => SortOn::Duration,
        Ty::Timestamp => SortOn::Timestamp,
        text if text.is_text() => SortOn::String,
        _ => return None,
    })
}
