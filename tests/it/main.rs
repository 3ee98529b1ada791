//! The whole of hookc, from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may stop at once"
)]

mod architecture;
mod cli_bad_input;
mod cli_check;
mod cli_eval;
mod cli_fmt;
mod cli_help;
mod cli_init;
mod cli_plan;
mod cli_run;
mod cli_support;
mod cli_test;
mod cli_test_agents;
mod cli_where;
mod conformance;
mod diagnostics;
mod docs;
mod library;
mod limits;
mod lsp;
mod mistakes;
mod pages;
mod plan_page;
mod plans;
mod prefixes;
mod recipes;
mod soundness_fmt;
mod tutorial;
