//! Values at run time: connections and mocks, the secrets inside values, and their JSON form.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_plan::{ConnectionValue, Field, FieldValue, Name, Plan, Program, Timestamp, Value};
use serde_json::{Value as Json, json};

use crate::clock::Moment;

/// Values by name.
pub type Values = BTreeMap<Name, Value>;

/// Values by name as reports show them: secrets are left out.
pub type JsonValues = BTreeMap<Name, Json>;

/// The key that marks the value of a mocked connection; no field can have this name.
const MOCK: &str = "$mock";

/// A moment as a value.
pub(crate) fn timestamp(moment: Moment) -> Value {
    Timestamp::from_unix_nanos(i128::from(moment.0)).map_or(Value::Null, Value::Timestamp)
}

/// A null for each of `fields`.
pub(crate) fn nulls(fields: &[Field]) -> Values {
    fields.iter().map(|field| (field.name.clone(), Value::Null)).collect()
}

/// The value of a constant expression; null if it cannot be evaluated.
fn constant(plan: &Plan, expr: &hookc_plan::Expr) -> Value {
    Program::with_types(expr, &plan.types).run(&[]).unwrap_or(Value::Null)
}

/// The value of a connection: its fields, secrets by name, or the mark of a mock.
pub(crate) fn connection(plan: &Plan, name: &Name) -> Option<Value> {
    Some(match &plan.connections.get(name)?.value {
        ConnectionValue::Mock(_) => Value::Json(Arc::new(json!({ MOCK: name.as_str() }))),
        ConnectionValue::Fields(fields) => Value::record(fields.iter().map(|(field, value)| {
            let value = match value {
                FieldValue::Const(expr) => constant(plan, expr),
                FieldValue::Secret(secret) => Value::Secret(secret.clone()),
            };
            (field.clone(), value)
        })),
    })
}

/// The connection whose mock is in `values`, at any depth.
pub(crate) fn mock_in(values: &Values) -> Option<Name> {
    values.values().find_map(mock_in_value)
}

fn mock_in_value(value: &Value) -> Option<Name> {
    match value {
        Value::Json(json) => json.get(MOCK).and_then(Json::as_str).map(Name::from),
        Value::List(items) => items.iter().find_map(mock_in_value),
        Value::Map(map) => map.values().find_map(mock_in_value),
        Value::Record(fields) => fields.iter().find_map(|(_, value)| mock_in_value(value)),
        _ => None,
    }
}

/// The outputs that a mock gives for a component.
pub(crate) fn mock_outputs(plan: &Plan, mock: &Name, component: &Name) -> Values {
    let declared = plan.components.get(component).map(|component| component.outputs.as_slice()).unwrap_or_default();
    let mut outputs = nulls(declared);
    if let Some(ConnectionValue::Mock(mock)) = plan.connections.get(mock).map(|connection| &connection.value) {
        let given = mock.outputs.get(component).into_iter().flatten();
        outputs.extend(given.map(|(name, value)| (name.clone(), constant(plan, value))));
    }
    outputs
}

/// Adds the names of the secrets in `value`.
pub(crate) fn secrets_in(value: &Value, names: &mut Vec<Name>) {
    match value {
        Value::Secret(name) => names.push(name.clone()),
        Value::List(items) => items.iter().for_each(|item| secrets_in(item, names)),
        Value::Map(map) => map.values().for_each(|item| secrets_in(item, names)),
        Value::Record(fields) => fields.iter().for_each(|(_, field)| secrets_in(field, names)),
        _ => {}
    }
}

/// `value` with the text of each secret in place of its name. The result goes to a process and nowhere else.
pub(crate) fn revealed(value: &Value, secrets: &BTreeMap<Name, Arc<str>>) -> Value {
    match value {
        Value::Secret(name) => secrets.get(name).map_or(Value::Null, |secret| Value::text(&**secret)),
        Value::List(items) => Value::list(items.iter().map(|item| revealed(item, secrets))),
        Value::Map(map) => Value::map(map.iter().map(|(key, item)| (key.clone(), revealed(item, secrets)))),
        Value::Record(fields) => Value::record(fields.iter().map(|(key, item)| (key.clone(), revealed(item, secrets)))),
        other => other.clone(),
    }
}

/// Whether no float in `value` is infinite or NaN.
pub(crate) fn is_finite(value: &Value) -> bool {
    match value {
        Value::Float(float) => float.is_finite(),
        Value::List(items) => items.iter().all(is_finite),
        Value::Map(map) => map.values().all(is_finite),
        Value::Record(fields) => fields.iter().all(|(_, field)| is_finite(field)),
        _ => true,
    }
}

/// `value` as a report or an event shows it; secrets are left out.
pub(crate) fn to_json(value: &Value) -> Json {
    // Only a secret by itself, or a float that is not finite, has no JSON form; neither leaves a checked expression.
    value.to_json().unwrap_or(Json::Null)
}

/// All of `values` as a report or an event shows them.
pub(crate) fn to_json_values(values: &Values) -> JsonValues {
    let open = values.iter().filter(|(_, value)| !matches!(value, Value::Secret(_)));
    open.map(|(name, value)| (name.clone(), to_json(value))).collect()
}

/// `text`, cut after `max` characters.
pub(crate) fn shortened(text: String, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
