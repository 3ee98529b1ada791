//! `python` bodies: a small driver calls the function, and receives everything over a pipe.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Python, Value};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use tokio::sync::watch;

use super::body::Attempt;
use crate::task::{Failure, Kill, TaskOutcome};

const DRIVER: &str = include_str!("driver.py");

/// What the driver writes when the function has failed.
#[derive(Deserialize)]
struct Raised {
    kind: String,
    message: String,
    traceback: Option<String>,
    r#type: Option<String>,
}

/// Calls the function with the inputs by name, secrets among them.
pub(super) async fn run(
    attempt: &Attempt<'_>,
    python: &Python,
    kill: watch::Receiver<Option<Kill>>,
    started: impl FnOnce(u32),
) -> Result<TaskOutcome, Failure> {
    let mut inputs = Map::new();
    for (name, value) in &attempt.inputs {
        inputs.insert(name.to_string(), revealed(attempt, value).await?);
    }
    let call = json!({
        "module": python.module,
        "function": python.function,
        "inputs": inputs,
        "outputs": attempt.outputs_file.to_string_lossy(),
        "error": error_file(attempt).to_string_lossy(),
    });
    let argv = vec![OsString::from(attempt.python()), "-c".into(), DRIVER.into()];
    attempt.process(argv, BTreeMap::new(), Some(call.to_string().into_bytes()), kill, started).await
}

/// The failure that the driver reports.
pub(super) fn raised(attempt: &Attempt<'_>) -> Option<Failure> {
    let file = error_file(attempt);
    let text = std::fs::read_to_string(&file).ok()?;
    // It may quote a secret. If it cannot be removed, only its owner can read it.
    let _ = std::fs::remove_file(&file);
    let raised: Raised = serde_json::from_str(&text).ok()?;
    let kind = ErrorKind::from_word(&raised.kind).unwrap_or(ErrorKind::Exit);
    let message = match kind {
        ErrorKind::Exit => format!("exit code 1: {}", raised.message),
        _ => raised.message,
    };
    let mut failure = Failure::new(kind, message);
    failure.traceback = raised.traceback;
    failure.error_type = raised.r#type;
    Some(failure)
}

fn error_file(attempt: &Attempt<'_>) -> PathBuf {
    attempt.work.with_extension("error.json")
}

/// The JSON of an input, with the values of its secrets.
async fn revealed(attempt: &Attempt<'_>, value: &Value) -> Result<Json, Failure> {
    if !value.holds_secret() {
        return value
            .to_json()
            .map_err(|error| Failure::new(ErrorKind::Input, format!("cannot write an input as JSON: {error}")));
    }
    let mut secrets = BTreeMap::new();
    let mut names = Vec::new();
    crate::values::secrets_in(value, &mut names);
    for name in names {
        let secret = attempt.secret(&name).await?;
        secrets.insert(name, secret);
    }
    let value = crate::values::revealed(value, &secrets);
    value.to_json().map_err(|error| Failure::new(ErrorKind::Input, format!("cannot write an input as JSON: {error}")))
}
