//! Top-level items besides jobs and hooks: components, conditions, constants, connections and profiles, tests.

pub(crate) mod component;
pub(crate) mod condition;
pub(crate) mod connection_uses;
pub(crate) mod http;
pub(crate) mod mock;
pub(crate) mod profile;
pub(crate) mod test;
pub(crate) mod unused;
