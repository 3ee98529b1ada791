//! Unit tests, one file for each module.

mod app;
mod eval;
mod explain;
mod fixes;
mod github;
mod import_groups;
mod junit;
mod line_index;
mod report;
mod reported_files;
mod thread_pool;
