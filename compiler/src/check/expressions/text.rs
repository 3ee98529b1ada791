//! Text: what programs are given, and what people read.

use hookc_grammar::ast::Expr;
use hookc_plan as plan;

use crate::check::{ExpressionChecker, Scope};
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// Text, which can be a template: a string, or a value with a text form.
    pub(crate) fn text(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr) -> plan::Expr {
        let typed = self.expr(scope, expr, Some(&Ty::String));
        *self.text_form(scope, expr, typed).expr
    }

    /// Text for people. A value of another type is not converted in silence: a template says that this is meant.
    pub(crate) fn text_for_people(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr) -> plan::Expr {
        let typed = self.expr(scope, expr, Some(&Ty::String));
        let is_secret = self.program.holds_secret(&typed.ty);
        if is_secret || typed.ty.required().is_text() || typed.ty.is_error() {
            return *self.text_form(scope, expr, typed).expr;
        }
        let place = scope.place(expr.span);
        let text = self.program.sources.text(place.file, place.span);
        let written = if text.contains(['"', '\n']) { "\"${…}\"".to_owned() } else { format!("\"${{{text}}}\"") };
        let mut diagnostic = self.mismatch(scope, expr, &typed.ty, &Ty::String);
        diagnostic.help = Some(format!("write it as a template: `{written}`"));
        self.report(diagnostic);
        *scope.broken(expr.span).expr
    }
}
