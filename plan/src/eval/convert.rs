//! Functions of one value, conversions among them, and the way to the functions of two.

use super::env::{Env, Got, Outcome};
use super::run::{value, with};
use super::step::{One, Step, Two, ZoneCode};
use super::{collection, list, math, number, string, template};
use crate::kinds::TimePart;
use crate::plan::EvalError;
use crate::text::parse_duration;
use crate::time::{Timestamp, Zone};
use crate::types::Name;
use crate::value::Value;

/// A function of one value.
#[inline(never)]
pub(super) fn one<'e>(one: One, a: &'e Step, env: &'e Env<'e>) -> Outcome<'e> {
    if one == One::Narrow {
        // The checker has proved that it is there.
        return value(a, env).and_then(|a| if a.get().is_null() { Err(EvalError::Parse) } else { Ok(a) });
    }
    with(a, env, |a| one_of(one, a, env)).map(Got::Own)
}

fn one_of(one: One, a: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    match one {
        One::Json => template::json(a, env),
        One::IsNull => Ok(Value::Bool(a.is_null())),
        One::Narrow => Ok(a.clone()),
        One::Size => collection::size(a).map(Value::Int),
        One::ToText => template::to_text(a, env),
        One::SizeString | One::LowerAscii | One::UpperAscii | One::Trim | One::ReverseString => {
            string::one(one, a, env)
        }
        One::StringToInt | One::StringToFloat | One::StringToBool | One::ParseDuration | One::ParseTimestamp => {
            parsed(one, string::borrowed(a)?)
        }
        One::Math(function) => math::one(function, a, env),
        One::List(function) => list::one(function, a, env),
        _ => numeric(one, a),
    }
}

fn numeric(one: One, a: &Value) -> Result<Value, EvalError> {
    match (one, a) {
        (One::IntNeg, Value::Int(int)) => int.checked_neg().map(Value::Int).ok_or(EvalError::Overflow),
        (One::FloatNeg, Value::Float(float)) => Ok(Value::Float(-float)),
        (One::DurNeg, Value::Duration(nanos)) => nanos.checked_neg().map(Value::Duration).ok_or(EvalError::Overflow),
        (One::DurPart(part), Value::Duration(nanos)) => duration_part(part, *nanos).map(Value::Int),
        (One::Seconds, Value::Duration(nanos)) => Ok(Value::Float(seconds(*nanos))),
        (One::IntToFloat, Value::Int(int)) => Ok(Value::Float(*int as f64)),
        (One::FloatToInt, Value::Float(float)) => float_to_int(*float).map(Value::Int),
        (One::TimestampToInt, Value::Timestamp(moment)) => Ok(Value::Int(moment.seconds())),
        (One::IntToTimestamp, Value::Int(int)) => {
            Timestamp::new(*int, 0).map(Value::Timestamp).ok_or(EvalError::Overflow)
        }
        _ => Err(EvalError::Parse),
    }
}

/// Towards zero. The two ends of the range are left out, as CEL has it: doubles there stand for integers beyond it.
fn float_to_int(float: f64) -> Result<i64, EvalError> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if float > -END && float < END { Ok(float as i64) } else { Err(EvalError::Overflow) }
}

/// The nearest double to the exact quotient.
fn seconds(nanos: i64) -> f64 {
    const EXACT: u64 = 1 << 53;
    if nanos.unsigned_abs() <= EXACT {
        return nanos as f64 / 1e9;
    }
    // Beyond 2^53 the integer itself would be rounded first; reading the decimal form rounds once.
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    format!("{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000).parse().unwrap_or(f64::NAN)
}

/// Whole hours, minutes, seconds of the length; of the milliseconds those beyond its last whole second.
fn duration_part(part: TimePart, nanos: i64) -> Result<i64, EvalError> {
    const SECOND: i64 = 1_000_000_000;
    Ok(match part {
        TimePart::Hours => nanos / SECOND / 3600,
        TimePart::Minutes => nanos / SECOND / 60,
        TimePart::Seconds => nanos / SECOND,
        TimePart::Milliseconds => nanos % SECOND / 1_000_000,
        _ => return Err(EvalError::Parse),
    })
}

fn parsed(one: One, text: &str) -> Result<Value, EvalError> {
    match one {
        One::StringToInt => text.parse().map(Value::Int).map_err(|_| EvalError::Parse),
        One::StringToFloat => parse_float(text).map(Value::Float).ok_or(EvalError::Parse),
        One::StringToBool => match text {
            "true" | "TRUE" | "True" | "t" | "T" | "1" => Ok(Value::Bool(true)),
            "false" | "FALSE" | "False" | "f" | "F" | "0" => Ok(Value::Bool(false)),
            _ => Err(EvalError::Parse),
        },
        One::ParseDuration => parse_duration(text).map(Value::Duration),
        _ => Timestamp::parse(text).map(Value::Timestamp),
    }
}

/// A number too large for a double is an error; `inf` and `nan` are doubles.
fn parse_float(text: &str) -> Option<f64> {
    let float: f64 = text.parse().ok()?;
    (!float.is_infinite() || !text.bytes().any(|byte| byte.is_ascii_digit())).then_some(float)
}

/// A function of two values.
#[inline(never)]
pub(super) fn two<'e>(two: Two, [a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Outcome<'e> {
    let a = value(a, env)?;
    let b = value(b, env)?;
    two_of(two, a.get(), b.get(), env).map(Got::Own)
}

fn two_of(two: Two, a: &Value, b: &Value, env: &Env<'_>) -> Result<Value, EvalError> {
    match two {
        Two::Concat => string::concat(a, b, env),
        Two::ConcatList => collection::concat(a, b, env),
        Two::Join => string::join(a, b, env),
        Two::CharAt | Two::Truncate => string::two(two, a, b, env),
        Two::Fixed => fixed(a, b),
        _ => number::two(two, a, b),
    }
}

/// The most digits that `fixed` writes.
pub(crate) const MOST_DIGITS: i64 = 100;

/// A decimal with so many digits after the point: the exact value rounded, a tie to the even digit.
fn fixed(a: &Value, digits: &Value) -> Result<Value, EvalError> {
    let (Value::Float(float), Value::Int(digits)) = (a, digits) else {
        return Err(EvalError::Parse);
    };
    if !(0..=MOST_DIGITS).contains(digits) {
        return Err(EvalError::Range);
    }
    if !float.is_finite() {
        return Err(EvalError::NotFinite);
    }
    let digits = *digits as usize;
    Ok(Value::text(format!("{float:.digits$}")))
}

/// A part of a moment, in a zone.
#[inline(never)]
pub(super) fn moment_part<'e>(part: TimePart, a: &'e Step, zone: &'e ZoneCode, env: &'e Env<'e>) -> Outcome<'e> {
    let Value::Timestamp(moment) = *value(a, env)?.get() else {
        return Err(EvalError::Parse);
    };
    let part = match zone {
        ZoneCode::Known(zone) => moment.part(part, zone),
        ZoneCode::Read(zone) => moment.part(part, &find_zone(zone, env)?),
    };
    Ok(Got::Own(Value::Int(part)))
}

fn find_zone<'e>(zone: &'e Step, env: &'e Env<'e>) -> Result<Zone, EvalError> {
    let zone = value(zone, env)?;
    Zone::find(string::borrowed(zone.get())?).ok_or(EvalError::Parse)
}

/// A moment as text.
#[inline(never)]
pub(super) fn format_time<'e>((a, pattern): &'e (Step, Name), env: &'e Env<'e>) -> Outcome<'e> {
    match value(a, env)?.get() {
        Value::Timestamp(moment) => moment.format(pattern).map(|text| Got::Own(Value::text(text))),
        _ => Err(EvalError::Parse),
    }
}
