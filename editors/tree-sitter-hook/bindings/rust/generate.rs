//! Writes `src/` anew from `grammar.js`, which Node reads: `cargo run --example generate`, or with another folder to write to.

use std::error::Error;
use std::path::PathBuf;

// The oldest form is the one that most editors read.
use tree_sitter_generate::{ABI_VERSION_MIN, OptLevel, generate_parser_in_directory};

fn main() -> Result<(), Box<dyn Error>> {
    let root = env!("CARGO_MANIFEST_DIR");
    let out = std::env::args().nth(1).map_or_else(|| PathBuf::from(root).join("src"), PathBuf::from);
    let mut notes = Vec::new();
    let none: Option<&str> = None;
    generate_parser_in_directory(
        root,
        Some(out),
        none,
        ABI_VERSION_MIN,
        None,
        None,
        true,
        OptLevel::default(),
        &mut notes,
    )?;
    Ok(())
}
