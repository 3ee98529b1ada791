//! Over generated programs: they check, they have a plan, and formatting changes nothing but the layout.

mod generator;

use hookc_compiler::Severity;
use hookc_plan::Plan;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::diagnostics::program::Program;

fn tapes() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(any::<u32>(), 0..2_000)
}

fn plan(text: &str) -> Plan {
    let program = Program::new(text);
    let (_, mut diagnostics) = program.diagnostics();
    // What is generated is sound, but seldom sensible: lints are welcome to say so.
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    assert!(diagnostics.is_empty(), "{diagnostics:?}\n{text}");
    program.lower().unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}\n{text}"))
}

fn formatted(text: &str) -> String {
    hookc_grammar::format(text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
}

/// The comments of a text, in order.
fn comments(text: &str) -> Vec<String> {
    let starts = text.match_indices("// c").map(|(at, _)| &text[at + 3..]);
    starts.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn programs_check_and_their_plans_are_read_again(tape in tapes()) {
        let program = generator::program(&tape);
        let first = plan(&program.text);
        let json = first.to_canonical_json();
        prop_assert_eq!(&json, &plan(&program.text).to_canonical_json());
        let read = Plan::from_json(json.as_bytes()).unwrap();
        prop_assert_eq!(read.to_canonical_json(), json);
        prop_assert_eq!(read.content_hash(), first.hash);
    }

    #[test]
    fn formatting_is_idempotent_keeps_comments_and_the_hash(tape in tapes()) {
        let program = generator::program(&tape);
        let once = formatted(&program.text);
        prop_assert_eq!(formatted(&once), once.clone());
        let wanted: Vec<String> = (1..=program.comments).map(|number| format!("c{number}")).collect();
        prop_assert_eq!(comments(&program.text), wanted.clone());
        prop_assert_eq!(comments(&once), wanted);
        prop_assert_eq!(plan(&program.text).hash, plan(&once).hash);
    }
}

/// The generator reaches what it is meant to.
#[test]
fn generated_programs_are_rich() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<String> =
        (0..200).map(|_| generator::program(&tapes().new_tree(&mut runner).unwrap().current()).text).collect();
    for word in [
        "// c9",
        " for item in xs",
        " when cond",
        " after op",
        "use high",
        "on end",
        "each op",
        "test \"",
        ".all(e,",
        "/// ",
    ] {
        let count = texts.iter().filter(|text| text.contains(word)).count();
        assert!(count >= 20, "only {count} of 200 programs have `{word}`");
    }
}
