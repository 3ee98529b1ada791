//! Workflow commands of GitHub Actions: `::error file=…,line=…::message`.
//!
//! Their own escapes keep a message from starting a command of its own.

use hookc_compiler::Severity;

use crate::reported_files::Finding;
use crate::sanitise::one_line;

pub(super) fn text(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let file = finding.home();
    let (start, end) = file.places(diagnostic.span());
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    // Columns are taken only where the place is on one line, and then the last is in it.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column.max(start.column + 1) - 1)
    } else {
        String::new()
    };
    let name = property(&file.shown);
    let title = property(&format!("{} {}", diagnostic.code.id, diagnostic.code.name));
    let message = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    format!(
        "::{command} file={name},line={},endLine={}{columns},title={title}::{}\n",
        start.line,
        end.line,
        data(&message)
    )
}

pub(crate) fn data(text: &str) -> String {
    let escaped: Vec<String> = text.lines().map(|line| one_line(line).replace('%', "%25")).collect();
    escaped.join("%0A")
}

pub(crate) fn property(text: &str) -> String {
    one_line(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
