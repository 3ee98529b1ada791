//! Properties over generated programs.

use crate::generator::program;
use crate::properties::check;

/// How many programs are tried; `HOOKC_FORMAT_PROGRAMS` asks for more.
fn programs() -> u64 {
    std::env::var("HOOKC_FORMAT_PROGRAMS").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

#[test]
fn generated_programs_keep_their_meaning_and_comments() {
    for seed in 0..programs() {
        check(&program(seed), &format!("program {seed}"));
    }
}

#[test]
fn what_is_formatted_does_not_depend_on_indentation() {
    for seed in 0..programs() / 4 {
        let formatted = check(&program(seed), &format!("program {seed}"));
        if !formatted.contains("\"\"\"") && !formatted.contains("'''") {
            let indented: String = formatted.lines().map(|line| format!("   {line}  \n")).collect();
            assert_eq!(check(&indented, &format!("program {seed}, indented")), formatted);
        }
    }
}
