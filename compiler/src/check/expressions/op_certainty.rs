//! Whether the ops that an op reads are certain to have succeeded.
//!
//! This is known only when all of the op's expressions are typed: one read without a guard makes the success of the op it
//! reads a need, and then no read of it can be null. Until then a guarded read may be null; `settle.rs` corrects it.

use crate::check::typed::OpRead;
use crate::diagnostics::Diagnostic;

/// What is known of the ops that the expressions of one op read.
#[derive(Default)]
pub(crate) struct OpCertainty {
    /// The ops that `after` names, and whether it asks for their success.
    written: Vec<(usize, bool)>,
    /// The reads so far.
    pub(crate) reads: Vec<OpRead>,
    /// Guards of reads, which are redundant if the success of the op turns out to be needed.
    pub(super) guards: Vec<(usize, Diagnostic)>,
}

impl OpCertainty {
    /// Nothing is read yet; `written` has what `after` says.
    pub(crate) fn new(written: Vec<(usize, bool)>) -> OpCertainty {
        OpCertainty { written, ..OpCertainty::default() }
    }

    /// What `after` says of an op; `None` if it does not name it.
    pub(super) fn said(&self, op: usize) -> Option<bool> {
        self.written.iter().find(|(known, _)| *known == op).map(|(_, certain)| *certain)
    }

    /// Whether an unguarded read of the op has its declared type.
    pub(crate) fn may_be_read(&self, op: usize) -> bool {
        self.said(op) != Some(false)
    }

    /// Whether a read of the op may be null.
    pub(crate) fn may_be_null(&self, op: usize, is_guarded: bool) -> bool {
        !self.said(op).unwrap_or(!is_guarded)
    }

    /// The ops that need not have succeeded: `after` accepts more, or it does not name them and all reads are guarded.
    pub(crate) fn uncertain(&self) -> Vec<usize> {
        let is_guarded = |op| self.reads.iter().filter(|read| read.op == op).all(|read| read.guarded);
        let unwritten = self.reads.iter().map(|read| read.op).filter(|op| self.said(*op).is_none() && is_guarded(*op));
        let written = self.written.iter().filter(|(_, certain)| !certain).map(|(op, _)| *op);
        let mut ops: Vec<usize> = unwritten.chain(written).collect();
        ops.sort_unstable();
        ops.dedup();
        ops
    }
}
