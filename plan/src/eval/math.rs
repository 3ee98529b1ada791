//! The functions of numbers: CEL's extension for mathematics is the model.

use std::cmp::Ordering;

use super::env::{Computed, Env};
use super::number::{float, int};
use crate::plan::EvalError;
use crate::value::Value;

pub(super) fn greatest(list: &Value, env: &Env<'_>) -> Computed {
    extreme(Ordering::Greater, list, env)
}

pub(super) fn least(list: &Value, env: &Env<'_>) -> Computed {
    extreme(Ordering::Less, list, env)
}

pub(super) fn int_abs(a: &Value, _: &Env<'_>) -> Computed {
    int(a)?.checked_abs().map(Value::Int).ok_or(EvalError::Overflow)
}

pub(super) fn int_sign(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(int(a)?.signum()))
}

pub(super) fn float_abs(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)?.abs()))
}

/// Zero and a NaN have no sign: they stay what they are.
pub(super) fn float_sign(a: &Value, _: &Env<'_>) -> Computed {
    let float = float(a)?;
    Ok(Value::Float(if float == 0.0 || float.is_nan() { float } else { float.signum() }))
}

pub(super) fn ceil(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)?.ceil()))
}

pub(super) fn floor(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)?.floor()))
}

/// A tie goes away from zero.
pub(super) fn round(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)?.round()))
}

pub(super) fn trunc(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)?.trunc()))
}

pub(super) fn is_nan(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Bool(float(a)?.is_nan()))
}

pub(super) fn is_inf(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Bool(float(a)?.is_infinite()))
}

pub(super) fn is_finite(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Bool(float(a)?.is_finite()))
}

pub(super) fn bit_and(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(int(a)? & int(b)?))
}

pub(super) fn bit_or(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(int(a)? | int(b)?))
}

pub(super) fn bit_xor(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(int(a)? ^ int(b)?))
}

pub(super) fn bit_not(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(!int(a)?))
}

pub(super) fn bit_shift_left(a: &Value, bits: &Value, _: &Env<'_>) -> Computed {
    shift(int(a)?, int(bits)?, u64::checked_shl)
}

/// The sign is not kept: zeros come in whatever it is.
pub(super) fn bit_shift_right(a: &Value, bits: &Value, _: &Env<'_>) -> Computed {
    shift(int(a)?, int(bits)?, u64::checked_shr)
}

/// Bits that leave are lost, and zeros come in.
fn shift(a: i64, bits: i64, shift: fn(u64, u32) -> Option<u64>) -> Computed {
    if bits < 0 {
        return Err(EvalError::Range);
    }
    let shifted = shift(a as u64, u32::try_from(bits).unwrap_or(u32::MAX));
    Ok(Value::Int(shifted.unwrap_or(0) as i64))
}

/// The greatest or the least of a list, which has items. A NaN has no place in the order.
fn extreme(wanted: Ordering, list: &Value, env: &Env<'_>) -> Computed {
    let Value::List(items) = list else {
        return Err(EvalError::Parse);
    };
    env.spend(items.len() as u64)?;
    let mut best = items.first().ok_or(EvalError::Index)?;
    for item in items.iter() {
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
