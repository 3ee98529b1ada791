//! What is generated is that of `grammar.js`, which Node reads. With `UPDATE` in the environment it is written anew.

use std::path::{Path, PathBuf};

// The oldest form is the one that most editors read.
use tree_sitter_generate::{ABI_VERSION_MIN, OptLevel, generate_parser_in_directory};

#[test]
fn the_parser_is_that_of_the_grammar() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ours = root.join("src");
    let fresh = match std::env::var_os("UPDATE") {
        Some(_) => ours.clone(),
        None => Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated"),
    };
    let whole: Option<PathBuf> = None;
    let mut notes = Vec::new();
    let optimizations = OptLevel::default();
    generate_parser_in_directory(
        root,
        Some(&fresh),
        whole,
        ABI_VERSION_MIN,
        None,
        None,
        true,
        optimizations,
        &mut notes,
    )
    .unwrap();
    for file in ["grammar.json", "node-types.json", "parser.c", "tree_sitter/parser.h"] {
        let same = std::fs::read(ours.join(file)).unwrap() == std::fs::read(fresh.join(file)).unwrap();
        assert!(same, "`UPDATE=1 cargo test generated` gives another {file}");
    }
}
