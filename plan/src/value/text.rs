//! Values from and to text: `-p name=value`, variables of a process, templates.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::canonical::canonical_json;
use crate::plan::EvalError;
use crate::text::{duration_text, float_text, parse_duration};
use crate::time::Timestamp;
use crate::types::{Name, Type, TypeDef};
use crate::value::Value;
use crate::value::json::Mismatch;

impl Value {
    /// The text form: a float shortest (`1.0`), a duration `1h2m3.5s`, a timestamp in RFC 3339, lists, maps and
    /// records as JSON, `null` as `null`.
    ///
    /// # Errors
    /// [`EvalError::NotFinite`] for a float that is not finite, [`EvalError::Parse`] for a secret.
    pub fn to_text(&self) -> Result<SmolStr, EvalError> {
        Ok(match self {
            Value::Null => SmolStr::new_static("null"),
            Value::Bool(true) => SmolStr::new_static("true"),
            Value::Bool(false) => SmolStr::new_static("false"),
            Value::Int(int) => int.to_string().into(),
            Value::Float(float) => float_text(*float).ok_or(EvalError::NotFinite)?.into(),
            Value::Str(text) | Value::Enum(text) => text.clone(),
            Value::Duration(duration) => duration_text(*duration).into(),
            Value::Timestamp(moment) => moment.to_string().into(),
            Value::List(_) | Value::Map(_) | Value::Record(_) => canonical_json(&self.to_json()?).into(),
            Value::Json(json) => canonical_json(json).into(),
            Value::Secret(_) => return Err(EvalError::Parse),
        })
    }

    /// Reads a text as a type: strings, paths and addresses are taken as they are, lists, maps, records and `json`
    /// are JSON, other types are in their text form. `null` is the null of every `T?`.
    ///
    /// # Errors
    /// [`Mismatch`] when the text is not of the type.
    pub fn from_text(text: &str, ty: &Type, types: &BTreeMap<Name, TypeDef>) -> Result<Value, Mismatch> {
        let wrong = || Mismatch::here(ty, text.escape_debug().to_string());
        Ok(match ty {
            Type::String | Type::Path | Type::Uri => Value::text(text),
            Type::Optional(_) if text == "null" => Value::Null,
            Type::Optional(of) => Value::from_text(text, of, types)?,
            Type::Null if text == "null" => Value::Null,
            Type::Bool if text == "true" => Value::Bool(true),
            Type::Bool if text == "false" => Value::Bool(false),
            Type::Int => Value::Int(text.parse().map_err(|_| wrong())?),
            Type::Float => match text.parse::<f64>() {
                Ok(float) if float.is_finite() => Value::Float(float),
                _ => return Err(wrong()),
            },
            Type::Duration => Value::Duration(parse_duration(text).map_err(|_| wrong())?),
            Type::Timestamp => Value::Timestamp(Timestamp::parse(text).map_err(|_| wrong())?),
            Type::Enum(_) => Value::from_json(&serde_json::Value::from(text), ty, types)?,
            Type::List(_) | Type::Map(_) | Type::Record(_) | Type::Json => {
                let json = serde_json::from_str(text).map_err(|_| wrong())?;
                Value::from_json(&json, ty, types)?
            }
            Type::Bool | Type::Null | Type::Secret => return Err(wrong()),
        })
    }
}
