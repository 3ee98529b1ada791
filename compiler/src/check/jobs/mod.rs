//! Jobs and their ops: order, needs, settings, triggers.

pub(crate) mod each;
pub(crate) mod job;
pub(crate) mod needs;
pub(crate) mod op;
pub(crate) mod settings;
pub(crate) mod trigger;
