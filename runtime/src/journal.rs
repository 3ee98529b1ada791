//! Where records are written: batches that hold together.
//!
//! A batch is all or nothing. Nothing of it is published, and none of its actions begins, before it is committed.

use std::task::{Context, Poll};

use crate::records::Record;

/// A batch could not be written, so the run cannot go on.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the journal: {0}")]
pub struct JournalError(pub String);

/// Where records go.
pub trait Journal {
    /// Takes a batch. Batches are committed in the order in which they arrive.
    fn commit(&mut self, batch: Vec<Record>);
    /// The number of committed batches, once it is greater than `known`.
    ///
    /// # Errors
    /// When a batch could not be written.
    fn poll_committed(&mut self, known: u64, context: &mut Context<'_>) -> Poll<Result<u64, JournalError>>;
}

/// A journal in memory. It lives as long as the run.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    batches: u64,
    records: Vec<Record>,
    keeps: bool,
}

impl MemoryJournal {
    /// A journal that drops its records.
    pub fn new() -> MemoryJournal {
        MemoryJournal::default()
    }

    /// A journal that keeps its records.
    pub fn keeping() -> MemoryJournal {
        MemoryJournal { keeps: true, ..MemoryJournal::default() }
    }

    /// The recorded rows, in order.
    pub fn records(&self) -> &[Record] {
        &self.records
    }
}

impl Journal for MemoryJournal {
    fn commit(&mut self, batch: Vec<Record>) {
        self.batches += 1;
        if self.keeps {
            self.records.extend(batch);
        }
    }

    fn poll_committed(&mut self, known: u64, _: &mut Context<'_>) -> Poll<Result<u64, JournalError>> {
        if self.batches > known { Poll::Ready(Ok(self.batches)) } else { Poll::Pending }
    }
}
