//! Results for programs: an object a line, each test first, the numbers last.

use hookc_plan::Span;
use hookc_runtime::{Evaluated, Problem};
use serde::Serialize;

use super::plan_location::PlanLocation;
use super::{Outcome, coverage};
use crate::exit::Failure;
use crate::formats::escape_hidden;
use crate::reported_files::ReportedFiles;

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Test {
        title: &'a str,
        job: &'a str,
        file: &'a str,
        line: u32,
        status: &'static str,
        problems: Vec<ProblemLine<'a>>,
    },
    /// A file whose tests are not played: it has errors.
    Broken {
        file: &'a str,
    },
    Coverage(&'a coverage::Coverage),
    Summary {
        passed: usize,
        failed: usize,
        left_out: usize,
    },
}

#[derive(Serialize)]
struct ProblemLine<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: JsonPosition<'a>,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    conditions: Vec<Condition<'a>>,
}

#[derive(Serialize)]
struct Condition<'a> {
    source: &'a str,
    #[serde(flatten)]
    place: JsonPosition<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<u32>,
    value: &'a str,
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    #[serde(flatten)]
    place: JsonPosition<'a>,
    text: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct JsonPosition<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

pub(super) fn text(outcome: &Outcome, with_coverage: bool) -> Result<String, Failure> {
    let mut text = String::new();
    for file in &outcome.files {
        for played in &file.played {
            let at = place(&file.files, played.test.span);
            push(
                &mut text,
                &Line::Test {
                    title: &played.test.title,
                    job: &played.test.job,
                    file: at.file,
                    line: at.line,
                    status: if played.report.passed() { "passed" } else { "failed" },
                    problems: played.report.problems.iter().map(|problem| problem_line(&file.files, problem)).collect(),
                },
            )?;
        }
    }
    for file in &outcome.broken {
        push(&mut text, &Line::Broken { file })?;
    }
    if with_coverage {
        push(&mut text, &Line::Coverage(&coverage::of(&outcome.files)))?;
    }
    push(&mut text, &Line::Summary { passed: outcome.passed(), failed: outcome.failed(), left_out: outcome.left_out })?;
    Ok(text)
}

fn push(text: &mut String, line: &Line<'_>) -> Result<(), Failure> {
    let line = serde_json::to_string(line).map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
    text.push_str(&escape_hidden(line));
    text.push('\n');
    Ok(())
}

fn place(files: &ReportedFiles, span: Span) -> JsonPosition<'_> {
    let at = PlanLocation::new(files, span);
    let (line, column) = at.begin();
    JsonPosition { file: &at.file.shown, line, column }
}

fn problem_line<'a>(files: &'a ReportedFiles, problem: &'a Problem) -> ProblemLine<'a> {
    ProblemLine {
        message: &problem.message,
        place: place(files, problem.span),
        notes: &problem.notes,
        help: problem.help.as_deref(),
        conditions: problem.conditions.iter().map(|found| condition(files, found)).collect(),
    }
}

fn condition<'a>(files: &'a ReportedFiles, condition: &'a Evaluated) -> Condition<'a> {
    let part = |part: &'a hookc_runtime::Part| Part {
        place: place(files, part.span),
        text: PlanLocation::new(files, part.span).text(),
        value: &part.value,
    };
    Condition {
        source: &condition.source,
        place: place(files, condition.span),
        item: condition.item,
        value: &condition.value,
        parts: condition.parts.iter().map(part).collect(),
    }
}
