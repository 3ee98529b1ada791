//! The grammar, beside the parser of the compiler and by itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may stop at once"
)]

mod corpus;
mod generated;
mod in_step;
mod prefixes;
mod queries;
mod snippets;
mod sources;
/// Random programs are those that the formatter is tested with.
#[path = "../../../../grammar/tests/format"]
mod format {
    pub(crate) mod generator;
}

/// A parser of the language.
fn parser() -> tree_sitter::Parser {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_hook::LANGUAGE.into()).unwrap();
    parser
}

fn tree(text: &str) -> tree_sitter::Tree {
    parser().parse(text, None).unwrap()
}
