//! Unit tests, a file for each module that they look into.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what these find in a test is its failure")]

mod http;
mod output;
mod redact;
mod retry;
