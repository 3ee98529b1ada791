//! Text forms of floats and durations, in both directions.
//!
//! Libraries lay floats out differently, so the layout is decided here: `ryu` gives the shortest digits that read
//! back as the same double, and nothing else of its output is used.

use crate::plan::EvalError;

/// From this decimal exponent on a float is written with an exponent.
const LARGE: i32 = 16;
/// Below this decimal exponent a float is written with an exponent.
const SMALL: i32 = -4;

/// Writes a finite float: `0.005`, `1.0`, `1e-7`, `-0.0`. One that is not finite has no text form.
pub fn float_text(float: f64) -> Option<String> {
    if !float.is_finite() {
        return None;
    }
    let mut buffer = ryu::Buffer::new();
    let (digits, exponent) = shortest(buffer.format_finite(float.abs()));
    let mut text = String::with_capacity(24);
    if float.is_sign_negative() {
        text.push('-');
    }
    if (SMALL..LARGE).contains(&exponent) {
        plain(&mut text, &digits, exponent);
    } else {
        scientific(&mut text, &digits, exponent);
    }
    Some(text)
}

/// The significant digits and the exponent of the first one.
fn shortest(formatted: &str) -> (String, i32) {
    let (mantissa, shift) = match formatted.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().unwrap_or(0)),
        None => (formatted, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return ("0".to_owned(), 0);
    }
    let leading = (all.len() - significant.len()) as i32;
    let exponent = whole.len() as i32 - 1 - leading + shift;
    (significant.trim_end_matches('0').to_owned(), exponent)
}

fn plain(text: &mut String, digits: &str, exponent: i32) {
    if exponent < 0 {
        text.push_str("0.");
        (0..-exponent - 1).for_each(|_| text.push('0'));
        text.push_str(digits);
        return;
    }
    let whole = exponent as usize + 1;
    match digits.split_at_checked(whole) {
        Some((before, after)) => {
            text.push_str(before);
            text.push('.');
            text.push_str(if after.is_empty() { "0" } else { after });
        }
        None => {
            text.push_str(digits);
            (digits.len()..whole).for_each(|_| text.push('0'));
            text.push_str(".0");
        }
    }
}

fn scientific(text: &mut String, digits: &str, exponent: i32) {
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    text.push_str(first);
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    text.push_str(&format!("e{exponent}"));
}

const SECOND: u64 = 1_000_000_000;

/// Writes a duration of nanoseconds: `1h2m3.5s`, `0s`, `-5s`. Parts that are zero are left out.
pub fn duration_text(nanoseconds: i64) -> String {
    if nanoseconds == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    if nanoseconds < 0 {
        text.push('-');
    }
    let total = nanoseconds.unsigned_abs();
    let (hours, minutes) = (total / SECOND / 3600, total / SECOND / 60 % 60);
    let (seconds, fraction) = (total / SECOND % 60, total % SECOND);
    if hours > 0 {
        text.push_str(&format!("{hours}h"));
    }
    if minutes > 0 {
        text.push_str(&format!("{minutes}m"));
    }
    if fraction > 0 {
        let fraction = format!("{fraction:09}");
        text.push_str(&format!("{seconds}.{}s", fraction.trim_end_matches('0')));
    } else if seconds > 0 {
        text.push_str(&format!("{seconds}s"));
    }
    text
}

/// Reads a duration into nanoseconds: `90m`, `1h30m`, `1.5s`, `-5s`; units `d h m s ms us ns` (and `µs`), in any
/// order. What is finer than a nanosecond is cut off.
///
/// # Errors
/// [`EvalError::Parse`] for any other text, [`EvalError::Overflow`] for what 64 bits cannot hold.
pub fn parse_duration(text: &str) -> Result<i64, EvalError> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return Err(EvalError::Parse);
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (part, after) = duration_part(rest)?;
        total = total.checked_add(part).ok_or(EvalError::Overflow)?;
        rest = after;
    }
    let total = if negative { -total } else { total };
    i64::try_from(total).map_err(|_| EvalError::Overflow)
}

/// One number with its unit, in nanoseconds, and the text after it.
fn duration_part(text: &str) -> Result<(i128, &str), EvalError> {
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix('.').map(digits) {
        Some(("", _)) => return Err(EvalError::Parse),
        Some(found) => found,
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(EvalError::Parse);
    }
    let (unit, rest) = unit(rest).ok_or(EvalError::Parse)?;
    let whole: i128 = match whole {
        "" => 0,
        whole => whole.parse().map_err(|_| EvalError::Overflow)?,
    };
    let nanoseconds = whole.checked_mul(unit).ok_or(EvalError::Overflow)?;
    Ok((nanoseconds + fraction_of(fraction, unit), rest))
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn unit(text: &str) -> Option<(i128, &str)> {
    const UNITS: [(&str, i128); 9] = [
        ("ms", 1_000_000),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ns", 1),
        ("d", 86_400_000_000_000),
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
    ];
    UNITS.iter().find_map(|(word, size)| Some((*size, text.strip_prefix(word)?)))
}

/// A decimal fraction of a unit, cut to whole nanoseconds. Eighteen digits are more than any unit can show.
fn fraction_of(digits: &str, unit: i128) -> i128 {
    let mut value: i128 = 0;
    let mut scale: i128 = 1;
    for digit in digits.bytes().take(18) {
        value = value * 10 + i128::from(digit - b'0');
        scale *= 10;
    }
    value * unit / scale
}
