//! Prints the tree and the errors of a file: `cargo run -p hookc-grammar --example show -- FILE [errors]`.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the eye")]

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let text = std::fs::read_to_string(&path).expect("readable");
    let parse = hookc_grammar::parse(&text);
    if args.next().is_none() {
        println!("{:#?}", parse.file);
    }
    for error in &parse.errors {
        let line = text.get(..error.span.start as usize).map_or(0, |before| before.matches('\n').count() + 1);
        println!("{path}:{line}: {:?} {:?} {}", error.kind, error.span, error.message);
    }
}
