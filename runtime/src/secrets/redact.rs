//! Masks secrets in a stream of bytes, however the stream is split into chunks.
//!
//! What is masked is the union of all overlapping matches. The longest suffix that could begin a match is held back
//! until the next chunk; a mask that continues in the next chunk is printed once.

use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

const MASK: &[u8] = b"***";

/// The patterns of all known secrets, ready to search.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    inner: Option<Arc<Inner>>,
}

#[derive(Debug)]
struct Inner {
    automaton: AhoCorasick,
    sorted: Vec<Vec<u8>>,
    longest: usize,
}

impl Patterns {
    /// The patterns of these forms. Fails only when there are too many of them.
    pub(crate) fn new(forms: impl IntoIterator<Item = Vec<u8>>) -> Result<Patterns, aho_corasick::BuildError> {
        let mut sorted: Vec<Vec<u8>> = forms.into_iter().collect();
        sorted.sort();
        sorted.dedup();
        if sorted.is_empty() {
            return Ok(Patterns::default());
        }
        let longest = sorted.iter().map(Vec::len).max().unwrap_or(0);
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&sorted)?;
        Ok(Patterns { inner: Some(Arc::new(Inner { automaton, sorted, longest })) })
    }

    /// Whether a secret is in `bytes`.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.automaton.is_match(bytes))
    }

    /// `text` with every secret masked.
    pub(crate) fn mask(&self, text: &str) -> String {
        let mut redactor = Redactor::new(self.clone());
        let mut out = Vec::new();
        redactor.push(text.as_bytes(), &mut out);
        redactor.finish(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// Masks one stream.
#[derive(Debug)]
pub(crate) struct Redactor {
    patterns: Patterns,
    held: Vec<u8>,
    /// How many bytes at the start of `held` are masked already.
    masked: usize,
}

impl Redactor {
    pub(crate) fn new(patterns: Patterns) -> Redactor {
        Redactor { patterns, held: Vec::new(), masked: 0 }
    }

    /// Takes the next chunk and appends to `out` everything that is certain.
    pub(crate) fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let Some(inner) = self.patterns.inner.clone() else {
            out.extend_from_slice(chunk);
            return;
        };
        self.held.extend_from_slice(chunk);
        let safe = self.held.len() - hold_back(&inner, &self.held);
        self.emit(&inner, safe, out);
    }

    /// Appends what was held back: the stream has ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        if let Some(inner) = self.patterns.inner.clone() {
            let all = self.held.len();
            self.emit(&inner, all, out);
        }
        self.masked = 0;
    }

    fn emit(&mut self, inner: &Inner, safe: usize, out: &mut Vec<u8>) {
        let mut at = 0;
        let mut carried = 0;
        for (start, end, printed) in self.masks(inner) {
            if start >= safe && !printed {
                break;
            }
            out.extend_from_slice(self.held.get(at..start).unwrap_or_default());
            if !printed {
                out.extend_from_slice(MASK);
            }
            at = end.min(safe);
            carried = end.saturating_sub(safe);
        }
        out.extend_from_slice(self.held.get(at..safe).unwrap_or_default());
        self.held.drain(..safe);
        self.masked = carried;
    }

    /// The ranges to mask, in order and disjoint; the third value is whether the mask is printed already.
    fn masks(&self, inner: &Inner) -> Vec<(usize, usize, bool)> {
        let mut found: Vec<(usize, usize)> =
            inner.automaton.find_overlapping_iter(&self.held).map(|hit| (hit.start(), hit.end())).collect();
        found.sort_unstable();
        let mut union: Vec<(usize, usize, bool)> = Vec::new();
        if self.masked > 0 {
            union.push((0, self.masked, true));
        }
        for (start, end) in found {
            match union.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => union.push((start, end, false)),
            }
        }
        union
    }
}

/// The length of the longest suffix that is a proper prefix of a pattern.
fn hold_back(inner: &Inner, held: &[u8]) -> usize {
    let most = held.len().min(inner.longest.saturating_sub(1));
    for length in (1..=most).rev() {
        let suffix = held.get(held.len() - length..).unwrap_or_default();
        let next = inner.sorted.partition_point(|pattern| pattern.as_slice() <= suffix);
        if inner.sorted.get(next).is_some_and(|pattern| pattern.starts_with(suffix)) {
            return length;
        }
    }
    0
}
