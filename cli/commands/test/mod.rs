//! `hookc test`: plays the `test` blocks of files and says which hold.
//!
//! Decides which tests are played and what the exit code is. What a test means is the runtime's, how a result looks
//! is written by `human`, `json` and `junit`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use hookc_compiler::{Diagnostic, PlannedTest, Severity, TestFile, TestOptions};
use hookc_grammar::ast::Item;
use hookc_plan::Plan;
use hookc_plan::test::Test;
use hookc_runtime::TestReport;

use crate::checking::{CheckedFile, check_file};
use crate::discovery;
use crate::exit::{Exit, Failure};
use crate::output::{Output, Stream};
use crate::report;
use crate::reported_files::ReportedFiles;
use crate::sanitise::one_line;

mod coverage;
mod human;
mod json;
pub(crate) mod junit;
mod plan_location;

const EXAMPLES: &str = "\
Examples:
  hookc test
  hookc test nightly.hook --filter \"poor model\"
  hookc test jobs/ --coverage
  hookc test --format junit > tests.xml

Exit codes: 0 every test passes, 1 a test fails or a source has errors, 2 wrong usage or a file that cannot be read.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files and folders
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Run only the tests with this text in their title
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// The format of the results
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// List the final states and hooks that no test reaches
    #[arg(long)]
    coverage: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object per line: each test, then the totals
    Json,
    /// XML as CI servers read it
    Junit,
}

/// A test that was played.
struct Played {
    test: Test,
    plan: Arc<Plan>,
    report: TestReport,
}

/// The tests of a file.
struct File {
    /// Its name for people; not yet safe to print.
    shown: String,
    /// The texts that places are in.
    files: Arc<ReportedFiles>,
    played: Vec<Played>,
    /// The jobs that it declares, where coverage is asked for.
    jobs: Option<Arc<Plan>>,
}

/// What came of it all.
#[derive(Default)]
struct Outcome {
    files: Vec<File>,
    /// How many tests the filter left out.
    left_out: usize,
    /// The files whose sources have errors.
    broken: Vec<String>,
    unreadable: bool,
}

impl Outcome {
    fn all(&self) -> impl Iterator<Item = &Played> {
        self.files.iter().flat_map(|file| &file.played)
    }

    fn passed(&self) -> usize {
        self.all().filter(|played| played.report.passed()).count()
    }

    fn failed(&self) -> usize {
        self.all().count() - self.passed()
    }

    fn exit(&self) -> Exit {
        match (self.unreadable, !self.broken.is_empty() || self.failed() > 0) {
            (true, _) => Exit::USAGE,
            (false, true) => Exit::FOUND,
            (false, false) => Exit::CLEAN,
        }
    }
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let found = discovery::find(&args.paths)?;
    let mut outcome = Outcome { unreadable: !found.problems.is_empty(), ..Outcome::default() };
    for problem in &found.problems {
        output.failure(&Failure::new(problem))?;
    }
    for path in &found.files {
        if is_wanted(path, args.coverage) {
            play_file(path, args, &mut outcome, output)?;
        }
    }
    let none = outcome.all().next().is_none();
    if let Some(filter) = args.filter.as_deref().filter(|_| none && outcome.left_out > 0) {
        let message = format!("no test has `{}` in its title", one_line(filter));
        return Err(Failure::new(message));
    }
    if none && outcome.broken.is_empty() && !outcome.unreadable {
        output.warning("no tests found")?;
    }
    match args.format {
        Format::Human => output.print(&human::text(&outcome, args.coverage))?,
        Format::Json => output.data(json::text(&outcome, args.coverage)?.as_bytes())?,
        Format::Junit => output.data(junit::text(&outcome).as_bytes())?,
    }
    if args.format == Format::Junit && args.coverage {
        output.note(&coverage::text(&coverage::of(&outcome.files)))?;
    }
    Ok(outcome.exit())
}

/// Whether a file has something to play, or cannot be looked into: then the check says why.
fn is_wanted(path: &std::path::Path, coverage: bool) -> bool {
    let Ok(text) = std::fs::read_to_string(path) else {
        return true;
    };
    let parse = hookc_grammar::parse(&text);
    let wanted = |item: &Item| match item {
        Item::Test(_) => true,
        Item::Job(_) => coverage,
        // It may be the head of a test.
        Item::Error => true,
        _ => false,
    };
    parse.file.items.iter().any(|item| wanted(&item.node))
}

fn play_file(path: &std::path::Path, args: &Args, outcome: &mut Outcome, output: &mut Output) -> Result<(), Failure> {
    let every_job = args.coverage;
    let (checked_file, tests) = check_file(path, |sources, file| {
        hookc_compiler::check_and_lower_tests(sources, TestOptions { file, every_job })
    })?;
    let shown = path.display().to_string();
    let Some(file) = lowered(&checked_file, tests, outcome, output)? else {
        outcome.broken.push(shown);
        return Ok(());
    };
    let mut played = Vec::new();
    for PlannedTest { test, plan } in file.tests {
        if args.filter.as_ref().is_some_and(|filter| !test.title.contains(filter.as_str())) {
            outcome.left_out += 1;
            continue;
        }
        let report = hookc_runtime::run_test(&plan, &test);
        let report = report.map_err(|error| Failure::new(format!("test `{}`: {error}", test.title)))?;
        played.push(Played { test, plan, report });
    }
    outcome.files.push(File { shown, files: Arc::clone(&checked_file.files), played, jobs: file.jobs });
    Ok(())
}

/// The tests of a file; nothing where its sources have errors, which are reported.
fn lowered(
    checked_file: &CheckedFile,
    tests: Result<TestFile, Vec<Diagnostic>>,
    outcome: &mut Outcome,
    output: &mut Output,
) -> Result<Option<TestFile>, Failure> {
    let findings = &checked_file.outcome.findings;
    let is_error = |severity: Severity| severity == Severity::Error;
    if findings.iter().any(|finding| is_error(finding.diagnostic.severity)) {
        outcome.unreadable |= checked_file.outcome.unreadable;
        report::print(findings, output, Stream::Err)?;
        output.note(&report::summary(findings, checked_file.outcome.files))?;
        return Ok(None);
    }
    match tests {
        Ok(file) => Ok(Some(file)),
        Err(diagnostics) => {
            let findings = checked_file.new_findings(diagnostics);
            report::print(&findings, output, Stream::Err)?;
            output.note(&report::summary(&findings, checked_file.outcome.files))?;
            Ok(None)
        }
    }
}
