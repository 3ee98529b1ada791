//! Values that leave as text or JSON. Secrets are opaque here, unless the evaluation may reveal them.

use std::borrow::Cow;
use std::sync::Arc;

use super::env::{Env, Got, Outcome};
use super::run::value;
use super::step::Step;
use crate::plan::EvalError;
use crate::types::Name;
use crate::value::Value;

/// Texts one after another.
#[inline(never)]
pub(super) fn template<'e>(parts: &'e [Step], env: &'e Env<'e>) -> Outcome<'e> {
    let mut text = String::new();
    for part in parts {
        let part = value(part, env)?;
        let part = clear_text(part.get(), env)?;
        env.spend_text(part.len())?;
        text.push_str(&part);
    }
    Ok(Got::Own(Value::text(text)))
}

/// The text of a string, or of a secret that may be revealed.
fn clear_text<'v>(value: &'v Value, env: &Env<'_>) -> Result<Cow<'v, str>, EvalError> {
    match value {
        Value::Str(text) | Value::Enum(text) => Ok(Cow::Borrowed(text)),
        Value::Secret(name) => env.reveal(name).map(|text| Cow::Owned(text.into())),
        _ => Err(EvalError::Parse),
    }
}

/// The text form.
pub(super) fn to_text(value: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    if let Value::Secret(name) = value {
        return env.reveal(name).map(Value::Str);
    }
    let text = value.to_text()?;
    env.spend_text(text.len())?;
    Ok(Value::Str(text))
}

/// Any value as `json`.
pub(super) fn json(value: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    env.spend(weight(value))?;
    match value {
        Value::Json(_) => Ok(value.clone()),
        Value::Secret(_) => Err(EvalError::Parse),
        value if value.holds_secret() => Err(EvalError::Parse),
        value => Ok(Value::Json(Arc::new(value.to_json()?))),
    }
}

/// The steps of going over a whole value.
fn weight(value: &Value) -> u64 {
    match value {
        Value::List(items) => items.iter().map(weight).sum::<u64>() + 1,
        Value::Map(map) => map.values().map(weight).sum::<u64>() + 1,
        Value::Record(fields) => fields.iter().map(|(_, value)| weight(value)).sum::<u64>() + 1,
        Value::Str(text) => super::env::text_steps(text.len() as u64) + 1,
        _ => 1,
    }
}

/// A JSON object whose entries are values of any type.
#[inline(never)]
pub(super) fn map_of<'e>(entries: &'e [(Name, Step)], env: &'e Env<'e>) -> Outcome<'e> {
    let mut object = serde_json::Map::new();
    for (key, entry) in entries {
        let entry = value(entry, env)?;
        let Value::Json(json) = json(entry.get(), env)? else {
            return Err(EvalError::Parse);
        };
        object.insert(key.to_string(), Arc::unwrap_or_clone(json));
    }
    Ok(Got::Own(Value::Json(Arc::new(serde_json::Value::Object(object)))))
}
