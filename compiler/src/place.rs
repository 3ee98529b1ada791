//! Places: a span in one of the files of a check.

use hookc_grammar::Span;

use crate::sources::FileId;

/// A place in the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) file: FileId,
    pub(crate) span: Span,
}
