//! Lints: code that is valid but probably wrong. They never change the meaning of a program. Each lint can be allowed for
//! a line (`// hookc: allow(CODE) reason`) or a project (`[lints]` of `hook.toml`).
//!
//! The checker calls the lints with its results as soon as it has them, so nothing is stored for them.

mod allow;
mod comparison;
mod condition;
mod condition_facts;
mod example_search;
mod failure;
mod hidden_enum_value;
mod hook;
mod refinements;
mod repeated_hook;
mod shadowed;
mod subject;
mod trigger;
mod truth;
mod unused;
mod value_set;

pub(crate) use allow::apply_allows;
pub use condition_facts::{ConditionFacts, Example, Proof, condition_facts, disjoint, implies};
pub(crate) use failure::hears_failure;
pub(crate) use repeated_hook::without_places;
