//! Calls of the library: functions, methods and macros, checked by their rows in `crate::functions`.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr};

use crate::check::{ExpressionChecker, Scope, Typed};
use crate::functions::{Check, FunctionPage, Make, Operands, Overload, Shape, Special};
use crate::ty::Ty;

/// A call and the row of what is called.
pub(crate) struct LibraryCall<'e> {
    pub(crate) row: &'static FunctionPage,
    /// What a method is called on.
    pub(crate) receiver: Option<(&'e Expr, Typed)>,
    /// The name as it is written, without that of a library.
    pub(crate) name: &'e str,
    pub(crate) name_span: Span,
    pub(crate) args: &'e [Arg],
    pub(crate) span: Span,
}

impl ExpressionChecker<'_, '_> {
    pub(crate) fn library_call(&mut self, scope: &mut Scope<'_, '_>, mut call: LibraryCall<'_>) -> Typed {
        let span = call.span;
        if let Check::Macro(kind, variables) = call.row.check {
            return match call.receiver.take() {
                Some((_, over)) => self.macro_call(scope, over, (kind, variables), &call),
                None => scope.broken(span),
            };
        }
        let (min, max) = call.row.argument_count();
        let Some(args) = self.arguments_of(scope, call.name, call.args, min, max, span) else {
            return scope.broken(span);
        };
        match call.row.check {
            Check::Plain(params, result, make) => {
                let receiver = call.receiver.map(|(_, receiver)| receiver);
                self.plain_call(scope, receiver, params, &args, (result, make), span)
            }
            Check::ByType(overloads) => self.overloaded_call(scope, overloads, &args, span),
            Check::Special(special, ..) => self.special_call(scope, special, call, &args),
            Check::Operator | Check::Macro(..) => scope.broken(span),
        }
    }

    /// A call whose arguments and result each have one type.
    fn plain_call(
        &mut self,
        scope: &mut Scope<'_, '_>,
        receiver: Option<Typed>,
        params: &[Shape],
        args: &[&Expr],
        (result, make): (Shape, Make),
        span: Span,
    ) -> Typed {
        let mut operands = Operands::default();
        let mut free = operands.iter_mut();
        let receiver_ty = receiver.as_ref().map(|receiver| receiver.ty.clone());
        if let Some(receiver) = receiver
            && let Some(operand) = free.next()
        {
            *operand = Some(receiver.expr);
        }
        for ((arg, shape), operand) in args.iter().zip(params).zip(free) {
            *operand = Some(self.expect(scope, arg, &shape.ty(receiver_ty.as_ref())).expr);
        }
        match make.node(operands) {
            Some(node) => scope.typed(self, node, result.ty(receiver_ty.as_ref()), span),
            None => scope.broken(span),
        }
    }

    /// A call whose argument decides what it does.
    fn overloaded_call(
        &mut self,
        scope: &mut Scope<'_, '_>,
        overloads: &'static [Overload],
        args: &[&Expr],
        span: Span,
    ) -> Typed {
        let Some(arg) = args.first() else { return scope.broken(span) };
        let typed = self.value(scope, arg, None);
        let fitting = overloads.iter().find(|overload| overload.argument.ty(None) == typed.ty);
        match fitting {
            Some(Overload { make: None, .. }) => typed,
            Some(Overload { make: Some(make), result, .. }) => {
                scope.typed(self, make(typed.expr), result.ty(None), span)
            }
            None => self.no_overload(scope, overloads, arg, &typed.ty, span),
        }
    }

    fn no_overload(
        &mut self,
        scope: &Scope<'_, '_>,
        overloads: &[Overload],
        arg: &Expr,
        found: &Ty,
        span: Span,
    ) -> Typed {
        let results: Vec<Shape> = overloads.iter().map(|overload| overload.result).collect();
        match results.as_slice() {
            [to, others @ ..] if others.iter().all(|other| other == to) => {
                let to = self.show(&to.ty(None));
                self.no_conversion(scope, arg, &to, found, span)
            }
            _ => self.no_number(scope, arg, found, span),
        }
    }

    /// A call with a check of its own.
    fn special_call(
        &mut self,
        scope: &mut Scope<'_, '_>,
        special: Special,
        call: LibraryCall<'_>,
        args: &[&Expr],
    ) -> Typed {
        let span = call.span;
        match (special, call.receiver, args) {
            (Special::Has, None, [a]) => self.has(scope, a, span),
            (Special::Size, None, [a]) => {
                let value = self.value(scope, a, None);
                if value.ty.is_secrets() && value.ty != Ty::Secret {
                    return self.secrets_in_call(scope, call.name, a);
                }
                self.size(scope, value, call.name_span, span)
            }
            (Special::ToText, None, [a]) => self.check_text_form(scope, a),
            (Special::Duration, None, [a]) => self.convert_duration(scope, a, span),
            (Special::Timestamp, None, [a]) => self.convert_timestamp(scope, a, span),
            (Special::FormatTime, None, [a, pattern]) => self.format_time(scope, a, pattern, span),
            (Special::Status, None, [a]) => self.status(scope, a, span),
            (Special::Secret, None, [a]) => self.secret(scope, a, span),
            (Special::Greatest | Special::Least, None, args) => {
                self.extreme(scope, special == Special::Greatest, args, span)
            }
            (Special::Matches, Some((_, receiver)), [pattern]) => self.matches(scope, receiver, pattern, span),
            (Special::Join, Some((of, receiver)), by) => {
                self.join_texts(scope, of, receiver, by.first().copied(), span)
            }
            (Special::Flatten, Some((of, receiver)), depth) => {
                self.flatten(scope, of, receiver, depth.first().copied(), span)
            }
            (Special::Distinct, Some((of, receiver)), _) => self.distinct(scope, of, receiver, span),
            (Special::Sort, Some((of, receiver)), _) => self.sort(scope, of, receiver, span),
            (
                Special::Has
                | Special::Size
                | Special::ToText
                | Special::Duration
                | Special::Timestamp
                | Special::FormatTime
                | Special::Status
                | Special::Secret
                | Special::Greatest
                | Special::Least
                | Special::Matches
                | Special::Join
                | Special::Flatten
                | Special::Distinct
                | Special::Sort,
                ..,
            ) => scope.broken(span),
        }
    }
}
