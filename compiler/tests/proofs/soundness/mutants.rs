//! Programs that are accepted, with one mistake put in: none is.

use std::sync::Mutex;

use hookc_compiler::Severity;

use super::program::{self, Program};
use super::{accepted, lowered};
use crate::generator::rng::Rng;

/// One mistake in a text; `None` where the text has no place for it.
type Mutation = fn(&mut Rng, &Program, &str) -> Option<(String, &'static str)>;

const MUTATIONS: &[Mutation] = &[expression, renamed, left_out, twice, wrong_words, unguarded];

/// Expressions that are wrong wherever they stand in these programs: no input or message there takes them.
const WRONG: &[&str] = &[
    "nothing_of_the_kind",
    "tell",
    "tell(text: \"x\", maybe: null)",
    "secret(\"S\")",
    "[1, \"a\"]",
    "1 + 1.0",
    "!7",
    "null + 1",
    "{ \"a\": 1 }.b.c",
    "Tier.huge",
    "status(\"main_0\")",
    "\"${null}\"",
    "size(1)",
    "\"a\".matches(string(1))",
    "1 < 2 < 3",
];

fn expression(rng: &mut Rng, program: &Program, _: &str) -> Option<(String, &'static str)> {
    let (text, sites) = program.text();
    let wrong = rng.pick(WRONG);
    let place = &sites[rng.below(sites.len())];
    Some(([&text[..place.start], wrong, &text[place.end..]].concat(), wrong))
}

/// A random place of some words, and the text with others there.
fn replaced(rng: &mut Rng, text: &str, from: &str, to: &str) -> Option<String> {
    let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
    if places.is_empty() {
        return None;
    }
    let at = rng.pick(&places);
    Some([&text[..at], to, &text[at + from.len()..]].concat())
}

/// A name that nothing has, at the use of one that is there.
fn renamed(rng: &mut Rng, _: &Program, text: &str) -> Option<(String, &'static str)> {
    let (from, to) = rng.pick(&[
        ("(p0: ", "(q0: "),
        (", link: \"", ", lync: \""),
        ("run tell(", "run toll("),
        ("tell(text: ", "tell(message: "),
        (", maybe: ", ", perhaps: "),
        ("on failed", "on faild"),
        ("outputs (y0: ", "outputs (z0: "),
        ("op main_0 = c", "op main_0 = d"),
        ("status(main_", "status(mane_"),
        ("after main_", "after mane_"),
        ("-> (o0: list<int>", "-> (o0: lust<int>"),
    ]);
    // A declaration's own inputs are not renamed: that is another program, and may be a good one.
    let start = text.find("job ")?;
    let changed = replaced(rng, &text[start..], from, to)?;
    Some((format!("{}{changed}", &text[..start]), to))
}

/// A required argument that is not given.
fn left_out(rng: &mut Rng, _: &Program, text: &str) -> Option<(String, &'static str)> {
    let start = text.find("tell(text: ")? + 1;
    let from = rng.pick(&["tell(text: ", "run tell("]);
    let to = if from == "run tell(" { "run tell(\"x\", " } else { "tell(n: 1, text2: " };
    let changed = replaced(rng, &text[start..], from, to)?;
    Some((format!("{}{changed}", &text[..start]), "an argument left out"))
}

/// A thing that is given or declared twice.
fn twice(rng: &mut Rng, _: &Program, text: &str) -> Option<(String, &'static str)> {
    let (from, to) = rng.pick(&[
        (", maybe: ", ", maybe: null, maybe: "),
        ("  op main_1 = ", "  op main_0 = "),
        ("component c1(", "component c0("),
        ("enum Tier { small", "enum Tier { small, small"),
        ("    retry 2 when ", "    timeout 1s\n    timeout 2s\n    retry 2 when "),
        (") -> (o0: ", ") -> (o0: int, o0: "),
    ]);
    Some((replaced(rng, text, from, to)?, to))
}

/// An event, verb or setting where it does not belong.
fn wrong_words(rng: &mut Rng, _: &Program, text: &str) -> Option<(String, &'static str)> {
    let (from, to) = rng.pick(&[
        ("    on succeeded", "    on succeded"),
        ("    on failed", "    on fail"),
        ("    on done", "    on ended"),
        ("    retry 2 when ", "    retry \"2\" when "),
        ("    allow failure", "    allow success"),
        (" for x in ", " for x in 7 + "),
        ("on overdue(1h)", "on overdue(7)"),
        ("on overdue(1h)", "on overdue"),
    ]);
    let changed = replaced(rng, text, from, to)?;
    Some((changed, to))
}

/// A read of an output that is not there on this event.
fn unguarded(rng: &mut Rng, _: &Program, text: &str) -> Option<(String, &'static str)> {
    let (from, to) = rng.pick(&[
        ("    on start when ", "    on start when outputs.o0 != null && "),
        ("    on skipped run tell(text: ", "    on skipped run tell(text: \"${inputs.p0}\" + "),
        ("    on upstream_failed run tell(text: ", "    on upstream_failed run tell(text: \"${op.started_at}\" + "),
        ("    on stopped run tell(text: ", "    on stopped run tell(text: \"${outputs.o0}\" + "),
        ("    on failed run tell(text: ", "    on failed run tell(text: \"${outputs.o0}\" + "),
        ("    on succeeded run tell(text: ", "    on succeeded run tell(text: error.message + "),
        ("    on retrying run tell(text: ", "    on retrying run tell(text: \"${op.status}\" + "),
    ]);
    Some((replaced(rng, text, from, to)?, to))
}

#[test]
fn a_program_with_a_mistake_is_never_accepted() {
    let (failures, tried) = (Mutex::new(Vec::new()), std::sync::atomic::AtomicUsize::new(0));
    crate::for_each_seed(crate::programs(200) / 4, |seed| {
        let mut rng = Rng::new(seed ^ 0x3b0b_0000_0000);
        let mut program = program::program(&mut rng);
        if accepted(&mut program).is_err() {
            return;
        }
        let (text, _) = program.text();
        for _ in 0..12 {
            let mutation = rng.pick(MUTATIONS);
            let Some((changed, mistake)) = mutation(&mut rng, &program, &text) else {
                continue;
            };
            tried.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let refused = lowered(&changed, program.profile)
                .is_err_and(|told| told.iter().any(|diagnostic| diagnostic.severity == Severity::Error));
            if !refused {
                let message = format!("seed {seed}: accepted with {mistake}\n{changed}");
                failures.lock().unwrap().push((changed.len(), message));
            }
        }
    });
    crate::expressions::report(failures.into_inner().unwrap());
    assert!(tried.into_inner() >= crate::programs(200), "too few mistakes were tried");
}
