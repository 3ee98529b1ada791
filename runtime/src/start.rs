//! What every run has to pass before it starts: the job is found, it can run here, and its inputs are valid.

use std::path::Path;
use std::sync::Arc;

use hookc_plan::{Name, Plan};

use crate::dry_run::{self, DryRun};
use crate::machine::{Machine, Settings};
use crate::options::{MissingSecret, Options, StartError};
use crate::run_folder::RunFolder;
use crate::secrets::Secrets;
use crate::secrets::reached::{ReachedSettings, reached};
use crate::{inputs, placement, unsupported};

/// What a run would do.
///
/// # Errors
/// As for a run that does not start.
pub fn dry_run(plan: &Arc<Plan>, options: &Options) -> Result<DryRun, StartError> {
    let (key, job) = inputs::job(plan, options.job.as_ref())?;
    machine(plan, options, &options.root, "dry")?;
    let values = inputs::read(plan, job, &options.inputs)?;
    let reached = reached(plan, key);
    let missing = look_up(plan, options, &reached)?;
    Ok(DryRun {
        profile: plan.profile.clone(),
        connections: dry_run::connections(plan, &reached),
        secrets: dry_run::secrets(&reached, &missing),
        notes: dry_notes(plan, key, options),
        ..dry_run::dry_run(plan, job, &values)
    })
}

fn dry_notes(plan: &Plan, key: &Name, options: &Options) -> Vec<String> {
    let uncontained = placement::without_container(plan, key, options);
    let mut notes: Vec<String> = uncontained.iter().map(ToString::to_string).collect();
    notes.extend(placement::notes(plan, key, options));
    notes
}

/// The secrets that cannot be fetched. On a thread of its own, since the caller may be inside a tokio runtime.
fn look_up(plan: &Plan, options: &Options, reached: &ReachedSettings) -> Result<Vec<MissingSecret>, StartError> {
    let secrets = Secrets::new(plan, options.root.clone(), options.environment.clone());
    let fetch = || -> std::io::Result<Vec<MissingSecret>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(missing_secrets(plan, &secrets, reached)))
    };
    let fetched = std::thread::scope(|scope| scope.spawn(fetch).join());
    let fetched = fetched.unwrap_or_else(|_| Err(std::io::Error::other("the look-up of secrets was interrupted")));
    fetched.map_err(|error| StartError::Folder { path: options.root.display().to_string(), why: error.to_string() })
}

/// Fetches the secrets that a job reaches; gives those that cannot be fetched.
pub(crate) async fn missing_secrets(plan: &Plan, secrets: &Secrets, reached: &ReachedSettings) -> Vec<MissingSecret> {
    let mut missing = Vec::new();
    for (name, of) in &reached.secrets {
        if let Err(error) = secrets.fetch(name).await {
            let place = unsupported::place(plan, of.span);
            missing.push(MissingSecret { secret: error.name, why: error.why, at: of.at.clone(), place });
        }
    }
    missing
}

/// What of the job's placement is not applied here.
pub(crate) fn placement_notes(plan: &Plan, options: &Options) -> Vec<String> {
    inputs::job(plan, options.job.as_ref()).map(|(key, _)| placement::notes(plan, key, options)).unwrap_or_default()
}

/// The secrets of a run of the requested job, all of them fetched.
pub(crate) async fn fetched_secrets(plan: &Plan, options: &Options, root: &Path) -> Result<Secrets, StartError> {
    let (key, _) = inputs::job(plan, options.job.as_ref())?;
    let uncontained = placement::without_container(plan, key, options);
    if !uncontained.is_empty() {
        return Err(StartError::NoContainer(uncontained));
    }
    let secrets = Secrets::new(plan, root.to_owned(), options.environment.clone());
    let missing = missing_secrets(plan, &secrets, &reached(plan, key)).await;
    if missing.is_empty() { Ok(secrets) } else { Err(StartError::Secrets(missing)) }
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
    let settings = Settings {
        run: run.to_owned(),
        source: options.source,
        project: options.project.clone(),
        slots: options.jobs.max(1),
        queues: options.queues.clone(),
        test: None,
    };
    let folder = RunFolder::new(root, run);
    let machine = Machine::new(Arc::clone(plan), &key, values.clone(), settings, folder.clone());
    match machine.input_violation(&job.inputs, &values) {
        Some(violation) => Err(StartError::Inputs(vec![format!("the input {violation}")])),
        None => Ok((machine, folder)),
    }
}
