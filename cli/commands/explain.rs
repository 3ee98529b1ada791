//! `hookc explain`: the page of a code, or the list of all.

use hookc_compiler::Code;
use hookc_compiler::diagnostics::{ALL, did_you_mean};

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, CYAN, DIM, Output};
use crate::pages;
use crate::sanitise::{many_lines, one_line};

const EXAMPLES: &str = "\
Examples:
  hookc explain H0201
  hookc explain unused-import
  hookc explain                  list all codes";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The code or its name; all codes are listed without it
    code: Option<String>,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let Some(name) = &args.code else {
        output.print(&list())?;
        return Ok(Exit::CLEAN);
    };
    let Some(code) = Code::find(name) else {
        let help = did_you_mean(name, ALL.iter().flat_map(|code| [code.id, code.name]))
            .unwrap_or_else(|| "`hookc explain` lists all codes".to_owned());
        return Err(Failure::new(format!("there is no code `{}`", one_line(name))).maybe_help(Some(help)));
    };
    output.print(&page(code))?;
    Ok(Exit::CLEAN)
}

fn list() -> String {
    let width = ALL.iter().map(|code| code.name.len()).max().unwrap_or(0);
    let rows = ALL.iter().map(|code| {
        format!(
            "{BOLD}{}{BOLD:#}  {:width$}  {DIM}{:7}{DIM:#}  {}\n",
            code.id,
            code.name,
            code.severity.word(),
            code.summary.trim()
        )
    });
    rows.collect()
}

/// The page, with headings and code made visible. A code without a page has its summary.
fn page(code: Code) -> String {
    match pages::page(code) {
        // A page may show the very character that it warns of.
        Some(text) => rendered(&many_lines(&text)),
        None => format!(
            "{BOLD}{} {}{BOLD:#} ({})\n\n{}\n",
            code.id,
            code.name,
            code.severity.word(),
            code.summary.trim()
        ),
    }
}

/// Markdown as text for a terminal: headings bold, code coloured, fences gone.
fn rendered(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            out.push_str(&if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("    {CYAN}{line}{CYAN:#}\n")
            });
        } else if let Some(heading) = heading(line) {
            out.push_str(&format!("{BOLD}{heading}{BOLD:#}\n"));
        } else {
            out.push_str(&spans(line));
            out.push('\n');
        }
    }
    out
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len()).then(|| text.strip_prefix(' ')).flatten()
}

/// `code` in a line of text keeps its backticks and gets a colour.
fn spans(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        match index % 2 {
            0 => out.push_str(part),
            _ => out.push_str(&format!("{CYAN}`{part}`{CYAN:#}")),
        }
    }
    if line.matches('`').count().is_multiple_of(2) {
        out
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_text() {
        let text =
            anstream::adapter::strip_str(&rendered("# H0001\n\nA `word` here.\n\n```hook\nop a\n```\n")).to_string();
        assert_eq!(text, "H0001\n\nA `word` here.\n\n    op a\n");
    }
}
