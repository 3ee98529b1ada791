//! What the check of one op reads. The op is checked again only if some of it has changed.

use smol_str::SmolStr;

use crate::sources::FileId;

/// A fact about another op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether it has ended when this op begins.
    WaitsFor,
    /// Whether it has succeeded when this op begins.
    Needs,
}

/// What the check of one op reads.
#[derive(Debug, Default)]
pub(crate) struct OpLog {
    pub(crate) looked: Vec<(SmolStr, Option<usize>)>,
    pub(crate) asked: Vec<(Question, usize, bool)>,
    pub(crate) used: Vec<(FileId, SmolStr)>,
    /// Whether it reads more than is recorded.
    pub(crate) more: bool,
}
