//! From a file on the command line to its plan, for every command that goes on from there.

use std::path::{Path, PathBuf};

use hookc_compiler::LowerOptions;
use hookc_plan::Plan;

use crate::checking::check_file;
use crate::exit::{Exit, Failure};
use crate::output::{Output, Stream};
use crate::report;

/// What of a file is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The job; all of them without it.
    pub(crate) job: Option<String>,
    /// The profile; the project's default without it.
    pub(crate) profile: Option<String>,
}

/// A file's plan, and the real path of its project's folder.
pub(crate) struct Compiled {
    pub(crate) plan: Plan,
    pub(crate) folder: PathBuf,
}

/// The plan that `hookc compile` wrote to a file, as JSON or YAML; `None` for a `.hook` file.
pub(crate) fn written(file: &Path) -> Result<Option<Plan>, Failure> {
    let unread = |error: &dyn std::fmt::Display| Failure::file("read", file, error);
    let json = match file.extension().and_then(|extension| extension.to_str()) {
        Some("json") => std::fs::read(file).map_err(|error| unread(&error))?,
        Some("yaml" | "yml") => {
            let text = std::fs::read_to_string(file).map_err(|error| unread(&error))?;
            let value: serde_json::Value = serde_saphyr::from_str(&text).map_err(|error| unread(&error))?;
            value.to_string().into_bytes()
        }
        _ => return Ok(None),
    };
    Plan::from_json(&json).map(Some).map_err(|error| unread(&error))
}

/// The plan of a file. Its diagnostics go to standard error; with errors there is no plan but an exit code.
pub(crate) fn compile(file: &Path, wanted: &Wanted, output: &mut Output) -> Result<Result<Compiled, Exit>, Failure> {
    let (checked_file, plan) = check_file(file, |sources, file| {
        let options = LowerOptions { file, job: wanted.job.clone(), profile: wanted.profile.clone() };
        hookc_compiler::check_and_lower(sources, &options)
    })?;
    report::print(&checked_file.outcome.findings, output, Stream::Err)?;
    if checked_file.outcome.unreadable {
        return Ok(Err(Exit::USAGE));
    }
    let has_errors = checked_file.outcome.findings.iter().any(|finding| finding.diagnostic.is_error());
    if has_errors {
        output.note(&report::summary(&checked_file.outcome.findings, checked_file.outcome.files))?;
        return Ok(Err(Exit::FOUND));
    }
    match plan {
        Ok(plan) => Ok(Ok(Compiled { plan, folder: checked_file.folder })),
        Err(diagnostics) => {
            let findings = checked_file.new_findings(diagnostics);
            report::print(&findings, output, Stream::Err)?;
            output.note(&report::summary(&findings, checked_file.outcome.files))?;
            Ok(Err(Exit::FOUND))
        }
    }
}
