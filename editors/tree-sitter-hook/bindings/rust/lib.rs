//! The Hook language for tree-sitter: give [`LANGUAGE`] to a parser.

use tree_sitter_language::LanguageFn;

#[expect(unsafe_code, reason = "the parser is C")]
mod generated {
    use tree_sitter_language::LanguageFn;

    unsafe extern "C" {
        fn tree_sitter_hook() -> *const ();
    }

    // SAFETY: the function is the one that the generator writes into `parser.c`.
    pub(super) const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_hook) };
}

/// The language.
pub const LANGUAGE: LanguageFn = generated::LANGUAGE;

/// The kinds of nodes and their fields, as JSON.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");

/// What gets which colour.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// Which texts are in other languages.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");

/// Which names hold where.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");
