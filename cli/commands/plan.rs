//! From a file on the command line to its plan, for every command that goes on from there.

use std::path::{Path, PathBuf};

use hookc_compiler::LowerOptions;
use hookc_plan::Plan;

use crate::checking::{One, check_one};
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

/// The plan of a file. Its diagnostics go to standard error; with errors there is no plan but an exit code.
pub(crate) fn compile(file: &Path, wanted: &Wanted, output: &mut Output) -> Result<Result<Compiled, Exit>, Failure> {
    let one = check_one(file)?;
    report::print(&one.checked.findings, output, Stream::Err)?;
    if one.checked.unreadable {
        return Ok(Err(Exit::USAGE));
    }
    let has_errors = one.checked.findings.iter().any(|finding| finding.diagnostic.is_error());
    if has_errors {
        output.note(&report::summary(&one.checked.findings, one.checked.files))?;
        return Ok(Err(Exit::FOUND));
    }
    lower(one, wanted, output)
}

fn lower(one: One, wanted: &Wanted, output: &mut Output) -> Result<Result<Compiled, Exit>, Failure> {
    let Some(file) = one.sources.find(&one.path) else {
        return Err(Failure::new(format!("`{}` was not loaded", one.path)));
    };
    let options = LowerOptions { file, job: wanted.job.clone(), profile: wanted.profile.clone() };
    match hookc_compiler::lower(&one.sources, &one.found, &options) {
        Ok(plan) => Ok(Ok(Compiled { plan, folder: one.folder })),
        Err(diagnostics) => {
            let findings = one.new_findings(diagnostics);
            report::print(&findings, output, Stream::Err)?;
            output.note(&report::summary(&findings, one.checked.files))?;
            Ok(Err(Exit::FOUND))
        }
    }
}
