//! Functions of text. All positions count code points; CEL's extension for strings is the model.

use std::borrow::Cow;

use regex::Regex;

use super::env::{Env, Got, Outcome};
use super::run::value;
use super::step::{One, Step, Text, Two};
use crate::plan::EvalError;
use crate::value::Value;

/// The text of a string, or the name of an enum's value.
pub(super) fn borrowed(value: &Value) -> Result<&str, EvalError> {
    value.as_str().ok_or(EvalError::Parse)
}

fn int(value: &Value) -> Result<i64, EvalError> {
    match value {
        Value::Int(int) => Ok(*int),
        _ => Err(EvalError::Parse),
    }
}

/// A position: an integer that is not negative.
fn position(value: &Value) -> Result<usize, EvalError> {
    usize::try_from(int(value)?).map_err(|_| EvalError::Range)
}

/// Whether a pattern is found anywhere.
#[inline(never)]
pub(super) fn matches<'e>((a, pattern): &'e (Step, Option<Regex>), env: &'e Env<'e>) -> Outcome<'e> {
    let a = value(a, env)?;
    let text = borrowed(a.get())?;
    let pattern = pattern.as_ref().ok_or(EvalError::Parse)?;
    // A pattern reads a byte about four times slower than the other functions.
    env.spend_text(text.len().saturating_mul(4))?;
    Ok(Got::Own(Value::Bool(pattern.is_match(text))))
}

/// A function of one text.
pub(super) fn one(one: One, a: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    let text = borrowed(a)?;
    env.spend_text(text.len())?;
    Ok(match one {
        One::SizeString => Value::Int(text.chars().count() as i64),
        One::LowerAscii => Value::text(text.to_ascii_lowercase()),
        One::UpperAscii => Value::text(text.to_ascii_uppercase()),
        One::Trim => Value::text(text.trim()),
        One::ReverseString => Value::text(text.chars().rev().collect::<String>()),
        _ => return Err(EvalError::Parse),
    })
}

/// A function of a text and one more value.
pub(super) fn two(two: Two, a: &Value, b: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    let text = borrowed(a)?;
    env.spend_text(text.len())?;
    match two {
        Two::CharAt => char_at(text, position(b)?),
        Two::Truncate => Ok(Value::text(truncate(text, position(b)?))),
        _ => Err(EvalError::Parse),
    }
}

/// The end of the text is a position, with nothing there.
fn char_at(text: &str, at: usize) -> Result<Value, EvalError> {
    let rest = text.get(offset(text, at).ok_or(EvalError::Range)?..).unwrap_or_default();
    Ok(rest.chars().next().map_or(Value::text(""), |char| Value::text(char.encode_utf8(&mut [0; 4]) as &str)))
}

fn truncate(text: &str, most: usize) -> Cow<'_, str> {
    if text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let Some(kept) = most.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    Cow::Owned(text.chars().take(kept).chain(['…']).collect())
}

/// The byte at which the `at`-th code point begins; the end is one too.
fn offset(text: &str, at: usize) -> Option<usize> {
    text.char_indices().map(|(offset, _)| offset).chain([text.len()]).nth(at)
}

/// The code points before a byte.
fn count(text: &str, offset: usize) -> i64 {
    text.get(..offset).unwrap_or_default().chars().count() as i64
}

/// One text after another.
pub(super) fn concat(a: &Value, b: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    let (a, b) = (borrowed(a)?, borrowed(b)?);
    env.spend_text(a.len() + b.len())?;
    Ok(Value::text([a, b].concat()))
}

/// The texts of a list with another between them.
pub(super) fn join(list: &Value, by: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    let (Value::List(items), by) = (list, borrowed(by)?) else {
        return Err(EvalError::Parse);
    };
    env.spend(items.len() as u64)?;
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        let item = borrowed(item)?;
        env.spend_text(item.len() + by.len())?;
        if at > 0 {
            text.push_str(by);
        }
        text.push_str(item);
    }
    Ok(Value::text(text))
}

/// A function of a text with an optional last value.
#[inline(never)]
pub(super) fn function<'e>(function: Text, operands: &'e [Step], env: &'e Env<'e>) -> Outcome<'e> {
    let mut values = Vec::with_capacity(operands.len());
    for operand in operands {
        values.push(value(operand, env)?);
    }
    let values: Vec<&Value> = values.iter().map(Got::get).collect();
    let result = match (function, values.as_slice()) {
        (Text::Replace, [a, from, to, limit @ ..]) => replace([a, from, to], limit.first().copied(), env),
        (Text::Split, [a, by, limit @ ..]) => split(borrowed(a)?, borrowed(by)?, limit.first().copied(), env),
        (Text::Substring, [a, from, to @ ..]) => substring(borrowed(a)?, from, to.first().copied(), env),
        (Text::IndexOf, [a, b, from @ ..]) => index_of(borrowed(a)?, borrowed(b)?, from.first().copied(), env),
        (Text::LastIndexOf, [a, b, from @ ..]) => last_index_of(borrowed(a)?, borrowed(b)?, from.first().copied(), env),
        _ => Err(EvalError::Parse),
    };
    result.map(Got::Own)
}

/// The first `limit` places; all when it is negative or not given. An empty `from` stands before each code point and
/// at the end.
fn replace([a, from, to]: [&Value; 3], limit: Option<&Value>, env: &Env<'_>) -> Result<Value, EvalError> {
    let (text, from, to) = (borrowed(a)?, borrowed(from)?, borrowed(to)?);
    env.spend_text(text.len())?;
    let limit = limit.map_or(Ok(-1), int)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let places = text.matches(from).take(limit).count();
    env.spend(places as u64)?;
    env.spend_text(places.saturating_mul(to.len()))?;
    Ok(Value::text(text.replacen(from, to, limit)))
}

/// At most `limit` parts, the last with the rest; all when it is negative or not given, none when it is 0. An empty
/// `by` cuts between the code points.
fn split(text: &str, by: &str, limit: Option<&Value>, env: &Env<'_>) -> Result<Value, EvalError> {
    env.spend_text(text.len())?;
    let limit = usize::try_from(limit.map_or(Ok(-1), int)?).unwrap_or(usize::MAX);
    let parts: Vec<Value> = if by.is_empty() {
        code_points(text, limit).map(Value::text).collect()
    } else {
        text.splitn(limit, by).map(Value::text).collect()
    };
    env.spend(parts.len() as u64)?;
    Ok(Value::list(parts))
}

fn code_points(text: &str, limit: usize) -> impl Iterator<Item = &str> {
    let alone = limit.saturating_sub(1);
    let cut = offset(text, alone).unwrap_or(text.len());
    let (head, rest) = text.split_at_checked(cut).unwrap_or((text, ""));
    let rest = if limit == 0 { "" } else { rest };
    let head = if limit == 0 { "" } else { head };
    head.split_inclusive(|_| true).chain((!rest.is_empty()).then_some(rest))
}

/// From one position to before another, or to the end.
fn substring(text: &str, from: &Value, to: Option<&Value>, env: &Env<'_>) -> Result<Value, EvalError> {
    env.spend_text(text.len())?;
    let start = offset(text, position(from)?).ok_or(EvalError::Range)?;
    let end = match to {
        Some(to) => offset(text, position(to)?).ok_or(EvalError::Range)?,
        None => text.len(),
    };
    text.get(start..end).map(Value::text).ok_or(EvalError::Range)
}

/// The first position, not before `from`, at which `b` stands; -1 when there is none.
fn index_of(text: &str, b: &str, from: Option<&Value>, env: &Env<'_>) -> Result<Value, EvalError> {
    env.spend_text(text.len())?;
    let from = from.map_or(Ok(0), position)?;
    let found = offset(text, from).and_then(|start| Some(start + text.get(start..)?.find(b)?));
    Ok(Value::Int(found.map_or(-1, |found| count(text, found))))
}

/// The last position, not after `from`, at which `b` stands; -1 when there is none, or when `from` is beyond the text.
fn last_index_of(text: &str, b: &str, from: Option<&Value>, env: &Env<'_>) -> Result<Value, EvalError> {
    env.spend_text(text.len())?;
    let end = match from {
        None => Some(text.len()),
        Some(from) => match (offset(text, position(from)?), b.is_empty()) {
            (Some(start), false) if start == text.len() => None,
            (start, _) => start.map(|start| (start + b.len()).min(text.len())),
        },
    };
    let found = end.and_then(|end| rfind_within(text, b, end));
    Ok(Value::Int(found.map_or(-1, |found| count(text, found))))
}

/// The last place of `b` that ends at or before a byte, which may lie inside a code point.
fn rfind_within(text: &str, b: &str, end: usize) -> Option<usize> {
    let end = (0..=end).rev().find(|end| text.is_char_boundary(*end))?;
    text.get(..end)?.rfind(b)
}
