//! The functions whose arguments are more than values of one type.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind};
use hookc_plan::{Node, Path};
use smol_str::SmolStr;

use crate::check::expressions::names::BareRead;
use crate::check::typed::OpRead;
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// A value that is never null.
    pub(crate) fn value(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, want: Option<&Ty>) -> Typed {
        let typed = self.expr(scope, expr, want);
        self.required(scope, expr, typed)
    }

    pub(crate) fn size(&mut self, scope: &mut Scope<'_, '_>, typed: Typed, callee: Span, span: Span) -> Typed {
        let a = typed.expr;
        let node = match &typed.ty {
            ty if ty.is_text() => Node::SizeString { a },
            Ty::List(_) => Node::SizeList { a },
            Ty::Map(_) => Node::SizeMap { a },
            Ty::Error => return scope.broken(span),
            other => {
                let message = format!("`size` expects a string, a list or a map, found `{}`", self.show(other));
                self.error_at(diagnostics::TYPE_MISMATCH, scope.place(callee), message);
                return scope.broken(span);
            }
        };
        scope.typed(self, node, Ty::Int, span)
    }

    /// `has(a.b)`: whether an optional field has a value, or a map has a key.
    pub(crate) fn has(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr, span: Span) -> Typed {
        let ExprKind::Member(..) = &arg.kind else {
            let place = scope.place(arg.span);
            let diagnostic =
                Diagnostic::new(diagnostics::TYPE_MISMATCH, place, "`has` expects a field, as in `has(a.b)`");
            self.report(diagnostic);
            return scope.broken(span);
        };
        let mark = self.diagnostics.len();
        let a = self.guarded(scope, arg, None);
        if !self.is_whole(self.damage_since(mark)) || a.ty.is_error() {
            return Typed { ty: Ty::Bool, expr: scope.broken(span).expr };
        }
        if let Node::IndexMap { of: map, key } = a.expr.node {
            return scope.typed(self, Node::InMap { a: key, b: map }, Ty::Bool, span);
        }
        let message = "this is always true: the field is never missing";
        let redundant = Diagnostic::new(diagnostics::REDUNDANT_GUARD, scope.place(span), message);
        self.check_guard(scope, &a, redundant);
        let test = scope.typed(self, Node::IsNull { a: a.expr }, Ty::Bool, span);
        scope.typed(self, Node::Not { a: test.expr }, Ty::Bool, span)
    }

    pub(crate) fn no_conversion(&mut self, scope: &Scope<'_, '_>, arg: &Expr, to: &str, ty: &Ty, span: Span) -> Typed {
        if !ty.is_error() {
            let message = format!("cannot convert `{}` to `{to}`", self.show(ty));
            self.error_at(diagnostics::TYPE_MISMATCH, scope.place(arg.span), message);
        }
        scope.broken(span)
    }

    /// The text form of a value. A secret has one, which is checked where the text goes.
    pub(crate) fn check_text_form(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr) -> Typed {
        let typed = self.expr(scope, arg, None);
        let secrets = std::mem::take(&mut scope.secrets);
        let typed = self.text_form(scope, arg, typed);
        scope.secrets = secrets;
        Typed { ty: if typed.ty.is_error() { Ty::Error } else { Ty::String }, ..typed }
    }

    pub(crate) fn convert_duration(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr, span: Span) -> Typed {
        let typed = self.value(scope, arg, None);
        if let Node::Const { value: serde_json::Value::String(text) } = &typed.expr.node
            && typed.ty == Ty::String
            && hookc_plan::parse_duration(text).is_err()
        {
            let message = format!("`{text}` is not a valid duration, such as `1h30m`");
            self.error_at(diagnostics::BAD_CONSTANT, scope.place(arg.span), message);
            return scope.broken(span);
        }
        match typed.ty {
            Ty::Duration => typed,
            Ty::String => scope.typed(self, Node::ParseDuration { a: typed.expr }, Ty::Duration, span),
            other => self.no_conversion(scope, arg, "duration", &other, span),
        }
    }

    pub(crate) fn convert_timestamp(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr, span: Span) -> Typed {
        let typed = self.value(scope, arg, None);
        if let Node::Const { value: serde_json::Value::String(text) } = &typed.expr.node
            && typed.ty == Ty::String
            && hookc_plan::Timestamp::parse(text).is_err()
        {
            let message = format!("`{text}` is not a valid timestamp, such as `2026-11-20T08:00:00Z`");
            self.error_at(diagnostics::BAD_CONSTANT, scope.place(arg.span), message);
            return scope.broken(span);
        }
        let a = typed.expr;
        match typed.ty {
            Ty::Timestamp => Typed { expr: a, ty: Ty::Timestamp },
            Ty::String => scope.typed(self, Node::ParseTimestamp { a }, Ty::Timestamp, span),
            Ty::Int => scope.typed(self, Node::IntToTimestamp { a }, Ty::Timestamp, span),
            other => self.no_conversion(scope, arg, "timestamp", &other, span),
        }
    }

    pub(crate) fn format_time(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr, pattern: &Expr, span: Span) -> Typed {
        let a = self.expect(scope, arg, &Ty::Timestamp);
        let Some(template) = self.constant_text(scope, pattern, "the pattern of `format`") else {
            return scope.broken(span);
        };
        let text = template.as_const().unwrap_or("");
        if let Some(unknown) = hookc_plan::unknown_directive(text) {
            let message = format!("unknown directive `%{unknown}` in the pattern of `format`");
            let place = scope.place(pattern.span);
            let diagnostic = Diagnostic::new(diagnostics::BAD_CONSTANT, place, message);
            let known: Vec<String> = hookc_plan::FORMATS.chars().map(|c| format!("%{c}")).collect();
            self.report(diagnostic.help(format!("available directives: `{}`", known.join(" "))));
            return scope.broken(span);
        }
        let node = Node::FormatTime { a: a.expr, pattern: SmolStr::new(text) };
        scope.typed(self, node, Ty::String, span)
    }

    /// `status(op)`: how another op ended. It does not need the op's success.
    pub(crate) fn status(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr, span: Span) -> Typed {
        let op = match &arg.kind {
            ExprKind::Name(name) => match self.find(scope, name) {
                Some(BareRead::Op(op)) => Some(op),
                _ => None,
            },
            _ => None,
        };
        let Some(op) = op else {
            if !matches!(arg.kind, ExprKind::Error) {
                let place = scope.place(arg.span);
                let diagnostic = Diagnostic::new(diagnostics::NOT_A_VALUE, place, "`status` expects the name of an op");
                self.report(diagnostic);
            }
            return scope.broken(span);
        };
        if self.op_is_certain(scope, op, arg.span).is_none() {
            return scope.broken(span);
        }
        scope.ops.reads.push(OpRead { op, output: None, guarded: true });
        let name = self.job_of(scope).and_then(|job| job.ops.get(op)).map(|info| info.name.clone()).unwrap_or_default();
        let ty = Ty::Enum(self.program.builtins.op_status);
        scope.typed(self, Node::Ctx { path: Path::OpStatus(name) }, ty, span)
    }

    pub(crate) fn secret(&mut self, scope: &mut Scope<'_, '_>, arg: &Expr, span: Span) -> Typed {
        let Some(template) = self.constant_text(scope, arg, "the name of a secret") else {
            return scope.broken(span);
        };
        let name = template.as_const().unwrap_or("");
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain {
            let message = "the name of a secret can contain only ASCII letters, digits and `_`";
            self.error_at(diagnostics::BAD_CONSTANT, scope.place(arg.span), message);
            return scope.broken(span);
        }
        scope.typed(self, Node::Secret { name: SmolStr::new(name) }, Ty::Secret, span)
    }
}
