//! Arithmetic of integers, floats, durations and timestamps.

use super::math;
use super::step::Two;
use crate::plan::EvalError;
use crate::value::Value;

/// An operation of two values.
pub(super) fn two(two: Two, a: &Value, b: &Value) -> Result<Value, EvalError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => int(two, *a, *b).map(Value::Int),
        (Value::Float(a), Value::Float(b)) => float(two, *a, *b).map(Value::Float),
        (Value::Duration(a), Value::Duration(b)) => duration(two, *a, *b).map(Value::Duration),
        _ => moment(two, a, b),
    }
}

fn int(two: Two, a: i64, b: i64) -> Result<i64, EvalError> {
    match two {
        Two::IntAdd => a.checked_add(b),
        Two::IntSub => a.checked_sub(b),
        Two::IntMul => a.checked_mul(b),
        Two::IntDiv | Two::IntRem if b == 0 => return Err(EvalError::DivisionByZero),
        Two::BitAnd => Some(a & b),
        Two::BitOr => Some(a | b),
        Two::BitXor => Some(a ^ b),
        Two::BitShiftLeft | Two::BitShiftRight => return math::shift(two == Two::BitShiftLeft, a, b),
        Two::IntDiv => a.checked_div(b),
        Two::IntRem => a.checked_rem(b),
        _ => return Err(EvalError::Parse),
    }
    .ok_or(EvalError::Overflow)
}

fn float(two: Two, a: f64, b: f64) -> Result<f64, EvalError> {
    Ok(match two {
        Two::FloatAdd => a + b,
        Two::FloatSub => a - b,
        Two::FloatMul => a * b,
        Two::FloatDiv => a / b,
        _ => return Err(EvalError::Parse),
    })
}

fn duration(two: Two, a: i64, b: i64) -> Result<i64, EvalError> {
    match two {
        Two::DurAdd => a.checked_add(b),
        Two::DurSub => a.checked_sub(b),
        _ => return Err(EvalError::Parse),
    }
    .ok_or(EvalError::Overflow)
}

fn moment(two: Two, a: &Value, b: &Value) -> Result<Value, EvalError> {
    match (two, a, b) {
        // CEL takes the two in either order.
        (Two::TsAdd, Value::Timestamp(moment), Value::Duration(nanos))
        | (Two::TsAdd, Value::Duration(nanos), Value::Timestamp(moment)) => moment.plus(*nanos).map(Value::Timestamp),
        (Two::TsSub, Value::Timestamp(moment), Value::Duration(nanos)) => moment.minus(*nanos).map(Value::Timestamp),
        (Two::TsDiff, Value::Timestamp(later), Value::Timestamp(earlier)) => later.diff(*earlier).map(Value::Duration),
        _ => return Err(EvalError::Parse),
    }
    .ok_or(EvalError::Overflow)
}
