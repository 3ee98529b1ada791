//! Arithmetic of integers, floats, durations and timestamps.

use super::env::{Computed, Env};
use crate::plan::EvalError;
use crate::time::Timestamp;
use crate::value::Value;

pub(super) fn int_add(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    checked(a, b, i64::checked_add)
}

pub(super) fn int_sub(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    checked(a, b, i64::checked_sub)
}

pub(super) fn int_mul(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    checked(a, b, i64::checked_mul)
}

/// Truncates towards zero.
pub(super) fn int_div(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    divided(a, b, i64::checked_div)
}

/// Has the sign of the dividend.
pub(super) fn int_rem(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    divided(a, b, i64::checked_rem)
}

pub(super) fn int_neg(a: &Value, _: &Env<'_>) -> Computed {
    int(a)?.checked_neg().map(Value::Int).ok_or(EvalError::Overflow)
}

pub(super) fn float_add(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)? + float(b)?))
}

pub(super) fn float_sub(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)? - float(b)?))
}

pub(super) fn float_mul(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)? * float(b)?))
}

pub(super) fn float_div(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(float(a)? / float(b)?))
}

pub(super) fn float_neg(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(-float(a)?))
}

pub(super) fn dur_add(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    let sum = duration(a)?.checked_add(duration(b)?);
    sum.map(Value::Duration).ok_or(EvalError::Overflow)
}

pub(super) fn dur_sub(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    let difference = duration(a)?.checked_sub(duration(b)?);
    difference.map(Value::Duration).ok_or(EvalError::Overflow)
}

pub(super) fn dur_neg(a: &Value, _: &Env<'_>) -> Computed {
    duration(a)?.checked_neg().map(Value::Duration).ok_or(EvalError::Overflow)
}

/// A moment and a length, in either order, as in CEL.
pub(super) fn ts_add(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    let (moment, nanos) = match (a, b) {
        (Value::Timestamp(moment), Value::Duration(nanos)) | (Value::Duration(nanos), Value::Timestamp(moment)) => {
            (*moment, *nanos)
        }
        _ => return Err(EvalError::Parse),
    };
    moment.plus(nanos).map(Value::Timestamp).ok_or(EvalError::Overflow)
}

pub(super) fn ts_sub(a: &Value, b: &Value, _: &Env<'_>) -> Computed {
    moment(a)?.minus(duration(b)?).map(Value::Timestamp).ok_or(EvalError::Overflow)
}

pub(super) fn ts_diff(later: &Value, earlier: &Value, _: &Env<'_>) -> Computed {
    moment(later)?.diff(moment(earlier)?).map(Value::Duration).ok_or(EvalError::Overflow)
}

fn checked(a: &Value, b: &Value, compute: impl Fn(i64, i64) -> Option<i64>) -> Computed {
    compute(int(a)?, int(b)?).map(Value::Int).ok_or(EvalError::Overflow)
}

fn divided(a: &Value, b: &Value, compute: impl Fn(i64, i64) -> Option<i64>) -> Computed {
    let (a, b) = (int(a)?, int(b)?);
    if b == 0 {
        return Err(EvalError::DivisionByZero);
    }
    compute(a, b).map(Value::Int).ok_or(EvalError::Overflow)
}

pub(super) fn int(value: &Value) -> Result<i64, EvalError> {
    match value {
        Value::Int(int) => Ok(*int),
        _ => Err(EvalError::Parse),
    }
}

pub(super) fn float(value: &Value) -> Result<f64, EvalError> {
    match value {
        Value::Float(float) => Ok(*float),
        _ => Err(EvalError::Parse),
    }
}

/// The length in nanoseconds.
pub(super) fn duration(value: &Value) -> Result<i64, EvalError> {
    match value {
        Value::Duration(nanos) => Ok(*nanos),
        _ => Err(EvalError::Parse),
    }
}

pub(super) fn moment(value: &Value) -> Result<Timestamp, EvalError> {
    match value {
        Value::Timestamp(moment) => Ok(*moment),
        _ => Err(EvalError::Parse),
    }
}
