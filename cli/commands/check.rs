//! `hookc check`: the diagnostics of files, for people and for programs.

use std::path::PathBuf;

use hookc_compiler::Code;
use hookc_compiler::diagnostics::{ALL, did_you_mean};
use hookc_compiler::project::{Level, is_lint};

use crate::checking::{self, CheckOutcome, Levels, Stdin};
use crate::discovery;
use crate::disk_loader::read_stdin;
use crate::exit::{Exit, Failure, lower};
use crate::fixes;
use crate::formats::Format;
use crate::output::{Output, Stream};
use crate::report;
use crate::reported_files::plural;
use crate::sanitise::one_line;

const EXAMPLES: &str = "\
Examples:
  hookc check
  hookc check jobs/ alerts.hook --deny all
  hookc check --format sarif > hookc.sarif
  hookc check - --stdin-filename jobs/nightly.hook < nightly.hook

Exit codes: 0 no errors, 1 errors, 2 wrong usage or a file that cannot be read.";

/// All lints at once, as a name on the command line.
const EVERY: &str = "all";
/// A fix can uncover another diagnostic; after this many rounds the rest is reported.
const MAX_ROUNDS: usize = 10;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files and folders; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// The format of the diagnostics
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Make a lint an error, by code, name, or `all`
    #[arg(long, value_name = "LINT")]
    deny: Vec<String>,
    /// Make a lint a warning
    #[arg(long, value_name = "LINT")]
    warn: Vec<String>,
    /// Do not report a lint
    #[arg(long, value_name = "LINT")]
    allow: Vec<String>,
    /// Apply fixes that are safe
    #[arg(long)]
    fix: bool,
    /// The file name of standard input, for imports and reports
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let levels = levels(args)?;
    let Inputs { files, problems, stdin } = Inputs::find(&args.paths, args.stdin_filename.as_ref())?;
    if args.fix && stdin.is_some() {
        return Err(Failure::new("`--fix` cannot change standard input"));
    }
    for problem in &problems {
        output.failure(&Failure::new(problem))?;
    }
    if files.is_empty() && stdin.is_none() && problems.is_empty() {
        output.warning("no .hook files found")?;
    }
    let (checked, fixed) =
        if args.fix { mended(&files, &levels)? } else { (checking::check(&files, stdin, &levels)?, 0) };
    print(&checked, fixed, args.format, output)?;
    Ok(exit(&checked, !problems.is_empty()))
}

/// What the paths of a command stand for.
pub(super) struct Inputs {
    pub(super) files: Vec<PathBuf>,
    /// The folders that cannot be read, as whole lines.
    pub(super) problems: Vec<String>,
    /// Standard input, where `-` names it.
    pub(super) stdin: Option<Stdin>,
}

impl Inputs {
    pub(super) fn find(paths: &[PathBuf], stdin_name: Option<&PathBuf>) -> Result<Inputs, Failure> {
        let (dashes, paths): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.iter().cloned().partition(|path| path.as_os_str() == "-");
        if dashes.is_empty() && stdin_name.is_some() {
            return Err(
                Failure::new("`--stdin-filename` names what `-` reads").maybe_help(Some("add `-` to the paths"))
            );
        }
        let stdin = if dashes.is_empty() { None } else { Some(Inputs::stdin(stdin_name)?) };
        let found = discovery::find(&paths)?;
        Ok(Inputs { files: found.files, problems: found.problems, stdin })
    }

    fn stdin(name: Option<&PathBuf>) -> Result<Stdin, Failure> {
        let bytes = read_stdin()
            .map_err(|error| Failure::new(format!("cannot read standard input: {}", lower(&error.to_string()))))?;
        Ok(Stdin { name: name.cloned().unwrap_or_else(|| PathBuf::from("<stdin>")), bytes })
    }
}

fn print(checked: &CheckOutcome, fixed: usize, format: Format, output: &mut Output) -> Result<(), Failure> {
    let mut summary =
        if checked.files == 0 { String::new() } else { report::summary(&checked.findings, checked.files) };
    if fixed > 0 {
        summary = format!("fixed {}; {summary}", plural(fixed, "diagnostic"));
    }
    match format.text(&checked.findings)? {
        None => {
            report::print(&checked.findings, output, Stream::Out)?;
            output.print(&summary)
        }
        Some(text) => {
            output.data(text.as_bytes())?;
            if format == Format::Short { output.note(&summary) } else { Ok(()) }
        }
    }
}

fn exit(checked: &CheckOutcome, problems: bool) -> Exit {
    if checked.unreadable || problems {
        Exit::USAGE
    } else if checked.findings.iter().any(|finding| finding.diagnostic.is_error()) {
        Exit::FOUND
    } else {
        Exit::CLEAN
    }
}

/// Checks and mends in turn until nothing certain is left.
fn mended(files: &[PathBuf], levels: &Levels) -> Result<(CheckOutcome, usize), Failure> {
    let mut fixed = 0;
    for _ in 0..MAX_ROUNDS {
        let checked = checking::check(files, None, levels)?;
        match fixes::apply(&checked.findings)? {
            0 => return Ok((checked, fixed)),
            more => fixed += more,
        }
    }
    Ok((checking::check(files, None, levels)?, fixed))
}

/// The levels that the command line sets; the strictest wins.
fn levels(args: &Args) -> Result<Levels, Failure> {
    let mut levels = Levels::new();
    for (names, level) in [(&args.allow, Level::Allow), (&args.warn, Level::Warn), (&args.deny, Level::Deny)] {
        for name in names {
            if name == EVERY {
                levels.extend(usual_lints().map(|code| (code, level)));
            } else {
                levels.insert(lint(name)?, level);
            }
        }
    }
    Ok(levels)
}

/// What `all` stands for: every lint but those that one asks for by name.
fn usual_lints() -> impl Iterator<Item = Code> {
    ALL.iter().copied().filter(|code| is_lint(*code) && !code.is_off())
}

fn lint(name: &str) -> Result<Code, Failure> {
    let Some(code) = Code::find(name) else {
        let names = ALL.iter().filter(|code| is_lint(**code)).flat_map(|code| [code.id, code.name]);
        return Err(Failure::new(format!("unknown lint `{}`", one_line(name))).maybe_help(did_you_mean(name, names)));
    };
    if is_lint(code) {
        Ok(code)
    } else {
        Err(Failure::new(format!(
            "`{}` is an error of the language, not a lint: its level cannot be changed",
            one_line(name)
        )))
    }
}
