//! What an editor asks: plain data about a project's texts, computed from the same check as the command line's.
//!
//! [`World`] is an immutable picture of a project: a change makes a new one that shares all that is unchanged. Every
//! question is a method of it. Offsets and spans are in bytes of a file's text; paths count from the project's root.
//! Left to others: reading files, positions in lines, the protocol.

mod actions;
mod add_import;
mod answers;
mod builtin_names;
mod call_hierarchy;
mod completion;
mod cursor;
mod declarations;
mod folding_and_selection;
mod formatting;
mod hover;
mod index;
mod inlay_hints;
mod keywords;
mod navigation;
mod rename;
mod semantic_tokens;
mod signature_help;
mod symbols;
mod unit;
mod visitor;
mod word_at;
mod world;

pub use answers::*;
pub use world::World;
