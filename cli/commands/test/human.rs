//! Results for people: a line for each test, and below what does not hold all that decided it.

use std::fmt::Write as _;

use hookc_runtime::{Evaluated, Problem};

use super::place::At;
use super::{File, Outcome, Played, coverage};
use crate::batch::{Batch, plural};
use crate::output::{BOLD, CYAN, DIM, GREEN, RED};
use crate::sanitise::one_line;

/// The whole text; its last line is the numbers.
pub(super) fn text(outcome: &Outcome, with_coverage: bool) -> String {
    let mut text = String::new();
    for file in &outcome.files {
        of_file(&mut text, file);
    }
    if with_coverage {
        text.push_str(&coverage::text(&coverage::of(&outcome.files)));
    }
    let (passed, failed) = (outcome.passed(), outcome.failed());
    let style = if failed > 0 { RED } else { GREEN };
    let mut rest = Vec::new();
    if outcome.left_out > 0 {
        rest.push(format!("{} left out by the filter", outcome.left_out));
    }
    if !outcome.broken.is_empty() {
        rest.push(format!("{} with errors", plural(outcome.broken.len(), "file")));
    }
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!(" ({})", rest.join(", "))
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{style}{passed} passed, {failed} failed{style:#}{rest}");
    text
}

fn of_file(text: &mut String, file: &File) {
    if file.played.is_empty() {
        return;
    }
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}", one_line(&file.shown));
    for played in &file.played {
        of_test(text, played, &file.batch);
    }
    text.push('\n');
}

fn of_test(text: &mut String, played: &Played, batch: &Batch) {
    let title = one_line(&played.test.title);
    if played.report.passed() {
        let _ = writeln!(text, "  {GREEN}✓{GREEN:#} {title}");
        return;
    }
    let _ = writeln!(text, "  {RED}✗ {title}{RED:#}");
    for problem in &played.report.problems {
        of_problem(text, problem, batch);
    }
}

/// One problem, indented below its test. Also what JUnit shows.
pub(super) fn of_problem(text: &mut String, problem: &Problem, batch: &Batch) {
    let at = At::new(batch, problem.span);
    let (line, column) = at.begin();
    let _ = writeln!(text, "    {}", one_line(&problem.message));
    let _ = writeln!(
        text,
        "    {DIM}{}:{line}:{column}{DIM:#}  {}",
        one_line(&at.file.shown),
        one_line(at.line().trim())
    );
    for note in &problem.notes {
        let _ = writeln!(text, "      {}", one_line(note));
    }
    for condition in &problem.conditions {
        of_condition(text, condition, batch);
    }
    if let Some(help) = &problem.help {
        let _ = writeln!(text, "      {CYAN}help{CYAN:#}: {}", one_line(help));
    }
}

/// The lines that a condition is on; below each, the values of its parts under their places.
fn of_condition(text: &mut String, condition: &Evaluated, batch: &Batch) {
    let whole = hookc_runtime::Part {
        span: condition.span,
        value: condition.value.clone(),
    };
    if let Some(item) = condition.item {
        let _ = writeln!(text, "      item {item}:");
    }
    let mut lines: Vec<((u32, u32), Vec<&hookc_runtime::Part>)> = Vec::new();
    for part in std::iter::once(&whole).chain(condition.parts.iter().rev()) {
        let key = (part.span.0, At::new(batch, part.span).begin().0);
        match lines.iter_mut().find(|(known, _)| *known == key) {
            Some((_, parts)) if parts.iter().any(|other| *other == part) => {}
            Some((_, parts)) => parts.push(part),
            None => lines.push((key, vec![part])),
        }
    }
    for ((_, number), mut parts) in lines {
        // The outermost first, then from left to right.
        parts.sort_by_key(|part| (std::cmp::Reverse(part.span.2 - part.span.1), part.span.1));
        let Some(first) = parts.first() else { continue };
        let at = At::new(batch, first.span);
        let indent = at.line().chars().take_while(|c| c.is_whitespace()).count();
        let head = format!("{}:{number}", one_line(&at.file.shown));
        let _ = writeln!(text, "      {DIM}{head} |{DIM:#} {}", one_line(at.line().trim()));
        let blank = " ".repeat(head.chars().count());
        for part in parts {
            let (before, length) = At::new(batch, part.span).columns();
            let (gap, marks) = (" ".repeat(before.saturating_sub(indent)), "^".repeat(length));
            let _ = writeln!(
                text,
                "      {DIM}{blank} |{DIM:#} {gap}{CYAN}{marks}{CYAN:#} {}",
                one_line(&part.value)
            );
        }
    }
}
