//! Lints: what has a meaning and is probably not meant. They never change what a program means, each can be allowed
//! for a line (`// hookc: allow(CODE) reason`) or a project (`[lints]` of `hook.toml`).
//!
//! They look at what the checker has made, at the moment it is made: nothing is kept for them.

mod allow;
mod atom;
mod condition;
mod example;
mod facts;
mod failure;
mod hidden;
mod hooks;
mod rules;
mod same;
mod set;
mod shadowed;
mod split;
mod term;
mod triggers;
mod unused;

pub(crate) use allow::apply_allows;
pub use facts::{ConditionFacts, Example, Proof, condition_facts, disjoint, implies};
pub(crate) use failure::hears_failure;
pub(crate) use same::without_places;

#[cfg(test)]
mod tests;
