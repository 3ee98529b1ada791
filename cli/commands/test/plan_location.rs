//! Places of a plan in the texts that they are in.

use hookc_compiler::FileId;
use hookc_plan::Span;

use crate::reported_files::{ReportedFile, ReportedFiles};

/// A span of the plan in its text.
pub(super) struct PlanLocation<'b> {
    pub(super) file: &'b ReportedFile,
    span: hookc_grammar::Span,
}

impl<'b> PlanLocation<'b> {
    pub(super) fn new(files: &'b ReportedFiles, span: Span) -> PlanLocation<'b> {
        PlanLocation { file: files.file(FileId(span.0)), span: hookc_grammar::Span::new(span.1, span.2) }
    }

    /// The line and the column of its begin, from 1.
    pub(super) fn begin(&self) -> (u32, u32) {
        let (first, _) = self.file.places(self.span);
        (first.line, first.column)
    }

    /// Its text.
    pub(super) fn text(&self) -> &'b str {
        let range = self.span.start as usize..self.span.end as usize;
        self.file.text.get(range).unwrap_or_default()
    }

    /// The first line that it is on, without its break.
    pub(super) fn line(&self) -> &'b str {
        let lines = self.file.lines();
        let range = lines.range(&self.file.text, lines.line_of(self.span.start));
        self.file.text.get(range).unwrap_or_default()
    }

    /// How many characters of its first line stand before it, and how many are its own; never none.
    pub(super) fn columns(&self) -> (usize, usize) {
        let lines = self.file.lines();
        let range = lines.range(&self.file.text, lines.line_of(self.span.start));
        let start = (self.span.start as usize).clamp(range.start, range.end);
        let end = (self.span.end as usize).clamp(start, range.end);
        let count = |range: std::ops::Range<usize>| self.file.text.get(range).map_or(0, |text| text.chars().count());
        (count(range.start..start), count(start..end).max(1))
    }
}
