//! Values: what inputs, outputs and expressions hold at run time.
//!
//! A value is cheap to clone (no deep copy) and has at most four words. It does not know its type: the code that makes
//! one from JSON or text gives the type, and the checker guarantees it afterwards.

mod json;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

pub use json::{Fields, Mismatch, Unknown};

use crate::time::Timestamp;
use crate::types::Name;

/// A value. `path` and `uri` are [`Value::Str`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A double, perhaps not finite.
    Float(f64),
    /// Text, a path or an address.
    Str(SmolStr),
    /// A length of time in nanoseconds.
    Duration(i64),
    /// A moment.
    Timestamp(Timestamp),
    /// The bare name of an enum's value.
    Enum(Name),
    /// A list.
    List(Arc<[Value]>),
    /// A map.
    Map(Arc<BTreeMap<Name, Value>>),
    /// A record: its fields in declared order.
    Record(Fields),
    /// Any JSON.
    Json(Arc<serde_json::Value>),
    /// A secret, by its name alone.
    Secret(Name),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<SmolStr>) -> Value {
        Value::Str(text.into())
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
        Value::List(items.into_iter().collect())
    }

    /// A map.
    pub fn map(entries: impl IntoIterator<Item = (Name, Value)>) -> Value {
        Value::Map(Arc::new(entries.into_iter().collect()))
    }

    /// A record, its fields in declared order.
    pub fn record(fields: impl IntoIterator<Item = (Name, Value)>) -> Value {
        Value::Record(fields.into_iter().collect())
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a string or the name of an enum's value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) | Value::Enum(text) => Some(text),
            _ => None,
        }
    }

    /// The field of a record or the entry of a map.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Record(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            Value::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// Whether a secret is in it, at any depth.
    pub fn holds_secret(&self) -> bool {
        match self {
            Value::Secret(_) => true,
            Value::List(items) => items.iter().any(Value::holds_secret),
            Value::Map(map) => map.values().any(Value::holds_secret),
            Value::Record(fields) => fields.iter().any(|(_, value)| value.holds_secret()),
            _ => false,
        }
    }
}
