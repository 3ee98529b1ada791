//! The `hookc` command: reads arguments, files and terminals, prints what the other crates find.
//!
//! All printing of the project lives here, and miette only in `report.rs`. Commands are one file each in `commands/`.

mod app;
mod batch;
mod checking;
mod commands;
mod exit;
mod fixes;
mod formats;
mod guard;
mod lines;
mod output;
mod pages;
mod progress;
mod report;
mod write;

use hookc_files::{loader, place, root, walk};
use hookc_show::{graph as drawing, sanitise};

/// A fifth of a check is making and dropping small parts of trees: this allocator halves that, and holds less memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    guard::guarded(app::main)
}
