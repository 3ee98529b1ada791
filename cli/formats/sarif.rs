//! SARIF 2.1.0: one run, a rule for each code that occurs, columns in code points.

use std::collections::BTreeSet;

use hookc_compiler::{Code, Fix, Severity};
use hookc_grammar::Span;
use serde_json::{Map, Value, json};

use crate::exit::Failure;
use crate::reported_files::{Finding, ReportedFile};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn text(findings: &[Finding]) -> Result<String, Failure> {
    let codes: BTreeSet<Code> = findings.iter().map(|finding| finding.diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let driver = json!({
        "name": "hookc",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
    });
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &codes)).collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    Ok(super::json_pretty(&document)? + "\n")
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": code.summary.trim() },
        "help": { "text": code.page(), "markdown": code.page() },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn result(finding: &Finding, codes: &[Code]) -> Value {
    let diagnostic = &finding.diagnostic;
    let message = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(diagnostic.code.id));
    result.insert("ruleIndex".to_owned(), json!(codes.iter().position(|code| *code == diagnostic.code)));
    result.insert("level".to_owned(), json!(level(diagnostic.severity)));
    result.insert("message".to_owned(), json!({ "text": message }));
    result.insert("locations".to_owned(), json!([{ "physicalLocation": location(finding.home(), diagnostic.span()) }]));
    if !diagnostic.labels.is_empty() {
        let related = diagnostic.labels.iter().enumerate().map(|(id, label)| {
            json!({ "id": id, "message": { "text": label.text }, "physicalLocation": location(finding.file(label), label.place.span) })
        });
        result.insert("relatedLocations".to_owned(), related.collect());
    }
    if !diagnostic.fixes.is_empty() {
        result.insert("fixes".to_owned(), diagnostic.fixes.iter().map(|fix| change(finding, fix)).collect());
    }
    Value::Object(result)
}

fn change(finding: &Finding, fix: &Fix) -> Value {
    let changes = fix.edits.iter().map(|edit| {
        let file = finding.files.file(edit.file);
        json!({
            "artifactLocation": { "uri": uri(&file.shown) },
            "replacements": [{ "deletedRegion": region(file, edit.span), "insertedContent": { "text": edit.text } }],
        })
    });
    json!({ "description": { "text": fix.title }, "artifactChanges": changes.collect::<Vec<_>>() })
}

fn location(file: &ReportedFile, span: Span) -> Value {
    json!({ "artifactLocation": { "uri": uri(&file.shown) }, "region": region(file, span) })
}

fn region(file: &ReportedFile, span: Span) -> Value {
    let (start, end) = file.places(span);
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A path as a reference: all but unreserved characters and `/` are escaped.
fn uri(path: &str) -> String {
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
