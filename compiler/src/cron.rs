//! The times of `schedule`: five fields of cron, as POSIX `crontab` has them, with steps and names.

/// The fields: name, least, most, and the names that may stand for numbers.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    ("month", 1, 12, &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    ("weekday", 0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

/// Whether the text is five fields of cron; if not, what is wrong.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("expected five fields in the schedule, found {}", fields.len()));
    }
    for (field, (name, least, most, names)) in fields.iter().zip(FIELDS) {
        if !field.split(',').all(|part| is_part(part, least, most, names)) {
            return Err(format!("`{field}` is not a valid {name} of a schedule"));
        }
    }
    Ok(())
}

/// `*`, `7`, `1-5`, each with an optional step: `*/15`.
fn is_part(part: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    if !step.is_none_or(|step| number(step).is_some_and(|step| step >= 1 && step <= most.max(1))) {
        return false;
    }
    let value = |text: &str| -> Option<u32> {
        let named =
            names.iter().position(|name| name.eq_ignore_ascii_case(text)).and_then(|index| u32::try_from(index).ok());
        named.map(|index| index + least).or_else(|| number(text)).filter(|value| (least..=most).contains(value))
    };
    match range.split_once('-') {
        _ if range == "*" => true,
        Some((from, to)) => value(from).zip(value(to)).is_some_and(|(from, to)| from <= to),
        None => value(range).is_some() && step.is_none(),
    }
}

fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn five_fields_in_their_ranges() {
        for good in ["0 2 * * *", "*/15 0-6 1,15 * mon-fri", "59 23 31 12 7", "0 0 1 JAN sun"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "a * * * *",
            "5/2 * * * *",
            "@daily",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
