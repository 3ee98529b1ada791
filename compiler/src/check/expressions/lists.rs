//! The methods of lists that return another list or an item.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind};
use hookc_plan::{Node, SortOn};

use crate::check::expressions::binary::compare_on;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics;
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// `list.slice(1, 3)`, `list.sort()` and the others; `item` is the type of the items.
    #[expect(clippy::too_many_arguments, reason = "a method is its receiver, its name and its arguments")]
    pub(crate) fn list_method(
        &mut self,
        scope: &mut Scope<'_, '_>,
        of: &Expr,
        receiver: Typed,
        item: &Ty,
        name: &str,
        args: &[&Expr],
        span: Span,
    ) -> Typed {
        let list = receiver.ty.clone();
        match (name, args) {
            ("slice", [from, to]) => {
                let from = self.expect(scope, from, &Ty::Int).expr;
                let to = self.expect(scope, to, &Ty::Int).expr;
                let a = receiver.expr;
                scope.typed(self, Node::Slice { a, from, to }, list, span)
            }
            ("flatten", depth) => self.flatten(scope, of, receiver, depth.first().copied(), span),
            ("distinct", _) if *item != Ty::Never && compare_on(item.required()).is_none() => {
                self.no_such_list(scope, of, &list, "distinct", "its items cannot be compared", span)
            }
            ("distinct", _) => {
                let a = receiver.expr;
                scope.typed(self, Node::Distinct { a }, list, span)
            }
            ("sort", _) => match sort_on(item) {
                Some(on) => {
                    let a = receiver.expr;
                    scope.typed(self, Node::Sort { on, a }, list, span)
                }
                None => self.no_such_list(scope, of, &list, "sort", "its items cannot be ordered", span),
            },
            ("reverse", _) => {
                let a = receiver.expr;
                scope.typed(self, Node::ReverseList { a }, list, span)
            }
            ("first", _) => {
                let a = receiver.expr;
                scope.typed(self, Node::First { a }, item.clone().optional(), span)
            }
            ("last", _) => {
                let a = receiver.expr;
                scope.typed(self, Node::Last { a }, item.clone().optional(), span)
            }
            _ => scope.broken(span),
        }
    }

    /// `list.flatten()`, with an optional constant depth.
    fn flatten(
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
