//! The functions of lists that make other lists, or take one item out: CEL's extension for lists is the model.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::env::{Computed, Env, Got, Outcome, text_steps};
use super::number::int;
use super::run::value;
use super::step::Step;
use crate::plan::EvalError;
use crate::types::Name;
use crate::value::Value;

/// One list after another.
pub(super) fn concat(a: &Value, b: &Value, env: &Env<'_>) -> Computed {
    let (a, b) = (items(a)?, items(b)?);
    env.spend((a.len() + b.len()) as u64)?;
    Ok(Value::list(a.iter().chain(b).cloned()))
}

pub(super) fn reverse(list: &Value, env: &Env<'_>) -> Computed {
    let items = items(list)?;
    env.spend(items.len() as u64)?;
    Ok(Value::list(items.iter().rev().cloned()))
}

/// Null where there is none.
pub(super) fn first(list: &Value, _: &Env<'_>) -> Computed {
    Ok(items(list)?.first().cloned().unwrap_or(Value::Null))
}

/// Null where there is none.
pub(super) fn last(list: &Value, _: &Env<'_>) -> Computed {
    Ok(items(list)?.last().cloned().unwrap_or(Value::Null))
}

fn items(list: &Value) -> Result<&[Value], EvalError> {
    match list {
        Value::List(items) => Ok(items),
        _ => Err(EvalError::Parse),
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

/// The outer error is the operand's own failure, the inner one a number that is not a position.
fn position<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<Result<usize, EvalError>, EvalError> {
    match value(step, env)?.get() {
        Value::Int(int) => Ok(usize::try_from(*int).map_err(|_| EvalError::Range)),
        _ => Err(EvalError::Parse),
    }
}

/// From 0 to before `end`; none where it is negative.
pub(super) fn range(end: &Value, env: &Env<'_>) -> Computed {
    let end = int(end)?;
    env.spend(u64::try_from(end).unwrap_or(0))?;
    Ok(Value::list((0..end).map(Value::Int)))
}

pub(super) fn flatten(list: &Value, env: &Env<'_>) -> Computed {
    let items = items(list)?;
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

/// Each value once, at its first position. Nothing equals a value that holds a NaN.
pub(super) fn distinct(list: &Value, env: &Env<'_>) -> Computed {
    let items = items(list)?;
    let rounds = rounds(items.len());
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for item in items {
        let weight = weigh(item).ok_or(EvalError::Parse)?;
        env.spend(rounds.saturating_add(weight.steps))?;
        if weight.nan || seen.insert(Ordered(item)) {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

/// Stable. What has no order is found before anything is sorted, so that every comparison then holds.
pub(super) fn sort(list: &Value, env: &Env<'_>) -> Computed {
    let items = items(list)?;
    let rounds = rounds(items.len());
    for item in items {
        let weight = weigh(item).ok_or(EvalError::Parse)?;
        env.spend(rounds.saturating_add(weight.steps))?;
        let alike = items.first().is_some_and(|first| kind(first) == kind(item));
        if !alike || kind(item) > LAST_ORDERED {
            return Err(EvalError::Parse);
        }
        if weight.nan {
            return Err(EvalError::NotFinite);
        }
    }
    let mut sorted = items.to_vec();
    sorted.sort_by(compare);
    Ok(Value::list(sorted))
}

/// How often an item is compared when so many are put in order. Most comparisons end at the first bytes, so the text of
/// an item is counted once.
fn rounds(items: usize) -> u64 {
    u64::from(usize::BITS - items.leading_zeros())
}

/// What going over a value takes, and whether a NaN is in it.
#[derive(Default)]
struct Weight {
    steps: u64,
    nan: bool,
}

/// The weight of a value that can be compared; `None` for others.
fn weigh(value: &Value) -> Option<Weight> {
    let mut weight = Weight::default();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        weight.steps += 1;
        match value {
            Value::Str(text) | Value::Enum(text) => weight.steps += text_steps(text.len() as u64),
            Value::Float(float) => weight.nan |= float.is_nan(),
            Value::List(items) => open.extend(items.iter()),
            Value::Map(map) => open.extend(map.values()),
            Value::Record(fields) => open.extend(fields.iter().map(|(_, value)| value)),
            Value::Json(_) | Value::Secret(_) => return None,
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Duration(_) | Value::Timestamp(_) => {}
        }
    }
    Some(weight)
}

/// A value among others, in an order that agrees with equality where no NaN is.
struct Ordered<'v>(&'v Value);

impl Ord for Ordered<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.0, other.0)
    }
}

impl PartialOrd for Ordered<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered<'_> {}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) | (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Value::Str(a) | Value::Enum(a), Value::Str(b) | Value::Enum(b)) => a.as_str().cmp(b.as_str()),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => a.iter().map(Ordered).cmp(b.iter().map(Ordered)),
        (Value::Map(a), Value::Map(b)) => {
            let entries = |(key, value)| (key, Ordered(value));
            a.iter().map(entries).cmp(b.iter().map(entries))
        }
        (Value::Record(a), Value::Record(b)) => present(a).cmp(present(b)),
        _ => kind(a).cmp(&kind(b)),
    }
}

/// The fields that are there: one that is lacking is null.
fn present(fields: &[(Name, Value)]) -> impl Iterator<Item = (&Name, Ordered<'_>)> {
    let there = fields.iter().filter(|(_, value)| !value.is_null());
    there.map(|(name, value)| (name, Ordered(value)))
}

/// Up to this kind values have an order of their own in the language.
const LAST_ORDERED: u8 = 5;

fn kind(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Int(_) => 1,
        Value::Float(_) => 2,
        Value::Str(_) => 3,
        Value::Duration(_) => 4,
        Value::Timestamp(_) => LAST_ORDERED,
        Value::Enum(_) => 6,
        Value::Null => 7,
        Value::List(_) => 8,
        Value::Map(_) => 9,
        Value::Record(_) => 10,
        Value::Json(_) => 11,
        Value::Secret(_) => 12,
    }
}
