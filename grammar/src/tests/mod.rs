//! Unit tests of what the crate does not publish.

mod alphabet;
mod keyword;
