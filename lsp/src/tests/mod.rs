//! The server from its client's side, over pipes, in this process.

mod answers;
mod client;
mod code_action;
mod disk;
mod document_text;
mod edits;
mod faults;
mod features;
mod framing;
mod plain;
mod table;
mod uri;

pub(crate) use faults::with_faults;
