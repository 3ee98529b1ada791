//! The lines that a report shows: those around its places, sanitised and cut, with spans that fit the new text.
//!
//! Lines that are not shown are empty in the window, so that line numbers stay true.

use hookc_compiler::{FileId, Label};
use hookc_grammar::Span;
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::line_index::{LineColumn, LineIndex};
use crate::reported_files::ReportedFile;
use crate::sanitise::{is_hidden, one_line, push_visible};

/// How many lines may lie between two places of one window.
const MAX_LINES: usize = 400;
/// A span over more lines is cut to its first.
const MAX_SPAN_LINES: usize = 8;
/// A line with more bytes is cut around its places.
const MAX_LINE: usize = 120;
/// How many bytes of a cut line stay before and after the first place in it.
const BEFORE: usize = 30;
const BEHIND: usize = 40;

/// A place and what is to be said of it, in the file's own bytes.
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) text: String,
}

/// The text that is shown.
#[derive(Debug)]
pub(super) struct Window {
    name: String,
    text: String,
    /// The number of its first line, from 0.
    first_line: usize,
    /// The first is the primary one.
    marks: Vec<ShownMark>,
}

/// A mark in the window's text.
#[derive(Debug)]
struct ShownMark {
    start: usize,
    length: usize,
    text: String,
    /// Its place in the file.
    place: LineColumn,
}

/// Whether a label can stand in the same window as the primary place.
pub(super) fn near(home: &ReportedFile, file: FileId, span: Span, label: &Label) -> bool {
    let line = |offset: u32| home.lines().line_of(offset);
    label.place.file == file && line(span.start).abs_diff(line(label.place.span.start)) < MAX_LINES
}

impl Window {
    /// The window on the marks; the first is the primary one.
    pub(super) fn new(file: &ReportedFile, marks: &[Mark]) -> Window {
        let lines = file.lines();
        let spans: Vec<Span> = marks.iter().map(|mark| clamp(file, mark.span)).collect();
        let line_of = |offset: u32| lines.line_of(offset);
        let first = spans.iter().map(|span| line_of(span.start)).min().unwrap_or(0).saturating_sub(1);
        let last = spans.iter().map(|span| line_of(span.end)).max().unwrap_or(0) + 1;
        let mut builder = Builder {
            file,
            lines,
            spans: &spans,
            text: String::new(),
            starts: vec![None; spans.len()],
            ends: vec![None; spans.len()],
        };
        for line in first..=last.min(lines.len().saturating_sub(1)) {
            builder.line(line);
        }
        let Builder { text, starts, ends, .. } = builder;
        let shown = marks.iter().zip(&spans).zip(starts.into_iter().zip(ends)).map(|((mark, span), (start, end))| {
            let start = start.unwrap_or(0).min(text.len());
            let length = end.unwrap_or(start).clamp(start, text.len()) - start;
            ShownMark { start, length, text: mark.text.clone(), place: file.places(*span).0 }
        });
        Window { name: one_line(&file.shown).into_owned(), marks: shown.collect(), text, first_line: first }
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = LabeledSpan> {
        self.marks.iter().enumerate().map(|(index, mark)| {
            let text = if mark.text.is_empty() { None } else { Some(mark.text.clone()) };
            let span = SourceSpan::from((mark.start, mark.length));
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // Asked for a place without its surroundings, miette wants the line and column to print.
        let head = self.marks.iter().find(|mark| before == 0 && after == 0 && mark.start == span.offset());
        let (line, column) = match head {
            Some(mark) => (mark.place.line as usize - 1, mark.place.column as usize - 1),
            None => (contents.line() + self.first_line, contents.column()),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            line,
            column,
            contents.line_count(),
        )))
    }
}

/// A span inside the text, on character borders, over few lines.
fn clamp(file: &ReportedFile, span: Span) -> Span {
    let text = &file.text;
    let border = |offset: u32| text.floor_char_boundary((offset as usize).min(text.len()));
    let (start, mut end) = (border(span.start), border(span.end.max(span.start)));
    let lines = file.lines();
    let first = lines.line_of(number(start));
    if lines.line_of(number(end)) - first > MAX_SPAN_LINES {
        end = lines.range(text, first).end.max(start);
    }
    Span::new(number(start), number(end))
}

/// Writes lines of the file into the window's text and notes where the spans come to lie.
struct Builder<'a> {
    file: &'a ReportedFile,
    lines: &'a LineIndex,
    spans: &'a [Span],
    text: String,
    starts: Vec<Option<usize>>,
    ends: Vec<Option<usize>>,
}

impl Builder<'_> {
    fn line(&mut self, line: usize) {
        if !self.text.is_empty() || line > self.first() {
            self.text.push('\n');
        }
        let range = self.lines.range(&self.file.text, line);
        let shown = if self.is_near(line) { self.cut(range.clone(), line) } else { range.start..range.start };
        if shown.start > range.start {
            self.text.push('…');
        }
        let text = self.file.text.get(shown.clone()).unwrap_or("");
        for (at, c) in text.char_indices() {
            self.note(shown.start + at, line);
            if is_hidden(c) && c != '\t' { push_visible(&mut self.text, c) } else { self.text.push(c) }
        }
        self.note_rest(shown.end, line);
        if shown.end < range.end && shown.start < shown.end {
            self.text.push('…');
        }
    }

    fn first(&self) -> usize {
        self.spans.iter().map(|span| self.lines.line_of(span.start)).min().unwrap_or(0).saturating_sub(1)
    }

    fn is_near(&self, line: usize) -> bool {
        self.spans.iter().any(|span| {
            let (first, last) = (self.lines.line_of(span.start), self.lines.line_of(span.end));
            (first.saturating_sub(1)..=last + 1).contains(&line)
        })
    }

    /// The part of a line that is shown.
    fn cut(&self, range: std::ops::Range<usize>, line: usize) -> std::ops::Range<usize> {
        if range.len() <= MAX_LINE {
            return range;
        }
        let here = self.spans.iter().map(|span| span.start).filter(|start| self.lines.line_of(*start) == line).min();
        let around = here.map_or(range.start, |start| start as usize).clamp(range.start, range.end);
        let text = &self.file.text;
        let start = text.floor_char_boundary(around.saturating_sub(BEFORE)).max(range.start);
        start..text.floor_char_boundary(around + BEHIND).min(range.end)
    }

    /// Notes the spans that begin or end at a byte that is now written.
    fn note(&mut self, offset: usize, line: usize) {
        let at = self.text.len();
        for ((span, start), end) in self.spans.iter().zip(&mut self.starts).zip(&mut self.ends) {
            if start.is_none() && self.lines.line_of(span.start) == line && span.start as usize <= offset {
                *start = Some(at);
            }
            if start.is_some() && end.is_none() && span.end as usize <= offset {
                *end = Some(at);
            }
        }
    }

    /// Notes the spans that begin or end on this line after the part that is shown.
    fn note_rest(&mut self, offset: usize, line: usize) {
        self.note(offset, line);
        let at = self.text.len();
        for ((span, start), end) in self.spans.iter().zip(&mut self.starts).zip(&mut self.ends) {
            if start.is_none() && self.lines.line_of(span.start) == line {
                *start = Some(at);
            }
            if start.is_some() && end.is_none() && self.lines.line_of(span.end) == line {
                *end = Some(at);
            }
        }
    }
}

fn number(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
