//! `file:line:col: error[H0301] message`

use crate::reported_files::Finding;
use crate::sanitise::one_line;

pub(super) fn text(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let (file, place) = finding.at();
    let diagnostic = &finding.diagnostic;
    let (file, message) = (one_line(file), one_line(&diagnostic.message));
    format!(
        "{file}:{}:{}: {}[{}] {message}\n",
        place.line,
        place.column,
        diagnostic.severity.word(),
        diagnostic.code.id
    )
}
