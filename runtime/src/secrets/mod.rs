//! The values of secrets: fetched when they are first needed, kept in memory only, masked wherever they could be printed.
//!
//! The checker lets secrets flow only into `env`, `http` and `python` arguments.

pub(crate) mod encodings;
pub(crate) mod reached;
mod redact;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hookc_plan::{Name, Plan, Provider};

pub(crate) use redact::{Patterns, Redactor};

use crate::options::Environment;

/// The longest secret, so that its masks stay small.
const LONGEST: usize = 64 * 1024;
const PROVIDER_TIME: Duration = Duration::from_secs(30);

/// Why a secret could not be fetched; never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("secret `{name}` {why}")]
pub(crate) struct SecretError {
    pub(crate) name: Name,
    pub(crate) why: String,
}

/// The secrets of a run.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    inner: Arc<Inner>,
}

struct Inner {
    providers: BTreeMap<Name, Provider>,
    root: PathBuf,
    environment: Environment,
    known: Mutex<Known>,
}

/// Without the values.
impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("names", &self.providers.keys()).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Known {
    values: BTreeMap<Name, Arc<str>>,
    patterns: Patterns,
    short: Vec<Name>,
}

impl Secrets {
    /// The secrets that `plan` names, none fetched yet.
    pub(crate) fn new(plan: &Plan, root: PathBuf, environment: Environment) -> Secrets {
        let providers = plan.secrets.iter().map(|secret| (secret.name.clone(), secret.provider.clone())).collect();
        Secrets { inner: Arc::new(Inner { providers, root, environment, known: Mutex::default() }) }
    }

    /// The value of the secret `name`.
    pub(crate) async fn fetch(&self, name: &Name) -> Result<Arc<str>, SecretError> {
        if let Some(value) = self.known().values.get(name) {
            return Ok(Arc::clone(value));
        }
        let fail = |why: String| SecretError { name: name.clone(), why };
        let value = match self.inner.providers.get(name) {
            None => Err("is not in the plan".to_owned()),
            Some(Provider::Env) => self.in_environment(name),
            Some(Provider::File(path)) => self.in_file(name, path).await,
            Some(Provider::Exec(argv)) => self.of_command(name, argv).await,
        };
        let value = value.map_err(fail)?;
        if value.is_empty() {
            return Err(fail("is empty".to_owned()));
        }
        if value.len() > LONGEST {
            return Err(fail(format!("is longer than {} KiB", LONGEST / 1024)));
        }
        self.remember(name, Arc::from(value)).map_err(fail)
    }

    fn remember(&self, name: &Name, value: Arc<str>) -> Result<Arc<str>, String> {
        let mut known = self.known();
        known.values.insert(name.clone(), Arc::clone(&value));
        if value.len() < encodings::SHORTEST && !known.short.contains(name) {
            known.short.push(name.clone());
        }
        let forms = known.values.values().flat_map(|value| encodings::masked_forms(value)).collect::<Vec<_>>();
        known.patterns = Patterns::new(forms).map_err(|_| "cannot be masked".to_owned())?;
        Ok(value)
    }

    /// What masks the secrets that are known by now.
    pub(crate) fn patterns(&self) -> Patterns {
        self.known().patterns.clone()
    }

    /// The secrets too short to be masked.
    pub(crate) fn unmasked(&self) -> Vec<Name> {
        self.known().short.clone()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.inner.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_environment(&self, name: &Name) -> Result<String, String> {
        let value =
            self.inner.environment.get(name.as_str()).ok_or("is missing: there is no such environment variable")?;
        value.to_str().map(str::to_owned).ok_or_else(|| "is not UTF-8".to_owned())
    }

    async fn in_file(&self, name: &Name, path: &str) -> Result<String, String> {
        let text = tokio::fs::read_to_string(self.inner.root.join(path)).await;
        let text = text.map_err(|error| format!("is missing: cannot read `{path}`: {error}"))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let mut values = lines.filter_map(|line| line.split_once('=')).filter(|(key, _)| key.trim() == name.as_str());
        let (_, value) = values.next().ok_or_else(|| format!("is missing: `{path}` does not set it"))?;
        Ok(unquoted(value.trim()).to_owned())
    }

    async fn of_command(&self, name: &Name, argv: &[String]) -> Result<String, String> {
        let (program, args) = argv.split_first().ok_or("has a provider that names no program")?;
        let mut command = tokio::process::Command::new(program);
        command
            .args(args)
            .arg(name.as_str())
            .current_dir(&self.inner.root)
            .env_clear()
            .envs(self.inner.environment.iter());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(PROVIDER_TIME, command.output()).await;
        let output = output.map_err(|_| format!("is missing: `{program}` did not answer within 30 s"))?;
        let output = output.map_err(|error| format!("is missing: cannot start `{program}`: {error}"))?;
        if !output.status.success() {
            return Err(format!("is missing: `{program}` failed with {}", output.status));
        }
        let value = String::from_utf8(output.stdout).map_err(|_| "is not UTF-8".to_owned())?;
        let line = value.strip_suffix('\n').unwrap_or(&value);
        Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
    }
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}
