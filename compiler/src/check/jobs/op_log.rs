//! What the check of one op looks at: an op is checked again only when some of it has changed.

use smol_str::SmolStr;

use crate::sources::FileId;

/// What can be asked about another op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whether it has ended when this one begins.
    WaitsFor,
    /// Whether it has succeeded then.
    Needs,
}

/// What the check of one op looks at.
#[derive(Debug, Default)]
pub(crate) struct OpLog {
    pub(crate) looked: Vec<(SmolStr, Option<usize>)>,
    pub(crate) asked: Vec<(Question, usize, bool)>,
    pub(crate) used: Vec<(FileId, SmolStr)>,
    /// Whether it looks at more than is written down.
    pub(crate) more: bool,
}
