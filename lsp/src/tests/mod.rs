//! The server from its client's side, over pipes, in this process.

mod answers;
mod client;
mod disk;
mod edits;
mod faults;
mod features;
mod framing;
mod table;

pub(crate) use faults::with_faults;
