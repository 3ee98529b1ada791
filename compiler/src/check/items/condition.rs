//! Named conditions: checked once where they are declared, inlined where they are used.

use crate::check::expressions::callee::Owner;
use crate::check::parameters::BareNames;
use crate::check::{Checker, Env, Scope};
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ConditionId;
use crate::place::Place;

impl<'s> Checker<'_, 's> {
    /// Checks the declarations of all named conditions.
    pub(crate) fn check_conditions(&mut self) {
        for index in 0..self.conditions.count {
            let id = ConditionId(u32::try_from(index).unwrap_or(u32::MAX));
            let def = self.program.condition(id);
            if !self.is_own(def.item.file) {
                continue;
            }
            self.report_function_name(id);
            self.check_hidden(&def.params, BareNames::Consts);
            self.check_defaults(Owner::Local, &def.params);
            let mut scope = Scope::new(def.item.file, def.item.at, Env::Plain);
            let mark = self.diagnostics.len();
            let typed = self.condition_alone(&mut scope, id);
            if self.is_whole(self.damage_since(mark)) {
                self.lint_condition(&scope, &typed.expr);
            }
        }
        self.report_circles();
    }

    /// Reports conditions that refer to each other, once for each cycle.
    fn report_circles(&mut self) {
        for circle in std::mem::take(&mut self.conditions.circles) {
            let items: Vec<_> = circle.iter().map(|id| &self.program.condition(*id).item).collect();
            let Some(first) = items.first() else { continue };
            let names: Vec<String> = items.iter().chain([first]).map(|item| format!("`{}`", item.name)).collect();
            let message = match items.len() {
                1 => format!("condition `{}` refers to itself", first.name),
                _ => format!("conditions refer to each other in a cycle: {}", names.join(" -> ")),
            };
            self.error_at(diagnostics::CONSTANT_CYCLE, Place::new(first.file, first.place.span), message);
        }
    }

    fn report_function_name(&mut self, id: ConditionId) {
        let item = &self.program.condition(id).item;
        if crate::functions::function(&item.name).is_some() {
            let message = format!("`{}` is the name of a built-in function", item.name);
            let diagnostic =
                Diagnostic::new(diagnostics::RESERVED_NAME, Place::new(item.file, item.place.span), message);
            self.report(diagnostic.help("choose another name"));
        }
    }
}
