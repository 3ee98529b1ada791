//! Evaluates expressions of the plan. Each is compiled once.

use std::cell::RefCell;
use std::sync::Arc;

use hookc_plan::{Arg, Cond, EvalError, Expr, Name, Plan, Program, Slot, Value};
use rustc_hash::FxHashMap;

use super::context::EvalContext;
use crate::records::ConditionTrace;
use crate::values::{Values, is_finite};

/// Compiled expressions, by their address. The plan is shared and does not move while an evaluator holds it.
pub(super) struct Evaluator {
    plan: Arc<Plan>,
    programs: RefCell<FxHashMap<usize, Arc<Program>>>,
}

impl Evaluator {
    pub(super) fn new(plan: Arc<Plan>) -> Evaluator {
        Evaluator { plan, programs: RefCell::default() }
    }

    fn program(&self, expr: &Expr) -> Arc<Program> {
        let address = std::ptr::from_ref(expr).addr();
        let mut programs = self.programs.borrow_mut();
        let program = programs.entry(address);
        Arc::clone(program.or_insert_with(|| Arc::new(Program::with_types(expr, &self.plan.types))))
    }

    /// The value of `expr`. A float that is not finite is an error here.
    pub(super) fn value(&self, expr: &Expr, context: &EvalContext<'_>) -> Result<Value, EvalError> {
        let value = self.program(expr).run_with(context)?;
        if is_finite(&value) { Ok(value) } else { Err(EvalError::NotFinite) }
    }

    /// Whether a condition is true.
    pub(super) fn is_true(&self, cond: &Cond, context: &EvalContext<'_>) -> Result<bool, EvalError> {
        let value = self.program(&cond.expr).run_with(context)?;
        Ok(matches!(value, Value::Bool(true)))
    }

    /// Whether a condition is true; without a condition it is.
    pub(super) fn is_true_or_absent(&self, cond: Option<&Cond>, context: &EvalContext<'_>) -> Result<bool, EvalError> {
        cond.map_or(Ok(true), |cond| self.is_true(cond, context))
    }

    /// The values of `args`, and the first of them that fails.
    pub(super) fn arguments(&self, args: &[Arg], context: &EvalContext<'_>) -> (Values, Option<(Name, EvalError)>) {
        let mut values = Values::new();
        let mut failed = None;
        for arg in args {
            match self.value(&arg.value, context) {
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

    /// A condition with the value of each of its parts.
    pub(super) fn trace(&self, cond: &Cond, context: &EvalContext<'_>) -> ConditionTrace {
        let (value, parts) = hookc_plan::run_traced(&cond.expr, &self.plan.types, context);
        ConditionTrace {
            source: cond.source.clone(),
            // The parts of a named condition are where it is declared; the condition itself is where it is used.
            span: cond.expr.via.first().map_or(cond.expr.span, |via| via.span),
            value,
            parts,
        }
    }

    /// The connections that `args` name.
    pub(super) fn connections_in(&self, args: &[Arg]) -> Vec<Name> {
        let mut names = Vec::new();
        for arg in args {
            for slot in self.program(&arg.value).slots() {
                if let Slot::Connection(name) = slot {
                    names.push(name.clone());
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }
}
