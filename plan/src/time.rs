//! Moments: a timestamp between the years 0001 and 9999, its text form, its parts and its zones.
//!
//! The calendar is computed here; only the rules of named zones come from the time zone database, the one that is
//! built in, so that a condition means the same on every machine.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::kinds::TimePart;
use crate::plan::EvalError;

pub(crate) const FIRST: i64 = -62_135_596_800;
pub(crate) const LAST: i64 = 253_402_300_799;
const DAY: i64 = 86_400;
const BILLION: i128 = 1_000_000_000;

/// A moment in UTC, to the nanosecond, between the years 0001 and 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z
    pub const EPOCH: Timestamp = Timestamp { seconds: 0, nanos: 0 };

    /// `seconds` since 1970 (below it: negative) and `nanos` after that second; nothing outside the range.
    pub fn new(seconds: i64, nanos: u32) -> Option<Timestamp> {
        ((FIRST..=LAST).contains(&seconds) && nanos < 1_000_000_000).then_some(Timestamp { seconds, nanos })
    }

    /// Nanoseconds since 1970; nothing outside the range.
    pub fn from_unix_nanos(nanos: i128) -> Option<Timestamp> {
        let seconds = i64::try_from(nanos.div_euclid(BILLION)).ok()?;
        Timestamp::new(seconds, u32::try_from(nanos.rem_euclid(BILLION)).ok()?)
    }

    /// The clock's time; nothing outside the range.
    pub fn from_system(time: SystemTime) -> Option<Timestamp> {
        let nanos = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).ok()?,
            Err(before) => -i128::try_from(before.duration().as_nanos()).ok()?,
        };
        Timestamp::from_unix_nanos(nanos)
    }

    /// Whole seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds after [`Timestamp::seconds`].
    pub fn nanos(self) -> u32 {
        self.nanos
    }

    /// Nanoseconds since 1970.
    pub fn unix_nanos(self) -> i128 {
        i128::from(self.seconds) * BILLION + i128::from(self.nanos)
    }

    /// The time to wait from `earlier`; zero when it is not earlier.
    pub fn since(self, earlier: Timestamp) -> Duration {
        let nanos = (self.unix_nanos() - earlier.unix_nanos()).max(0);
        Duration::new((nanos / BILLION) as u64, (nanos % BILLION) as u32)
    }

    /// `nanos` later; nothing outside the range.
    pub fn plus(self, nanos: i64) -> Option<Timestamp> {
        Timestamp::from_unix_nanos(self.unix_nanos() + i128::from(nanos))
    }

    /// `nanos` earlier; nothing outside the range.
    pub fn minus(self, nanos: i64) -> Option<Timestamp> {
        Timestamp::from_unix_nanos(self.unix_nanos() - i128::from(nanos))
    }

    /// The nanoseconds from `earlier` to this moment; nothing when 64 bits cannot hold them (292 years).
    pub fn diff(self, earlier: Timestamp) -> Option<i64> {
        i64::try_from(self.unix_nanos() - earlier.unix_nanos()).ok()
    }

    /// Reads RFC 3339, with capital `T` and `Z`, any offset, at most nine digits of a second.
    ///
    /// # Errors
    /// [`EvalError::Parse`] for any other text, [`EvalError::Range`] outside the years 0001 to 9999.
    pub fn parse(text: &str) -> Result<Timestamp, EvalError> {
        let mut reader = Reader(text.as_bytes());
        let moment = reader.moment().ok_or(EvalError::Parse)?;
        let days = days_from_civil(moment.year, moment.month, moment.day);
        let seconds = days * DAY + moment.second_of_day - moment.offset;
        Timestamp::new(seconds, moment.nanos).ok_or(EvalError::Range)
    }

    /// One part of the moment as it is in `zone`, counted as CEL counts (months and days of the month from 0,
    /// `getDate` from 1).
    pub fn part(self, part: TimePart, zone: &Zone) -> i64 {
        let local = self.local(zone);
        let date = local.date();
        match part {
            TimePart::FullYear => date.year,
            TimePart::Month => date.month - 1,
            TimePart::Date => date.day,
            TimePart::DayOfMonth => date.day - 1,
            TimePart::DayOfWeek => local.weekday(),
            TimePart::DayOfYear => local.day_of_year(),
            TimePart::Hours => local.second_of_day() / 3600,
            TimePart::Minutes => local.second_of_day() / 60 % 60,
            TimePart::Seconds => local.second_of_day() % 60,
            TimePart::Milliseconds => i64::from(self.nanos / 1_000_000),
        }
    }

    fn local(self, zone: &Zone) -> Local {
        Local(self.seconds + zone.offset(self))
    }

    /// Writes the moment, in UTC, by a pattern of [`FORMATS`].
    ///
    /// # Errors
    /// [`EvalError::Parse`] when the pattern is not valid.
    pub fn format(self, pattern: &str) -> Result<String, EvalError> {
        let mut text = String::new();
        let mut chars = pattern.chars();
        while let Some(char) = chars.next() {
            if char != '%' {
                text.push(char);
                continue;
            }
            let directive = chars.next().ok_or(EvalError::Parse)?;
            text.push_str(&self.directive(directive).ok_or(EvalError::Parse)?);
        }
        Ok(text)
    }

    fn directive(self, directive: char) -> Option<String> {
        let local = Local(self.seconds);
        let date = local.date();
        let second = local.second_of_day();
        let (hour, minute) = (second / 3600, second / 60 % 60);
        Some(match directive {
            'Y' => format!("{:04}", date.year),
            'y' => format!("{:02}", date.year % 100),
            'm' => format!("{:02}", date.month),
            'd' => format!("{:02}", date.day),
            'H' => format!("{hour:02}"),
            'I' => format!("{:02}", (hour + 11) % 12 + 1),
            'M' => format!("{minute:02}"),
            'S' => format!("{:02}", second % 60),
            'f' => format!("{:06}", self.nanos / 1_000),
            'p' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            'j' => format!("{:03}", local.day_of_year() + 1),
            'a' => cut(local.weekday_name()),
            'A' => local.weekday_name().to_owned(),
            'b' => cut(date.month_name()),
            'B' => date.month_name().to_owned(),
            'u' => ((local.weekday() + 6) % 7 + 1).to_string(),
            'w' => local.weekday().to_string(),
            'F' => format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
            'T' => format!("{hour:02}:{minute:02}:{:02}", second % 60),
            'z' => "+0000".to_owned(),
            'Z' => "UTC".to_owned(),
            '%' => "%".to_owned(),
            _ => return None,
        })
    }
}

/// The letters that may follow `%` in a pattern of [`Timestamp::format`]: those that mean the same in every `strftime`.
pub const FORMATS: &str = "YymdHIMSfpjaAbBuwFTzZ%";

/// What is wrong in a pattern: the text after `%` that is not a directive, or an empty text for a `%` at the end.
pub fn unknown_directive(pattern: &str) -> Option<String> {
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        if char != '%' {
            continue;
        }
        match chars.next() {
            Some(directive) if FORMATS.contains(directive) => {}
            other => return Some(other.map(String::from).unwrap_or_default()),
        }
    }
    None
}

fn cut(name: &str) -> String {
    name.chars().take(3).collect()
}

/// RFC 3339 in UTC; a fraction of a second without trailing zeros.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = Local(self.seconds);
        let (date, second) = (local.date(), local.second_of_day());
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}", date.year, date.month, date.day)?;
        if self.nanos > 0 {
            let fraction = format!("{:09}", self.nanos);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Timestamp::parse(&text).map_err(|_| serde::de::Error::custom("not an RFC 3339 timestamp"))
    }
}

impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A time zone.
#[derive(Clone, Debug)]
pub enum Zone {
    /// UTC and a constant number of seconds.
    Fixed(i64),
    /// One with rules.
    Named(TimeZone),
}

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl Zone {
    /// UTC.
    pub const UTC: Zone = Zone::Fixed(0);

    /// A zone by its IANA name (`Europe/Berlin`) or its offset (`+02:00`, `-05:30`, `02:00`).
    pub fn find(text: &str) -> Option<Zone> {
        if text == "UTC" {
            return Some(Zone::UTC);
        }
        if let Some(offset) = fixed_offset(text) {
            return Some(Zone::Fixed(offset));
        }
        // The database accepts any case. Other implementations need the exact name, so this one does too.
        let zone = ZONES.get(text).ok()?;
        (zone.iana_name() == Some(text)).then_some(Zone::Named(zone))
    }

    /// The seconds that its clocks are ahead of UTC at a moment.
    fn offset(&self, at: Timestamp) -> i64 {
        match self {
            Zone::Fixed(offset) => *offset,
            Zone::Named(zone) => {
                // The library ends some hours before the year 9999 does.
                let at = jiff::Timestamp::new(at.seconds, 0).unwrap_or(jiff::Timestamp::MAX);
                i64::from(zone.to_offset(at).seconds())
            }
        }
    }
}

/// Seconds of `+hh:mm`, `-hh:mm` or `hh:mm`.
fn fixed_offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut reader = Reader(rest.as_bytes());
    let hours = reader.number(2)?;
    reader.byte(b':')?;
    let minutes = reader.number(2)?;
    (reader.0.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Seconds since 1970 on the clocks of some place.
struct Local(i64);

struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Local {
    fn second_of_day(&self) -> i64 {
        self.0.rem_euclid(DAY)
    }

    fn date(&self) -> Date {
        civil_from_days(self.0.div_euclid(DAY))
    }

    /// From 0, Sunday. The first day of 1970 was a Thursday.
    fn weekday(&self) -> i64 {
        (self.0.div_euclid(DAY) + 4).rem_euclid(7)
    }

    fn day_of_year(&self) -> i64 {
        self.0.div_euclid(DAY) - days_from_civil(self.date().year, 1, 1)
    }

    fn weekday_name(&self) -> &'static str {
        const NAMES: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
        NAMES.get(self.weekday() as usize).copied().unwrap_or_default()
    }
}

impl Date {
    fn month_name(&self) -> &'static str {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        NAMES.get(self.month as usize - 1).copied().unwrap_or_default()
    }
}

/// Days from 1970-01-01, in the proleptic Gregorian calendar. Years are counted from March, so that the leap day is
/// the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> Date {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    Date { year, month, day }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Moment {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
    nanos: u32,
    offset: i64,
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn moment(&mut self) -> Option<Moment> {
        let year = self.number(4)?;
        self.byte(b'-')?;
        let month = self.number(2)?;
        self.byte(b'-')?;
        let day = self.number(2)?;
        self.byte(b'T')?;
        let hour = self.number(2)?;
        self.byte(b':')?;
        let minute = self.number(2)?;
        self.byte(b':')?;
        let second = self.number(2)?;
        let nanos = if self.byte(b'.').is_some() { self.fraction()? } else { 0 };
        let offset = self.offset()?;
        let date_fits = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        let time_fits = hour < 24 && minute < 60 && second < 60;
        let second_of_day = hour * 3600 + minute * 60 + second;
        (date_fits && time_fits).then_some(Moment { year, month, day, second_of_day, nanos, offset })
    }

    /// `Z` or `+hh:mm`, to the end of the text.
    fn offset(&mut self) -> Option<i64> {
        match self.0 {
            b"Z" => Some(0),
            [b'+' | b'-', ..] => fixed_offset(std::str::from_utf8(self.0).ok()?),
            _ => None,
        }
    }

    fn byte(&mut self, wanted: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == wanted).then(|| self.0 = rest)
    }

    fn number(&mut self, length: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
    }

    fn fraction(&mut self) -> Option<u32> {
        let mut nanos = 0;
        let mut scale = 100_000_000;
        let mut length = 0;
        while let Some((digit, rest)) = self.0.split_first().filter(|(digit, _)| digit.is_ascii_digit()) {
            nanos += u32::from(digit - b'0') * scale;
            scale /= 10;
            length += 1;
            self.0 = rest;
        }
        (1..=9).contains(&length).then_some(nanos)
    }
}
