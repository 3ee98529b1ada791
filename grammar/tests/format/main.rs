//! Tests of the formatter: pairs of texts by construct, and properties over generated programs.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail this way; clippy knows tests only by their attribute"
)]

mod fixtures;
mod generated;
mod generator;
mod properties;
