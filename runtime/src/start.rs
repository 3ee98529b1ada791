//! What every run has to pass before it starts: the job is found, it can run here, and its inputs are valid.

use std::path::Path;
use std::sync::Arc;

use hookc_plan::{Name, Plan};

use crate::dry_run::{self, DryRun};
use crate::machine::{Machine, Settings};
use crate::options::{Options, StartError};
use crate::run_folder::RunFolder;
use crate::{inputs, unsupported};

/// What a run would do.
///
/// # Errors
/// As for a run that does not start.
pub fn dry_run(plan: &Arc<Plan>, options: &Options) -> Result<DryRun, StartError> {
    let (_, job) = inputs::job(plan, options.job.as_ref())?;
    machine(plan, options, &options.root, "dry")?;
    let values = inputs::read(plan, job, &options.inputs)?;
    Ok(dry_run::dry_run(plan, job, &values))
}

/// A machine that may start.
pub(crate) fn machine(
    plan: &Arc<Plan>,
    options: &Options,
    root: &Path,
    run: &str,
) -> Result<(Machine, RunFolder), StartError> {
    let (key, job) = inputs::job(plan, options.job.as_ref())?;
    let key: Name = key.clone();
    let unsupported = unsupported::unsupported(plan, &key);
    if !unsupported.is_empty() {
        return Err(StartError::Unsupported(unsupported));
    }
    let values = inputs::read(plan, job, &options.inputs)?;
    let settings = Settings { run: run.to_owned(), source: options.source, slots: options.jobs.max(1), test: None };
    let folder = RunFolder::new(root, run);
    let machine = Machine::new(Arc::clone(plan), &key, values.clone(), settings, folder.clone());
    match machine.input_violation(&job.inputs, &values) {
        Some(violation) => Err(StartError::Inputs(vec![format!("the input {violation}")])),
        None => Ok((machine, folder)),
    }
}
