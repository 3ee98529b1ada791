//! Text to syntax tree and syntax errors. The pest grammar is private to this crate.
//!
//! Four steps: `cut` finds items and entries by their tokens, `letters` writes a letter for each token of a head, pest
//! reads these (`hook.pest`), `build` makes the tree. Broken text is normal input: there is always a tree, and one mistake
//! is one error, beside it.
//! Left to others: the size of a file, names, types, and which words exist as settings.

// pest is built without `std`, and what it generates names `alloc`.
extern crate alloc;

pub mod ast;
mod build;
mod characters;
mod cut;
mod error;
mod format;
mod letters;
mod lex;
mod pairs;
mod parse;
mod span;
mod words;

pub use error::{ErrorKind, Fix, Severity, SyntaxError};
pub use format::format;
pub use lex::{Token, TokenKind, tokens};
pub use parse::{Parse, parse, parse_expr, parse_type, reparse};
pub use span::Span;
