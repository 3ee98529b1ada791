//! Operators between two values.

use hookc_grammar::Span;
use hookc_grammar::ast::{Binary, BinaryOp, Expr, ExprKind, UnaryOp};
use hookc_plan::{CompareOn, Node, OrderOn};

use crate::check::expressions::expr::narrow_by;
use crate::check::expressions::expr::{join, join_written};
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ty::Ty;

type Make = fn(Box<hookc_plan::Expr>, Box<hookc_plan::Expr>) -> Node;

impl ExpressionChecker<'_, '_> {
    pub(crate) fn binary(
        &mut self,
        scope: &mut Scope<'_, '_>,
        binary: &Binary,
        span: Span,
        want: Option<&Ty>,
    ) -> Typed {
        match binary.op {
            BinaryOp::And => self.logic(scope, binary, span, true),
            BinaryOp::Or => self.logic(scope, binary, span, false),
            BinaryOp::Eq | BinaryOp::Ne => self.equality(scope, binary, span),
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => self.order(scope, binary, span),
            BinaryOp::In => self.contained(scope, binary, span),
            BinaryOp::OrElse => self.or_else(scope, binary, span, want),
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                self.arithmetic(scope, binary, span, want)
            }
        }
    }

    /// `&&` and `||`: the right side is checked with the facts from the left side.
    fn logic(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, span: Span, and: bool) -> Typed {
        let errors = self.diagnostics.len();
        let a = self.expect(scope, &binary.left, &Ty::Bool);
        let mark = scope.narrowing.mark();
        narrow_by(scope, &a, and, self.has_mistake(&a, errors));
        let b = self.expect(scope, &binary.right, &Ty::Bool);
        scope.narrowing.reset(mark);
        let (a, b) = (a.expr, b.expr);
        let node = if and { Node::And { a, b } } else { Node::Or { a, b } };
        scope.typed(self, node, Ty::Bool, span)
    }

    /// Whether the type of a literal depends on its surroundings.
    pub(crate) fn needs_hint(&self, scope: &Scope<'_, '_>, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Int(_) | ExprKind::Null | ExprKind::Braces(_) => true,
            ExprKind::List(items) => items.iter().all(|item| self.needs_hint(scope, item)),
            ExprKind::Name(name) => !self.is_known_name(scope, name),
            ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Neg, inner) => self.needs_hint(scope, inner),
            _ => false,
        }
    }

    /// Both sides. A side that needs a hint is checked after the other.
    fn operands(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, want: Option<&Ty>) -> (Typed, Typed) {
        // An int literal becomes a float beside a float, but not beside a float literal: `1 + 1.5` is an error.
        if is_number(&binary.left) && is_number(&binary.right) && is_float(&binary.left) != is_float(&binary.right) {
            return (self.expr(scope, &binary.left, None), self.expr(scope, &binary.right, None));
        }
        let left_first = !self.needs_hint(scope, &binary.left) || self.needs_hint(scope, &binary.right);
        if left_first {
            let a = self.expr(scope, &binary.left, want);
            let hint = hint_of(&a.ty, want);
            let b = self.expr(scope, &binary.right, hint.as_ref());
            (a, b)
        } else {
            let b = self.expr(scope, &binary.right, want);
            let hint = hint_of(&b.ty, want);
            let a = self.expr(scope, &binary.left, hint.as_ref());
            (a, b)
        }
    }

    fn equality(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, span: Span) -> Typed {
        let (left, right) = (&binary.left, &binary.right);
        if is_null(right) || is_null(left) {
            let operand = if is_null(right) { left } else { right };
            return self.null_test(scope, operand, span, binary.op == BinaryOp::Eq);
        }
        let (a, b) = self.operands(scope, binary, None);
        if a.ty.is_error() || b.ty.is_error() {
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        }
        let on = join(&a.ty, &b.ty).and_then(|ty| compare_on(ty.required()).map(|on| (on, ty)));
        let Some((on, ty)) = on else {
            let diagnostic = self.cannot_compare(scope, binary, &a.ty, &b.ty);
            self.report(diagnostic);
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        };
        let text = ty.required().is_text();
        let (a, b) = if text { (a, b) } else { (self.coerce(scope, left, a, &ty), self.coerce(scope, right, b, &ty)) };
        let (a, b) = (a.expr, b.expr);
        let node = if binary.op == BinaryOp::Eq { Node::Eq { on, a, b } } else { Node::Ne { on, a, b } };
        scope.typed(self, node, Ty::Bool, span)
    }

    /// `a == null` and `a != null`.
    fn null_test(&mut self, scope: &mut Scope<'_, '_>, operand: &Expr, span: Span, equal: bool) -> Typed {
        let a = self.guarded(scope, operand, None);
        if a.ty.is_error() {
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        }
        if a.ty == Ty::Secret {
            let message = "a secret cannot be compared";
            self.error_at(diagnostics::SECRET_FLOW, scope.place(span), message);
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        }
        let always = if equal { "false" } else { "true" };
        let message = format!("this is always {always}: the value is never null");
        let redundant = Diagnostic::new(diagnostics::REDUNDANT_GUARD, scope.place(span), message);
        self.check_guard(scope, &a, redundant);
        let test = scope.typed(self, Node::IsNull { a: a.expr }, Ty::Bool, span);
        if equal {
            return test;
        }
        scope.typed(self, Node::Not { a: test.expr }, Ty::Bool, span)
    }

    fn cannot_compare(&self, scope: &Scope<'_, '_>, binary: &Binary, a: &Ty, b: &Ty) -> Diagnostic {
        let place = scope.place(binary.left.span.to(binary.right.span));
        let same = a.required() == b.required();
        let message = if same {
            format!("values of type `{}` cannot be compared", self.show(a))
        } else {
            format!("cannot compare `{}` with `{}`", self.show(a), self.show(b))
        };
        let code = if matches!(a.required(), Ty::Secret) || matches!(b.required(), Ty::Secret) {
            diagnostics::SECRET_FLOW
        } else {
            diagnostics::TYPE_MISMATCH
        };
        let diagnostic = Diagnostic::new(code, place, message);
        match (a.required(), b.required()) {
            (Ty::Int, Ty::Float) => self.float_fix(scope, diagnostic, &binary.left),
            (Ty::Float, Ty::Int) => self.float_fix(scope, diagnostic, &binary.right),
            _ => diagnostic,
        }
    }

    fn float_fix(&self, scope: &Scope<'_, '_>, diagnostic: Diagnostic, operand: &Expr) -> Diagnostic {
        let place = scope.place(operand.span);
        let text = self.program.sources.text(place.file, place.span).to_owned();
        if is_number(operand) {
            let float = format!("{text}.0");
            return diagnostic.help(format!("`int` and `float` cannot be mixed: write `{float}`")).fix(
                format!("write `{float}`"),
                place.span,
                float,
            );
        }
        diagnostic.help("`int` and `float` cannot be mixed: convert with `float(…)`").fix(
            "convert to `float`",
            place.span,
            format!("float({text})"),
        )
    }

    fn order(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, span: Span) -> Typed {
        let (a, b) = self.operands(scope, binary, None);
        let a = self.required(scope, &binary.left, a);
        let b = self.required(scope, &binary.right, b);
        if a.ty.is_error() || b.ty.is_error() {
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        }
        let Some(on) = join(&a.ty, &b.ty).as_ref().and_then(order_on) else {
            let mut diagnostic = self.cannot_compare(scope, binary, &a.ty, &b.ty);
            if a.ty == b.ty {
                diagnostic.message = format!("values of type `{}` cannot be ordered", self.show(&a.ty));
            }
            self.report(diagnostic);
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        };
        let (a, b) = (a.expr, b.expr);
        let node = match binary.op {
            BinaryOp::Lt => Node::Lt { on, a, b },
            BinaryOp::Le => Node::Le { on, a, b },
            BinaryOp::Gt => Node::Gt { on, a, b },
            _ => Node::Ge { on, a, b },
        };
        scope.typed(self, node, Ty::Bool, span)
    }

    /// `a in list`, `key in map`
    fn contained(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, span: Span) -> Typed {
        let hint_left = self.needs_hint(scope, &binary.left);
        let early = (!hint_left).then(|| self.expr(scope, &binary.left, None));
        let want = early.as_ref().map(|a| a.ty.required().clone().list());
        let b = self.expr(scope, &binary.right, want.as_ref());
        let b = self.required(scope, &binary.right, b);
        let item = match &b.ty {
            Ty::List(item) => item.as_ref().clone(),
            Ty::Map(_) => Ty::String,
            Ty::Error => Ty::Error,
            other => {
                let place = scope.place(binary.right.span);
                let message = format!("`in` expects a list or a map, found `{}`", self.show(other));
                let diagnostic = Diagnostic::new(diagnostics::TYPE_MISMATCH, place, message);
                let text = other.is_text().then(|| "use `.contains(…)` to search in a string".to_owned());
                self.report(diagnostic.maybe_help(text));
                Ty::Error
            }
        };
        let a = match early {
            Some(a) => a,
            None => self.expr(scope, &binary.left, Some(&item)),
        };
        // An empty list contains nothing, whatever its type.
        let a = if item.is_open() {
            self.required(scope, &binary.left, a)
        } else {
            self.coerce(scope, &binary.left, a, &item)
        };
        if a.ty.is_error() || b.ty.is_error() {
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        }
        let map = matches!(b.ty, Ty::Map(_));
        let (a, b) = (a.expr, b.expr);
        let node = if map { Node::InMap { a, b } } else { Node::InList { a, b } };
        scope.typed(self, node, Ty::Bool, span)
    }

    fn or_else(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, span: Span, want: Option<&Ty>) -> Typed {
        let a = self.guarded(scope, &binary.left, want);
        let hint = match a.ty.required() {
            Ty::Null | Ty::Error => want.cloned(),
            inner => Some(inner.clone()),
        };
        let b = self.expr(scope, &binary.right, hint.as_ref());
        if a.ty.is_error() || b.ty.is_error() {
            return scope.broken(span);
        }
        let place = scope.place(binary.op_span.to(binary.right.span));
        let message = "this default is never used: the value before `??` is never null";
        let cut = scope.place(Span::new(binary.left.span.end, binary.right.span.end));
        let redundant = Diagnostic::new(diagnostics::REDUNDANT_GUARD, place, message);
        self.check_guard(scope, &a, redundant.fix("remove the default", cut.span, ""));
        let joined = if a.ty == Ty::Null {
            Some(b.ty.clone())
        } else {
            join_written((&binary.left, a.ty.required()), (&binary.right, &b.ty))
        };
        let Some(ty) = joined else {
            let diagnostic = self.mismatch(scope, &binary.right, &b.ty, a.ty.required());
            self.report(diagnostic);
            return scope.broken(span);
        };
        let b = self.coerce(scope, &binary.right, b, &ty);
        scope.typed(self, Node::OrElse { a: a.expr, b: b.expr }, ty, span)
    }

    fn arithmetic(&mut self, scope: &mut Scope<'_, '_>, binary: &Binary, span: Span, want: Option<&Ty>) -> Typed {
        let want = want.filter(|want| matches!(want.required(), Ty::Float | Ty::Int | Ty::List(_)));
        let (a, b) = self.operands(scope, binary, want);
        let a = self.required(scope, &binary.left, a);
        let b = self.required(scope, &binary.right, b);
        if a.ty.is_error() || b.ty.is_error() {
            return scope.broken(span);
        }
        // A duration may also stand before the timestamp that it is added to.
        let swap = binary.op == BinaryOp::Add && a.ty == Ty::Duration && b.ty == Ty::Timestamp;
        let (left, right) = if swap { (&b.ty, &a.ty) } else { beside(&a.ty, &b.ty) };
        let Some((make, ty)) = arithmetic_node(binary.op, left, right) else {
            let diagnostic = self.cannot_compute(scope, binary, &a.ty, &b.ty);
            self.report(diagnostic);
            return scope.broken(span);
        };
        let (a, b) = (self.coerce_list(scope, &binary.left, a, &ty), self.coerce_list(scope, &binary.right, b, &ty));
        let (a, b) = if swap { (b, a) } else { (a, b) };
        scope.typed(self, make(a.expr, b.expr), ty, span)
    }

    fn coerce_list(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, typed: Typed, ty: &Ty) -> Typed {
        if matches!(ty, Ty::List(_)) { self.coerce(scope, expr, typed, ty) } else { typed }
    }

    fn cannot_compute(&self, scope: &Scope<'_, '_>, binary: &Binary, a: &Ty, b: &Ty) -> Diagnostic {
        let place = scope.place(binary.left.span.to(binary.right.span));
        let sign = self.program.sources.text(scope.file, scope.place(binary.op_span).span);
        let message = format!("cannot apply `{sign}` to `{}` and `{}`", self.show(a), self.show(b));
        let diagnostic = Diagnostic::new(diagnostics::TYPE_MISMATCH, place, message);
        match (a, b) {
            (Ty::Int, Ty::Float) => self.float_fix(scope, diagnostic, &binary.left),
            (Ty::Float, Ty::Int) => self.float_fix(scope, diagnostic, &binary.right),
            _ if a.is_text() || b.is_text() => {
                diagnostic.help("use a template to put values into text: `\"… ${value} …\"`")
            }
            (Ty::Float, Ty::Float) => diagnostic.help("`%` takes only `int` values"),
            _ => diagnostic,
        }
    }
}

/// The two types. A variable over an empty list takes the type of the other side.
fn beside<'t>(a: &'t Ty, b: &'t Ty) -> (&'t Ty, &'t Ty) {
    match (a, b) {
        (Ty::Never, Ty::Never) => (&Ty::Int, &Ty::Int),
        (Ty::Never, other) | (other, Ty::Never) => (other, other),
        _ => (a, b),
    }
}

/// The hint for the other side. Beside an error, a bare name may be an enum value, so it is not looked up.
fn hint_of(ty: &Ty, want: Option<&Ty>) -> Option<Ty> {
    match ty {
        Ty::Null | Ty::Never => want.cloned(),
        other => Some(other.required().clone()),
    }
}

/// Whether it is a number literal, with or without a sign.
fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Int(_) | ExprKind::Float(_) => true,
        ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Neg, inner) => is_number(inner),
        _ => false,
    }
}

/// Whether a number literal is a float.
fn is_float(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Unary(UnaryOp::Neg, inner) => is_float(inner),
        kind => matches!(kind, ExprKind::Float(_)),
    }
}

fn is_null(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null => true,
        ExprKind::Paren(inner) => is_null(inner),
        _ => false,
    }
}

/// What `==` compares on this type.
pub(crate) fn compare_on(ty: &Ty) -> Option<CompareOn> {
    Some(match ty {
        Ty::Bool => CompareOn::Bool,
        Ty::Int => CompareOn::Int,
        Ty::Float => CompareOn::Float,
        Ty::String | Ty::Path | Ty::Uri => CompareOn::String,
        Ty::Enum(_) => CompareOn::Enum,
        Ty::Duration => CompareOn::Duration,
        Ty::Timestamp => CompareOn::Timestamp,
        Ty::List(item) if comparable(item) => CompareOn::List,
        Ty::Map(value) if comparable(value) => CompareOn::Map,
        Ty::Record(_) => CompareOn::Record,
        Ty::Null => CompareOn::Null,
        _ => return None,
    })
}

fn comparable(ty: &Ty) -> bool {
    matches!(ty, Ty::Never) || compare_on(ty.required()).is_some()
}

/// What `<` compares on this type.
fn order_on(ty: &Ty) -> Option<OrderOn> {
    Some(match ty {
        Ty::Int => OrderOn::Int,
        Ty::Float => OrderOn::Float,
        Ty::String | Ty::Path | Ty::Uri => OrderOn::String,
        Ty::Duration => OrderOn::Duration,
        Ty::Timestamp => OrderOn::Timestamp,
        _ => return None,
    })
}

/// An arithmetic operator on two simple types.
struct Arithmetic {
    op: BinaryOp,
    left: Ty,
    right: Ty,
    result: Ty,
    make: Make,
}

macro_rules! arithmetic {
    ($($left:ident $op:ident $right:ident -> $result:ident = $node:ident;)*) => {
        &[$(Arithmetic {
            op: BinaryOp::$op,
            left: Ty::$left,
            right: Ty::$right,
            result: Ty::$result,
            make: |a, b| Node::$node { a, b },
        }),*]
    };
}

/// What operators take and give, each with its operation.
const ARITHMETIC: &[Arithmetic] = arithmetic! {
    Int Add Int -> Int = IntAdd;
    Int Sub Int -> Int = IntSub;
    Int Mul Int -> Int = IntMul;
    Int Div Int -> Int = IntDiv;
    Int Rem Int -> Int = IntRem;
    Float Add Float -> Float = FloatAdd;
    Float Sub Float -> Float = FloatSub;
    Float Mul Float -> Float = FloatMul;
    Float Div Float -> Float = FloatDiv;
    Duration Add Duration -> Duration = DurAdd;
    Duration Sub Duration -> Duration = DurSub;
    Timestamp Add Duration -> Timestamp = TsAdd;
    Timestamp Sub Duration -> Timestamp = TsSub;
    Timestamp Sub Timestamp -> Duration = TsDiff;
};

/// The node and the type of `a op b`. `+` also joins text and lists.
fn arithmetic_node(op: BinaryOp, a: &Ty, b: &Ty) -> Option<(Make, Ty)> {
    match (op, a, b) {
        (BinaryOp::Add, Ty::List(_), Ty::List(_)) => return Some((|a, b| Node::ConcatList { a, b }, join(a, b)?)),
        (BinaryOp::Add, a, b) if a.is_text() && b.is_text() => {
            return Some((|a, b| Node::Concat { a, b }, Ty::String));
        }
        _ => {}
    }
    let row = ARITHMETIC.iter().find(|row| row.op == op && row.left == *a && row.right == *b)?;
    Some((row.make, row.result.clone()))
}
