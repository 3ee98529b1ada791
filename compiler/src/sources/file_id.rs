//! Ids of files.

/// A file of [`Sources`](super::Sources): an index into its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);
