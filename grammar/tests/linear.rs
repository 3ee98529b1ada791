//! Time in proportion to the text: counted in the parser's calls and in the scanner's own time, at n, 2n and 4n.
//!
//! The call limit of the parser holds for the whole process, so these tests are a binary of their own.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use hookc_grammar::parse;

static ALONE: Mutex<()> = Mutex::new(());

const FAMILIES: [(&str, &str, &str); 24] = [
    ("unclosed calls", "const a = f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(\n", ""),
    ("trailing commas", "const a = f(f(f(f(f(f(f(f(f(f(f(f(1,),),),),),),),),),),),)\n", ""),
    ("trailing commas in lists", "const a = [[[[[[[[[[[[1,],],],],],],],],],],],]\n", ""),
    ("junk in brackets", "const a = f(f(f(f(f(f(1 2, = 3) 4) 5) 6) 7) 8)\n", ""),
    ("holes", "const a = \"${f(\"${g(\"${h(\"${i}\")}\")}\")}\"\n", ""),
    ("open holes", "const a = \"${ \"${ \"${ \"${ \"${ \"${\n", ""),
    ("open holes on one line", "\"${ ", "\n"),
    ("open strings", "const a = \"\n", ""),
    ("triple quotes", "const a = \"\"\"\n", ""),
    ("open triple holes", "const a = \"\"\"${\n", ""),
    ("triple holes on one line", "\"\"\"${ ", ""),
    ("escaped triple quotes", "\\\"\"\"", ""),
    ("half-typed ops", "job j() {\n  op x =\n  op y = f(\n", ""),
    ("open blocks", "job j() {\n  op x = f() {\n", ""),
    ("closing braces", "}", ""),
    ("opening braces", "{", ""),
    ("comments before a clause", "// comment\n", ""),
    ("documentation", "/// line\n", ""),
    ("unknown characters", "#@§", ""),
    ("words", "a b c d ", ""),
    ("ops", "  op x = f(a: 1, b: \"c\") when a.b > 1 && c after d { retry 1 }\n", "}"),
    ("long list", "1, ", ""),
    ("long name", "name", ""),
    ("digits", "1234", ""),
];

fn text(family: (&str, &str, &str), times: usize) -> String {
    let before = match family.0 {
        "ops" => "job j() {\n",
        "long list" => "const a = [",
        "comments before a clause" => "job j() {\n  op x = f()\n",
        _ => "",
    };
    format!("{before}{}{}", family.1.repeat(times), family.2)
}

#[test]
fn the_parser_makes_a_bounded_number_of_calls_for_each_byte() {
    let _alone = ALONE.lock();
    for family in FAMILIES {
        for times in [50, 100, 200] {
            let text = text(family, times);
            pest::set_call_limit(NonZeroUsize::new(100 * text.len() + 10_000));
            let parse = parse(&text);
            let stopped = parse.errors.iter().any(|error| error.message == "invalid syntax");
            assert!(!stopped, "{} at {times}", family.0);
        }
    }
    pest::set_call_limit(None);
}

#[test]
fn depth_costs_no_more_than_length() {
    let _alone = ALONE.lock();
    let forms: [(&str, &str); 9] = [
        ("f(", ",)"),
        ("[", ",]"),
        ("{ a: ", ",}"),
        ("(", ")"),
        ("f(x, ", " 1)"),
        ("[1, ", " 2"),
        ("a[", ""),
        ("\"${", " }\""),
        ("(a ? ", " : b)"),
    ];
    for (open, close) in forms {
        let text = format!("const a = {}1{}", open.repeat(120), close.repeat(120));
        pest::set_call_limit(NonZeroUsize::new(100 * text.len() + 10_000));
        let stopped = parse(&text).errors.iter().any(|error| error.message == "invalid syntax");
        assert!(!stopped, "{open} {close}");
    }
    pest::set_call_limit(None);
}

#[test]
fn four_times_the_text_takes_about_four_times_as_long() {
    let _alone = ALONE.lock();
    for family in FAMILIES {
        let measure = |times: usize| {
            let text = text(family, times);
            let once = || {
                let start = Instant::now();
                parse(&text);
                start.elapsed()
            };
            (0..3).map(|_| once()).min().unwrap_or_default()
        };
        let (one, four) = (measure(400), measure(1_600));
        // Sixteen times would be a square; the slack is for a busy machine.
        assert!(four < one * 10 + Duration::from_millis(40), "{}: {one:?}, then {four:?}", family.0);
    }
}
