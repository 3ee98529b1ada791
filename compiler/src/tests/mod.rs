//! Unit tests, one file for each module.

mod cron;
mod diagnostics;
mod functions;
mod lints;
mod project;
mod regex;
mod suggest;
