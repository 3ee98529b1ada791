//! Evaluates expressions of the plan, each compiled once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_plan::{Arg, Cond, EvalError, Expr, Name, Program, TypeDef, Value};
use rustc_hash::FxHashMap;

use super::Machine;
use super::context::Scope;
use crate::executor::Values;

/// Compiled expressions, by their place in memory: the plan is shared and never moves while a run holds it.
#[derive(Default)]
pub(super) struct Programs {
    known: RefCell<FxHashMap<usize, Arc<Program>>>,
}

impl Programs {
    fn get(&self, expr: &Expr, types: &BTreeMap<Name, TypeDef>) -> Arc<Program> {
        let place = std::ptr::from_ref(expr).addr();
        let mut known = self.known.borrow_mut();
        Arc::clone(known.entry(place).or_insert_with(|| Arc::new(Program::with_types(expr, types))))
    }
}

impl Machine {
    /// `expr`, compiled.
    pub(super) fn program(&self, expr: &Expr) -> Arc<Program> {
        self.programs.get(expr, &self.plan.types)
    }

    /// The value of `expr`; what is not finite does not leave it.
    pub(super) fn value(&self, expr: &Expr, scope: &Scope<'_>) -> Result<Value, EvalError> {
        let value = self.program(expr).run_with(scope)?;
        if finite(&value) { Ok(value) } else { Err(EvalError::NotFinite) }
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, cond: &Cond, scope: &Scope<'_>) -> Result<bool, EvalError> {
        let value = self.program(&cond.expr).run_with(scope)?;
        Ok(matches!(value, Value::Bool(true)))
    }

    /// The values of `args`, or the first that fails and how; the others are left out then.
    pub(super) fn arguments(&self, args: &[Arg], scope: &Scope<'_>) -> (Values, Option<(Name, EvalError)>) {
        let mut values = Values::new();
        let mut failed = None;
        for arg in args {
            match self.value(&arg.value, scope) {
                Ok(value) => {
                    values.insert(arg.name.clone(), value);
                }
                Err(error) => {
                    failed.get_or_insert((arg.name.clone(), error));
                }
            }
        }
        (values, failed)
    }
}

fn finite(value: &Value) -> bool {
    match value {
        Value::Float(float) => float.is_finite(),
        Value::List(items) => items.iter().all(finite),
        Value::Map(map) => map.values().all(finite),
        Value::Record(fields) => fields.iter().all(|(_, field)| finite(field)),
        _ => true,
    }
}
