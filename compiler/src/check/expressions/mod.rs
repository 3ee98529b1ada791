//! Expressions: their types and typed forms, and what the names in them stand for.

pub(crate) mod arguments;
pub(crate) mod binary;
pub(crate) mod call;
pub(crate) mod callee;
pub(crate) mod checker;
pub(crate) mod coerce;
pub(crate) mod condition_bodies;
pub(crate) mod constant;
pub(crate) mod constant_values;
pub(crate) mod context_reads;
pub(crate) mod evaluation;
pub(crate) mod expr;
pub(crate) mod folding;
pub(crate) mod functions;
pub(crate) mod library_call;
pub(crate) mod lists;
pub(crate) mod literal;
pub(crate) mod macros;
pub(crate) mod math;
pub(crate) mod methods;
pub(crate) mod named_condition;
pub(crate) mod names;
pub(crate) mod narrowing;
pub(crate) mod op_certainty;
pub(crate) mod op_reads;
pub(crate) mod settle;
