//! Lines and columns of a text, from 1 and in characters, in time that does not grow with the length of a line.

use hookc_grammar::Span;

/// How many bytes lie between two remembered character counts.
const STEP: usize = 4096;

/// A place: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineColumn {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// Where lines begin, and how many characters come before every 4,096th byte.
#[derive(Debug)]
pub(crate) struct LineIndex {
    starts: Vec<u32>,
    counts: Vec<u32>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> LineIndex {
        let mut starts = vec![bom_length(text)];
        let mut counts = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (offset, byte) in text.bytes().enumerate() {
            if offset % STEP == 0 {
                counts.push(count);
            }
            count += u32::from(begins_char(byte));
            if byte == b'\n' {
                starts.push(number(offset + 1));
            }
        }
        if counts.is_empty() {
            counts.push(0);
        }
        LineIndex { starts, counts }
    }

    /// The place of a byte; past the end it is the end.
    pub(crate) fn place(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line_of(offset);
        let column = self.chars_before(text, offset).saturating_sub(self.chars_before(text, self.start(line))) + 1;
        LineColumn { line: number(line + 1), column }
    }

    /// The first and the last place of a span; the last is not in it.
    pub(crate) fn places(&self, text: &str, span: Span) -> (LineColumn, LineColumn) {
        (self.place(text, span.start), self.place(text, span.end.max(span.start)))
    }

    /// The line, from 0, that holds a byte.
    pub(crate) fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The byte range of a line, counted from 0, without its line break.
    pub(crate) fn range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let start = (self.start(line) as usize).min(text.len());
        let end = self.starts.get(line + 1).map_or(text.len(), |next| (*next as usize).saturating_sub(1)).max(start);
        let cut = text.get(start..end).unwrap_or("");
        start..start + cut.strip_suffix('\r').unwrap_or(cut).len()
    }

    /// How many lines there are; an empty text has one.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    fn start(&self, line: usize) -> u32 {
        self.starts.get(line).or(self.starts.last()).copied().unwrap_or(0)
    }

    fn chars_before(&self, text: &str, offset: u32) -> u32 {
        let offset = (offset as usize).min(text.len());
        let block = (offset / STEP).min(self.counts.len().saturating_sub(1));
        let before = self.counts.get(block).copied().unwrap_or(0);
        let rest = text.as_bytes().get(block * STEP..offset).unwrap_or(&[]);
        before + number(rest.iter().filter(|byte| begins_char(**byte)).count())
    }
}

/// A byte-order mark is no character of the first line: editors do not show it.
fn bom_length(text: &str) -> u32 {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

fn begins_char(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
