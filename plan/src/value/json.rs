//! Values from and to JSON, by their types.
//!
//! Only an integer is converted, to a float; durations, timestamps and enums are in their text form.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::OpState;
use crate::eval::Program;
use crate::expr::Expr;
use crate::plan::EvalError;
use crate::text::{duration_text, parse_duration};
use crate::time::Timestamp;
use crate::trace::{ErrorKind, JobStatus, Source};
use crate::types::{Field, Name, Type, TypeDef};
use crate::value::Value;

/// The fields of a record in declared order.
pub type Fields = Arc<[(Name, Value)]>;

/// What happens to a key that no field declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is an error.
    Refuse,
    /// It is left out: answers of `http`, bodies of webhooks.
    Ignore,
}

/// A value that is not of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where, as in `outputs.tags[2]`; empty for the value itself.
    pub path: String,
    /// The type, or what else was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl Mismatch {
    /// A mismatch of the value itself.
    pub fn here(expected: impl fmt::Display, found: impl Into<String>) -> Mismatch {
        Mismatch { path: String::new(), expected: expected.to_string(), found: found.into() }
    }

    /// The same, seen from outside: `tags[2]` in `outputs` is `outputs.tags[2]`.
    pub fn within(mut self, outer: &str) -> Mismatch {
        self.path = match self.path.as_str() {
            "" => outer.to_owned(),
            path if path.starts_with('[') => format!("{outer}{path}"),
            path => format!("{outer}.{path}"),
        };
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for Mismatch {}

impl Value {
    /// The JSON form. The secret fields of records and maps are left out.
    ///
    /// # Errors
    /// [`EvalError::NotFinite`] for a float that is not finite, [`EvalError::Parse`] for a secret that is not in a field.
    pub fn to_json(&self) -> Result<Json, EvalError> {
        Ok(match self {
            Value::Null => Json::Null,
            Value::Bool(bool) => Json::Bool(*bool),
            Value::Int(int) => Json::from(*int),
            Value::Float(float) => Json::Number(serde_json::Number::from_f64(*float).ok_or(EvalError::NotFinite)?),
            Value::Str(text) | Value::Enum(text) => Json::from(text.as_str()),
            Value::Duration(duration) => Json::from(duration_text(*duration)),
            Value::Timestamp(moment) => Json::from(moment.to_string()),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect::<Result<_, _>>()?),
            Value::Map(map) => object(map.iter())?,
            Value::Record(fields) => object(fields.iter().map(|(name, value)| (name, value)))?,
            Value::Json(json) => Json::clone(json),
            Value::Secret(_) => return Err(EvalError::Parse),
        })
    }

    /// Reads JSON as a type. A key that is missing from a record takes the field's default, then `null` for
    /// `T?`; a key that is unknown is an error.
    ///
    /// # Errors
    /// [`Mismatch`] with the place, seen from the value.
    pub fn from_json(json: &Json, ty: &Type, types: &BTreeMap<Name, TypeDef>) -> Result<Value, Mismatch> {
        Value::from_json_with(json, ty, types, Unknown::Refuse)
    }

    /// [`Value::from_json`] with a choice of what happens to keys that no record declares.
    ///
    /// # Errors
    /// [`Mismatch`] with the place, seen from the value.
    pub fn from_json_with(
        json: &Json,
        ty: &Type,
        types: &BTreeMap<Name, TypeDef>,
        unknown: Unknown,
    ) -> Result<Value, Mismatch> {
        Reader { types, unknown }.value(json, ty)
    }

    /// Reads a JSON object as declared fields, in their order: the outputs of a component, the body of a webhook.
    ///
    /// # Errors
    /// [`Mismatch`] with the place, seen from the object.
    pub fn fields_from_json(
        json: &Json,
        fields: &[Field],
        types: &BTreeMap<Name, TypeDef>,
        unknown: Unknown,
    ) -> Result<Fields, Mismatch> {
        Reader { types, unknown }.fields(json, fields, "an object")
    }

    /// Reads JSON without a type, as far as JSON knows types: for constants of records, whose fields are not at hand.
    pub(crate) fn from_untyped(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(bool) => Value::Bool(*bool),
            Json::Number(number) => match number.as_i64() {
                Some(int) => Value::Int(int),
                None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Value::text(text),
            Json::Array(items) => Value::list(items.iter().map(Value::from_untyped)),
            Json::Object(entries) => {
                Value::record(entries.iter().map(|(key, value)| (key.into(), Value::from_untyped(value))))
            }
        }
    }
}

fn object<'a>(entries: impl Iterator<Item = (&'a Name, &'a Value)>) -> Result<Json, EvalError> {
    let entries = entries.filter(|(_, value)| !matches!(value, Value::Secret(_)));
    Ok(Json::Object(entries.map(|(key, value)| Ok((key.to_string(), value.to_json()?))).collect::<Result<_, _>>()?))
}

struct Reader<'a> {
    types: &'a BTreeMap<Name, TypeDef>,
    unknown: Unknown,
}

impl Reader<'_> {
    fn value(&self, json: &Json, ty: &Type) -> Result<Value, Mismatch> {
        let wrong = || Mismatch::here(format_args!("`{ty}`"), shown(json));
        match (ty, json) {
            (Type::Optional(_), Json::Null) => Ok(Value::Null),
            (Type::Optional(of), _) => self.value(json, of),
            (Type::Json, _) => Ok(Value::Json(Arc::new(json.clone()))),
            (Type::Null, Json::Null) => Ok(Value::Null),
            (Type::Bool, Json::Bool(bool)) => Ok(Value::Bool(*bool)),
            (Type::Int, Json::Number(number)) => number.as_i64().map(Value::Int).ok_or_else(wrong),
            (Type::Float, Json::Number(number)) => {
                number.as_f64().filter(|float| float.is_finite()).map(Value::Float).ok_or_else(wrong)
            }
            (Type::String | Type::Path | Type::Uri, Json::String(text)) => Ok(Value::text(text)),
            (Type::Duration, Json::String(text)) => parse_duration(text).map(Value::Duration).map_err(|_| wrong()),
            (Type::Timestamp, Json::String(text)) => Timestamp::parse(text).map(Value::Timestamp).map_err(|_| wrong()),
            (Type::List(of), Json::Array(items)) => self.list(items, of),
            (Type::Map(of), Json::Object(entries)) => self.map(entries, of),
            (Type::Enum(name), Json::String(text)) => self.enumerator(name, text).ok_or_else(wrong),
            (Type::Record(name), _) => match self.types.get(name) {
                Some(TypeDef::Record(fields)) => Ok(Value::Record(self.fields(json, fields, &format!("`{name}`"))?)),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }

    fn list(&self, items: &[Json], of: &Type) -> Result<Value, Mismatch> {
        let read = |(at, item)| self.value(item, of).map_err(|mismatch: Mismatch| mismatch.within(&format!("[{at}]")));
        Ok(Value::List(items.iter().enumerate().map(read).collect::<Result<_, _>>()?))
    }

    fn map(&self, entries: &serde_json::Map<String, Json>, of: &Type) -> Result<Value, Mismatch> {
        let read = |(key, value): (&String, &Json)| {
            let value = self.value(value, of).map_err(|mismatch| mismatch.within(&format!("[{key:?}]")))?;
            Ok((key.into(), value))
        };
        Ok(Value::Map(Arc::new(entries.iter().map(read).collect::<Result<_, _>>()?)))
    }

    fn enumerator(&self, name: &str, text: &str) -> Option<Value> {
        let known = match self.types.get(name) {
            Some(TypeDef::Enum(values)) => values.iter().any(|value| value == text),
            Some(TypeDef::Record(_)) => false,
            None => match name {
                "ErrorKind" => ErrorKind::from_word(text).is_some(),
                "Source" => Source::from_word(text).is_some(),
                "JobStatus" => JobStatus::from_word(text).is_some(),
                "OpStatus" => OpState::from_word(text).is_some(),
                _ => false,
            },
        };
        known.then(|| Value::Enum(text.into()))
    }

    fn fields(&self, json: &Json, fields: &[Field], expected: &str) -> Result<Fields, Mismatch> {
        let Json::Object(entries) = json else {
            return Err(Mismatch::here(expected, shown(json)));
        };
        if self.unknown == Unknown::Refuse
            && let Some(key) = entries.keys().find(|key| !fields.iter().any(|field| field.name == key.as_str()))
        {
            return Err(Mismatch::here(expected, format!("the unknown key {key:?}")));
        }
        fields
            .iter()
            .map(|field| Ok((field.name.clone(), self.field(entries.get(field.name.as_str()), field)?)))
            .collect()
    }

    fn field(&self, json: Option<&Json>, field: &Field) -> Result<Value, Mismatch> {
        match (json, &field.default) {
            (Some(json), _) => self.value(json, &field.ty).map_err(|mismatch| mismatch.within(&field.name)),
            (None, Some(default)) => self.default(default, field),
            (None, None) if matches!(field.ty, Type::Optional(_) | Type::Null) => Ok(Value::Null),
            (None, None) => Err(Mismatch::here(format_args!("`{}`", field.ty), "nothing").within(&field.name)),
        }
    }

    fn default(&self, default: &Expr, field: &Field) -> Result<Value, Mismatch> {
        let wrong = |error| Mismatch::here(format_args!("`{}`", field.ty), format!("a default that fails: {error}"));
        Program::with_types(default, self.types).run(&[]).map_err(|error| wrong(error).within(&field.name))
    }
}

/// A value in a message: JSON, cut to a readable length.
fn shown(json: &Json) -> String {
    const LONGEST: usize = 60;
    let text = match json {
        Json::Array(items) if items.len() > 8 => format!("a list of {}", items.len()),
        Json::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
