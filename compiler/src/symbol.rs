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

/// The kinds of top-level names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum SymbolKind {
    Enum,
    Record,
    Const,
    Connection,
    Component,
    Condition,
    Hook,
    Job,
    Profile,
}

impl SymbolKind {
    /// What a person calls it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            SymbolKind::Enum => "enum",
            SymbolKind::Record => "record",
            SymbolKind::Const => "const",
            SymbolKind::Connection => "connection",
            SymbolKind::Component => "component",
            SymbolKind::Condition => "condition",
            SymbolKind::Hook => "hook",
            SymbolKind::Job => "job",
            SymbolKind::Profile => "profile",
        }
    }
}

impl Symbol {
    /// What a person calls it, with its article: "an enum".
    pub(crate) fn a_kind(self) -> String {
        with_article(self.kind().word())
    }

    /// What kind of name it is.
    pub(crate) fn kind(self) -> SymbolKind {
        match self {
            Symbol::Enum(_) => SymbolKind::Enum,
            Symbol::Record(_) => SymbolKind::Record,
            Symbol::Const(_) => SymbolKind::Const,
            Symbol::Connection(_) => SymbolKind::Connection,
            Symbol::Component(_) => SymbolKind::Component,
            Symbol::Condition(_) => SymbolKind::Condition,
            Symbol::Hook(_) => SymbolKind::Hook,
            Symbol::Job(_) => SymbolKind::Job,
            Symbol::Profile(_) => SymbolKind::Profile,
        }
    }
}

/// "an enum", "a job"
pub(crate) fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}
