//! `hookc explain`: the page of a code or of a function, or the list of all codes.

use hookc_compiler::diagnostics::{ALL, did_you_mean};
use hookc_compiler::{Code, FunctionPage, functions, functions_named};

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, CYAN, DIM, Output};
use crate::sanitise::{many_lines, one_line};

const EXAMPLES: &str = "\
Examples:
  hookc explain H0201
  hookc explain unused-import
  hookc explain string.split
  hookc explain                  list all codes";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A code or its name, a function, method, macro or operator [default: list all codes]
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    name: Option<String>,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let Some(name) = &args.name else {
        output.print(&list())?;
        return Ok(Exit::CLEAN);
    };
    if let Some(code) = Code::find(name) {
        output.print(&page(code))?;
        return Ok(Exit::CLEAN);
    }
    let pages = functions_named(name);
    if pages.is_empty() {
        let codes = ALL.iter().flat_map(|code| [code.id, code.name]);
        let help = did_you_mean(name, codes.chain(functions().map(|page| page.name)))
            .unwrap_or_else(|| "`hookc explain` lists all codes; `docs/functions` has all functions".to_owned());
        let message = format!("unknown code or function `{}`", one_line(name));
        return Err(Failure::new(message).maybe_help(Some(help)));
    }
    let pages: Vec<String> = pages.into_iter().map(function_page).collect();
    output.print(&pages.join("\n"))?;
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

/// The page, with headings and code made visible. A page may show the very character that it warns of.
fn page(code: Code) -> String {
    rendered(&many_lines(code.page()))
}

fn function_page(page: &FunctionPage) -> String {
    format!("{BOLD}{}{BOLD:#}\n\n{}", page.full_name(), rendered(&page.markdown()))
}

/// Markdown as text for a terminal: headings bold, code coloured, fences gone.
pub(crate) fn rendered(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            out.push_str(&if line.is_empty() { "\n".to_owned() } else { format!("    {CYAN}{line}{CYAN:#}\n") });
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
    if line.matches('`').count().is_multiple_of(2) { out } else { line.to_owned() }
}
