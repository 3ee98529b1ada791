//! The uses of connections in jobs, which mocks must support.

use rustc_hash::FxHashSet;

use crate::ids::{ComponentId, ConnectionId};
use crate::place::Place;
use crate::sources::FileId;

/// A use of a connection in a job.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ConnectionUse {
    pub(crate) connection: ConnectionId,
    /// The component that takes it; `None` if one of its fields is read.
    pub(crate) component: Option<ComponentId>,
    pub(crate) place: Place,
    /// The file of the job.
    pub(crate) job: FileId,
}

/// The uses of connections.
pub(crate) type ConnectionUses = FxHashSet<ConnectionUse>;
