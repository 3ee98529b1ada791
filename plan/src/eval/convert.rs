//! Conversions from one type to another, and the parts of times.

use super::env::{Computed, Env, Got, Outcome};
use super::number::{duration, float, int, moment};
use super::run::value;
use super::step::{Step, UnaryOp, ZoneStep};
use super::string::borrowed;
use crate::kinds::TimePart;
use crate::plan::EvalError;
use crate::text::parse_duration;
use crate::time::{Timestamp, Zone};
use crate::types::Name;
use crate::value::Value;

pub(super) fn int_to_float(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Float(int(a)? as f64))
}

/// Towards zero. The two ends of the range are left out, as CEL has it: doubles there stand for integers beyond it.
pub(super) fn float_to_int(a: &Value, _: &Env<'_>) -> Computed {
    const END: f64 = 9_223_372_036_854_775_808.0;
    let float = float(a)?;
    if float > -END && float < END { Ok(Value::Int(float as i64)) } else { Err(EvalError::Overflow) }
}

pub(super) fn string_to_int(a: &Value, _: &Env<'_>) -> Computed {
    borrowed(a)?.parse().map(Value::Int).map_err(|_| EvalError::Parse)
}

/// A number too large for a double is an error; `inf` and `nan` are doubles.
pub(super) fn string_to_float(a: &Value, _: &Env<'_>) -> Computed {
    let text = borrowed(a)?;
    let float: f64 = text.parse().map_err(|_| EvalError::Parse)?;
    if float.is_infinite() && text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(EvalError::Parse);
    }
    Ok(Value::Float(float))
}

pub(super) fn string_to_bool(a: &Value, _: &Env<'_>) -> Computed {
    match borrowed(a)? {
        "true" | "TRUE" | "True" | "t" | "T" | "1" => Ok(Value::Bool(true)),
        "false" | "FALSE" | "False" | "f" | "F" | "0" => Ok(Value::Bool(false)),
        _ => Err(EvalError::Parse),
    }
}

pub(super) fn string_to_duration(a: &Value, _: &Env<'_>) -> Computed {
    parse_duration(borrowed(a)?).map(Value::Duration)
}

pub(super) fn string_to_timestamp(a: &Value, _: &Env<'_>) -> Computed {
    Timestamp::parse(borrowed(a)?).map(Value::Timestamp)
}

pub(super) fn timestamp_to_int(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(moment(a)?.seconds()))
}

pub(super) fn int_to_timestamp(a: &Value, _: &Env<'_>) -> Computed {
    Timestamp::new(int(a)?, 0).map(Value::Timestamp).ok_or(EvalError::Overflow)
}

/// The nearest double to the exact quotient.
pub(super) fn seconds(a: &Value, _: &Env<'_>) -> Computed {
    const EXACT: u64 = 1 << 53;
    let nanos = duration(a)?;
    if nanos.unsigned_abs() <= EXACT {
        return Ok(Value::Float(nanos as f64 / 1e9));
    }
    // Beyond 2^53 the integer itself would be rounded first; reading the decimal form rounds once.
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let text = format!("{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    Ok(Value::Float(text.parse().unwrap_or(f64::NAN)))
}

/// The getter of a part of a duration. Dates have parts that a duration does not have.
pub(super) fn duration_part(part: TimePart) -> UnaryOp {
    match part {
        TimePart::Hours => hours,
        TimePart::Minutes => minutes,
        TimePart::Seconds => whole_seconds,
        TimePart::Milliseconds => milliseconds,
        TimePart::FullYear
        | TimePart::Month
        | TimePart::Date
        | TimePart::DayOfMonth
        | TimePart::DayOfWeek
        | TimePart::DayOfYear => |_, _| Err(EvalError::Parse),
    }
}

const SECOND: i64 = 1_000_000_000;

/// The whole length in hours.
fn hours(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(duration(a)? / SECOND / 3600))
}

/// The whole length in minutes.
fn minutes(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(duration(a)? / SECOND / 60))
}

/// The whole length in seconds.
fn whole_seconds(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(duration(a)? / SECOND))
}

/// The milliseconds after the last whole second.
fn milliseconds(a: &Value, _: &Env<'_>) -> Computed {
    Ok(Value::Int(duration(a)? % SECOND / 1_000_000))
}

/// The maximum number of digits that `fixed` writes.
pub(crate) const MAX_DIGITS: i64 = 100;

/// A decimal with so many digits after the point: the exact value rounded, a tie to the even digit.
pub(super) fn fixed(a: &Value, digits: &Value, _: &Env<'_>) -> Computed {
    let (float, digits) = (float(a)?, int(digits)?);
    if !(0..=MAX_DIGITS).contains(&digits) {
        return Err(EvalError::Range);
    }
    if !float.is_finite() {
        return Err(EvalError::NotFinite);
    }
    let digits = digits as usize;
    Ok(Value::text(format!("{float:.digits$}")))
}

/// A part of a moment, in a zone.
#[inline(never)]
pub(super) fn moment_part<'e>(part: TimePart, a: &'e Step, zone: &'e ZoneStep, env: &'e Env<'e>) -> Outcome<'e> {
    let moment = moment(value(a, env)?.get())?;
    let part = match zone {
        ZoneStep::Known(zone) => moment.part(part, zone),
        ZoneStep::Read(zone) => moment.part(part, &find_zone(zone, env)?),
    };
    Ok(Got::Own(Value::Int(part)))
}

fn find_zone<'e>(zone: &'e Step, env: &'e Env<'e>) -> Result<Zone, EvalError> {
    let zone = value(zone, env)?;
    Zone::find(borrowed(zone.get())?).ok_or(EvalError::Parse)
}

/// A moment as text.
#[inline(never)]
pub(super) fn format_time<'e>((a, pattern): &'e (Step, Name), env: &'e Env<'e>) -> Outcome<'e> {
    moment(value(a, env)?.get())?.format(pattern).map(|text| Got::Own(Value::text(text)))
}
