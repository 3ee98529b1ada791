//! Numbers and durations.
//!
//! A token that begins with a digit takes every letter that touches it, so that `5parsecs` is one mistake.

use crate::ast::ExprKind;

/// What the text of a number says, or what is wrong with it.
pub(super) fn number(text: &str) -> Result<ExprKind, String> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return whole(digits, 16, text);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole(text, 10, text);
    }
    let exponent = text.bytes().position(|byte| matches!(byte, b'e' | b'E'));
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if digits && (exponent.is_some() || text.contains('.')) {
        return match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(ExprKind::Float(value)),
            Ok(_) => Err(format!("`{text}` does not fit in a float")),
            Err(_) => Err(format!("`{text}` is not a valid number")),
        };
    }
    if text.contains('_') {
        return Err(format!("`{text}` is not a valid number: digits cannot be separated by `_`"));
    }
    if text.ends_with(['u', 'U']) {
        return Err(format!("`{text}` is not a valid number: there are no unsigned integers"));
    }
    duration(text)
}

fn whole(digits: &str, radix: u32, text: &str) -> Result<ExprKind, String> {
    const LARGEST: u64 = 1 << 63;
    if digits.is_empty() || !digits.chars().all(|ch| ch.is_digit(radix)) {
        return Err(format!("`{text}` is not a valid number"));
    }
    match u64::from_str_radix(digits, radix) {
        Ok(value) if value <= LARGEST => Ok(ExprKind::Int(value)),
        _ => Err(format!("`{text}` does not fit in 64 bits")),
    }
}

/// Nanoseconds of each unit.
const UNITS: [(&str, i64); 7] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// `1h30m`, `2.5s`: numbers and units, each unit at most once and the longest first.
fn duration(text: &str) -> Result<ExprKind, String> {
    let mut rest = text;
    let mut total: i64 = 0;
    let mut allowed = 0;
    while !rest.is_empty() {
        let number = head(rest, |byte| byte.is_ascii_digit() || byte == b'.');
        rest = rest.get(number.len()..).unwrap_or_default();
        let unit = head(rest, |byte| !byte.is_ascii_digit() && byte != b'.');
        rest = rest.get(unit.len()..).unwrap_or_default();
        let Some(place) = UNITS.iter().position(|(name, _)| *name == unit) else {
            let what = if unit.is_empty() {
                format!("`{text}` is not a valid number")
            } else {
                format!("`{unit}` is not a unit of time")
            };
            return Err(format!("{what}: the units of a duration are `d h m s ms us ns`"));
        };
        if place < allowed {
            return Err(format!("`{text}` is not a valid duration: each unit is used at most once, the longest first"));
        }
        allowed = place + 1;
        let size = UNITS.get(place).map_or(1, |(_, size)| *size);
        let part = nanoseconds(number, size).ok_or_else(|| format!("`{text}` is not a valid duration"))?;
        total = total.checked_add(part).ok_or_else(|| format!("the duration `{text}` is too long"))?;
    }
    Ok(ExprKind::Duration(total))
}

fn head(text: &str, wanted: impl Fn(u8) -> bool) -> &str {
    let length = text.bytes().position(|byte| !wanted(byte)).unwrap_or(text.len());
    text.get(..length).unwrap_or_default()
}

/// `number` times `size`, exactly; what is finer than a nanosecond is refused.
fn nanoseconds(number: &str, size: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty()
        || (number.contains('.') && fraction.is_empty())
        || fraction.contains('.')
        || fraction.len() > 18
    {
        return None;
    }
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let digits: i128 = whole.parse::<i128>().ok()?.checked_mul(scale)? + fraction.parse::<i128>().unwrap_or(0);
    let scaled = digits.checked_mul(i128::from(size))?;
    if scaled % scale == 0 { i64::try_from(scaled / scale).ok() } else { None }
}
