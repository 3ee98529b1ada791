//! `hookc compile`: the plan of a file, as JSON (canonical, byte for byte the same everywhere) or YAML.

use std::path::PathBuf;

use clap::ValueEnum;
use hookc_plan::Plan;

use super::plan::{Wanted, compile};
use crate::atomic_write;
use crate::exit::{Exit, Failure};
use crate::formats::escape_hidden;
use crate::output::{Output, Stream};
use crate::sanitise::one_line;

const EXAMPLES: &str = "\
Examples:
  hookc compile nightly.hook > nightly.plan.json
  hookc compile nightly.hook --job nightly --profile dev --format yaml
  hookc compile nightly.hook -o build/

Exit codes: 0 success, 1 the source has errors, 2 wrong usage or a file that cannot be read.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file
    file: PathBuf,
    /// The job [default: all jobs of the file]
    #[arg(long, value_name = "NAME")]
    job: Option<String>,
    /// The output
    #[arg(long, value_enum, default_value_t = Target::Plan)]
    target: Target,
    /// The profile that binds connections and secrets
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The format of the plan
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Write into this folder instead of standard output
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    /// The plan that `hookc run` and every engine reads
    Plan,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Canonical: without spaces, keys sorted
    Json,
    /// Every text quoted
    Yaml,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let wanted = Wanted { job: args.job.clone(), profile: args.profile.clone() };
    let plan = match compile(&args.file, &wanted, output)? {
        Ok(compiled) => compiled.plan,
        Err(exit) => return Ok(exit),
    };
    let Target::Plan = args.target;
    let (text, extension) = match args.format {
        Format::Json => (plan.to_canonical_json(), "json"),
        Format::Yaml => (yaml(&plan)?, "yaml"),
    };
    let Some(folder) = &args.output else {
        // Canonical JSON leaves some control characters as they are: a terminal gets their escapes.
        let text = if output.is_terminal(Stream::Out) { escape_hidden(text) } else { text };
        output.data(text.as_bytes())?;
        return Ok(Exit::CLEAN);
    };
    let stem = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let path = folder.join(format!("{stem}.plan.{extension}"));
    atomic_write::overwrite(&path, &text).map_err(|error| Failure::file("write", &path, error))?;
    output.note(&format!("wrote {}\n", one_line(&path.display().to_string())))?;
    Ok(Exit::CLEAN)
}

/// YAML in which every text is quoted: readers of YAML 1.1 take `no`, `on` and `1:20` for other values.
fn yaml(plan: &Plan) -> Result<String, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("cannot write YAML: {error}"));
    let value: serde_json::Value = serde_json::from_str(&plan.to_canonical_json()).map_err(|error| wrong(&error))?;
    let options = serde_saphyr::ser_options! { quote_all: true };
    serde_saphyr::to_string_with_options(&value, options).map_err(|error| wrong(&error))
}
