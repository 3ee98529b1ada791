//! The scheduler under scripted outcomes, and real processes.
#![allow(unreachable_pub, reason = "one crate of tests")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what these find in a test is its failure"
)]
#![allow(missing_docs, reason = "tests say what they show by their names")]

mod build;
mod fan;
mod first;
mod gates;
mod hooks;
mod journal;
mod needs;
mod nested;
mod playing;
mod processes;
mod retry;
mod running;
mod secrets;
mod start;
mod stop;
mod web;
