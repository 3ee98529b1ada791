//! Values as the runtime sees them: connections and mocks, secrets inside, and how they are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_plan::{ConnectionValue, FieldValue, Name, Plan, Program, Timestamp, Value};
use serde_json::{Value as Json, json};

use crate::clock::Moment;
use crate::executor::Values;

/// The key that marks the value of a mocked connection; no field can have this name.
const MOCK: &str = "$mock";

/// A moment as a value.
pub(crate) fn timestamp(moment: Moment) -> Value {
    Timestamp::from_unix_nanos(i128::from(moment.0)).map_or(Value::Null, Value::Timestamp)
}

/// The value of a connection: its fields, secrets by name, or the mark of a mock.
pub(crate) fn connection(plan: &Plan, name: &Name) -> Option<Value> {
    Some(match &plan.connections.get(name)?.value {
        ConnectionValue::Mock(_) => Value::Json(Arc::new(json!({ MOCK: name.as_str() }))),
        ConnectionValue::Fields(fields) => Value::record(fields.iter().map(|(field, value)| {
            let value = match value {
                FieldValue::Const(expr) => Program::with_types(expr, &plan.types).run(&[]).unwrap_or(Value::Null),
                FieldValue::Secret(secret) => Value::Secret(secret.clone()),
            };
            (field.clone(), value)
        })),
    })
}

/// The connection whose mock is among `values`, at any depth.
pub(crate) fn mocked(values: &Values) -> Option<Name> {
    values.values().find_map(mock_in)
}

fn mock_in(value: &Value) -> Option<Name> {
    match value {
        Value::Json(json) => json.get(MOCK).and_then(Json::as_str).map(Name::from),
        Value::List(items) => items.iter().find_map(mock_in),
        Value::Map(map) => map.values().find_map(mock_in),
        Value::Record(fields) => fields.iter().find_map(|(_, value)| mock_in(value)),
        _ => None,
    }
}

/// The names of the secrets in `value`.
pub(crate) fn secrets_in(value: &Value, names: &mut Vec<Name>) {
    match value {
        Value::Secret(name) => names.push(name.clone()),
        Value::List(items) => items.iter().for_each(|item| secrets_in(item, names)),
        Value::Map(map) => map.values().for_each(|item| secrets_in(item, names)),
        Value::Record(fields) => fields.iter().for_each(|(_, field)| secrets_in(field, names)),
        _ => {}
    }
}

/// `value` with the values of its secrets in their place. What comes out goes to a process, nowhere else.
pub(crate) fn revealed(value: &Value, secrets: &BTreeMap<Name, Arc<str>>) -> Value {
    match value {
        Value::Secret(name) => secrets.get(name).map_or(Value::Null, |secret| Value::text(&**secret)),
        Value::List(items) => Value::list(items.iter().map(|item| revealed(item, secrets))),
        Value::Map(map) => Value::map(map.iter().map(|(key, item)| (key.clone(), revealed(item, secrets)))),
        Value::Record(fields) => Value::record(fields.iter().map(|(key, item)| (key.clone(), revealed(item, secrets)))),
        other => other.clone(),
    }
}

/// `value` as a report or an event shows it: secrets are left out.
pub(crate) fn shown(value: &Value) -> Json {
    // Only a secret by itself, or a float that is not finite, has no JSON; neither leaves a checked expression.
    value.to_json().unwrap_or(Json::Null)
}

/// All of `values`, as shown.
pub(crate) fn all_shown(values: &Values) -> BTreeMap<Name, Json> {
    let open = values.iter().filter(|(_, value)| !matches!(value, Value::Secret(_)));
    open.map(|(name, value)| (name.clone(), shown(value))).collect()
}
