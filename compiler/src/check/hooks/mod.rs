//! Hooks: what they apply to, their events, what they can read, and what they do.

pub(crate) mod attach;
pub(crate) mod context;
pub(crate) mod event;
pub(crate) mod event_facts;
pub(crate) mod gate;
pub(crate) mod hook;
pub(crate) mod site;
pub(crate) mod use_hook;
