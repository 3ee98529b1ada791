use std::time::{Duration, SystemTime};

use jiff::tz::TimeZone;

use crate::kinds::TimePart;
use crate::plan::EvalError;
use crate::time::*;

#[test]
fn rfc_3339_is_read_and_written() {
    let cases = [
        ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
        ("2009-02-13T23:31:30Z", 1_234_567_890, 0, "2009-02-13T23:31:30Z"),
        ("2009-02-13T23:31:30.5Z", 1_234_567_890, 500_000_000, "2009-02-13T23:31:30.5Z"),
        ("2009-02-14T01:31:30.000000001+02:00", 1_234_567_890, 1, "2009-02-13T23:31:30.000000001Z"),
        ("2009-02-13T18:01:30-05:30", 1_234_567_890, 0, "2009-02-13T23:31:30Z"),
        ("2000-02-29T00:00:00Z", 951_782_400, 0, "2000-02-29T00:00:00Z"),
        ("1969-12-31T23:59:59.25Z", -1, 250_000_000, "1969-12-31T23:59:59.25Z"),
        ("0001-01-01T00:00:00Z", FIRST, 0, "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", LAST, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
    ];
    for (text, seconds, nanos, written) in cases {
        let moment = Timestamp::parse(text).unwrap();
        assert_eq!((moment.seconds(), moment.nanos()), (seconds, nanos), "{text}");
        assert_eq!(moment.to_string(), written);
    }
}

#[test]
fn other_text_is_no_moment() {
    let texts = [
        "",
        "2009",
        "2009-02-13",
        "2009-02-13 23:31:30Z",
        "2009-02-13t23:31:30z",
        "2009-02-13T23:31:30",
        "2009-02-13T23:31Z",
        "2009-02-13T23:31:30.Z",
        "2009-02-13T23:31:30.1234567890Z",
        "2009-13-01T00:00:00Z",
        "2009-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2009-04-31T00:00:00Z",
        "2009-00-01T00:00:00Z",
        "2009-01-00T00:00:00Z",
        "2009-01-01T24:00:00Z",
        "2009-01-01T00:60:00Z",
        "2009-01-01T00:00:60Z",
        "2009-01-01T00:00:00+2:00",
        "2009-01-01T00:00:00+24:00",
        "2009-01-01T00:00:00+02:00x",
        "10000-01-01T00:00:00Z",
        "+2009-01-01T00:00:00Z",
        "2009-01-01T00:00:00Z ",
        "２009-01-01T00:00:00Z",
    ];
    for text in texts {
        assert_eq!(Timestamp::parse(text), Err(EvalError::Parse), "{text}");
    }
    for text in ["0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
        assert_eq!(Timestamp::parse(text), Err(EvalError::Range), "{text}");
    }
}

#[test]
fn the_calendar_agrees_with_the_library() {
    let mut seconds = FIRST;
    while seconds <= 253_402_000_000 {
        let moment = Timestamp::new(seconds, 0).unwrap();
        let other = jiff::Timestamp::new(seconds, 0).unwrap().to_zoned(TimeZone::UTC);
        let utc = Zone::UTC;
        let found = [TimePart::FullYear, TimePart::Month, TimePart::Date, TimePart::DayOfYear, TimePart::Hours]
            .map(|part| moment.part(part, &utc));
        let wanted = [
            i64::from(other.year()),
            i64::from(other.month()) - 1,
            i64::from(other.day()),
            i64::from(other.day_of_year()) - 1,
            i64::from(other.hour()),
        ];
        assert_eq!(found, wanted, "{moment}");
        assert_eq!(moment.part(TimePart::DayOfWeek, &utc), i64::from(other.weekday().to_sunday_zero_offset()));
        assert_eq!(Timestamp::parse(&moment.to_string()), Ok(moment));
        // A prime number of seconds, some 46 days.
        seconds += 3_999_971;
    }
}

#[test]
fn the_clock_is_a_moment() {
    assert_eq!(Timestamp::from_system(SystemTime::UNIX_EPOCH), Some(Timestamp::EPOCH));
    let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1_500);
    assert_eq!(
        Timestamp::from_system(before).map(|moment| moment.to_string()).as_deref(),
        Some("1969-12-31T23:59:58.5Z")
    );
    let later = Timestamp::EPOCH.plus(2_500_000_000).unwrap();
    assert_eq!(later.since(Timestamp::EPOCH), Duration::from_millis(2_500));
    assert_eq!(Timestamp::EPOCH.since(later), Duration::ZERO);
}

#[test]
fn patterns_are_checked() {
    assert_eq!(unknown_directive("%Y-%m-%d %H:%M:%S%%"), None);
    assert_eq!(unknown_directive("%Y %Q"), Some("Q".to_owned()));
    assert_eq!(unknown_directive("100%"), Some(String::new()));
    for directive in FORMATS.chars() {
        assert!(Timestamp::EPOCH.format(&format!("%{directive}")).is_ok());
    }
}
