//! One file checked with all that it imports.

use std::sync::{Arc, OnceLock};

use super::index::Index;
use super::world::renumbered;
use crate::check::{Checker, PreviousCheck};
use crate::declare::Program;
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
    /// What the next check of the file can use again.
    pub(super) kept_ops: Arc<PreviousCheck>,
}

impl Unit {
    /// Checks the file at `path`; `before` is what its last check knew, `id` numbers files over the whole project.
    pub(super) fn check(
        sources: Sources,
        path: &str,
        before: Option<Arc<PreviousCheck>>,
        id: impl Fn(&str) -> FileId,
    ) -> Unit {
        let own = sources.find(path).unwrap_or_default();
        let mut found = Vec::new();
        let program = Program::declare(&sources, &mut found);
        let mut checker = Checker::new(&program, FileId(0));
        checker.own = Some(own);
        checker.remember(own, before);
        checker.check_all();
        found.append(&mut checker.take_reported());
        let kept_ops = Arc::new(checker.kept_ops.take().unwrap_or_default());
        let found = renumbered(found, |file| id(&sources.file(file).path));
        Unit { sources, own, found, index: OnceLock::new(), kept_ops }
    }

    /// The names of the file and what they stand for.
    pub(super) fn index(&self) -> Arc<Index> {
        Arc::clone(self.index.get_or_init(|| Arc::new(Index::build(&self.sources, self.own))))
    }
}
