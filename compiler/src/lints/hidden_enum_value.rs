//! Bare names that could be a value of an enum but refer to something else.

use crate::check::ExpressionChecker;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// Reports a name in scope, of the type of an enum that has a value of this name, where such a value is wanted.
    /// A name of another type is a mistake, and reported as one.
    pub(crate) fn lint_hidden_value(&mut self, place: Place, name: &str, want: Option<&Ty>, ty: &Ty) {
        let (Some(Ty::Enum(id)), Ty::Enum(own)) = (want.map(Ty::required), ty.required()) else {
            return;
        };
        let def = self.program.enum_def(*id);
        if id != own || !def.values.iter().any(|value| value == name) {
            return;
        }
        let message = format!("`{name}` refers to another name here, not to the value `{name}` of enum `{}`", def.name);
        let help = format!("write `{}.{name}` for the enum value, or rename the other `{name}`", def.name);
        self.report(Diagnostic::new(diagnostics::HIDDEN_ENUM_VALUE, place, message).help(help));
    }
}
