//! A completion, and the request for completions.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::ide::Kind;
use crate::place::Place;

/// The request: the completions at this byte of the file with notes.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    pub(crate) at: u32,
    pub(crate) candidates: Vec<Candidate>,
    /// The kinds of top-level names that fit, to search them in other files.
    pub(crate) wanted: BTreeSet<Kind>,
}

/// One name that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) label: SmolStr,
    pub(crate) kind: Kind,
    /// Its type or its parameters.
    pub(crate) detail: Option<String>,
    /// Where it is declared.
    pub(crate) declared: Option<Place>,
    /// The name of its page, if it is built in.
    pub(crate) page: Option<SmolStr>,
    /// The inserted text if it is not the label, with placeholders.
    pub(crate) snippet: Option<String>,
    /// Smaller is better.
    pub(crate) rank: u32,
}

impl Candidate {
    pub(crate) fn new(label: impl Into<SmolStr>, kind: Kind, rank: u32) -> Candidate {
        let label = label.into();
        Candidate { label, kind, detail: None, declared: None, page: None, snippet: None, rank }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Candidate {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn at(mut self, place: Option<Place>) -> Candidate {
        self.declared = place;
        self
    }
}
