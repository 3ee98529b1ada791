//! The functions of numbers: CEL's extension for mathematics is the model.

use std::cmp::Ordering;

use super::env::Env;
use super::step::Math;
use crate::plan::EvalError;
use crate::value::Value;

/// A function of one value.
pub(super) fn one(function: Math, a: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    match a {
        Value::Float(float) => of_float(function, *float),
        Value::Int(int) => of_int(function, *int),
        Value::List(items) => extreme(function, items, env),
        _ => Err(EvalError::Parse),
    }
}

fn of_float(function: Math, float: f64) -> Result<Value, EvalError> {
    Ok(match function {
        Math::FloatAbs => Value::Float(float.abs()),
        Math::Sign => Value::Float(sign(float)),
        Math::Ceil => Value::Float(float.ceil()),
        Math::Floor => Value::Float(float.floor()),
        Math::Round => Value::Float(float.round()),
        Math::Trunc => Value::Float(float.trunc()),
        Math::IsNan => Value::Bool(float.is_nan()),
        Math::IsInf => Value::Bool(float.is_infinite()),
        Math::IsFinite => Value::Bool(float.is_finite()),
        _ => return Err(EvalError::Parse),
    })
}

/// Zero and what is no number have no sign: they stay what they are.
fn sign(float: f64) -> f64 {
    if float == 0.0 || float.is_nan() { float } else { float.signum() }
}

fn of_int(function: Math, int: i64) -> Result<Value, EvalError> {
    match function {
        Math::IntAbs => int.checked_abs().ok_or(EvalError::Overflow),
        Math::Sign => Ok(int.signum()),
        Math::BitNot => Ok(!int),
        _ => Err(EvalError::Parse),
    }
    .map(Value::Int)
}

/// The greatest or the least of a list, which has items. A NaN has no place in the order.
fn extreme(function: Math, items: &[Value], env: &Env<'_>) -> Result<Value, EvalError> {
    let wanted = match function {
        Math::Greatest => Ordering::Greater,
        Math::Least => Ordering::Less,
        _ => return Err(EvalError::Parse),
    };
    env.spend(items.len() as u64)?;
    let mut best = items.first().ok_or(EvalError::Index)?;
    for item in items {
        // The first is compared with itself: that finds a NaN there too.
        if order(item, best)? == wanted {
            best = item;
        }
    }
    Ok(best.clone())
}

fn order(a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).ok_or(EvalError::NotFinite),
        _ => Err(EvalError::Parse),
    }
}

/// The bits of a number, moved. What leaves is lost, and zeros come in: to the right too, whatever the sign.
pub(super) fn shift(left: bool, a: i64, bits: i64) -> Result<i64, EvalError> {
    if bits < 0 {
        return Err(EvalError::Range);
    }
    let bits = u32::try_from(bits).unwrap_or(u32::MAX);
    let a = a as u64;
    let moved = if left { a.checked_shl(bits) } else { a.checked_shr(bits) };
    Ok(moved.unwrap_or(0) as i64)
}
