//! The JSON Schema of the plan, made of its types.
//!
//! One part is rearranged: the operations of expressions. As derived, each of some hundred alternatives describes its
//! operands in full, and a validator that tries the alternatives in turn would go through what is below an operand
//! once for each, at each level. Here a key is described once for all operations, and an alternative says only which
//! keys its operation has.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use crate::plan::{Plan, VERSION};

/// The JSON Schema (draft 2020-12) of `hook.plan/v1`.
pub fn json_schema() -> Json {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Plan>().to_value();
    if let Some(expr) = schema.pointer_mut("/$defs/Expr").and_then(Json::as_object_mut) {
        describe_keys_once(expr);
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("$id".to_owned(), VERSION.into());
        schema.insert("title".to_owned(), "The plan of a hook file".into());
    }
    schema
}

fn describe_keys_once(expr: &mut Map<String, Json>) {
    let Some(Json::Array(mut operations)) = expr.remove("oneOf") else {
        return;
    };
    let mut keys = of_all(&operations);
    let own = object(expr.get("properties"));
    for operation in &mut operations {
        let Some(properties) = operation.get_mut("properties").and_then(Json::as_object_mut) else {
            continue;
        };
        for (key, schema) in properties.iter_mut().filter(|(key, _)| keys.contains_key(*key)) {
            // `op` distinguishes the alternatives.
            if key != "op" {
                *schema = Json::Bool(true);
            }
        }
        properties.extend(own.keys().map(|key| (key.clone(), Json::Bool(true))));
        if let Some(operation) = operation.as_object_mut() {
            operation.insert("additionalProperties".to_owned(), Json::Bool(false));
        }
    }
    keys.extend(own);
    expr.insert("properties".to_owned(), Json::Object(keys));
    expr.insert("oneOf".to_owned(), Json::Array(operations));
}

/// The keys that mean the same in all operations that have them.
fn of_all(operations: &[Json]) -> Map<String, Json> {
    let mut keys = Map::new();
    let mut differ = Vec::new();
    let mut names = Vec::new();
    for (key, schema) in operations.iter().flat_map(|operation| object(operation.get("properties"))) {
        let schema = without_null(&schema);
        if key == "op" {
            names.extend(schema.get("const").cloned());
        } else if keys.get(&key).is_some_and(|known| *known != schema) {
            differ.push(key);
        } else {
            keys.insert(key, schema);
        }
    }
    keys.retain(|key, _| !differ.contains(key));
    keys.insert("op".to_owned(), json!({ "enum": names }));
    keys
}

/// An operand that may be left out is never written as null.
fn without_null(schema: &Json) -> Json {
    match schema.get("anyOf").and_then(Json::as_array).map(Vec::as_slice) {
        Some([operand, null]) if *null == json!({ "type": "null" }) => operand.clone(),
        _ => schema.clone(),
    }
}

fn object(json: Option<&Json>) -> Map<String, Json> {
    json.and_then(Json::as_object).cloned().unwrap_or_default()
}
