//! One expression: its type and its typed form.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind, UnaryOp};
use hookc_plan::Node;

use crate::check::expressions::coerce::is_text_literal;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ty::Ty;

/// The stack that one expression may need before its operands are checked, in bytes.
const RED_ZONE: usize = 128 * 1024;
/// The stack that is added if there is not enough, in bytes.
const MORE_STACK: usize = 4 * 1024 * 1024;

impl ExpressionChecker<'_, '_> {
    /// The typed form of `expr`. `want` is what the surroundings would like: it decides literals, bare enum values,
    /// lists and braces, and is no demand; see [`ExpressionChecker::expect`].
    pub(crate) fn expr(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, want: Option<&Ty>) -> Typed {
        // The tree of a chain of operators is as deep as the chain is long, which can exceed the stack of a small thread.
        let outermost = !std::mem::replace(&mut scope.inside, true);
        let mark = self.diagnostics.len();
        let typed = stacker::maybe_grow(RED_ZONE, MORE_STACK, || self.expr_here(scope, expr, want));
        if self.notes.is_some() && matches!(expr.kind, ExprKind::Name(_) | ExprKind::Member(..) | ExprKind::Call(..)) {
            self.note_read(scope, &typed, expr.span);
        }
        if !outermost {
            return typed;
        }
        scope.inside = false;
        if !self.is_whole(self.damage_since(mark)) {
            return typed;
        }
        self.without_failing_parts(scope, typed, expr.span)
    }

    fn expr_here(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, want: Option<&Ty>) -> Typed {
        let guard = std::mem::take(&mut scope.guard);
        let span = expr.span;
        match &expr.kind {
            ExprKind::Error => scope.broken(span),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Duration(_) => {
                self.scalar(scope, expr, want)
            }
            ExprKind::Template(template) => self.template(scope, template, span),
            ExprKind::List(items) => self.list(scope, items, span, want),
            ExprKind::Braces(fields) => self.braces(scope, fields, span, want),
            ExprKind::Spread(_) => {
                let place = scope.place(span);
                self.error_at(diagnostics::NOT_ALLOWED_HERE, place, "`...` is allowed only in the list of `exec`");
                scope.broken(span)
            }
            ExprKind::Paren(inner) => {
                scope.guard = guard;
                self.expr(scope, inner, want)
            }
            ExprKind::Unary(op, operand) => self.unary(scope, *op, operand, span, want),
            ExprKind::Binary(binary) => self.binary(scope, binary, span, want),
            ExprKind::Ternary(parts) => self.ternary(scope, parts, span, want),
            ExprKind::Name(name) => {
                scope.guard = guard;
                self.name(scope, name, span, want)
            }
            ExprKind::Member(of, name) => {
                scope.guard = guard;
                self.member(scope, of, name, span)
            }
            ExprKind::Index(parts) => self.index(scope, &parts.0, &parts.1, span),
            ExprKind::Call(callee, args) => self.call(scope, callee, args, span),
        }
    }

    /// The typed form of `expr` with the type `want`. A mismatch is reported.
    pub(crate) fn expect(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, want: &Ty) -> Typed {
        let typed = self.expr(scope, expr, Some(want));
        self.coerce(scope, expr, typed, want)
    }

    /// A read whose surroundings handle a missing value.
    pub(crate) fn guarded(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, want: Option<&Ty>) -> Typed {
        scope.guard = true;
        let typed = self.expr(scope, expr, want);
        scope.guard = false;
        typed
    }

    fn unary(
        &mut self,
        scope: &mut Scope<'_, '_>,
        op: UnaryOp,
        operand: &Expr,
        span: Span,
        want: Option<&Ty>,
    ) -> Typed {
        match op {
            UnaryOp::Not => {
                let a = self.expect(scope, operand, &Ty::Bool);
                scope.typed(self, Node::Not { a: a.expr }, Ty::Bool, span)
            }
            UnaryOp::Neg => self.negative(scope, operand, span, want),
        }
    }

    fn negative(&mut self, scope: &mut Scope<'_, '_>, operand: &Expr, span: Span, want: Option<&Ty>) -> Typed {
        if let Some(literal) = self.negative_literal(scope, operand, span, want) {
            return literal;
        }
        let typed = self.expr(scope, operand, want);
        let typed = self.required(scope, operand, typed);
        let ty = typed.ty.clone();
        let a = typed.expr;
        let node = match ty {
            Ty::Int => Node::IntNeg { a },
            Ty::Float => Node::FloatNeg { a },
            Ty::Duration => Node::DurNeg { a },
            Ty::Error => return scope.broken(span),
            other => {
                let message = format!("cannot apply `-` to `{}`", self.show(&other));
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(operand.span), message);
                return scope.broken(span);
            }
        };
        scope.typed(self, node, ty, span)
    }

    fn ternary(
        &mut self,
        scope: &mut Scope<'_, '_>,
        parts: &(Expr, Expr, Expr),
        span: Span,
        want: Option<&Ty>,
    ) -> Typed {
        let (test, yes, no) = parts;
        let errors = self.diagnostics.len();
        let test = self.expect(scope, test, &Ty::Bool);
        let is_broken = self.has_mistake(&test, errors);
        let mark = scope.narrowing.mark();
        let no_type = want.is_none_or(Ty::is_error);
        let literal_first = no_type && self.needs_hint(scope, yes) && !self.needs_hint(scope, no);
        let mut branch = |checker: &mut Self, expr: &Expr, truth: bool, hint: Option<&Ty>| {
            narrow_by(scope, &test, truth, is_broken);
            let typed = checker.expr(scope, expr, hint);
            scope.narrowing.reset(mark);
            typed
        };
        // Without a wanted type, a literal takes that of the other branch.
        let (a, b) = if literal_first {
            let b = branch(self, no, false, None);
            (branch(self, yes, true, Some(&b.ty)), b)
        } else {
            let a = branch(self, yes, true, want);
            let hint = want.cloned().unwrap_or_else(|| a.ty.clone());
            let b = branch(self, no, false, Some(&hint));
            (a, b)
        };
        let Some(ty) = join_written((yes, &a.ty), (no, &b.ty)) else {
            let message =
                format!("the two branches have different types: `{}` and `{}`", self.show(&a.ty), self.show(&b.ty));
            self.error_at(diagnostics::TYPE_MISMATCH, scope.place(yes.span.to(no.span)), message);
            return scope.broken(span);
        };
        let a = self.coerce(scope, yes, a, &ty);
        let b = self.coerce(scope, no, b, &ty);
        let node = Node::Cond { test: test.expr, a: a.expr, b: b.expr };
        scope.typed(self, node, ty, span)
    }

    /// Whether a test has an error, reported since `mark` or before. Then missing guards are not reported.
    pub(crate) fn has_mistake(&self, test: &Typed, mark: usize) -> bool {
        let unread = test.expr.ty == hookc_plan::Type::Null;
        test.ty.is_error() || unread || self.is_unread_since(mark)
    }

    /// Whether an error since `mark` makes the meaning uncertain. A value that may be null does not.
    pub(crate) fn is_unread_since(&self, mark: usize) -> bool {
        let since = self.diagnostics.get(mark..).unwrap_or_default();
        since.iter().any(|found| found.severity == crate::Severity::Error && found.code != diagnostics::MAY_BE_NULL)
    }

    /// Requires a value that is never null. A `T?` is reported once and becomes an error.
    pub(crate) fn required(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, typed: Typed) -> Typed {
        if !matches!(typed.ty, Ty::Optional(_) | Ty::Null) {
            return typed;
        }
        if !scope.narrowing.is_open() {
            let diagnostic = self.may_be_null(scope, expr, &typed);
            self.report(diagnostic);
        }
        scope.broken(expr.span)
    }

    /// The diagnostic of a `T?` where a `T` is needed.
    pub(crate) fn may_be_null(&mut self, scope: &Scope<'_, '_>, expr: &Expr, typed: &Typed) -> Diagnostic {
        let place = scope.place(expr.span);
        let text = self.program.sources.text(place.file, place.span).to_owned();
        let shown = if text.len() > 60 || text.contains('\n') { "this value".to_owned() } else { format!("`{text}`") };
        if matches!(typed.ty, Ty::Null) {
            return Diagnostic::new(diagnostics::MAY_BE_NULL, place, "expected a value, found `null`");
        }
        let why = self.why_absent(scope, &typed.expr);
        let message = match &why {
            Some(why) => format!("{shown} may be missing {why}"),
            None => format!("{shown} may be null: its type is `{}`", self.show(&typed.ty)),
        };
        let default = self.sample(typed.ty.required());
        let help = match &default {
            Some(default) => {
                format!("add a default, as in `{text} ?? {default}`, or check first: `{text} != null && …`")
            }
            None => format!("check first: `{text} != null && …`"),
        };
        Diagnostic::new(diagnostics::MAY_BE_NULL, place, message).help(help)
    }

    /// A value of the type, for help texts.
    fn sample(&self, ty: &Ty) -> Option<&'static str> {
        Some(match ty {
            Ty::Bool => "false",
            Ty::Int => "0",
            Ty::Float => "0.0",
            Ty::String | Ty::Path | Ty::Uri => "\"\"",
            Ty::Duration => "0s",
            Ty::List(_) => "[]",
            _ => return None,
        })
    }
}

/// The common type of two values as they are written: a string literal beside a path or URI is one.
pub(crate) fn join_written(a: (&Expr, &Ty), b: (&Expr, &Ty)) -> Option<Ty> {
    let is_place = |ty: &Ty| matches!(ty.required(), Ty::Path | Ty::Uri);
    let is_literal = |(expr, ty): (&Expr, &Ty)| *ty == Ty::String && is_text_literal(expr);
    match (is_literal(a), is_literal(b)) {
        (true, false) if is_place(b.1) => Some(b.1.clone()),
        (false, true) if is_place(a.1) => Some(a.1.clone()),
        _ => join(a.1, b.1),
    }
}

/// The common type of two values; `None` if there is none.
pub(crate) fn join(a: &Ty, b: &Ty) -> Option<Ty> {
    match (a, b) {
        (Ty::Error, _) | (_, Ty::Error) => Some(Ty::Error),
        (Ty::Never, other) | (other, Ty::Never) => Some(other.clone()),
        (Ty::Null, other) | (other, Ty::Null) => Some(other.clone().optional()),
        (Ty::Optional(a), b) | (b, Ty::Optional(a)) => Some(join(a, b.required())?.optional()),
        (Ty::List(a), Ty::List(b)) => Some(join(a, b)?.list()),
        (Ty::Map(a), Ty::Map(b)) => Some(Ty::Map(join(a, b)?.into())),
        (a, b) if a == b => Some(a.clone()),
        (a, b) if a.is_text() && b.is_text() => Some(Ty::String),
        _ => None,
    }
}

/// What a test says where it is `truth`; one with a mistake may have asked for anything.
pub(crate) fn narrow_by(scope: &mut Scope<'_, '_>, test: &Typed, truth: bool, is_broken: bool) {
    scope.narrowing.assume(&test.expr, truth);
    if is_broken {
        scope.narrowing.assume_unknown();
    }
}
