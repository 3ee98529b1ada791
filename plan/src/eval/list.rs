//! The functions of lists that make other lists, or take one item out: CEL's extension for lists is the model.

use std::cmp::Ordering;

use super::code::{List, Step};
use super::compare::same;
use super::env::{Env, Got, Outcome, text_steps};
use super::run::value;
use crate::plan::EvalError;
use crate::value::Value;

/// A function of one list, or of the number of items of one.
pub(super) fn one(function: List, a: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    let items = match (function, a) {
        (List::Range, Value::Int(end)) => return range(*end, env),
        (_, Value::List(items)) => items,
        _ => return Err(EvalError::Parse),
    };
    match function {
        List::Flatten => flatten(items, env),
        List::Distinct => distinct(items, env),
        List::Sort => sort(items, env),
        List::Reverse => {
            env.spend(items.len() as u64)?;
            Ok(Value::list(items.iter().rev().cloned()))
        }
        List::First => Ok(items.first().cloned().unwrap_or(Value::Null)),
        List::Last => Ok(items.last().cloned().unwrap_or(Value::Null)),
        List::Range => Err(EvalError::Parse),
    }
}

/// From one position to before another; both lie within the list, in this order.
#[inline(never)]
pub(super) fn slice<'e>([a, from, to]: &'e [Step; 3], env: &'e Env<'e>) -> Outcome<'e> {
    let list = value(a, env)?;
    let (from, to) = (position(from, env)?, position(to, env)?);
    let Value::List(items) = list.get() else {
        return Err(EvalError::Parse);
    };
    let slice = items.get(from?..to?).ok_or(EvalError::Range)?;
    env.spend(slice.len() as u64)?;
    Ok(Got::Own(Value::list(slice.iter().cloned())))
}

/// Outside: the operand's own failure; inside: a number that is no position.
fn position<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<Result<usize, EvalError>, EvalError> {
    match value(step, env)?.get() {
        Value::Int(int) => Ok(usize::try_from(*int).map_err(|_| EvalError::Range)),
        _ => Err(EvalError::Parse),
    }
}

/// From 0 to before `end`; none where it is negative.
fn range(end: i64, env: &Env<'_>) -> Result<Value, EvalError> {
    env.spend(u64::try_from(end).unwrap_or(0))?;
    Ok(Value::list((0..end).map(Value::Int)))
}

fn flatten(items: &[Value], env: &Env<'_>) -> Result<Value, EvalError> {
    let mut flat = Vec::new();
    for item in items {
        let Value::List(inner) = item else {
            return Err(EvalError::Parse);
        };
        env.spend(1 + inner.len() as u64)?;
        flat.extend(inner.iter().cloned());
    }
    Ok(Value::list(flat))
}

/// Compared one by one: equality is all that items of every type have.
fn distinct(items: &[Value], env: &Env<'_>) -> Result<Value, EvalError> {
    let mut seen: Vec<&Value> = Vec::new();
    for item in items {
        env.spend(1 + seen.len() as u64)?;
        let mut known = false;
        for other in &seen {
            known = same(item, other, env)?;
            if known {
                break;
            }
        }
        if !known {
            seen.push(item);
        }
    }
    Ok(Value::list(seen.into_iter().cloned()))
}

/// Stable. What has no order is found before anything is sorted, so that every comparison then holds.
fn sort(items: &[Value], env: &Env<'_>) -> Result<Value, EvalError> {
    let rounds = u64::from(usize::BITS - items.len().leading_zeros());
    for item in items {
        let bytes = item.as_str().map_or(0, str::len) as u64;
        env.spend(rounds.saturating_mul(1 + text_steps(bytes)))?;
        match items.first().map(|first| rank(item, first)) {
            Some(Ranked::Unlike) => return Err(EvalError::Parse),
            Some(Ranked::NotANumber) => return Err(EvalError::NotFinite),
            Some(Ranked::Known(_)) | None => {}
        }
    }
    let mut sorted = items.to_vec();
    sorted.sort_by(|a, b| match rank(a, b) {
        Ranked::Known(ordering) => ordering,
        Ranked::Unlike | Ranked::NotANumber => Ordering::Equal,
    });
    Ok(Value::list(sorted))
}

/// How two items stand to each other.
enum Ranked {
    Known(Ordering),
    NotANumber,
    Unlike,
}

fn rank(a: &Value, b: &Value) -> Ranked {
    Ranked::Known(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => match a.partial_cmp(b) {
            Some(ordering) => ordering,
            None => return Ranked::NotANumber,
        },
        (Value::Str(a), Value::Str(b)) => a.as_str().cmp(b.as_str()),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        _ => return Ranked::Unlike,
    })
}
