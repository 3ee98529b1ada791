//! Text to syntax tree and syntax errors. The pest grammar is private to this crate.
//!
//! Four steps: `entries` finds items and entries by their tokens, `token_row` writes one letter for each token of a head,
//! pest reads these letters (`hook.pest`), and `tree` makes the syntax tree. Broken text is normal input: there is always
//! a tree, and beside it one error for each mistake.
//! Left to others: the size of a file, names, types, and which words exist as settings.

// pest is built without `std`, and what it generates names `alloc`.
extern crate alloc;

pub mod ast;
mod block;
mod characters;
mod entries;
mod error;
mod format;
mod keyword;
mod lex;
mod nearest;
mod nodes;
mod outline;
mod parse;
mod span;
#[cfg(test)]
mod tests;
mod token_row;
mod tree;

pub use block::BlockKind;
pub use error::{ErrorKind, Fix, Severity, SyntaxError};
pub use format::format;
pub use keyword::{Keyword, ValueKind, WordClass};
pub use lex::{Token, TokenKind, tokens};
pub use outline::{Body, Entry, EntryForm, Outline, outline};
pub use parse::{Parse, parse, parse_expr, parse_type, reparse};
pub use span::Span;
