//! What top-level names stand for, and what a person calls each kind.

use crate::ids::{ComponentId, ConditionId, ConnectionId, ConstId, EnumId, HookId, JobId, ProfileId, RecordId};

/// What a top-level name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Enum(EnumId),
    Record(RecordId),
    Const(ConstId),
    Connection(ConnectionId),
    Component(ComponentId),
    Condition(ConditionId),
    Hook(HookId),
    Job(JobId),
    Profile(ProfileId),
}

impl Symbol {
    /// What a person calls it, with its article: "an enum".
    pub(crate) fn a_kind(self) -> String {
        with_article(self.kind())
    }

    /// What a person calls it.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Symbol::Enum(_) => "enum",
            Symbol::Record(_) => "record",
            Symbol::Const(_) => "const",
            Symbol::Connection(_) => "connection",
            Symbol::Component(_) => "component",
            Symbol::Condition(_) => "condition",
            Symbol::Hook(_) => "hook",
            Symbol::Job(_) => "job",
            Symbol::Profile(_) => "profile",
        }
    }
}

/// "an enum", "a job"
pub(crate) fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}
