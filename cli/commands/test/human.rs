//! Results for people: a line for each test, and below what does not hold all that decided it.

use std::fmt::Write as _;

use hookc_plan::Span;
use hookc_runtime::{Evaluated, Problem};

use super::plan_location::PlanLocation;
use super::{File, Outcome, Played, coverage};
use crate::output::{BOLD, CYAN, DIM, GREEN, RED};
use crate::reported_files::{ReportedFiles, plural};
use crate::sanitise::one_line;

/// How many values of one place are shown.
const MOST_VALUES: usize = 5;

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
    let rest = if rest.is_empty() { String::new() } else { format!(" ({})", rest.join(", ")) };
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
        of_test(text, played, &file.files);
    }
    text.push('\n');
}

fn of_test(text: &mut String, played: &Played, files: &ReportedFiles) {
    let title = one_line(&played.test.title);
    if played.report.passed() {
        let _ = writeln!(text, "  {GREEN}✓{GREEN:#} {title}");
        return;
    }
    let _ = writeln!(text, "  {RED}✗ {title}{RED:#}");
    for problem in &played.report.problems {
        of_problem(text, problem, files);
    }
}

/// One problem, indented below its test. Also what JUnit shows.
pub(super) fn of_problem(text: &mut String, problem: &Problem, files: &ReportedFiles) {
    let at = PlanLocation::new(files, problem.span);
    let (line, column) = at.begin();
    let _ = writeln!(text, "    {}", one_line(&problem.message));
    let _ = writeln!(
        text,
        "    {DIM}{}:{line}:{column}{DIM:#}  {}",
        one_line(&at.file.shown),
        one_line(&brief(at.line().trim()))
    );
    for note in &problem.notes {
        let _ = writeln!(text, "      {}", one_line(note));
    }
    for condition in &problem.conditions {
        of_condition(text, condition, files);
    }
    if let Some(help) = &problem.help {
        let _ = writeln!(text, "      {CYAN}help{CYAN:#}: {}", one_line(help));
    }
}

/// A line of a test, which a list in it may make long.
fn brief(line: &str) -> String {
    const LONGEST: usize = 120;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// The lines that a condition is on; below each, the values of its parts under their places.
fn of_condition(text: &mut String, condition: &Evaluated, files: &ReportedFiles) {
    for (key, mut marks) in lines(condition, files) {
        // The outermost first, then from left to right.
        marks.sort_by_key(|mark| (std::cmp::Reverse(mark.span.2 - mark.span.1), mark.span.1));
        let Some(first) = marks.first() else { continue };
        let at = PlanLocation::new(files, first.span);
        let indent = at.line().chars().take_while(|c| c.is_whitespace()).count();
        let head = format!("{}:{}", one_line(&at.file.shown), key.1);
        let _ = writeln!(text, "      {DIM}{head} |{DIM:#} {}", one_line(at.line().trim()));
        let blank = " ".repeat(head.chars().count());
        for mark in &marks {
            let (before, length) = PlanLocation::new(files, mark.span).columns();
            let (gap, carets) = (" ".repeat(before.saturating_sub(indent)), "^".repeat(length));
            let _ =
                writeln!(text, "      {DIM}{blank} |{DIM:#} {gap}{CYAN}{carets}{CYAN:#} {}", one_line(&mark.text()));
        }
    }
}

/// A place of a condition and its values there: several, where a macro goes over a list.
struct Mark<'a> {
    span: Span,
    values: Vec<&'a str>,
}

impl Mark<'_> {
    fn text(&self) -> String {
        let shown: Vec<&str> = self.values.iter().copied().take(MOST_VALUES).collect();
        let rest = self.values.len() - shown.len();
        match rest {
            0 => shown.join(", "),
            rest => format!("{}, … ({rest} more)", shown.join(", ")),
        }
    }
}

/// The file and the line of marks.
type Key = (u32, u32);

/// The lines that a condition is on, its own first.
fn lines<'a>(condition: &'a Evaluated, files: &ReportedFiles) -> Vec<(Key, Vec<Mark<'a>>)> {
    let mut lines: Vec<(Key, Vec<Mark<'a>>)> = Vec::new();
    let parts = condition.parts.iter().map(|part| (part.span, part.value.as_str()));
    for (span, value) in std::iter::once((condition.span, condition.value.as_str())).chain(parts) {
        let key = (span.0, PlanLocation::new(files, span).begin().0);
        let at = match lines.iter().position(|(known, _)| *known == key) {
            Some(at) => at,
            None => {
                lines.push((key, Vec::new()));
                lines.len() - 1
            }
        };
        let Some((_, marks)) = lines.get_mut(at) else { continue };
        match marks.iter_mut().find(|mark| mark.span == span) {
            Some(mark) if mark.values.last() == Some(&value) => {}
            Some(mark) => mark.values.push(value),
            None => marks.push(Mark { span, values: vec![value] }),
        }
    }
    lines
}
