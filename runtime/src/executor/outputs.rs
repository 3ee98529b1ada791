//! The outputs of a process or a request: read, checked against the declared outputs, files kept.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Mismatch, OutputsFrom, Unknown, Value};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::body::Attempt;
use super::process::Exit;
use super::process_lifetime::Finished;
use super::process_output::LINE_LIMIT;
use super::{kept_files, python};
use crate::task::{Failure, TaskOutcome};
use crate::values::Values;

/// The maximum size of outputs.
const LIMIT: u64 = 1024 * 1024;

/// The end of an attempt by a process.
pub(super) fn collect(attempt: &Attempt<'_>, finished: &Finished) -> TaskOutcome {
    let read = match attempt.component.outputs_from {
        OutputsFrom::File => read_file(&attempt.outputs_file),
        OutputsFrom::Stdout => read_line(&finished.out.line, attempt.component.outputs.is_empty()),
    };
    let failure = match &finished.exit {
        Ok(Exit::Code(0)) => python::raised(attempt),
        exit => Some(exit_failure(attempt, exit, &finished.err.tail)),
    };
    let Some(failure) = failure else {
        let checked = read.map_err(wrong).and_then(|json| checked(attempt, &json));
        return checked.map_or_else(TaskOutcome::failed, TaskOutcome::succeeded);
    };
    let outputs = read.ok().map(|json| well_typed(attempt, &json)).unwrap_or_default();
    TaskOutcome { outputs, failure: Some(failure) }
}

/// The outputs in the answer to a request.
pub(super) fn answered(attempt: &Attempt<'_>, answer: &[u8]) -> Result<Values, Failure> {
    let declared = &attempt.component.outputs;
    if declared.is_empty() {
        return Ok(Values::new());
    }
    let json = parse(answer, "the answer").map_err(wrong)?;
    let fields = Value::fields_from_json(&json, declared, &attempt.shared.plan.types, Unknown::Ignore);
    let fields = fields.map_err(mismatched)?;
    let outputs: Values = fields.iter().cloned().collect();
    no_secret(attempt, outputs)
}

fn exit_failure(attempt: &Attempt<'_>, exit: &std::io::Result<Exit>, tail: &[u8]) -> Failure {
    let tail = String::from_utf8_lossy(tail);
    let tail = tail.trim();
    let colon = if tail.is_empty() { "" } else { ": " };
    match exit {
        Ok(Exit::Code(code)) => {
            let mut failure = python::raised(attempt)
                .unwrap_or_else(|| Failure::new(ErrorKind::Exit, format!("exit code {code}{colon}{tail}")));
            failure.exit_code = Some(*code);
            failure
        }
        Ok(Exit::Signal(signal)) => Failure::new(ErrorKind::Signal, format!("ended by signal {signal}{colon}{tail}")),
        Err(error) => Failure::new(ErrorKind::Signal, format!("its exit status is not known: {error}")),
    }
}

fn checked(attempt: &Attempt<'_>, json: &Json) -> Result<Values, Failure> {
    let declared = &attempt.component.outputs;
    let fields =
        Value::fields_from_json(json, declared, &attempt.shared.plan.types, Unknown::Refuse).map_err(mismatched)?;
    let mut outputs = no_secret(attempt, fields.iter().cloned().collect())?;
    for field in declared {
        if let Some(value) = outputs.get_mut(&field.name) {
            *value = kept_files::kept(attempt, &field.name, &field.ty, value).map_err(mismatched)?;
        }
    }
    Ok(outputs)
}

/// The outputs of a failed process that have the declared types.
fn well_typed(attempt: &Attempt<'_>, json: &Json) -> Values {
    let mut outputs = Values::new();
    for field in &attempt.component.outputs {
        let Some(value) = json.get(field.name.as_str()) else {
            continue;
        };
        let value = Value::from_json(value, &field.ty, &attempt.shared.plan.types);
        let value = value.and_then(|value| kept_files::kept(attempt, &field.name, &field.ty, &value));
        if let Ok(value) = value {
            outputs.insert(field.name.clone(), value);
        }
    }
    no_secret(attempt, outputs).unwrap_or_default()
}

/// Outputs are recorded and shown, so one that contains a secret is refused.
fn no_secret(attempt: &Attempt<'_>, outputs: Values) -> Result<Values, Failure> {
    let patterns = attempt.shared.secrets.patterns();
    for (name, value) in &outputs {
        if value.to_json().is_ok_and(|json| any_text(&json, &|text| patterns.found_in(text.as_bytes()))) {
            // The process wrote it there. If it cannot be removed, the run is not affected.
            let _ = std::fs::remove_file(&attempt.outputs_file);
            return Err(Failure::new(ErrorKind::Secret, format!("the output `{name}` contains a secret")));
        }
    }
    Ok(outputs)
}

/// Whether a text in `json`, at any depth, is one that `such` accepts.
fn any_text(json: &Json, such: &dyn Fn(&str) -> bool) -> bool {
    match json {
        Json::String(text) => such(text),
        Json::Array(items) => items.iter().any(|item| any_text(item, such)),
        Json::Object(entries) => entries.iter().any(|(key, item)| such(key) || any_text(item, such)),
        Json::Number(number) => such(&number.to_string()),
        Json::Null | Json::Bool(_) => false,
    }
}

fn mismatched(mismatch: Mismatch) -> Failure {
    Failure::new(ErrorKind::OutputType, mismatch.within("outputs").to_string())
}

fn wrong(why: String) -> Failure {
    Failure::new(ErrorKind::OutputType, why)
}

/// Reads the outputs file. A process that writes none has no outputs.
fn read_file(path: &Path) -> Result<Json, String> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Json::Object(serde_json::Map::new())),
        Err(error) => return Err(format!("cannot read `$HOOK_OUTPUTS`: {error}")),
        Ok(metadata) if !metadata.is_file() => return Err("`$HOOK_OUTPUTS` is not a regular file".to_owned()),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path);
    let read = file.and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("cannot read `$HOOK_OUTPUTS`: {error}"))?;
    if bytes.len() as u64 > LIMIT {
        return Err("`$HOOK_OUTPUTS` is longer than 1 MiB".to_owned());
    }
    parse(&bytes, "`$HOOK_OUTPUTS`")
}

fn read_line(line: &[u8], none_wanted: bool) -> Result<Json, String> {
    if none_wanted {
        return Ok(Json::Object(serde_json::Map::new()));
    }
    if line.is_empty() {
        return Err("expected a JSON object in the last line of the standard output, found nothing".to_owned());
    }
    if line.len() > LINE_LIMIT {
        return Err("the last line of the standard output is longer than 1 MiB".to_owned());
    }
    parse(line, "the last line of the standard output")
}

fn parse(bytes: &[u8], what: &str) -> Result<Json, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| format!("{what} is not UTF-8"))?;
    let Strict(json) =
        serde_json::from_str(text).map_err(|error| format!("{what}: expected a JSON object: {error}"))?;
    if json.is_object() { Ok(json) } else { Err(format!("{what}: expected a JSON object")) }
}

/// JSON in which no object has a key twice.
struct Strict(Json);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Json::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(Json::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(Json::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(Json::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict(Json::from(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(Json::from(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Strict(Json::Array(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Strict, A::Error> {
        let mut map = serde_json::Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the key {key:?} twice")));
            }
            map.insert(key, value);
        }
        Ok(Strict(Json::Object(map)))
    }
}
