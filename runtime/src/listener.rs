//! Who follows a run: the trace, and progress for people.
//!
//! The trace is complete and in order. Progress may be dropped by whoever shows it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use hookc_plan::OpState;
use hookc_plan::trace::TraceEvent;

/// What people want to see while a run goes on, and the trace does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// An op has this many items.
    Items {
        /// The op's node.
        op: String,
        /// How many.
        count: usize,
    },
    /// An op is final, with all its items.
    Closed {
        /// The op's node.
        op: String,
        /// Its state.
        state: OpState,
    },
    /// Something that a person should know.
    Warning(String),
}

/// Follows a run.
pub trait RunListener {
    /// A line of the trace, which is committed.
    fn event(&mut self, event: &TraceEvent);
    /// Progress, for people.
    fn progress(&mut self, progress: &Progress) {
        let _ = progress;
    }
}

/// Ignores everything.
impl RunListener for () {
    fn event(&mut self, _: &TraceEvent) {}
}

/// Keeps the trace.
impl RunListener for Vec<TraceEvent> {
    fn event(&mut self, event: &TraceEvent) {
        self.push(event.clone());
    }
}

/// `events.jsonl` of a run.
#[derive(Debug)]
pub(crate) struct EventsFile {
    file: BufWriter<File>,
}

impl EventsFile {
    pub(crate) fn create(path: &Path) -> std::io::Result<EventsFile> {
        Ok(EventsFile { file: BufWriter::new(File::create(path)?) })
    }

    /// Appends one line.
    pub(crate) fn write(&mut self, event: &TraceEvent) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.file, event)?;
        self.file.write_all(b"\n")
    }

    /// Hands what was written to the system.
    pub(crate) fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}
