//! `hookc schema`: JSON Schemas of what hookc writes.

use clap::ValueEnum;

use crate::exit::{Exit, Failure};
use crate::formats::json_pretty;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hookc schema > hook.plan.schema.json
  hookc schema diagnostics";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The document
    #[arg(value_enum, default_value_t = Document::Plan)]
    document: Document,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Document {
    /// What `compile` writes
    Plan,
    /// One line of `check --format json`
    Diagnostics,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let text = match args.document {
        Document::Plan => json_pretty(&hookc_plan::json_schema())? + "\n",
        Document::Diagnostics => include_str!("schema/diagnostics.json").to_owned(),
    };
    output.data(text.as_bytes())?;
    Ok(Exit::CLEAN)
}
