//! Places: a span in one of the files of a check.

use hookc_grammar::Span;

use crate::sources::FileId;

/// A place in the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The byte range in the file.
    pub span: Span,
}

impl Place {
    /// The place of a span in a file.
    pub const fn new(file: FileId, span: Span) -> Place {
        Place { file, span }
    }

    /// Whether all of `other` lies in this place.
    pub fn contains(&self, other: Place) -> bool {
        self.file == other.file && self.span.start <= other.span.start && other.span.end <= self.span.end
    }

    /// The start of a file: for what has no better place in it.
    pub fn start_of(file: FileId) -> Place {
        Place { file, span: Span::default() }
    }
}
