//! The grammar, beside the parser of the compiler and by itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may stop at once"
)]

mod corpus;
mod generated;
mod in_step;
mod prefixes;
mod queries;
mod sources;
