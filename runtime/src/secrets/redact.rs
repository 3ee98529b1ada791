//! Masks secrets in a stream of bytes, however the stream is split into chunks.
//!
//! What is masked is the union of all overlapping matches. The longest suffix that could begin a match is held back
//! until the next chunk; a mask that continues in the next chunk is printed once. Every byte is looked at once for all
//! patterns together, and once for each pattern that may reach into the next chunk, so the time grows with the length of
//! the stream whatever the secrets are.

use std::collections::VecDeque;
use std::sync::Arc;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

const MASK: &[u8] = b"***";

/// The patterns of all known secrets, ready to search.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    inner: Option<Arc<Inner>>,
}

#[derive(Debug)]
struct Inner {
    automaton: NFA,
    start: StateID,
    patterns: Vec<Pattern>,
}

/// A pattern, and for each of its prefixes the length of the longest shorter prefix that is a suffix of it.
#[derive(Debug)]
struct Pattern {
    bytes: Vec<u8>,
    borders: Vec<usize>,
}

/// Why secrets cannot be masked: there are too many.
#[derive(Debug)]
pub(crate) struct TooMany;

impl Patterns {
    /// The patterns of these forms. Fails only when there are too many of them.
    pub(crate) fn new(forms: impl IntoIterator<Item = Vec<u8>>) -> Result<Patterns, TooMany> {
        let mut sorted: Vec<Vec<u8>> = forms.into_iter().collect();
        sorted.sort();
        sorted.dedup();
        if sorted.is_empty() {
            return Ok(Patterns::default());
        }
        let automaton = NFA::builder().match_kind(MatchKind::Standard).build(&sorted).map_err(|_| TooMany)?;
        let start = automaton.start_state(Anchored::No).map_err(|_| TooMany)?;
        let patterns = sorted.into_iter().map(Pattern::new).collect();
        Ok(Patterns { inner: Some(Arc::new(Inner { automaton, start, patterns })) })
    }

    /// Whether a secret is in `bytes`.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> bool {
        self.inner.as_ref().is_some_and(|inner| {
            let mut state = inner.start;
            bytes.iter().any(|byte| {
                state = inner.automaton.next_state(Anchored::No, state, *byte);
                inner.automaton.is_match(state)
            })
        })
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

impl Inner {
    /// The length of the longest pattern that ends in this state.
    fn longest_match(&self, state: StateID) -> usize {
        let lengths = (0..self.automaton.match_len(state))
            .map(|index| self.automaton.pattern_len(self.automaton.match_pattern(state, index)));
        lengths.max().unwrap_or(0)
    }
}

impl Pattern {
    fn new(bytes: Vec<u8>) -> Pattern {
        let mut pattern = Pattern { borders: vec![0; bytes.len() + 1], bytes };
        let mut border = 0;
        for length in 1..pattern.bytes.len() {
            let byte = pattern.bytes.get(length).copied().unwrap_or_default();
            border = pattern.next(border, byte);
            if let Some(known) = pattern.borders.get_mut(length + 1) {
                *known = border;
            }
        }
        pattern
    }

    /// The length of the longest prefix that ends with `byte`, after one of the length `length` was seen.
    fn next(&self, mut length: usize, byte: u8) -> usize {
        loop {
            if self.bytes.get(length) == Some(&byte) {
                return length + 1;
            }
            if length == 0 {
                return 0;
            }
            length = self.borders.get(length).copied().unwrap_or(0);
        }
    }

    /// The same after a whole chunk. What is longer than the pattern cannot matter.
    fn after(&self, length: usize, chunk: &[u8]) -> usize {
        let longest = self.bytes.len().saturating_sub(1);
        let (from, tail) = match chunk.len() > longest {
            true => (0, chunk.get(chunk.len() - longest..).unwrap_or_default()),
            false => (length, chunk),
        };
        let length = tail.iter().fold(from, |length, byte| self.next(length, *byte));
        // A whole match is found by the automaton; what may still begin one is shorter.
        if length > longest { self.borders.get(length).copied().unwrap_or(0) } else { length }
    }
}

/// A range to mask, counted from the beginning of the stream.
#[derive(Debug)]
struct Masked {
    start: usize,
    end: usize,
    /// Whether its mask is printed already.
    printed: bool,
}

/// Masks one stream.
#[derive(Debug)]
pub(crate) struct Redactor {
    patterns: Patterns,
    state: StateID,
    /// What is not printed yet, and its place in the stream.
    held: Vec<u8>,
    begin: usize,
    /// In order and disjoint.
    masks: VecDeque<Masked>,
    /// For each pattern, the length of its longest prefix that ends the stream so far.
    prefixes: Vec<usize>,
}

impl Redactor {
    pub(crate) fn new(patterns: Patterns) -> Redactor {
        let (state, count) =
            patterns.inner.as_ref().map_or((StateID::default(), 0), |inner| (inner.start, inner.patterns.len()));
        let prefixes = vec![0; count];
        Redactor { patterns, state, held: Vec::new(), begin: 0, masks: VecDeque::new(), prefixes }
    }

    /// Takes the next chunk and appends to `out` everything that is certain.
    pub(crate) fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let Some(inner) = self.patterns.inner.clone() else {
            out.extend_from_slice(chunk);
            return;
        };
        self.find(&inner, chunk);
        self.held.extend_from_slice(chunk);
        for (prefix, pattern) in self.prefixes.iter_mut().zip(&inner.patterns) {
            *prefix = pattern.after(*prefix, chunk);
        }
        let open = self.prefixes.iter().copied().max().unwrap_or(0);
        self.emit(self.held.len().saturating_sub(open), out);
    }

    /// Appends what was held back: the stream has ended.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        self.emit(self.held.len(), out);
        *self = Redactor::new(self.patterns.clone());
    }

    /// Notes every match that ends in the chunk, joined with those that it overlaps.
    fn find(&mut self, inner: &Inner, chunk: &[u8]) {
        let seen = self.begin + self.held.len();
        for (index, byte) in chunk.iter().enumerate() {
            self.state = inner.automaton.next_state(Anchored::No, self.state, *byte);
            if inner.automaton.is_match(self.state) {
                let end = seen + index + 1;
                self.add(end.saturating_sub(inner.longest_match(self.state)), end);
            }
        }
    }

    fn add(&mut self, start: usize, end: usize) {
        let mut mask = Masked { start, end, printed: false };
        while let Some(last) = self.masks.pop_back_if(|last| last.end > mask.start) {
            mask.start = mask.start.min(last.start);
            mask.printed |= last.printed;
        }
        self.masks.push_back(mask);
    }

    /// Prints the first `length` bytes of what is held.
    fn emit(&mut self, length: usize, out: &mut Vec<u8>) {
        let (begin, safe) = (self.begin, self.begin + length);
        let mut at = begin;
        while let Some(mask) = self.masks.front_mut().filter(|mask| mask.start < safe) {
            out.extend_from_slice(self.held.get(at - begin..mask.start - begin).unwrap_or_default());
            if !mask.printed {
                out.extend_from_slice(MASK);
            }
            at = mask.end.min(safe);
            if mask.end > safe {
                (mask.start, mask.printed) = (safe, true);
                break;
            }
            self.masks.pop_front();
        }
        out.extend_from_slice(self.held.get(at - begin..length).unwrap_or_default());
        self.held.drain(..length);
        self.begin = safe;
    }
}
