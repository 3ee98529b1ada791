//! What is recorded of a run, and where: rows of the journal, in batches that hold together.
//!
//! A batch is all or nothing. Nothing of it is published and none of its actions begins before it is committed.

use std::task::{Context, Poll};

use hookc_plan::trace::{JobStatus, TraceEvent};
use hookc_plan::{Name, OpState};
use serde_json::Value as Json;

use crate::clock::Moment;
use crate::machine::state::HookState;

/// Values as they are recorded: secrets left out.
pub type JsonValues = std::collections::BTreeMap<Name, Json>;

/// One row, written new or over the one of the same key.
#[derive(Clone, Debug)]
pub enum Record {
    /// The run of a job.
    Run(RunRow),
    /// An item of an op.
    Op(OpRow),
    /// An attempt.
    Attempt(AttemptRow),
    /// A hook that has fired.
    Hook(HookRecord),
    /// A line of the trace.
    Event(TraceEvent),
}

/// The run of a job; those that ops call have their own.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// The run, or `RUN/OP`.
    pub id: String,
    /// The plan's hash.
    pub plan_hash: String,
    /// The job's key in the plan.
    pub job: Name,
    /// Its inputs.
    pub inputs: JsonValues,
    /// How it ended.
    pub status: Option<JobStatus>,
    /// When it began.
    pub started: Option<Moment>,
    /// When it ended.
    pub finished: Option<Moment>,
}

/// An item of an op.
#[derive(Clone, Debug)]
pub struct OpRow {
    /// The op's node: `nightly.fit`.
    pub node: String,
    /// Its item in a fan-out.
    pub item: Option<u32>,
    /// How often its job was begun before.
    pub epoch: u32,
    /// Where it stands: a final state, or `gating running ending retrying pending`.
    pub state: &'static str,
    /// Its last attempt.
    pub attempt: u32,
    /// Its inputs, after the gates.
    pub inputs: JsonValues,
}

/// An attempt of an item.
#[derive(Clone, Debug)]
pub struct AttemptRow {
    /// The op's node.
    pub node: String,
    /// Its item in a fan-out.
    pub item: Option<u32>,
    /// The attempt's number.
    pub number: u32,
    /// The process that leads its group, while it runs.
    pub pid: Option<u32>,
    /// When it began.
    pub started: Option<Moment>,
    /// The state it ended in; nothing while it runs.
    pub state: Option<OpState>,
    /// The process's exit code.
    pub exit: Option<i32>,
    /// Its outputs.
    pub outputs: JsonValues,
    /// How it failed.
    pub error: Option<String>,
}

/// A hook that has fired: owed until it is delivered.
#[derive(Clone, Debug)]
pub struct HookRecord {
    /// The delivery's id.
    pub id: String,
    /// The hook's path.
    pub hook: String,
    /// The op's item in a fan-out.
    pub item: Option<u32>,
    /// The event, as written.
    pub trigger: String,
    /// The op's attempt.
    pub attempt: u32,
    /// Where it stands.
    pub state: HookState,
    /// How often it was tried.
    pub tries: u32,
    /// Its arguments; secrets left out, their names are in the plan.
    pub args: JsonValues,
    /// How it failed.
    pub error: Option<String>,
}

/// A batch could not be written: the run cannot go on.
#[derive(Debug, thiserror::Error)]
#[error("the journal cannot be written: {0}")]
pub struct JournalError(pub String);

/// Where records go.
pub trait Journal {
    /// Takes a batch. Batches are committed in the order they come in.
    fn commit(&mut self, batch: Vec<Record>);
    /// How many batches are committed, once it is more than `known`.
    ///
    /// # Errors
    /// When a batch could not be written.
    fn poll_committed(&mut self, known: u64, context: &mut Context<'_>) -> Poll<Result<u64, JournalError>>;
}

/// A journal that lives as long as the run.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    batches: u64,
    records: Vec<Record>,
    keeps: bool,
}

impl MemoryJournal {
    /// A journal that forgets: nothing asks it for a run that has ended with its process.
    pub fn new() -> MemoryJournal {
        MemoryJournal::default()
    }

    /// A journal that can be asked.
    pub fn keeping() -> MemoryJournal {
        MemoryJournal { keeps: true, ..MemoryJournal::default() }
    }

    /// What was recorded, in order.
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
