//! Texts with their lines, places in them as the protocol counts, and edits.
//!
//! The protocol counts lines from 0 and columns in UTF-16 units, or in bytes where the client offers it. Lines end with
//! `\n`, `\r\n` or `\r`. A place after the end of its line means the line's end, one after the last line the end of
//! the text, one inside of a character its beginning.

use std::ops::Range as Bytes;
use std::sync::Arc;

use hookc_grammar::Span;
use memchr::{memchr2, memchr2_iter};
use tower_lsp::ls_types::{Position, Range};

/// How columns are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// In bytes.
    Utf8,
    /// In UTF-16 units.
    #[default]
    Utf16,
}

/// An immutable text and the beginnings of its lines.
#[derive(Debug)]
pub(crate) struct Text {
    text: Arc<str>,
    pub(crate) starts: Vec<u32>,
}

impl Text {
    pub(crate) fn new(text: Arc<str>) -> Text {
        let mut starts = vec![0];
        push_starts(&mut starts, text.as_bytes(), 1..text.len() + 1);
        Text { text, starts }
    }

    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The byte that a place means.
    pub(crate) fn offset(&self, project_file: Position, encoding: Encoding) -> u32 {
        offset(&self.text, &self.starts, project_file, encoding)
    }

    /// The bytes between two places, in whatever order they are given.
    pub(crate) fn span(&self, range: Range, encoding: Encoding) -> Span {
        let (a, b) = (self.offset(range.start, encoding), self.offset(range.end, encoding));
        Span::new(a.min(b), a.max(b))
    }

    /// The place of a byte.
    pub(crate) fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let offset = char_start(&self.text, (offset as usize).min(self.text.len()));
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..offset).unwrap_or("");
        Position { line: number(line), character: units(before, encoding) }
    }

    /// The places of a byte range.
    pub(crate) fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end.max(span.start), encoding) }
    }

    /// Everything, from the first place to the last.
    pub(crate) fn whole(&self) -> Span {
        Span::new(0, number(self.text.len()))
    }
}

/// A text that is being edited.
pub(crate) struct Draft {
    text: String,
    pub(crate) starts: Vec<u32>,
}

impl Draft {
    pub(crate) fn new(text: &Text) -> Draft {
        Draft { text: text.text.to_string(), starts: text.starts.clone() }
    }

    /// Replaces the text between two places, in whatever order they are given.
    pub(crate) fn replace(&mut self, range: Range, new: &str, encoding: Encoding) {
        let at = |project_file| offset(&self.text, &self.starts, project_file, encoding) as usize;
        let (a, b) = (at(range.start), at(range.end));
        self.splice(a.min(b)..a.max(b), new);
    }

    /// Replaces the whole text.
    pub(crate) fn replace_all(&mut self, new: String) {
        let text = Text::new(Arc::from(""));
        self.starts = text.starts;
        self.text.clear();
        self.splice(0..0, &new);
    }

    /// Whether a line begins at a byte is decided by it and the one before, so only the edges of an edit are looked at.
    fn splice(&mut self, bytes: Bytes<usize>, new: &str) {
        self.text.replace_range(bytes.clone(), new);
        let kept = self.starts.partition_point(|start| (*start as usize) < bytes.start.max(1));
        let tail = self.starts.partition_point(|start| (*start as usize) <= bytes.end).max(kept);
        let end = bytes.start + new.len();
        let mut between = Vec::new();
        push_starts(
            &mut between,
            self.text.as_bytes(),
            bytes.start.max(1)..end.saturating_add(1).min(self.text.len() + 1),
        );
        let moved: Vec<u32> = self.starts.split_off(tail);
        self.starts.truncate(kept);
        self.starts.append(&mut between);
        self.starts.extend(moved.into_iter().map(|start| number(start as usize - bytes.end + end)));
    }

    pub(crate) fn finish(self) -> Text {
        Text { text: Arc::from(self.text), starts: self.starts }
    }
}

/// The beginnings of lines among these bytes; none of them is byte 0.
fn push_starts(starts: &mut Vec<u32>, text: &[u8], among: Bytes<usize>) {
    let first = among.start.saturating_sub(1);
    let end = among.end.max(among.start).saturating_sub(1);
    let Some(before) = text.get(first..end.max(first).min(text.len())) else { return };
    for found in memchr2_iter(b'\n', b'\r', before) {
        let at = first + found;
        let is_pair = text.get(at) == Some(&b'\r') && text.get(at + 1) == Some(&b'\n');
        if !is_pair {
            starts.push(number(at + 1));
        }
    }
}

fn offset(text: &str, starts: &[u32], project_file: Position, encoding: Encoding) -> u32 {
    let Some(start) = starts.get(project_file.line as usize).map(|start| *start as usize) else {
        return number(text.len());
    };
    let rest = text.get(start..).unwrap_or("");
    let line = rest.get(..memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())).unwrap_or(rest);
    number(start + bytes_of(line, project_file.character as usize, encoding))
}

/// How many bytes of the line so many units take.
fn bytes_of(line: &str, wanted: usize, encoding: Encoding) -> usize {
    if encoding == Encoding::Utf8 {
        return char_start(line, wanted.min(line.len()));
    }
    let mut units = 0;
    for (at, c) in line.char_indices() {
        units += c.len_utf16();
        if units > wanted {
            return at;
        }
    }
    line.len()
}

/// How long a piece of text is.
pub(crate) fn units(text: &str, encoding: Encoding) -> u32 {
    if encoding == Encoding::Utf8 || text.is_ascii() {
        return number(text.len());
    }
    number(text.chars().map(char::len_utf16).sum())
}

fn char_start(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
