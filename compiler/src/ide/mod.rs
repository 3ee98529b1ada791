//! What an editor asks: plain data about a project's texts, computed from the same check as the command line's.
//!
//! [`World`] is an immutable picture of a project: a change makes a new one that shares all that is unchanged. Every
//! question is a method of it. Offsets and spans are in bytes of a file's text; paths count from the project's root.
//! Left to others: reading files, positions in lines, the protocol.

mod actions;
mod answers;
mod calls;
mod complete;
mod cursor;
mod describe;
mod hints;
mod hover;
mod imports;
mod index;
mod layout;
mod navigate;
mod rename;
mod signature;
mod structure;
mod symbols;
mod tokens;
mod unit;
mod walk;
mod words;
mod world;

pub use answers::*;
pub use world::World;
