//! Results as JUnit's XML, which CI servers read: a suite for each file, a case for each test.

use std::fmt::Write as _;

use super::plan_location::PlanLocation;
use super::{File, Outcome, Played, human};

pub(super) fn text(outcome: &Outcome) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (tests, failures, errors) = (outcome.all().count(), outcome.failed(), outcome.broken.len());
    // Writing to a string cannot fail.
    let _ = writeln!(text, "<testsuites name=\"hookc\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">");
    for file in &outcome.files {
        suite(&mut text, file);
    }
    for shown in &outcome.broken {
        broken(&mut text, shown);
    }
    text.push_str("</testsuites>\n");
    text
}

/// A file whose tests are not played.
fn broken(text: &mut String, shown: &str) {
    let name = escaped(shown);
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n    \
         <testcase name=\"the source\" classname=\"{name}\" file=\"{name}\" time=\"0\">\n      \
         <error message=\"the source has errors\"/>\n    </testcase>\n  </testsuite>"
    );
}

fn suite(text: &mut String, file: &File) {
    let failures = file.played.iter().filter(|played| !played.report.passed()).count();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">",
        escaped(&file.shown),
        file.played.len()
    );
    for played in &file.played {
        case(text, played, file);
    }
    text.push_str("  </testsuite>\n");
}

fn case(text: &mut String, played: &Played, file: &File) {
    let (line, _) = PlanLocation::new(&file.files, played.test.span).begin();
    let job = played.plan.jobs.get(&played.test.job).map_or(&played.test.job, |job| &job.name);
    let _ = write!(
        text,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{line}\" time=\"0\"",
        escaped(&played.test.title),
        escaped(job),
        escaped(&file.shown)
    );
    if played.report.passed() {
        text.push_str("/>\n");
        return;
    }
    text.push_str(">\n");
    // Some readers take but one failure of a case.
    let mut problems = String::new();
    for problem in &played.report.problems {
        human::of_problem(&mut problems, problem, &file.files);
    }
    let problems = anstream::adapter::strip_str(&problems).to_string();
    let first = played.report.problems.first().map(|problem| problem.message.as_str());
    let _ = writeln!(
        text,
        "      <failure message=\"{}\">\n{}      </failure>",
        escaped(first.unwrap_or_default()),
        escaped(&problems)
    );
    text.push_str("    </testcase>\n");
}

/// Text for an attribute or an element. What XML has no form for is shown as U+FFFD.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
