//! One JSON object for each diagnostic and line, as `hookc schema diagnostics` describes it.

use hookc_compiler::{Fix, Label};
use serde::Serialize;

use crate::exit::Failure;
use crate::line_index::LineColumn;
use crate::reported_files::Finding;

pub(super) fn text(findings: &[Finding]) -> Result<String, Failure> {
    let mut text = String::new();
    for finding in findings {
        text.push_str(&super::json_line(&Object::new(finding))?);
        text.push('\n');
    }
    Ok(text)
}

#[derive(Serialize)]
struct Object<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    range: Range<'a>,
    labels: Vec<Note<'a>>,
    help: Option<&'a str>,
    fixes: Vec<JsonFix<'a>>,
}

#[derive(Serialize)]
struct Range<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

/// From 1, in characters.
#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Note<'a> {
    message: &'a str,
    #[serde(flatten)]
    range: Range<'a>,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    text: &'a str,
}

impl<'a> Object<'a> {
    fn new(finding: &'a Finding) -> Object<'a> {
        let diagnostic = &finding.diagnostic;
        let labels =
            std::iter::once(&diagnostic.primary).filter(|label| !label.text.is_empty()).chain(&diagnostic.labels);
        Object {
            code: diagnostic.code.id,
            severity: diagnostic.severity.word(),
            message: &diagnostic.message,
            range: range(finding, diagnostic.file(), diagnostic.span()),
            labels: labels
                .map(|label: &Label| Note {
                    message: &label.text,
                    range: range(finding, label.place.file, label.place.span),
                })
                .collect(),
            help: diagnostic.help.as_deref(),
            fixes: diagnostic.fixes.iter().map(|fix| change(finding, fix)).collect(),
        }
    }
}

fn change<'a>(finding: &'a Finding, fix: &'a Fix) -> JsonFix<'a> {
    let edits =
        fix.edits.iter().map(|edit| Replacement { range: range(finding, edit.file, edit.span), text: &edit.text });
    JsonFix { title: &fix.title, edits: edits.collect() }
}

fn range(finding: &Finding, file: hookc_compiler::FileId, span: hookc_grammar::Span) -> Range<'_> {
    let file = finding.files.file(file);
    let (start, end) = file.places(span);
    let point = |place: LineColumn| Point { line: place.line, column: place.column };
    Range { file: &file.shown, start: point(start), end: point(end) }
}
