//! Evaluation of expressions while a program is checked.

use hookc_plan as plan;
use hookc_plan::{Context, Node, Path, Program, Slot, Value};

use crate::check::expressions::callee::Owner;

/// An evaluation's failure in words.
pub(crate) fn say(error: plan::EvalError) -> &'static str {
    match error {
        plan::EvalError::Overflow => "the number is out of range",
        plan::EvalError::DivisionByZero => "division by zero",
        plan::EvalError::Index => "the index is out of range",
        plan::EvalError::Key => "the map does not have this key",
        plan::EvalError::Range => "a value is out of range",
        plan::EvalError::NotFinite => "the result is not a finite number",
        plan::EvalError::Parse => "the text cannot be parsed as this type",
        plan::EvalError::Cost => "it takes too many steps",
    }
}

/// The context of constants.
pub(crate) struct Nothing;

impl Context for Nothing {
    fn read(&self, _: &Slot) -> Option<Value> {
        None
    }
}

/// Constant arguments as a context.
pub(crate) struct Arguments<'a> {
    pub(crate) owner: Owner,
    pub(crate) values: &'a [plan::Arg],
}

impl Arguments<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let arg = self.values.iter().find(|arg| arg.name == name)?;
        if !is_constant(&arg.value) {
            return None;
        }
        Program::new(&arg.value).run_with(&Nothing).ok()
    }
}

impl Context for Arguments<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        match (slot, self.owner) {
            (Slot::Ctx(Path::Input(name)), Owner::Component) => self.value(name),
            (Slot::Ctx(Path::JobInput(name)), Owner::Job) => self.value(name),
            (Slot::Local(name), Owner::Local) => self.value(name),
            _ => None,
        }
    }
}

/// Whether the condition is true; `None` if its reads are not all constants, or if it fails.
pub(crate) fn holds(constraint: &plan::Expr, context: &Arguments<'_>) -> Option<bool> {
    let program = Program::new(constraint);
    if program.slots().iter().any(|slot| context.read(slot).is_none()) {
        return None;
    }
    match program.run_with(context) {
        Ok(Value::Bool(holds)) => Some(holds),
        _ => None,
    }
}

/// The items of a list that is a constant.
pub(crate) fn list_length(list: &plan::Expr) -> Option<usize> {
    if !is_constant(list) {
        return None;
    }
    match Program::new(list).run_with(&Nothing) {
        Ok(Value::List(items)) => Some(items.len()),
        _ => None,
    }
}

/// Whether the expression reads nothing.
pub(crate) fn is_constant(expr: &plan::Expr) -> bool {
    let mut secret = false;
    expr.walk(&mut |expr| secret |= matches!(expr.node, Node::Secret { .. }));
    !secret && Program::new(expr).slots().is_empty()
}
