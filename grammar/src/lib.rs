//! Text to syntax tree and syntax errors. The pest grammar is private to this crate.
//!
//! Four steps: `cut` finds items and entries by their tokens, `letters` writes a letter for each token of a head, pest
//! reads these (`hook.pest`), `build` makes the tree. Broken text is normal input: there is always a tree, and one mistake
//! is one error, beside it.
//! Left to others: the size of a file, names, types, and which words exist as settings.

// pest is built without `std`, and what it generates names `alloc`.
extern crate alloc;

pub mod ast;
mod block;
mod build;
mod characters;
mod cut;
mod error;
mod format;
mod keyword;
mod letters;
mod lex;
mod pairs;
mod parse;
mod span;
#[cfg(test)]
mod tests;
mod words;

pub use block::BlockKind;
pub use error::{ErrorKind, Fix, Severity, SyntaxError};
pub use format::format;
pub use keyword::{Keyword, ValueKind, WordClass};
pub use lex::{Token, TokenKind, tokens};
pub use parse::{Parse, parse, parse_expr, parse_type, reparse};
pub use span::Span;
