//! `hookc graph`: the ops of a job, what they wait for, their gates and hooks.

mod text;

use std::path::PathBuf;

use clap::ValueEnum;

use super::plan::{Wanted, compile, written};
use crate::drawing::{Drawing, dot, json, mermaid};
use crate::exit::{Exit, Failure};
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hookc graph nightly.hook
  hookc graph nightly.hook --format mermaid >> README.md
  hookc graph nightly.hook --format dot | dot -Tsvg > nightly.svg";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file, or a plan that `hookc compile` wrote
    file: PathBuf,
    /// The job [default: all jobs of the file]
    #[arg(long, value_name = "NAME")]
    job: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A flowchart that many Markdown viewers draw
    Mermaid,
    /// Graphviz
    Dot,
    /// Jobs, ops and hooks as data
    Json,
    /// Lines for reading
    Text,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let plan = match (written(&args.file)?, &args.job) {
        (Some(_), Some(_)) => {
            return Err(Failure::new("a plan is drawn as a whole: `--job` goes with a .hook file"));
        }
        (Some(plan), None) => plan,
        (None, job) => match compile(&args.file, &Wanted { job: job.clone(), profile: None }, output)? {
            Ok(compiled) => compiled.plan,
            Err(exit) => return Ok(exit),
        },
    };
    let drawing = Drawing::new(&plan);
    match args.format {
        Format::Mermaid => output.data(mermaid::write(&drawing).as_bytes())?,
        Format::Dot => output.data(dot::write(&drawing).as_bytes())?,
        Format::Json => output.data(json::write(&drawing).as_bytes())?,
        Format::Text => output.print(&text::write(&drawing))?,
    }
    Ok(Exit::CLEAN)
}
