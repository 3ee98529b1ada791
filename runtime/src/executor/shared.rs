//! What all tasks of a run share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hookc_plan::Plan;

use super::container;

use crate::options::{Environment, Options};
use crate::run_folder::RunFolder;
use crate::secrets::Secrets;

/// What all tasks of a run share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) plan: Arc<Plan>,
    pub(super) run: String,
    pub(super) folder: RunFolder,
    pub(super) secrets: Secrets,
    pub(super) environment: Environment,
    pub(super) python: String,
    pub(super) grace: Duration,
    /// What runs containers; `None` where components with an `image` run on this machine.
    pub(super) engine: Option<PathBuf>,
    warnings: Mutex<Vec<String>>,
}

impl Shared {
    pub(super) fn new(plan: Arc<Plan>, run: String, folder: RunFolder, secrets: Secrets, options: &Options) -> Shared {
        Shared {
            secrets,
            plan,
            run,
            folder,
            environment: options.environment.clone(),
            python: options.python.clone(),
            grace: options.grace,
            engine: container::engine(&options.environment).filter(|_| !options.host),
            warnings: Mutex::default(),
        }
    }

    /// Keeps what a person should know.
    pub(super) fn warn(&self, warning: String) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    /// What a person should know of the run as a whole.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        warnings.extend(
            self.secrets
                .unmasked()
                .iter()
                .map(|name| format!("the secret `{name}` is shorter than 4 bytes and is not masked in logs")),
        );
        warnings
    }
}
