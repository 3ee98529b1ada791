//! `hookc fmt`: canonical form. Files that are in it already are not written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hookc_compiler::{LoadError, Loader};
use similar::{ChangeTag, TextDiff};

use super::check::Inputs;
use crate::atomic_write;
use crate::checking::{self, CheckOutcome, Levels, Stdin};
use crate::disk_loader::DiskLoader;
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, CYAN, GREEN, Output, RED, Stream};
use crate::project_root::words;
use crate::report;
use crate::reported_files::plural;
use crate::sanitise::one_line;

const EXAMPLES: &str = "\
Examples:
  hookc fmt
  hookc fmt --check jobs/
  hookc fmt --diff nightly.hook
  hookc fmt - < nightly.hook

Exit codes: 0 success, 1 a file has syntax errors, or (--check, --diff) would change, 2 wrong usage or a file that cannot be read.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files and folders; `-` reads standard input and prints the result
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Write nothing; exit with 1 when a file would change
    #[arg(long)]
    check: bool,
    /// Write nothing; print what would change, and exit with 1 when anything would
    #[arg(long)]
    diff: bool,
    /// The file name of standard input, for reports
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

/// What has happened so far.
#[derive(Default)]
struct Tally {
    changed: usize,
    unchanged: usize,
    broken: usize,
    unreadable: usize,
    unwritable: usize,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let Inputs { files, problems, stdin } = Inputs::find(&args.paths, args.stdin_filename.as_ref())?;
    let mut tally = Tally { unreadable: problems.len(), ..Tally::default() };
    for problem in &problems {
        output.failure(&Failure::new(problem))?;
    }
    let from_stdin = stdin.is_some();
    if let Some(stdin) = stdin {
        format_stdin(args, stdin, &mut tally, output)?;
    }
    for file in &files {
        format_file(args, file, &mut tally, output)?;
    }
    if !from_stdin {
        output.note(&tally.summary(args.check || args.diff))?;
    }
    Ok(tally.exit(args.check || args.diff))
}

fn format_stdin(args: &Args, stdin: Stdin, tally: &mut Tally, output: &mut Output) -> Result<(), Failure> {
    let name = stdin.name.to_string_lossy().into_owned();
    let mut loader = DiskLoader::default();
    loader.give(&name, stdin.bytes.clone());
    let text = match loader.read(&name) {
        Ok(text) => text,
        Err(_) => return report_errors(&[], Some(stdin), tally, output),
    };
    let Ok(new) = hookc_grammar::format(&text) else {
        return report_errors(&[], Some(stdin), tally, output);
    };
    tally.count(*new != *text);
    match (args.diff, args.check) {
        (true, _) => print_diff(&name, &text, &new, output),
        (false, true) => note_change(&name, *new != *text, output),
        (false, false) => output.data(new.as_bytes()),
    }
}

fn format_file(args: &Args, file: &PathBuf, tally: &mut Tally, output: &mut Output) -> Result<(), Failure> {
    let name = file.to_string_lossy().into_owned();
    let text = match read(file) {
        Ok(text) => text,
        Err(_) => return report_errors(std::slice::from_ref(file), None, tally, output),
    };
    let Ok(new) = hookc_grammar::format(&text) else {
        return report_errors(std::slice::from_ref(file), None, tally, output);
    };
    let writes = !args.diff && !args.check && *new != *text;
    if writes && let Err(error) = atomic_write::replace(file, &new) {
        // The other files are formatted all the same.
        tally.unwritable += 1;
        return output.failure(&Failure::file("write", file, error));
    }
    tally.count(*new != *text);
    if args.diff {
        return print_diff(&name, &text, &new, output);
    }
    if args.check { note_change(&name, *new != *text, output) } else { Ok(()) }
}

/// A file that is named may lie anywhere: it imports nothing here.
fn read(file: &Path) -> Result<Arc<str>, LoadError> {
    let real = file.canonicalize().map_err(|_| LoadError::NotFound)?;
    crate::disk_loader::read_text(&real, Path::new("/"))
}

/// Reports why a file cannot be formatted, in the words of `check`.
fn report_errors(
    files: &[PathBuf],
    stdin: Option<Stdin>,
    tally: &mut Tally,
    output: &mut Output,
) -> Result<(), Failure> {
    let CheckOutcome { mut findings, unreadable, .. } = checking::check(files, stdin, &Levels::new())?;
    // ProjectPaths and types are none of the formatter's business.
    findings.retain(|finding| finding.home().requested && is_about_text(finding.diagnostic.code.id));
    if findings.is_empty() {
        let name = files.first().map_or_else(|| "standard input".to_owned(), |file| file.display().to_string());
        let why = files
            .first()
            .and_then(|file| read(file).err())
            .map_or_else(|| "it has syntax errors".to_owned(), |error| words(&error));
        tally.unreadable += 1;
        return output.failure(&Failure::new(format!("cannot format `{name}`: {why}")));
    }
    if unreadable {
        tally.unreadable += 1
    } else {
        tally.broken += 1
    }
    report::print(&findings, output, Stream::Err)
}

/// Syntax, and files that cannot be read.
fn is_about_text(code: &str) -> bool {
    code.starts_with("H00") || ["H0101", "H0102", "H0103", "H0105"].contains(&code)
}

fn note_change(name: &str, changes: bool, output: &mut Output) -> Result<(), Failure> {
    if changes { output.print(&format!("would change: {BOLD}{}{BOLD:#}\n", one_line(name))) } else { Ok(()) }
}

fn print_diff(name: &str, old: &str, new: &str, output: &mut Output) -> Result<(), Failure> {
    if old == new {
        return Ok(());
    }
    let name = one_line(name);
    let mut text = format!("{BOLD}--- {name}\n+++ {name}{BOLD:#}\n");
    let diff = TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&format!("{CYAN}{}{CYAN:#}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let line = change.value();
            let line = line.strip_suffix('\n').unwrap_or(line);
            let shown = crate::sanitise::many_lines(line);
            text.push_str(&match change.tag() {
                ChangeTag::Equal => format!(" {shown}\n"),
                ChangeTag::Delete => format!("{RED}-{shown}{RED:#}\n"),
                ChangeTag::Insert => format!("{GREEN}+{shown}{GREEN:#}\n"),
            });
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    output.print(&text)
}

impl Tally {
    fn count(&mut self, changes: bool) {
        if changes { self.changed += 1 } else { self.unchanged += 1 }
    }

    fn summary(&self, dry: bool) -> String {
        let changed = if dry { "would change" } else { "changed" };
        let unchanged = if dry { "in canonical form" } else { "unchanged" };
        let parts = [
            (self.changed, changed),
            (self.unchanged, unchanged),
            (self.broken, "with syntax errors"),
            (self.unreadable, "unreadable"),
            (self.unwritable, "not writable"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{} {what}", plural(count, "file")))
            .collect();
        if parts.is_empty() { "no .hook files found\n".to_owned() } else { format!("{}\n", parts.join(", ")) }
    }

    fn exit(&self, dry: bool) -> Exit {
        if self.unreadable + self.unwritable > 0 {
            Exit::USAGE
        } else if self.broken > 0 || (dry && self.changed > 0) {
            Exit::FOUND
        } else {
            Exit::CLEAN
        }
    }
}
