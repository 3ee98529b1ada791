//! Bare names that could be a value of an enum but refer to something else.

use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::ty::Ty;

impl Checker<'_, '_> {
    /// Reports a name in scope whose type is an enum with a value of the same name, if a value of this enum is expected.
    /// A name of another type is reported as a type error.
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
