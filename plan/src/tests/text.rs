use crate::plan::EvalError;
use crate::text::*;

#[test]
fn floats_are_written_in_their_shortest_form() {
    let cases = [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (0.005, "0.005"),
        (0.0001, "0.0001"),
        (0.00001, "1e-5"),
        (0.000012345, "1.2345e-5"),
        (1e-7, "1e-7"),
        (100.0, "100.0"),
        (123456.789, "123456.789"),
        (9007199254740993.0, "9007199254740992.0"),
        (1e15, "1000000000000000.0"),
        (9999999999999998.0, "9999999999999998.0"),
        (1e16, "1e16"),
        (1.25e21, "1.25e21"),
        (1.38e-23, "1.38e-23"),
        (0.1 + 0.2, "0.30000000000000004"),
        (f64::MAX, "1.7976931348623157e308"),
        (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
        (5e-324, "5e-324"),
    ];
    for (float, text) in cases {
        assert_eq!(float_text(float).as_deref(), Some(text));
    }
    assert_eq!(float_text(f64::NAN), None);
    assert_eq!(float_text(f64::NEG_INFINITY), None);
}

#[test]
fn durations_are_written_without_empty_parts() {
    let cases = [
        (0, "0s"),
        (-5_000_000_000, "-5s"),
        (3_723_500_000_000, "1h2m3.5s"),
        (5_400_000_000_000, "1h30m"),
        (86_400_000_000_000, "24h"),
        (3_603_000_000_000, "1h3s"),
        (500_000_000, "0.5s"),
        (1, "0.000000001s"),
        (i64::MAX, "2562047h47m16.854775807s"),
        (i64::MIN, "-2562047h47m16.854775808s"),
    ];
    for (duration, text) in cases {
        assert_eq!(duration_text(duration), text);
        assert_eq!(parse_duration(text), Ok(duration));
    }
}

#[test]
fn durations_are_read_in_all_units() {
    let cases = [
        ("90m", 5_400_000_000_000),
        ("1h30m", 5_400_000_000_000),
        ("1.5h", 5_400_000_000_000),
        ("2d", 172_800_000_000_000),
        ("15ms", 15_000_000),
        ("7us", 7_000),
        ("7µs", 7_000),
        ("3ns", 3),
        ("0.9ns", 0),
        (".5s", 500_000_000),
        ("+1s", 1_000_000_000),
        ("1d1h1m1s1ms1us1ns", 90_061_001_001_001),
    ];
    for (text, duration) in cases {
        assert_eq!(parse_duration(text), Ok(duration), "{text}");
    }
}

#[test]
fn other_text_is_no_duration() {
    for text in ["", "-", "1", "s", "1x", "1h 2m", " 1s", "1.s.", ".s", "1.2.3s", "--1s", "1s-1s", "١s"] {
        assert_eq!(parse_duration(text), Err(EvalError::Parse), "{text}");
    }
    for text in ["106752d", "9223372036855s", "99999999999999999999999999999999999999999999d"] {
        assert_eq!(parse_duration(text), Err(EvalError::Overflow), "{text}");
    }
}
