//! Formatting, as the smallest edits over whole lines.

use std::sync::Arc;

use hookc_grammar::Span;
use similar::{DiffOp, TextDiff};

use super::{TextEdit, World};

impl World {
    /// The edits that bring a file into its canonical form; `None` where syntax errors forbid it.
    pub fn format(&self, path: &str) -> Option<Vec<TextEdit>> {
        let text = &self.entry(path)?.file.text;
        let formatted = hookc_grammar::format(text).ok()?;
        Some(line_edits(path, text, &formatted))
    }

    /// Those of the edits that touch a range.
    pub fn format_range(&self, path: &str, range: Span) -> Option<Vec<TextEdit>> {
        let edits = self.format(path)?;
        let touches = |edit: &TextEdit| edit.span.start <= range.end && range.start <= edit.span.end;
        Some(edits.into_iter().filter(touches).collect())
    }
}

/// The lines that differ, as edits in written order.
fn line_edits(path: &str, old: &str, new: &str) -> Vec<TextEdit> {
    if old == new {
        return Vec::new();
    }
    let path: Arc<str> = Arc::from(path);
    let diff = TextDiff::from_lines(old, new);
    let starts = |text: &str| -> Vec<usize> {
        let mut starts = vec![0];
        starts.extend(text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }));
        starts
    };
    let (old_starts, new_starts) = (starts(old), starts(new));
    let at = |starts: &[usize], line: usize| starts.get(line).or(starts.last()).copied().unwrap_or(0);
    let edit = |op: &DiffOp| {
        let (old_lines, new_lines) = (op.old_range(), op.new_range());
        let start = u32::try_from(at(&old_starts, old_lines.start)).unwrap_or(u32::MAX);
        let end = u32::try_from(at(&old_starts, old_lines.end)).unwrap_or(u32::MAX);
        let text = new.get(at(&new_starts, new_lines.start)..at(&new_starts, new_lines.end)).unwrap_or("");
        TextEdit { path: Arc::clone(&path), span: Span::new(start, end), text: text.to_owned() }
    };
    diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(edit).collect()
}
