//! The JSON Schema of the plan, made of its types.

use schemars::generate::SchemaSettings;

use crate::plan::{Plan, VERSION};

/// The JSON Schema (draft 2020-12) of `hook.plan/v1`.
pub fn json_schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Plan>();
    schema.insert("$id".to_owned(), VERSION.into());
    schema.insert("title".to_owned(), "The plan of a hook file".into());
    schema.to_value()
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
