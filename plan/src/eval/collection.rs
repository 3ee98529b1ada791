//! Lists, maps, records and the macros over them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::env::{Env, Frame, Got, Outcome};
use super::run::{truth, value};
use super::step::{Macro, Step};
use crate::kinds::MacroKind;
use crate::plan::EvalError;
use crate::types::Name;
use crate::value::Value;

/// A list of values.
#[inline(never)]
pub(super) fn list<'e>(items: &'e [Step], env: &'e Env<'e>) -> Outcome<'e> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.push(value(item, env)?.into_value());
    }
    Ok(Got::Own(Value::list(values)))
}

/// A map.
#[inline(never)]
pub(super) fn map<'e>(entries: &'e [(Name, Step)], env: &'e Env<'e>) -> Outcome<'e> {
    Ok(Got::Own(Value::map(named(entries, env)?)))
}

/// A record.
#[inline(never)]
pub(super) fn record<'e>(fields: &'e [(Name, Step)], env: &'e Env<'e>) -> Outcome<'e> {
    Ok(Got::Own(Value::record(named(fields, env)?)))
}

fn named<'e>(entries: &'e [(Name, Step)], env: &'e Env<'e>) -> Result<Vec<(Name, Value)>, EvalError> {
    let mut values = Vec::with_capacity(entries.len());
    for (name, entry) in entries {
        values.push((name.clone(), value(entry, env)?.into_value()));
    }
    Ok(values)
}

/// How many items or entries.
pub(super) fn size(a: &Value) -> Result<i64, EvalError> {
    let size = match a {
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        _ => return Err(EvalError::Parse),
    };
    Ok(size as i64)
}

/// What a macro has found so far.
#[derive(Default)]
struct Found {
    count: usize,
    list: Vec<Value>,
    map: BTreeMap<Name, Value>,
}

/// A macro, over a list or over a map's keys in their order. It stops when the other items cannot change its result;
/// `exists_one` never does.
#[inline(never)]
pub(super) fn run_macro<'e>(of: &'e Macro, env: &'e Env<'e>) -> Outcome<'e> {
    let over = value(&of.over, env)?;
    let mut found = Found::default();
    let through = match over.get() {
        Value::List(items) => over_list(of, items, env, &mut found)?,
        Value::Map(map) => over_map(of, map, env, &mut found)?,
        _ => return Err(EvalError::Parse),
    };
    Ok(Got::Own(match of.kind {
        MacroKind::All => Value::Bool(through),
        MacroKind::Exists => Value::Bool(!through),
        MacroKind::ExistsOne => Value::Bool(found.count == 1),
        MacroKind::Map | MacroKind::Filter => Value::list(found.list),
        MacroKind::TransformMap => Value::Map(Arc::new(found.map)),
    }))
}

/// Whether it went to the end.
fn over_list(of: &Macro, items: &[Value], env: &Env<'_>, found: &mut Found) -> Result<bool, EvalError> {
    for (at, item) in items.iter().enumerate() {
        let index = Value::Int(at as i64);
        let first = if of.pairs { &index } else { item };
        if !bound(of, [first, item, item], env, found)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn over_map(of: &Macro, map: &BTreeMap<Name, Value>, env: &Env<'_>, found: &mut Found) -> Result<bool, EvalError> {
    for (key, entry) in map {
        let key = Value::Str(key.clone());
        if !bound(of, [&key, entry, &key], env, found)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One turn with its variables; the last value is what `filter` keeps.
fn bound(of: &Macro, [first, second, kept]: [&Value; 3], env: &Env<'_>, found: &mut Found) -> Result<bool, EvalError> {
    env.spend(of.steps)?;
    let outer = Frame { value: first, outer: env.frame };
    if !of.pairs {
        return turn(of, kept, &env.with(&outer), found);
    }
    let inner = Frame { value: second, outer: Some(&outer) };
    turn(of, kept, &env.with(&inner), found)
}

/// Whether the macro goes on.
fn turn<'f>(of: &'f Macro, kept: &Value, env: &'f Env<'f>, found: &mut Found) -> Result<bool, EvalError> {
    match of.kind {
        MacroKind::All => return truth(&of.body, env),
        MacroKind::Exists => return truth(&of.body, env).map(|found| !found),
        MacroKind::ExistsOne => found.count += usize::from(truth(&of.body, env)?),
        MacroKind::Filter => {
            if truth(&of.body, env)? {
                found.list.push(kept.clone());
            }
        }
        MacroKind::Map => {
            if keeps(of, env)? {
                found.list.push(value(&of.body, env)?.into_value());
            }
        }
        MacroKind::TransformMap => {
            let Value::Str(key) = kept else {
                return Err(EvalError::Parse);
            };
            if keeps(of, env)? {
                found.map.insert(key.clone(), value(&of.body, env)?.into_value());
            }
        }
    }
    Ok(true)
}

/// Whether this turn's result is kept.
fn keeps<'f>(of: &'f Macro, env: &'f Env<'f>) -> Result<bool, EvalError> {
    match &of.keep {
        Some(keep) => truth(keep, env),
        None => Ok(true),
    }
}
