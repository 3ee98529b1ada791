//! Conditions, with what is known of them without evaluating them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::Expr;
use crate::path::Path;
use crate::types::Type;
use crate::words::words;

/// A condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cond {
    /// What it says: a bool.
    pub expr: Expr,
    /// As it is written.
    pub source: String,
    /// What it reads, sorted.
    pub reads: Vec<Read>,
    /// How it can fail, sorted.
    pub may_fail: Vec<EvalError>,
    /// The maximum number of steps.
    pub cost: u64,
}

/// A read of a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// What is read.
    pub path: Path,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether it always has a value.
    pub certain: bool,
}

words! {
    /// How an evaluation fails.
    EvalError {
        /// An integer, duration or timestamp left its range.
        Overflow = "overflow",
        /// Division by zero.
        DivisionByZero = "division_by_zero",
        /// A list has no such item.
        Index = "index",
        /// A map has no such key.
        Key = "key",
        /// An argument is out of its range.
        Range = "range",
        /// A float that is not finite would leave the expression.
        NotFinite = "not_finite",
        /// Text that does not read as the type.
        Parse = "parse",
        /// Too many steps.
        Cost = "cost",
    }
}

impl std::error::Error for EvalError {}
