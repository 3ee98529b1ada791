//! The few implicit conversions between types, and the diagnostic if there is none.

use hookc_grammar::ast::{Expr, ExprKind};
use hookc_plan::Node;

use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ty::Ty;

/// The help of a secret in a wrong place.
pub(crate) const SECRETS_ARE_PASSED: &str = "a secret is allowed only in an input or field of type `secret`, in `env { }`, and in the url, `header` or `sign` of `http`";

impl ExpressionChecker<'_, '_> {
    /// `typed`, written as `expr`, as a `want`. What does not fit is reported, once.
    pub(crate) fn coerce(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, typed: Typed, want: &Ty) -> Typed {
        if typed.ty == *want || typed.ty.is_error() || want.is_error() {
            return typed;
        }
        match (&typed.ty, want) {
            (Ty::Never, _) => Typed { ty: want.clone(), expr: typed.expr },
            (Ty::Null, Ty::Optional(_)) => {
                let mut expr = typed.expr;
                expr.ty = self.plan_type(want);
                Typed { expr, ty: want.clone() }
            }
            (Ty::Optional(from), Ty::Optional(to)) if self.fits(from, to) || self.literal_fits(expr, from, to) => {
                self.check_literal_form(scope, expr, to);
                self.wrap(scope, expr, typed, want, |a| Node::Retype { a })
            }
            (Ty::Optional(_) | Ty::Null, _) if !matches!(want, Ty::Json) => self.absent(scope, expr, typed, want),
            (_, Ty::Optional(inner)) => {
                let inner = self.coerce(scope, expr, typed, inner);
                if inner.ty.is_error() { inner } else { self.wrap(scope, expr, inner, want, |a| Node::Some { a }) }
            }
            (_, Ty::Json) => self.coerce_json(scope, expr, typed),
            (from, to) if self.fits(from, to) || self.literal_fits(expr, from, to) => {
                self.check_literal_form(scope, expr, to);
                self.wrap(scope, expr, typed, want, |a| Node::Retype { a })
            }
            _ => {
                let diagnostic = self.mismatch(scope, expr, &typed.ty, want);
                self.report(diagnostic);
                scope.broken(expr.span)
            }
        }
    }

    fn wrap(
        &self,
        scope: &Scope<'_, '_>,
        expr: &Expr,
        typed: Typed,
        ty: &Ty,
        node: impl FnOnce(Box<hookc_plan::Expr>) -> Node,
    ) -> Typed {
        scope.typed(self, node(typed.expr), ty.clone(), expr.span)
    }

    /// Reports a `T?` where a `T` is required.
    fn absent(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, typed: Typed, want: &Ty) -> Typed {
        let fits = self.fits(typed.ty.required(), want) || matches!(typed.ty, Ty::Null);
        if !fits {
            let diagnostic = self.mismatch(scope, expr, &typed.ty, want);
            self.report(diagnostic);
        } else if !scope.narrowing.is_open() {
            let diagnostic = self.may_be_null(scope, expr, &typed);
            self.report(diagnostic);
        }
        scope.broken(expr.span)
    }

    /// Whether every value of `from` is a value of `to`, however it is written.
    pub(crate) fn fits(&self, from: &Ty, to: &Ty) -> bool {
        match (from, to) {
            (Ty::Error, _) | (_, Ty::Error) | (Ty::Never, _) => true,
            (Ty::Path | Ty::Uri, Ty::String) => true,
            (Ty::Null, Ty::Optional(_)) => true,
            (Ty::Optional(from), Ty::Optional(to)) => self.fits(from, to),
            (from, Ty::Optional(to)) => self.fits(from, to),
            (Ty::List(from), Ty::List(to)) | (Ty::Map(from), Ty::Map(to)) => self.fits(from, to),
            (from, to) => from == to,
        }
    }

    /// A string literal or template can be a path or a URI.
    fn literal_fits(&self, expr: &Expr, from: &Ty, to: &Ty) -> bool {
        *from == Ty::String && matches!(to, Ty::Path | Ty::Uri) && is_text_literal(expr)
    }

    /// Reports a constant path or URI with an invalid form.
    fn check_literal_form(&mut self, scope: &Scope<'_, '_>, expr: &Expr, to: &Ty) {
        let template = match &expr.kind {
            ExprKind::Template(template) => template,
            ExprKind::Paren(inner) => return self.check_literal_form(scope, inner, to),
            ExprKind::Ternary(parts) => {
                self.check_literal_form(scope, &parts.1, to);
                return self.check_literal_form(scope, &parts.2, to);
            }
            _ => return,
        };
        let Some(text) = template.as_const() else { return };
        let problem = match to.required() {
            Ty::Path if text.is_empty() || text.contains('\0') => "this is not a valid path",
            Ty::Uri if !is_uri(text) => {
                "this is not a valid URI: it must begin with a scheme, as in `https://…` or `s3://…`"
            }
            _ => return,
        };
        self.error_at(diagnostics::BAD_CONSTANT, scope.place(expr.span), problem);
    }

    fn coerce_json(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, typed: Typed) -> Typed {
        if self.program.holds_secret(&typed.ty) {
            let place = scope.place(expr.span);
            let message = "a secret cannot be converted to `json`";
            self.error_at(diagnostics::SECRET_FLOW, place, message);
            return scope.broken(expr.span);
        }
        self.wrap(scope, expr, typed, &Ty::Json, |value| Node::Json { value })
    }

    /// The diagnostic of a value of the wrong type.
    pub(crate) fn mismatch(&self, scope: &Scope<'_, '_>, expr: &Expr, from: &Ty, want: &Ty) -> Diagnostic {
        let place = scope.place(expr.span);
        let message = format!("expected `{}`, found `{}`", self.show(want), self.show(from));
        let diagnostic = Diagnostic::new(diagnostics::TYPE_MISMATCH, place, message);
        let text = self.program.sources.text(place.file, place.span);
        match (from.required(), want.required()) {
            (Ty::Int, Ty::Float) => diagnostic.help("`int` and `float` cannot be mixed: convert with `float(…)`").fix(
                "convert to `float`",
                place.span,
                format!("float({text})"),
            ),
            (Ty::Float, Ty::Int) => {
                diagnostic.help("`int` and `float` cannot be mixed: convert with `int(…)`, which drops the fraction")
            }
            (Ty::String, Ty::Path | Ty::Uri) => diagnostic.help("write it as a template: `\"${…}\"`"),
            (Ty::Secret, _) => {
                let mut diagnostic = diagnostic.help(SECRETS_ARE_PASSED);
                diagnostic.code = diagnostics::SECRET_FLOW;
                diagnostic
            }
            (_, Ty::Secret) => diagnostic.help("write `secret(\"NAME\")`"),
            (Ty::Int, Ty::Duration) if matches!(expr.kind, ExprKind::Int(_)) => {
                diagnostic.help(format!("add a unit, as in `{text}s`"))
            }
            (Ty::Int | Ty::Float | Ty::Bool | Ty::Duration | Ty::Timestamp | Ty::Enum(_), Ty::String) => {
                diagnostic.help(format!("write it as a template: `\"${{{text}}}\"`"))
            }
            (Ty::String | Ty::List(_) | Ty::Int, Ty::Bool) => {
                diagnostic.help("compare it with a value: only a `bool` is true or false")
            }
            (Ty::String, Ty::Enum(id)) => {
                let values: Vec<String> =
                    self.program.enum_def(*id).values.iter().map(|value| format!("`{value}`")).collect();
                diagnostic.help(format!("available values: {}", values.join(", ")))
            }
            _ => diagnostic,
        }
    }
}

/// Whether the text begins with a scheme and has no blanks or control characters (RFC 3986, section 3.1).
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let letters = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether the expression is a string literal or a template (brackets and `?:` around it left out).
pub(crate) fn is_text_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Template(_) => true,
        ExprKind::Paren(inner) => is_text_literal(inner),
        ExprKind::Ternary(parts) => {
            let is_one = |expr: &Expr| matches!(expr.kind, ExprKind::Null) || is_text_literal(expr);
            is_one(&parts.1) && is_one(&parts.2)
        }
        _ => false,
    }
}
