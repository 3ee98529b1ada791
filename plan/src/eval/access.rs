//! Fields, items and entries.

use super::env::{Env, Got, Outcome};
use super::run::value;
use super::step::{MissingKey, Step};
use super::string::borrowed;
use crate::plan::EvalError;
use crate::types::Name;
use crate::value::Value;

/// `of.name`; a field that a record lacks is null.
#[inline(never)]
pub(super) fn field<'e>((of, name): &'e (Step, Name), env: &'e Env<'e>) -> Outcome<'e> {
    let of = value(of, env)?;
    match of.get() {
        Value::Record(_) | Value::Map(_) => Ok(of.part(|value| value.get(name)).unwrap_or(Got::Own(Value::Null))),
        _ => Err(EvalError::Parse),
    }
}

/// `of[at]`; what is not there is an error, and nothing counts from the end.
#[inline(never)]
pub(super) fn index_list<'e>([of, at]: &'e [Step; 2], env: &'e Env<'e>) -> Outcome<'e> {
    let of = value(of, env)?;
    let at = match value(at, env)?.get() {
        Value::Int(at) => *at,
        _ => return Err(EvalError::Parse),
    };
    let Value::List(_) = of.get() else {
        return Err(EvalError::Parse);
    };
    let at = usize::try_from(at).map_err(|_| EvalError::Index)?;
    let item = |list: &'e Value| list_item(list, at);
    match of {
        Got::Ref(list) => item(list).map(Got::Ref).ok_or(EvalError::Index),
        Got::Own(list) => list_item(&list, at).cloned().map(Got::Own).ok_or(EvalError::Index),
    }
}

fn list_item(list: &Value, at: usize) -> Option<&Value> {
    match list {
        Value::List(items) => items.get(at),
        _ => None,
    }
}

/// `of[key]` or `of.get(key)`.
#[inline(never)]
pub(super) fn index_map<'e>(missing: MissingKey, [of, key]: &'e [Step; 2], env: &'e Env<'e>) -> Outcome<'e> {
    let of = value(of, env)?;
    let key = value(key, env)?;
    let key = borrowed(key.get())?;
    let Value::Map(_) = of.get() else {
        return Err(EvalError::Parse);
    };
    match (of.part(|map| map.get(key)), missing) {
        (Some(entry), _) => Ok(entry),
        (None, MissingKey::Null) => Ok(Got::Own(Value::Null)),
        (None, MissingKey::Error) => Err(EvalError::Key),
    }
}
