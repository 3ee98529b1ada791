//! `hookc run`: runs a job on this machine, shows its progress, and reports the outcome of every hook at the end.

mod summary;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use hookc_plan::Plan;
use hookc_runtime::{Options, RunError, StartError};

use super::plan::{Wanted, compile, written};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::project_root::{FILE, Root, Roots, settings};
use crate::run_progress::RunProgress;

const EXAMPLES: &str = "\
Examples:
  hookc run nightly.hook
  hookc run nightly.hook nightly -p data=data/small.csv --profile dev
  hookc run nightly.hook --dry-run
  hookc run nightly.plan.json --format json > report.json

Exit codes: 0 the job succeeded (a hook that failed is shown, not counted), 1 it failed, 2 it did not start,
3 the run could not be recorded, 130 and 143 it was stopped by a signal.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file, or a plan that `hookc compile` wrote
    file: PathBuf,
    /// The job [default: the only one]
    job: Option<String>,
    /// An input of the job; may be repeated
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = input)]
    inputs: Vec<(String, String)>,
    /// The profile that binds connections and secrets
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The maximum number of ops at once [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Run components with an `image` on this machine, and not in a container
    #[arg(long)]
    host: bool,
    /// Show what would run, and run nothing
    #[arg(long)]
    dry_run: bool,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people
    Human,
    /// One JSON object
    Json,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let (plan, folder) = match plan(args, output)? {
        Ok(found) => found,
        // The errors of the file are already reported. A run that does not start ends with 2.
        Err(_) => return Ok(Exit::USAGE),
    };
    let plan = Arc::new(plan);
    let options = options(args, folder);
    if args.dry_run {
        return dry_run(args, &plan, &options, output);
    }
    let ops = summary::job_of(&plan, options.job.as_ref()).map(|job| (job.name.to_string(), job.ops.len()));
    let (job, ops) = ops.unwrap_or_default();
    let mut shown = RunProgress::new(output, &job, ops, args.format == Format::Json);
    let report = hookc_runtime::run_blocking(Arc::clone(&plan), &options, &mut shown);
    shown.finish()?;
    let report = match report {
        Ok(report) => report,
        Err(error) => return refused(&error, &plan, &options.root, output),
    };
    match args.format {
        Format::Human => output.print(&summary::of_run(&report))?,
        Format::Json => output.data(json(&report)?.as_bytes())?,
    }
    Ok(Exit(report.exit_code()))
}

fn dry_run(args: &Args, plan: &Arc<Plan>, options: &Options, output: &mut Output) -> Result<Exit, Failure> {
    let listed = match hookc_runtime::dry_run(plan, options) {
        Ok(listed) => listed,
        Err(error) => return refused(&RunError::Start(error), plan, &options.root, output),
    };
    match args.format {
        Format::Human => output.print(&summary::of_dry_run(&listed))?,
        Format::Json => output.data(json(&listed)?.as_bytes())?,
    }
    Ok(Exit::CLEAN)
}

/// The plan and the folder of its project.
fn plan(args: &Args, output: &mut Output) -> Result<Result<(Plan, PathBuf), Exit>, Failure> {
    let Some(plan) = written(&args.file)? else {
        let wanted = Wanted { job: args.job.clone(), profile: args.profile.clone() };
        let compiled = compile(&args.file, &wanted, output)?;
        return Ok(compiled.map(|compiled| (compiled.plan, compiled.folder)));
    };
    if args.profile.is_some() {
        return Err(Failure::new("a plan has its profile already: `--profile` goes with a .hook file"));
    }
    let real = args.file.canonicalize().map_err(|error| Failure::file("read", &args.file, error))?;
    let root = Roots::default().of(real.parent().unwrap_or(Path::new("/")));
    Ok(Ok((plan, root.folder)))
}

fn options(args: &Args, folder: PathBuf) -> Options {
    let project = settings(&Root { has_file: folder.join(FILE).exists(), folder: folder.clone() }).project;
    let mut options = Options::new(folder);
    options.job = args.job.as_deref().map(Into::into);
    options.inputs.clone_from(&args.inputs);
    if let Some(jobs) = args.jobs {
        options.jobs = usize::from(jobs);
    }
    options.queues = project.queues;
    if !project.name.is_empty() {
        options.project = project.name;
    }
    options.host = args.host;
    if let Some(python) = project.python {
        options.python = python;
    }
    options
}

/// Tells why nothing ran, a line for each reason.
fn refused(error: &RunError, plan: &Plan, root: &Path, output: &mut Output) -> Result<Exit, Failure> {
    match error {
        RunError::Start(StartError::Inputs(mistakes)) => {
            for mistake in mistakes {
                output.failure(&Failure::new(mistake))?;
            }
        }
        RunError::Start(StartError::Unsupported(found)) => {
            for unsupported in found {
                let failure = Failure::new(format!(
                    "`{}` uses {}, which `hookc run` cannot run yet",
                    unsupported.at, unsupported.construct
                ));
                output.failure(&failure.maybe_help(place(unsupported.place.as_ref(), root)))?;
            }
        }
        RunError::Start(StartError::NoContainer(uncontained)) => {
            for call in uncontained {
                let written = place(call.place.as_ref(), root).map(|place| format!("{place}: ")).unwrap_or_default();
                let help = format!("{written}install one of them, or run it on this machine with `--host`");
                output.failure(&Failure::new(call.to_string()).maybe_help(Some(help)))?;
            }
        }
        RunError::Start(StartError::Secrets(missing)) => {
            for secret in missing {
                let failure = Failure::new(format!("the secret `{}` {}", secret.secret, secret.why));
                let written = place(secret.place.as_ref(), root).map(|place| format!(", {place}")).unwrap_or_default();
                let help =
                    format!("`{}`{written} needs it: set it, or choose a profile that mocks what uses it", secret.at);
                output.failure(&failure.maybe_help(Some(help)))?;
            }
        }
        RunError::Start(StartError::WhichJob(_)) if plan.jobs.is_empty() => {
            output.failure(&Failure::new("no job to run"))?;
        }
        other => output.failure(&Failure::new(other.to_string()))?,
    }
    Ok(Exit(error.exit_code()))
}

/// `written at nightly.hook:12`, as far as the file is still there.
fn place(place: Option<&(String, u32)>, root: &Path) -> Option<String> {
    let (path, offset) = place?;
    let text = std::fs::read(root.join(path)).ok()?;
    let before = text.get(..usize::try_from(*offset).ok()?)?;
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Some(format!("written at {path}:{line}"))
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|error| Failure::new(format!("cannot write JSON: {error}")))
}

fn input(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it is written `name=value`".to_owned()),
    }
}
