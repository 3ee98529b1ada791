//! How fast one condition is evaluated, and how fast it is read and checked, beside the `cel` crate and minijinja.
//!
//! All are linked into one program, with one allocator, and measured in turn. First, all must give the same answers.
//! `--json` prints JSON, `--rounds N` measures N rounds.

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

mod clock;
mod condition;
mod others;
mod ours;
mod report;

use std::error::Error;

use clock::{Case, Task, measure};
use condition::{CONTROLS, MEASURED};
use hookc_compiler::ExprScope;
use minijinja::Environment;
use others::{Cel, Minijinja};
use ours::Ours;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 101;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (json, rounds) = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => (false, ROUNDS),
        ["--json"] => (true, ROUNDS),
        ["--rounds", rounds] => (false, rounds.parse()?),
        ["--json", "--rounds", rounds] | ["--rounds", rounds, "--json"] => (true, rounds.parse()?),
        _ => return Err("usage: hookc-bench-conditions [--json] [--rounds N]".into()),
    };
    let environment = Environment::new();
    agree(&environment)?;

    let (ours, cel, minijinja) = (Ours::new(MEASURED)?, Cel::new(MEASURED)?, Minijinja::new(&environment, MEASURED)?);
    let variables = ours::variables();
    let checked = ours::checked()?;
    let mut scope = ExprScope::new(&variables).map_err(|errors| format!("{errors:?}"))?;
    let mut cases = [
        case(Task::Evaluate, "hookc", 100_000, || ours.holds() == Some(true)),
        case(Task::Evaluate, "hookc, variables found by name", 30_000, || ours.holds_in_context() == Some(true)),
        case(Task::Evaluate, "cel", 10_000, || cel.holds() == Some(true)),
        case(Task::Evaluate, "minijinja", 10_000, || minijinja.holds() == Some(true)),
        case(Task::Read, "hookc: parse", 1_000, ours::parse),
        case(Task::Read, "hookc: parse and check", 1_000, || ours::parse_and_check(&mut scope)),
        case(Task::Read, "hookc: declare ten variables, parse and check", 300, || ours::declare_and_check(&variables)),
        case(Task::Read, "hookc: make a checked one ready", 5_000, || ours::make_ready(&checked)),
        case(Task::Read, "cel: parse", 100, others::parse_cel),
        case(Task::Read, "minijinja: parse and make ready", 2_000, || others::parse_minijinja(&environment)),
    ];
    let costs = measure(&mut cases, rounds)?;
    if json {
        println!("{}", report::json(&cases, &costs, rounds));
    } else {
        print!("{}", report::table(&cases, &costs, rounds));
    }
    Ok(())
}

/// Checks that all give the same answers.
fn agree(environment: &Environment<'_>) -> Result<(), Box<dyn Error>> {
    for input in CONTROLS {
        let ours = Ours::new(input)?;
        let answers = [
            ours.holds(),
            ours.holds_in_context(),
            Cel::new(input)?.holds(),
            Minijinja::new(environment, input)?.holds(),
        ];
        if answers != [Some(input.holds); 4] {
            return Err(format!("they do not agree, and should say {}: {answers:?}", input.holds).into());
        }
    }
    Ok(())
}

/// A case that repeats one thing, which returns whether it succeeded.
fn case<'a>(task: Task, name: &'static str, turns: u32, mut once: impl FnMut() -> bool + 'a) -> Case<'a> {
    let run = move |turns| match (0..turns).all(|_| once()) {
        true => Ok(()),
        false => Err(format!("`{name}` gives a wrong result")),
    };
    Case { task, name, turns, run: Box::new(run) }
}
