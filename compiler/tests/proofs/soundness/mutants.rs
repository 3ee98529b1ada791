//! Programs that are accepted, with one mistake put in: none is.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::program::{self, Program};
use super::{accepted, lowered};
use crate::generator::rng::Rng;

/// The mutants of each program.
const MUTANTS: usize = 8;
/// From so many mutants on, every kind of mistake must have been met.
const MANY: usize = 20_000;

/// What few programs have: a mistake there is tried more often than the others.
const RARE: &[&str] = &["payload.", "output.s0", " modify mend_in_look_up("];

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
    "[{ \"a\": 1 }].exists(v, v.nothing)",
    "payload.nothing",
    "event.nothing",
];

/// Words, those that are wrong in their place, and what must also be in the program for that; behind `job:`, in a job.
type Swap = (&'static str, &'static str, &'static str);

const ANYWHERE: &[Swap] = &[
    (", maybe: ", ", maybe: null, maybe: ", ""),
    ("  op main_1 = ", "  op main_0 = ", ""),
    ("component c1(", "component c0(", ""),
    ("enum Tier { small", "enum Tier { small, small", ""),
    ("    retry 2 when ", "    timeout 1s\n    timeout 2s\n    retry 2 when ", ""),
    ("    retry 2 when ", "    retry \"2\" when ", ""),
    ("    allow failure", "    allow success", ""),
    (") -> (o0: ", ") -> (o0: int, o0: ", ""),
    (" for x in ", " for x in 7 + ", ""),
    ("on overdue(1h)", "on overdue(7)", ""),
    ("on overdue(1h)", "on overdue", ""),
    ("    on succeeded", "    on succeded", ""),
    ("    on failed", "    on fail", ""),
    // Reads of what is not there on this event.
    ("    on start when ", "    on start when outputs.o0 != null && ", ""),
    ("    on skipped run tell(text: ", "    on skipped run tell(text: \"${inputs.p0}\" + ", ""),
    ("    on upstream_failed run tell(text: ", "    on upstream_failed run tell(text: \"${op.started_at}\" + ", ""),
    ("    on stopped run tell(text: ", "    on stopped run tell(text: \"${outputs.o0}\" + ", ""),
    ("    on failed run tell(text: ", "    on failed run tell(text: \"${outputs.o0}\" + ", ""),
    ("    on succeeded run tell(text: ", "    on succeeded run tell(text: error.message + ", ""),
    ("    on retrying run tell(text: ", "    on retrying run tell(text: \"${op.status}\" + ", ""),
    ("    on succeeded run tell(text: ", "    on succeeded run tell(text: payload.q0 + ", ""),
    ("    on done run tell(text: ", "    on done run tell(text: tool.name + ", ""),
    // Records.
    ("record Point { x: int", "record Point { x: int, x: int", ""),
    ("record Span { a: int", "record Span { a: Span", ""),
    (".tags", ".tegs", ""),
    (".note", ".nota", ""),
    ("Tier.small", "Tier.smal", ""),
    // Rules.
    (" where ", " where \"x\" && ", ""),
    (" where ", " where outputs.o0 == ", ""),
    // Constants and conditions.
    ("const n0: ", "const n0: Nothing_", ""),
    ("const n0: ", "const n1: int = 1\nconst n0: ", "const n1: "),
    ("const n0: ", "condition n0(b: bool) = b\nconst n0: ", ""),
    ("condition k0(", "condition k0(b0: int, ", ""),
    ("condition k0(", "condition size(b: bool) = b\ncondition k0(", ""),
    // Agents and tools.
    ("agent helper(", "component helper(", ""),
    ("  exec [\"agent\"]\n", "", ""),
    ("  exec [\"agent\"]\n", "  http GET \"https://example.org\"\n", ""),
    ("tools [look_up, write_down]", "tools [look_up, write_dawn]", ""),
    ("tools [look_up, write_down]", "tools [look_up, \"write_down\"]", ""),
    ("tools [look_up, write_down]", "tools look_up", ""),
    ("  model \"large\"", "  model \"large\"\n  model \"small\"", ""),
    ("on tool_end", "on tool_and", ""),
    ("on step_start", "on step_begin", ""),
    ("payload.q0", "payload.q9", ""),
    ("payload.q0", "payloads.q0", ""),
    ("output.s0", "output.q0", ""),
    ("step.number", "step.count", ""),
    ("tool.name", "tool.label", ""),
    ("session.id", "session.name", ""),
    // Gates.
    (" modify mend_in_", " modify mend_out_", ""),
    (" modify mend_in_", " require mend_out_of_", ""),
    (" modify mend_", " modify tell(text: \"x\") // ", ""),
    ("on succeeded run tell(", "on succeeded require tell(", ""),
    ("on failed run tell(", "on failed modify tell(", ""),
    ("on step_start warn ", "on step_start modify tell(text: \"x\") //", ""),
    // Hooks to reuse.
    ("    use r0(", "    use r9(", ""),
    ("    use r0(", "    use tell(", ""),
    ("    use r0(b0: ", "    use r0(c0: ", ""),
    ("    use r0(b0: ", "    use r0(b00: 1, b0: ", ""),
    ("hook r0(b0: ", "hook r0(more: int, b0: ", "use r0("),
    (") for op ", ") for ops ", ""),
    (") for agent ", ") for agents ", ""),
    (") as u1\n", ") as u2\n    use r0(b0: tell) as u2\n", ""),
    // Connections and profiles.
    ("connection conn: Conn", "connection conn: Point", ""),
    ("connection conn: Conn", "connection conn: string", ""),
    ("connection conn: Conn = { ", "connection conn: Conn = { more: 1, ", ""),
    ("key: secret(\"KEY\")", "key: \"KEY\"", ""),
    ("key: secret(\"KEY\")", "key: secret(KEY)", ""),
    ("via: conn", "via: con", ""),
    ("via: conn", "via: \"conn\"", ""),
    ("via: conn", "via: { label: \"x\" }", ""),
    ("conn.label", "conn.lable", ""),
    ("conn.label", "conn.key", ""),
    ("profile dev { connection conn", "profile dev { connection con", ""),
    ("profile dev { connection conn", "profile dev { connection conn = mock connection conn", ""),
    ("mock send (ok: true)", "mock send (ok: 1)", ""),
    ("mock send (ok: true)", "mock tell (ok: true)", ""),
    ("mock send (ok: true)", "mock", "job:(via: conn"),
    // Triggers.
    ("event.body", "event.bodies", ""),
    ("event.body.x", "event.body.y", ""),
    ("event.scheduled_at", "event.path", ""),
    ("event.job.id", "event.job.number", ""),
    ("schedule(\"0 2 * * *\"", "schedule(\"0 25 * * *\"", ""),
    ("timezone: \"Europe/Berlin\"", "timezone: \"Europe/Bern\"", ""),
    ("body: Point", "body: Tier", ""),
    ("secret: secret(\"HOOK\")", "secret: \"HOOK\"", ""),
    ("after(first, done)", "after(firsd, done)", ""),
    ("after(first, done)", "after(first, ended)", ""),
    ("watch(\"in/*.csv\")", "watch(7)", ""),
    (" with (", " with (nothing: 1, ", ""),
];

/// Behind the head of the first job: elsewhere a name that is changed is another program, and may be a good one.
const IN_JOBS: &[Swap] = &[
    ("(p0: ", "(q0: ", ""),
    (", link: \"", ", lync: \"", ""),
    ("run tell(", "run toll(", ""),
    ("tell(text: ", "tell(message: ", ""),
    ("tell(text: ", "tell(n: 1, text2: ", ""),
    ("run tell(text: ", "run tell(\"x\", text: ", ""),
    (", maybe: ", ", perhaps: ", ""),
    ("on failed", "on faild", ""),
    ("outputs (y0: ", "outputs (z0: ", ""),
    ("op main_0 = c", "op main_0 = d", ""),
    ("status(main_", "status(mane_", ""),
    ("after main_", "after mane_", ""),
    ("after any main_", "after any mane_", ""),
    ("-> (o0: list<int>", "-> (o0: lust<int>", ""),
    ("on tool_start(look_up)", "on tool_start(look_op)", ""),
    ("on tool_start(look_up)", "on tool_start(tell)", ""),
    ("on tool_end(write_down)", "on tool_end(\"write_down\")", ""),
    ("k0(b0: ", "k0(c0: ", ""),
    ("k0(b0: ", "k0(b0: nothing_of_the_kind == ", ""),
    (" modify mend_in_look_up(n: ", " modify mend_in_look_up(n: \"x\" + ", ""),
    (" modify mend_in_c0(n: ", " modify mend_in_c0(m: 1, n: ", ""),
    ("inputs.p0", "inputs.p9", ""),
    ("{ x: ", "{ y: ", ""),
    ("send(via: conn, text: ", "send(text: ", ""),
    ("send(via: conn, text: ", "send(via: conn, text: secret(\"S\") + ", ""),
];

/// Where the bodies of jobs begin.
fn jobs(text: &str) -> usize {
    text.find("\njob ").and_then(|job| Some(job + text[job..].find("{\n")?)).unwrap_or(text.len())
}

/// What can be put into a text: each with the place from which on it counts.
fn fitting(text: &str) -> Vec<(Swap, usize)> {
    let jobs = jobs(text);
    let all = ANYWHERE.iter().map(|swap| (*swap, 0)).chain(IN_JOBS.iter().map(|swap| (*swap, jobs)));
    let has = |needs: &str| match needs.strip_prefix("job:") {
        // A reusable hook that nothing uses needs nothing.
        Some(needs) => text[jobs..].contains(needs),
        None => text.contains(needs),
    };
    all.filter(|((from, _, needs), start)| text[*start..].contains(from) && has(needs)).collect()
}

/// The text with one of these words replaced.
fn replaced(rng: &mut Rng, text: &str, (from, to, _): Swap, start: usize) -> String {
    let places: Vec<usize> = text[start..].match_indices(from).map(|(at, _)| start + at).collect();
    let at = rng.pick(&places);
    [&text[..at], to, &text[at + from.len()..]].concat()
}

/// A text with a mistake, and the mistake.
fn mutant(rng: &mut Rng, program: &Program, text: &str, swaps: &[(Swap, usize)]) -> (String, &'static str) {
    if rng.chance(35) {
        let (_, sites) = program.text();
        let (wrong, place) = (rng.pick(WRONG), &sites[rng.below(sites.len())]);
        return ([&text[..place.start], wrong, &text[place.end..]].concat(), wrong);
    }
    let rare: Vec<_> = swaps.iter().filter(|((from, ..), _)| RARE.iter().any(|rare| from.starts_with(rare))).collect();
    let (swap, start) = if !rare.is_empty() && rng.chance(20) { *rng.pick(&rare) } else { rng.pick(swaps) };
    (replaced(rng, text, swap, start), swap.1)
}

#[test]
fn a_program_with_a_mistake_is_never_accepted() {
    let (failures, met) = (Mutex::new(BTreeMap::new()), Mutex::new(BTreeMap::<&str, usize>::new()));
    let wanted = crate::programs(200);
    // Some programs are given up before they have mutants.
    crate::for_each_seed(wanted / MUTANTS * 10 / 9 + 8, |seed| {
        let mut rng = Rng::new(seed ^ 0x3b0b_0000_0000);
        let mut program = program::program(&mut rng);
        if accepted(&mut program).is_err() {
            return;
        }
        let (text, _) = program.text();
        let swaps = fitting(&text);
        for _ in 0..MUTANTS {
            let (changed, mistake) = mutant(&mut rng, &program, &text, &swaps);
            *met.lock().unwrap().entry(mistake).or_default() += 1;
            let refused = lowered(&changed, program.profile)
                .is_err_and(|told| told.iter().any(|diagnostic| diagnostic.is_error()));
            if !refused {
                let message = format!("seed {seed}: accepted with {mistake}\n{changed}");
                failures.lock().unwrap().entry(mistake).or_insert((changed.len(), message));
            }
        }
    });
    crate::expressions::report(failures.into_inner().unwrap().into_values().collect());
    let met = met.into_inner().unwrap();
    let tried: usize = met.values().sum();
    assert!(tried >= wanted, "only {tried} mistakes were tried");
    let all = ANYWHERE.iter().chain(IN_JOBS).map(|swap| swap.1).chain(WRONG.iter().copied());
    let missed: Vec<&str> = all.filter(|mistake| tried > MANY && !met.contains_key(mistake)).collect();
    assert!(missed.is_empty(), "never tried: {missed:#?}");
}
