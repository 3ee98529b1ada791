//! Durations and timestamps.

use hookc_plan::{Node, TimePart};

use super::page::FunctionKind::{Function, Method};
use super::page::{FunctionPage, Receiver};
use super::signature::{Check, Make, Shape, Special};

const ZONES: &str = "The default time zone is UTC. A zone is a name (`\"Europe/Berlin\"`) or an offset (`\"+02:00\"`).";

macro_rules! getter {
    ($part:ident, $name:literal, $what:literal, $example:literal, $value:literal) => {
        FunctionPage {
            name: $name,
            kind: Method,
            receiver: Receiver::Timestamp,
            signatures: &[
                concat!("timestamp.", $name, "() -> int"),
                concat!("timestamp.", $name, "(zone: string) -> int"),
            ],
            meaning: $what,
            examples: &[(concat!("timestamp(\"2009-02-13T23:31:30.123Z\").", $name, "(", $example, ")"), $value)],
            spec: "List of Standard Definitions; Timezones",
            differs: ZONES,
            check: Check::Plain(
                &[Shape::String],
                Shape::Int,
                Make::UnaryOptional(|a, zone| Node::TsPart { part: TimePart::$part, a, zone }),
            ),
        }
    };
}

macro_rules! length {
    ($part:ident, $name:literal, $what:literal, $value:literal) => {
        FunctionPage {
            name: $name,
            kind: Method,
            receiver: Receiver::Duration,
            signatures: &[concat!("duration.", $name, "() -> int")],
            meaning: $what,
            examples: &[(concat!("duration(\"3730.5s\").", $name, "()"), $value)],
            spec: "List of Standard Definitions",
            differs: "",
            check: Check::Plain(&[], Shape::Int, Make::Unary(|a| Node::DurPart { part: TimePart::$part, a })),
        }
    };
}

pub(super) const PAGES: &[FunctionPage] = &[
    getter!(FullYear, "getFullYear", "The year.", "", "2009"),
    getter!(Month, "getMonth", "The month, from 0 for January.", "", "1"),
    getter!(Date, "getDate", "The day of the month, from 1.", "\"Australia/Sydney\"", "14"),
    getter!(DayOfMonth, "getDayOfMonth", "The day of the month, from 0.", "\"+11:00\"", "13"),
    getter!(DayOfWeek, "getDayOfWeek", "The day of the week, from 0 for Sunday.", "", "5"),
    getter!(DayOfYear, "getDayOfYear", "The day of the year, from 0.", "\"US/Central\"", "43"),
    getter!(Hours, "getHours", "The hour.", "\"02:00\"", "1"),
    getter!(Minutes, "getMinutes", "The minute.", "\"Asia/Kathmandu\"", "16"),
    getter!(Seconds, "getSeconds", "The second.", "", "30"),
    getter!(Milliseconds, "getMilliseconds", "The milliseconds after the last whole second.", "", "123"),
    length!(Hours, "getHours", "The whole duration in hours, rounded towards zero.", "1"),
    length!(Minutes, "getMinutes", "The whole duration in minutes, rounded towards zero.", "62"),
    length!(Seconds, "getSeconds", "The whole duration in seconds, rounded towards zero.", "3730"),
    length!(Milliseconds, "getMilliseconds", "The milliseconds after the last whole second.", "500"),
    FunctionPage {
        name: "seconds",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["seconds(duration) -> float"],
        meaning: "The duration in seconds.",
        examples: &[("seconds(1m30s)", "90.0"), ("seconds(500ms)", "0.5")],
        spec: "not in CEL",
        differs: "",
        check: Check::Plain(&[Shape::Duration], Shape::Float, Make::Unary(|a| Node::Seconds { a })),
    },
    FunctionPage {
        name: "format",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["format(t: timestamp, pattern: string) -> string"],
        meaning: "A timestamp in UTC as text, formatted by a constant pattern with the directives `%Y %y %m %d %H %I %M %S %f %p %j %a %A %b %B %u %w %F %T %z %Z %%`.",
        examples: &[("format(timestamp(\"2026-11-20T08:00:00Z\"), \"%Y-%m-%d %H:%M\")", "\"2026-11-20 08:00\"")],
        spec: "not in CEL",
        differs: "CEL's `format` is a method of strings and takes a list of values.",
        check: Check::Special(Special::FormatTime, 2, 2),
    },
];
