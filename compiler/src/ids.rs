//! Ids of declarations: typed indexes into the tables of [`crate::declare::Program`].

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {
        $($(#[$meta])* #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)] pub(crate) struct $name(pub(crate) u32);)*
    };
}

ids! {
    /// An enum of [`Program::enums`].
    EnumId;
    /// A record of [`Program::records`].
    RecordId;
    /// A constant.
    ConstId;
    /// A connection.
    ConnectionId;
    /// A component or an agent.
    ComponentId;
    /// A named condition.
    ConditionId;
    /// A reusable hook.
    HookId;
    /// A job.
    JobId;
    /// A profile.
    ProfileId;
}
