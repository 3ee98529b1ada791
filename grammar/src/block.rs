//! The kinds of blocks that hold entries.

/// What holds an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// The file itself, whose entries are its items.
    File,
    /// The block of a job.
    Job,
    /// The block of an op, of `each op` or of `each job`.
    Op,
    /// The block after a hook's call.
    HookCall,
    /// The body of a component.
    Component,
    /// The body of an agent.
    Agent,
    /// The block of `http` in a component.
    Http,
    /// The block of a profile.
    Profile,
    /// The block of a test.
    Test,
}

impl BlockKind {
    /// Whether it is the body of a component or an agent.
    pub fn is_body(self) -> bool {
        matches!(self, BlockKind::Component | BlockKind::Agent)
    }

    /// Where an entry stands that this block holds, for a message.
    pub(crate) fn shown(self) -> &'static str {
        match self {
            BlockKind::File => "at the top level",
            BlockKind::Job => "in a job",
            BlockKind::Op => "in the block of an op",
            BlockKind::HookCall => "in the block of a hook's call",
            BlockKind::Component => "in a component",
            BlockKind::Agent => "in an agent",
            BlockKind::Http => "in an `http` block",
            BlockKind::Profile => "in a profile",
            BlockKind::Test => "in a test",
        }
    }
}
