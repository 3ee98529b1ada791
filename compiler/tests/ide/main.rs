//! What the editor asks, on small projects in memory. `$0` marks the cursor.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may stop at once"
)]

mod actions;
mod agree;
mod complete;
mod hover;
mod navigate;
mod project;
mod shape;
