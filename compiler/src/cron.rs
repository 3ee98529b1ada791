//! The times of `schedule`: five fields of cron, as POSIX `crontab` has them, with steps and names.

/// The fields: name, least, most, and the names that may stand for numbers.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("weekday", 0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

/// The number of days of each month, in a leap year.
const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Whether the text is five fields of cron; if not, what is wrong.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("expected five fields in the schedule, found {}", fields.len()));
    }
    for (index, field) in fields.iter().enumerate() {
        if values(index, field).is_none() {
            let name = FIELDS.get(index).map_or("field", |(name, ..)| name);
            return Err(format!("`{field}` is not a valid {name} of a schedule"));
        }
    }
    Ok(())
}

/// Whether a valid schedule has a next time. One without names only dates that no year has, such as the 31st of February;
/// a weekday besides `*` is an alternative to the day, and always comes.
pub(crate) fn has_next_time(text: &str) -> bool {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [_, _, day, month, weekday] = fields.as_slice() else {
        return true;
    };
    let (Some(days), Some(months)) = (values(2, day), values(3, month)) else {
        return true;
    };
    let length = |month: u32| DAYS.get(month.saturating_sub(1) as usize).copied().unwrap_or(31);
    *weekday != "*" || months.iter().any(|month| days.iter().any(|day| *day <= length(*month)))
}

/// The numbers that a field names; `None` if it is not valid.
fn values(index: usize, field: &str) -> Option<Vec<u32>> {
    let (_, least, most, names) = FIELDS.get(index)?;
    let parts: Option<Vec<Vec<u32>>> = field.split(',').map(|part| part_values(part, *least, *most, names)).collect();
    Some(parts?.concat())
}

/// `*`, `7`, `1-5`, each with an optional step: `*/15`.
fn part_values(part: &str, least: u32, most: u32, names: &[&str]) -> Option<Vec<u32>> {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(number(step)?)),
        None => (part, None),
    };
    if step.is_some_and(|step| step < 1 || step > most.max(1)) {
        return None;
    }
    let value = |text: &str| -> Option<u32> {
        let named =
            names.iter().position(|name| name.eq_ignore_ascii_case(text)).and_then(|index| u32::try_from(index).ok());
        named.map(|index| index + least).or_else(|| number(text)).filter(|value| (least..=most).contains(value))
    };
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (least, most),
        Some((from, to)) => (value(from)?, value(to)?),
        None if step.is_none() => (value(range)?, value(range)?),
        None => return None,
    };
    (from <= to).then(|| (from..=to).step_by(step.unwrap_or(1) as usize).collect())
}

fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}
