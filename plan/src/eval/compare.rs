//! Equality, order and the other tests of two values.

use std::collections::BTreeMap;

use super::env::Env;
use super::step::{Order, TestOp};
use super::string::borrowed;
use crate::plan::EvalError;
use crate::types::Name;
use crate::value::Value;

/// Decides a test.
pub(super) fn test(test: TestOp, a: &Value, b: &Value, env: &Env<'_>) -> Result<bool, EvalError> {
    match test {
        TestOp::Eq => same(a, b, env),
        TestOp::Ne => same(a, b, env).map(|same| !same),
        TestOp::Order(order) => ordered(order, a, b, env),
        TestOp::Contains => texts(a, b, env, |a, b| a.contains(b)),
        TestOp::StartsWith => texts(a, b, env, |a, b| a.starts_with(b)),
        TestOp::EndsWith => texts(a, b, env, |a, b| a.ends_with(b)),
        TestOp::InList => in_list(a, b, env),
        TestOp::InMap => match b {
            Value::Map(map) => Ok(map.contains_key(borrowed(a)?)),
            _ => Err(EvalError::Parse),
        },
    }
}

/// The order of two values that are not numbers. Text is ordered by code point: the order of UTF-8.
fn ordered(order: Order, a: &Value, b: &Value, env: &Env<'_>) -> Result<bool, EvalError> {
    match (a, b) {
        (Value::Duration(a), Value::Duration(b)) => Ok(order.holds(a, b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Ok(order.holds(a, b)),
        (Value::Str(a), Value::Str(b)) => {
            env.spend_text(a.len().min(b.len()))?;
            Ok(order.holds(a.as_str(), b.as_str()))
        }
        _ => Err(EvalError::Parse),
    }
}

#[inline(never)]
fn texts(a: &Value, b: &Value, env: &Env<'_>, test: fn(&str, &str) -> bool) -> Result<bool, EvalError> {
    let (a, b) = (borrowed(a)?, borrowed(b)?);
    env.spend_text(a.len())?;
    Ok(test(a, b))
}

pub(super) fn is_null(a: &Value, _: &Env<'_>) -> Result<Value, EvalError> {
    Ok(Value::Bool(a.is_null()))
}

#[inline(never)]
fn in_list(item: &Value, list: &Value, env: &Env<'_>) -> Result<bool, EvalError> {
    let Value::List(items) = list else {
        return Err(EvalError::Parse);
    };
    for other in items.iter() {
        env.spend(1)?;
        if same(item, other, env)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether two values of one type are equal. `null` equals `null` alone, a NaN nothing.
#[inline]
pub(super) fn same(a: &Value, b: &Value, env: &Env<'_>) -> Result<bool, EvalError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a == b),
        (Value::Float(a), Value::Float(b)) => Ok(a == b),
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::Str(a) | Value::Enum(a), Value::Str(b) | Value::Enum(b)) => same_texts(a, b, env),
        (Value::Null, Value::Null) => Ok(true),
        (Value::Null, _) | (_, Value::Null) => Ok(false),
        _ => same_other(a, b, env),
    }
}

#[inline(never)]
fn same_texts(a: &str, b: &str, env: &Env<'_>) -> Result<bool, EvalError> {
    env.spend_text(a.len().min(b.len()))?;
    Ok(a == b)
}

#[inline(never)]
fn same_other(a: &Value, b: &Value, env: &Env<'_>) -> Result<bool, EvalError> {
    match (a, b) {
        (Value::Duration(a), Value::Duration(b)) => Ok(a == b),
        (Value::Timestamp(a), Value::Timestamp(b)) => Ok(a == b),
        (Value::List(a), Value::List(b)) => same_lists(a, b, env),
        (Value::Map(a), Value::Map(b)) => same_maps(a, b, env),
        (Value::Record(a), Value::Record(b)) => same_records(a, b, env),
        _ => Err(EvalError::Parse),
    }
}

fn same_lists(a: &[Value], b: &[Value], env: &Env<'_>) -> Result<bool, EvalError> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for (a, b) in a.iter().zip(b) {
        env.spend(1)?;
        if !same(a, b, env)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_maps(a: &BTreeMap<Name, Value>, b: &BTreeMap<Name, Value>, env: &Env<'_>) -> Result<bool, EvalError> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for ((a_key, a), (b_key, b)) in a.iter().zip(b) {
        env.spend(1)?;
        if a_key != b_key || !same(a, b, env)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Records of one type have the same fields in the same order; one that lacks a field has null there.
fn same_records(a: &[(Name, Value)], b: &[(Name, Value)], env: &Env<'_>) -> Result<bool, EvalError> {
    let names = |fields: &[(Name, Value)], name: &Name| fields.iter().any(|(field, _)| field == name);
    let of = |fields: &[(Name, Value)], name: &Name| {
        fields.iter().find(|(field, _)| field == name).map_or(Value::Null, |(_, value)| value.clone())
    };
    for (name, value) in a {
        env.spend(1)?;
        if !same(value, &of(b, name), env)? {
            return Ok(false);
        }
    }
    Ok(b.iter().all(|(name, value)| value.is_null() || names(a, name)))
}
