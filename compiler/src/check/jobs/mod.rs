//! Jobs and their ops: order, needs, settings, triggers.

pub(crate) mod each;
pub(crate) mod each_block;
pub(crate) mod event_kind;
pub(crate) mod job;
pub(crate) mod job_scope;
pub(crate) mod needs;
pub(crate) mod op;
pub(crate) mod op_log;
pub(crate) mod op_parts;
pub(crate) mod settings;
pub(crate) mod trigger;
