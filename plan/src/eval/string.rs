//! Functions of text. All positions count code points; CEL's extension for strings is the model.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use regex::Regex;

use super::env::{Computed, Env, Got, Outcome};
use super::number::int;
use super::run::value;
use super::step::{Step, VariadicOp};
use crate::plan::EvalError;
use crate::value::Value;

/// The text of a string, or the name of an enum's value.
pub(super) fn borrowed(value: &Value) -> Result<&str, EvalError> {
    value.as_str().ok_or(EvalError::Parse)
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

/// The text that an operation reads once from end to end.
fn read<'v>(value: &'v Value, env: &Env<'_>) -> Result<&'v str, EvalError> {
    let text = borrowed(value)?;
    env.spend_text(text.len())?;
    Ok(text)
}

pub(super) fn size(a: &Value, env: &Env<'_>) -> Computed {
    Ok(Value::Int(read(a, env)?.chars().count() as i64))
}

pub(super) fn lower_ascii(a: &Value, env: &Env<'_>) -> Computed {
    Ok(Value::text(read(a, env)?.to_ascii_lowercase()))
}

pub(super) fn upper_ascii(a: &Value, env: &Env<'_>) -> Computed {
    Ok(Value::text(read(a, env)?.to_ascii_uppercase()))
}

pub(super) fn trim(a: &Value, env: &Env<'_>) -> Computed {
    Ok(Value::text(read(a, env)?.trim()))
}

pub(super) fn reverse(a: &Value, env: &Env<'_>) -> Computed {
    Ok(Value::text(read(a, env)?.chars().rev().collect::<String>()))
}

/// The end of the text is a position, with nothing there.
pub(super) fn char_at(a: &Value, at: &Value, env: &Env<'_>) -> Computed {
    let text = read(a, env)?;
    let rest = text.get(offset(text, position(at)?).ok_or(EvalError::Range)?..).unwrap_or_default();
    Ok(rest.chars().next().map_or(Value::text(""), |char| Value::text(char.encode_utf8(&mut [0; 4]) as &str)))
}

/// All but the unreserved characters of RFC 3986 (section 2.3) are percent-encoded, byte by byte.
pub(super) fn url_encode(a: &Value, env: &Env<'_>) -> Computed {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    Ok(Value::text(utf8_percent_encode(read(a, env)?, RESERVED).to_string()))
}

/// At most so many code points, the last of them an ellipsis where the text is longer.
pub(super) fn truncate(a: &Value, max: &Value, env: &Env<'_>) -> Computed {
    let text = read(a, env)?;
    let max = position(max)?;
    if text.chars().nth(max).is_none() {
        return Ok(Value::text(text));
    }
    let Some(kept) = max.checked_sub(1) else {
        return Ok(Value::text(""));
    };
    Ok(Value::text(text.chars().take(kept).chain(['…']).collect::<String>()))
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
pub(super) fn concat(a: &Value, b: &Value, env: &Env<'_>) -> Computed {
    let (a, b) = (borrowed(a)?, borrowed(b)?);
    env.spend_text(a.len() + b.len())?;
    Ok(Value::text([a, b].concat()))
}

/// The texts of a list with another between them.
pub(super) fn join(list: &Value, by: &Value, env: &Env<'_>) -> Computed {
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

/// A function of several values.
#[inline(never)]
pub(super) fn variadic<'e>(function: VariadicOp, operands: &'e [Step], env: &'e Env<'e>) -> Outcome<'e> {
    let mut values = Vec::with_capacity(operands.len());
    for operand in operands {
        values.push(value(operand, env)?);
    }
    let values: Vec<&Value> = values.iter().map(Got::get).collect();
    function(&values, env).map(Got::Own)
}

/// The first `limit` places; all when it is negative or not given. An empty `from` occurs before each code point and
/// at the end.
pub(super) fn replace(operands: &[&Value], env: &Env<'_>) -> Computed {
    let ([a, from, to], limit) = with_optional(operands)?;
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
pub(super) fn split(operands: &[&Value], env: &Env<'_>) -> Computed {
    let ([a, by], limit) = with_optional(operands)?;
    let (text, by) = (borrowed(a)?, borrowed(by)?);
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

/// The operands that are always given, and the one that may be left out.
fn with_optional<'v, const N: usize>(operands: &[&'v Value]) -> Result<([&'v Value; N], Option<&'v Value>), EvalError> {
    let (given, optional) = operands.split_first_chunk().ok_or(EvalError::Parse)?;
    Ok((*given, optional.first().copied()))
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
pub(super) fn substring(operands: &[&Value], env: &Env<'_>) -> Computed {
    let ([a, from], to) = with_optional(operands)?;
    let text = read(a, env)?;
    let start = offset(text, position(from)?).ok_or(EvalError::Range)?;
    let end = match to {
        Some(to) => offset(text, position(to)?).ok_or(EvalError::Range)?,
        None => text.len(),
    };
    text.get(start..end).map(Value::text).ok_or(EvalError::Range)
}

/// The first position, not before `from`, at which `b` occurs; -1 when there is none.
pub(super) fn index_of(operands: &[&Value], env: &Env<'_>) -> Computed {
    let ([a, b], from) = with_optional(operands)?;
    let (text, b) = (borrowed(a)?, borrowed(b)?);
    env.spend_text(text.len())?;
    let from = from.map_or(Ok(0), position)?;
    let found = offset(text, from).and_then(|start| Some(start + text.get(start..)?.find(b)?));
    Ok(Value::Int(found.map_or(-1, |found| count(text, found))))
}

/// The last position, not after `from`, at which `b` occurs; -1 when there is none, or when `from` is after the text.
pub(super) fn last_index_of(operands: &[&Value], env: &Env<'_>) -> Computed {
    let ([a, b], from) = with_optional(operands)?;
    let (text, b) = (borrowed(a)?, borrowed(b)?);
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
