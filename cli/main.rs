//! The `hookc` command: reads arguments, files and terminals, prints what the other crates find.
//!
//! All printing of the project lives here, and miette only in `report.rs`. Commands are one file each in `commands/`.

mod app;
mod atomic_write;
mod checking;
mod commands;
mod exit;
mod fixes;
mod formats;
mod line_index;
mod output;
mod panic_guard;
mod report;
mod reported_files;
mod run_progress;
#[cfg(test)]
mod tests;

use hookc_files::{discovery, disk_loader, paths, project_root};
use hookc_show::{graph as drawing, sanitise};

/// A fifth of a check is making and dropping small parts of trees: this allocator halves that, and holds less memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    panic_guard::guarded(app::main)
}
