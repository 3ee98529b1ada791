//! The reference evaluator: what an expression means.
//!
//! It is total: every expression over any values ends in a value or an [`EvalError`], never in a panic, and after at
//! most [`BUDGET`] steps. An error is a separate result, never `false`. What the checker rules out (a string where a
//! number is needed, `null` where a value is needed) is `parse` here, for plans that were not made by the compiler.
//!
//! A [`Program`] is a compiled expression: reads are numbered slots, constants are values, patterns are compiled.

mod access;
mod builder;
mod collection;
mod compare;
mod compile;
mod convert;
mod env;
mod list;
mod math;
mod number;
mod run;
mod step;
mod string;
mod template;

use std::cell::RefCell;
use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::expr::Expr;
use crate::path::Path;
use crate::plan::EvalError;
use crate::types::{Name, Span, TypeDef};
use crate::value::Value;
use env::{Env, Shared};
use step::Step;

pub(crate) use convert::MAX_DIGITS;
pub(crate) use env::text_steps;

/// The maximum number of steps of one evaluation. See [`crate::cost()`] for what a step is.
pub const BUDGET: u64 = 1_000_000;

/// How deeply expressions may be nested: an evaluation of this depth fits a stack of 2 MiB in every build.
pub const MAX_EXPR_DEPTH: usize = 1_500;

/// What a program reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The context.
    Ctx(Path),
    /// A variable of a fan-out, or a field of the record in its `where`.
    Local(Name),
    /// A connection.
    Connection(Name),
}

/// Gives the values that a program reads.
pub trait Context {
    /// The value of a slot; `None` is `null`.
    fn read(&self, slot: &Slot) -> Option<Value>;
}

/// The value or error of each sub-expression, in the order of their evaluation. Constants are left out.
pub type Traced = Vec<(Span, Result<Value, EvalError>)>;

/// An expression, ready to be evaluated any number of times.
#[derive(Debug)]
pub struct Program {
    root: Step,
    slots: Vec<Slot>,
    /// What its nodes take: one each, those of macros' bodies left out.
    steps: u64,
}

impl Program {
    /// Makes an expression ready. Constants of record types keep what JSON says of them: a duration in one is text.
    pub fn new(expr: &Expr) -> Program {
        Program::with_types(expr, &BTreeMap::new())
    }

    /// Makes an expression ready, with the plan's types for its constants.
    pub fn with_types(expr: &Expr, types: &BTreeMap<Name, TypeDef>) -> Program {
        builder::build(expr, types, false)
    }

    /// What it reads, each once, in the order of the values that [`Program::run`] takes.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Evaluates it over the values of its slots; a missing one is `null`.
    ///
    /// # Errors
    /// [`EvalError`], as the operations have them.
    pub fn run(&self, values: &[Value]) -> Result<Value, EvalError> {
        self.evaluate(values, &Shared::new())
    }

    /// Evaluates it over a context.
    ///
    /// # Errors
    /// [`EvalError`], as the operations have them.
    pub fn run_with(&self, context: &dyn Context) -> Result<Value, EvalError> {
        self.run(&self.values(context))
    }

    /// Evaluates it with secrets in the clear: where text is made of a secret, and where the result is one, the text
    /// that `reveal` gives stands; a secret that it does not give is [`EvalError::Parse`]. For `env`, `http` and the
    /// arguments of `python`, which nothing records.
    ///
    /// # Errors
    /// [`EvalError`], as the operations have them.
    pub fn run_revealed(&self, values: &[Value], reveal: &dyn Fn(&str) -> Option<SmolStr>) -> Result<Value, EvalError> {
        match self.evaluate(values, &Shared::revealing(reveal))? {
            Value::Secret(name) => reveal(&name).map(Value::Str).ok_or(EvalError::Parse),
            value => Ok(value),
        }
    }

    /// The context's values of its slots.
    pub fn values(&self, context: &dyn Context) -> Vec<Value> {
        self.slots.iter().map(|slot| context.read(slot).unwrap_or(Value::Null)).collect()
    }

    /// The result and the steps that it took.
    #[cfg(test)]
    pub(crate) fn run_counted(&self, values: &[Value]) -> (Result<Value, EvalError>, u64) {
        let shared = Shared::new();
        let result = self.evaluate(values, &shared);
        (result, BUDGET - shared.left())
    }

    fn evaluate(&self, values: &[Value], shared: &Shared<'_>) -> Result<Value, EvalError> {
        shared.spend(self.steps)?;
        let env = Env::new(values, shared);
        run::result(&self.root, &env)
    }
}

/// Evaluates an expression over a context and gives the value of each sub-expression by its place in the source.
pub fn run_traced(
    expr: &Expr,
    types: &BTreeMap<Name, TypeDef>,
    context: &dyn Context,
) -> (Result<Value, EvalError>, Traced) {
    let program = builder::build(expr, types, true);
    let traced = RefCell::default();
    let result = program.evaluate(&program.values(context), &Shared::tracing(&traced));
    (result, traced.into_inner())
}
