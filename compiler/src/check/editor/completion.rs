//! One thing that could be written at a cursor, and the question for them.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::ide::Kind;
use crate::place::Place;

/// The question: what could stand at this byte of the noted file?
#[derive(Debug, Default)]
pub(crate) struct Probe {
    pub(crate) at: u32,
    pub(crate) offers: Vec<Offer>,
    /// The kinds of top-level names that fit, for those that other files have.
    pub(crate) wanted: BTreeSet<Kind>,
}

/// One name that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) label: SmolStr,
    pub(crate) kind: Kind,
    /// Its type, or what it takes.
    pub(crate) detail: Option<String>,
    /// Where it is declared.
    pub(crate) declared: Option<Place>,
    /// The name of its page, where it is built in.
    pub(crate) page: Option<SmolStr>,
    /// What is written besides the label, with places to fill in.
    pub(crate) snippet: Option<String>,
    /// Smaller is better.
    pub(crate) rank: u32,
}

impl Offer {
    pub(crate) fn new(label: impl Into<SmolStr>, kind: Kind, rank: u32) -> Offer {
        let label = label.into();
        Offer { label, kind, detail: None, declared: None, page: None, snippet: None, rank }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Offer {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn at(mut self, place: Option<Place>) -> Offer {
        self.declared = place;
        self
    }
}
