//! What the check of a file collects for an editor, and what the next check can reuse.

pub(crate) mod completion;
pub(crate) mod completions;
pub(crate) mod incremental;
pub(crate) mod notebook;
pub(crate) mod notes;
pub(crate) mod root_candidates;
