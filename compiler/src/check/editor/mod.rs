//! What an editor learns while a file is checked, and what a second check of it can reuse.

pub(crate) mod completion;
pub(crate) mod completions;
pub(crate) mod incremental;
pub(crate) mod notebook;
pub(crate) mod notes;
