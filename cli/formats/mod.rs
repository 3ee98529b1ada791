//! Diagnostics for other programs. Each format is written by its own module, always from the same findings.

pub(crate) mod github;
mod json;
mod sarif;
mod short;

use clap::ValueEnum;

use crate::exit::Failure;
use crate::reported_files::Finding;

/// The formats of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With source text, for people
    Human,
    /// One line each: `file:line:col: error[H0301] message`
    Short,
    /// One JSON object each and line
    Json,
    /// One SARIF 2.1.0 document, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

impl Format {
    /// The whole text of a machine format; `None` for people's.
    pub(crate) fn text(self, findings: &[Finding]) -> Result<Option<String>, Failure> {
        Ok(match self {
            Format::Human => None,
            Format::Short => Some(short::text(findings)),
            Format::Json => Some(json::text(findings)?),
            Format::Sarif => Some(sarif::text(findings)?),
            Format::Github => Some(github::text(findings)),
        })
    }
}

/// JSON on one line in which every character that steers a terminal or a reading order is escaped.
pub(crate) fn json_line(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
    Ok(escape_hidden(text))
}

/// The same over several lines.
pub(crate) fn json_pretty(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
    Ok(escape_hidden(text))
}

/// Outside of strings JSON holds ASCII alone, and inside them every character may be escaped.
pub(crate) fn escape_hidden(text: String) -> String {
    let hidden = |c: char| c != '\n' && crate::sanitise::is_hidden(c);
    if !text.chars().any(hidden) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if !hidden(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}
