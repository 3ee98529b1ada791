//! Diagnostics for people: the only home of miette.
//!
//! miette gets a small window of safe text, never a file: it passes escape characters through and cannot print a
//! column past 65,535, so lines are sanitised and cut before.

mod window;

use std::fmt;

use anstyle::Style;
use hookc_compiler::{Label, Severity};
use miette::{LabeledSpan, MietteHandler, MietteHandlerOpts, ReportHandler, RgbColors};

use crate::exit::Failure;
use crate::output::{BOLD, CYAN, Output, RED, Stream, WIDTH, YELLOW};
use crate::reported_files::{Counts, Finding, ReportedFile, plural};
use crate::sanitise::one_line;
use window::{Mark, Window};

/// Prints the findings to a stream, each with its source.
pub(crate) fn print(findings: &[Finding], output: &mut Output, stream: Stream) -> Result<(), Failure> {
    if findings.is_empty() {
        return Ok(());
    }
    let handler = handler(output.colored(stream), output.is_terminal(stream));
    for finding in findings {
        output.write(stream, &rendered(finding, &handler))?;
    }
    Ok(())
}

/// The diagnostic and its notes, each followed by a blank line.
pub(crate) fn rendered(finding: &Finding, handler: &MietteHandler) -> String {
    Report::all(finding).iter().map(|report| format!("{}\n", Rendered { handler, report })).collect()
}

/// `2 errors, 1 warning in 1 file (checked 3 files)`, or `checked 3 files`.
pub(crate) fn summary(findings: &[Finding], files: usize) -> String {
    let counts = Counts::of(findings);
    let parts: Vec<String> =
        [(counts.errors, "error", RED), (counts.warnings, "warning", YELLOW), (counts.infos, "hint", CYAN)]
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, word, style)| styled(style, &plural(count, word)))
            .collect();
    if parts.is_empty() {
        return format!("checked {}\n", plural(files, "file"));
    }
    let mut names: Vec<&str> = findings.iter().map(|finding| finding.home().shown.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let fixable = findings.iter().filter(|finding| crate::fixes::certain(finding).is_some()).count();
    let more =
        if fixable > 0 { format!("; {fixable} fixable with `{}`", styled(BOLD, "--fix")) } else { String::new() };
    let of = if names.len() == files { String::new() } else { format!(" (checked {})", plural(files, "file")) };
    format!("{} in {}{of}{more}\n", parts.join(", "), plural(names.len(), "file"))
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

pub(crate) fn handler(color: bool, terminal: bool) -> MietteHandler {
    let options = MietteHandlerOpts::new()
        .terminal_links(false)
        .unicode(true)
        .color(color)
        .rgb_colors(RgbColors::Never)
        .context_lines(1);
    // On a terminal its own width holds.
    if terminal { options.build() } else { options.width(WIDTH).build() }
}

struct Rendered<'a> {
    handler: &'a MietteHandler,
    report: &'a Report,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handler.debug(self.report, f)
    }
}

/// A diagnostic in the shape of miette, all texts safe to print.
#[derive(Debug)]
struct Report {
    severity: miette::Severity,
    /// Empty for a note of another diagnostic.
    code: String,
    message: String,
    help: Option<String>,
    window: Window,
}

impl Report {
    /// The diagnostic, and a note for each place that does not fit its window.
    fn all(finding: &Finding) -> Vec<Report> {
        let diagnostic = &finding.diagnostic;
        let home = finding.home();
        let (near, far): (Vec<&Label>, Vec<&Label>) =
            diagnostic.labels.iter().partition(|label| window::near(home, diagnostic.file(), diagnostic.span(), label));
        let marks: Vec<Mark> = std::iter::once(&diagnostic.primary)
            .chain(near)
            .map(|label| Mark { span: label.place.span, text: one_line(&label.text).into_owned() })
            .collect();
        let report = Report {
            severity: severity(diagnostic.severity),
            code: format!("{} {}", diagnostic.code.id, diagnostic.code.name),
            message: one_line(&diagnostic.message).into_owned(),
            help: help(finding),
            window: Window::new(home, &marks),
        };
        std::iter::once(report).chain(far.into_iter().map(|label| Report::note(finding.file(label), label))).collect()
    }

    /// A place in another file, or far away in this one.
    fn note(file: &ReportedFile, label: &Label) -> Report {
        Report {
            severity: miette::Severity::Advice,
            code: String::new(),
            message: one_line(&label.text).into_owned(),
            help: None,
            window: Window::new(file, &[Mark { span: label.place.span, text: String::new() }]),
        }
    }
}

fn help(finding: &Finding) -> Option<String> {
    let help = finding.diagnostic.help.as_deref().map(|help| one_line(help).into_owned());
    let fix = crate::fixes::certain(finding).map(|fix| format!("`--fix` can {}", one_line(&fix.title)));
    match (help, fix) {
        (Some(help), Some(fix)) => Some(format!("{help}\n{fix}")),
        (help, fix) => help.or(fix),
    }
}

fn severity(severity: Severity) -> miette::Severity {
    match severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Info => miette::Severity::Advice,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if self.code.is_empty() { None } else { Some(Box::new(&self.code)) }
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.window)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.window.labels()))
    }
}
