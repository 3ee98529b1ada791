//! What is generated is that of `grammar.js`.

use std::path::Path;
use std::process::Command;

#[test]
fn the_parser_is_that_of_the_grammar() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let mut generate = Command::new(env!("CARGO"));
    generate.args(["run", "--quiet", "--locked", "--example", "generate", "--"]).arg(&fresh).current_dir(root);
    assert!(generate.status().unwrap().success(), "the generator needs `node`");
    for file in ["grammar.json", "node-types.json", "parser.c", "tree_sitter/parser.h"] {
        let (ours, theirs) = (std::fs::read(root.join("src").join(file)), std::fs::read(fresh.join(file)));
        assert!(ours.unwrap() == theirs.unwrap(), "`cargo run --example generate` gives another {file}");
    }
}
