//! One file checked with all that it imports.

use std::sync::{Arc, OnceLock};

use super::index::Index;
use super::world::renumbered;
use crate::diagnostics::Diagnostic;
use crate::sources::{FileId, Sources};

/// A file, what it needs, and what was found because of its items.
#[derive(Debug)]
pub(super) struct Unit {
    sources: Sources,
    own: FileId,
    /// In the numbers of the project's files.
    pub(super) found: Vec<Diagnostic>,
    index: OnceLock<Arc<Index>>,
}

impl Unit {
    /// Checks the file at `path`; `id` numbers files over the whole project.
    pub(super) fn check(sources: Sources, path: &str, id: impl Fn(&str) -> FileId) -> Unit {
        let own = sources.find(path).unwrap_or_default();
        let found = crate::found(&sources, Some(own));
        let found = renumbered(found, |file| id(&sources.file(file).path));
        Unit { sources, own, found, index: OnceLock::new() }
    }

    /// The names of the file and what they stand for.
    pub(super) fn index(&self) -> Arc<Index> {
        Arc::clone(self.index.get_or_init(|| Arc::new(Index::build(&self.sources, self.own))))
    }
}
