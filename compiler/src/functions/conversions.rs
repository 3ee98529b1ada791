//! From one type to another, and to text.

use hookc_plan::Node;

use super::FunctionKind::Function;
use super::signature::{Check, Make, Shape, Special, from, same};
use super::{FunctionPage, Receiver};

const TO_FLOAT: Check = Check::ByType(&[
    same(Shape::Float),
    from(Shape::Int, Shape::Float, |a| Node::IntToFloat { a }),
    from(Shape::String, Shape::Float, |a| Node::StringToFloat { a }),
]);

pub(super) const PAGES: &[FunctionPage] = &[
    FunctionPage {
        name: "int",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["int(float) -> int", "int(string) -> int", "int(timestamp) -> int"],
        meaning: "A float without its fraction, the number in a string, or the seconds from 1970 to a timestamp. A float that is out of range is an `overflow` error, and a string that is not a number is a `parse` error.",
        examples: &[
            ("int(-7.9)", "-7"),
            ("int(\"987\")", "987"),
            ("int(timestamp(\"2009-02-13T23:31:30Z\"))", "1234567890"),
            ("int(\"x\")", "error parse"),
            ("int(1e99)", "error overflow"),
        ],
        spec: "List of Standard Definitions",
        differs: "A duration is not accepted: use `seconds(d)`, which names the unit.",
        check: Check::ByType(&[
            same(Shape::Int),
            from(Shape::Float, Shape::Int, |a| Node::FloatToInt { a }),
            from(Shape::String, Shape::Int, |a| Node::StringToInt { a }),
            from(Shape::Timestamp, Shape::Int, |a| Node::TimestampToInt { a }),
        ]),
    },
    FunctionPage {
        name: "float",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["float(int) -> float", "float(string) -> float"],
        meaning: "The float that is nearest to an integer, or the number in a string.",
        examples: &[("float(2)", "2.0"), ("float(\"1.38e-23\")", "1.38e-23")],
        spec: "List of Standard Definitions: `double`",
        differs: "CEL's name, `double`, is also accepted. A string that is out of range is an error, not infinite.",
        check: TO_FLOAT,
    },
    FunctionPage {
        name: "double",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["double(int) -> float", "double(string) -> float"],
        meaning: "The same as `float`.",
        examples: &[("double(\"-0.5\")", "-0.5")],
        spec: "List of Standard Definitions",
        differs: "The type is `float` here.",
        check: TO_FLOAT,
    },
    FunctionPage {
        name: "bool",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["bool(string) -> bool"],
        meaning: "`true` for `true TRUE True t T 1`, `false` for `false FALSE False f F 0`. Any other string is a `parse` error.",
        examples: &[("bool(\"true\")", "true"), ("bool(\"yes\")", "error parse")],
        spec: "List of Standard Definitions",
        differs: "",
        check: Check::ByType(&[same(Shape::Bool), from(Shape::String, Shape::Bool, |a| Node::StringToBool { a })]),
    },
    FunctionPage {
        name: "string",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["string(T) -> string"],
        meaning: "The text form of a value, the same as in `\"${x}\"`.",
        examples: &[
            ("string(-456)", "\"-456\""),
            ("string(1.0)", "\"1.0\""),
            ("string(90m)", "\"1h30m\""),
            ("string([1, 2])", "\"[1,2]\""),
        ],
        spec: "List of Standard Definitions",
        differs: "A whole float is written `1.0`, and a duration `1h30m` (CEL: `5400s`). Enums, lists, maps and records also have a text form. An infinite float is an error.",
        check: Check::Special(Special::ToText, 1, 1),
    },
    FunctionPage {
        name: "duration",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["duration(string) -> duration"],
        meaning: "The duration in a string, with the units `d h m s ms us ns`. A constant string is parsed when the file is checked. A literal (`90m`) is usually shorter.",
        examples: &[("duration(\"1h30m\") == 90m", "true"), ("duration(\"-1.5s\")", "\"-1.5s\"")],
        spec: "List of Standard Definitions",
        differs: "It also has the unit `d`. The maximum is 292 years.",
        check: Check::Special(Special::Duration, 1, 1),
    },
    FunctionPage {
        name: "timestamp",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["timestamp(string) -> timestamp", "timestamp(int) -> timestamp"],
        meaning: "The timestamp in a string in the form of RFC 3339, or the given number of seconds after 1970. A constant string is parsed when the file is checked.",
        examples: &[
            ("timestamp(\"2026-11-20T09:00:00+01:00\")", "\"2026-11-20T08:00:00Z\""),
            ("timestamp(0)", "\"1970-01-01T00:00:00Z\""),
        ],
        spec: "List of Standard Definitions",
        differs: "",
        check: Check::Special(Special::Timestamp, 1, 1),
    },
    FunctionPage {
        name: "fixed",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["fixed(x: float, digits: int) -> string"],
        meaning: "A float as text with a fixed number of digits after the point, from 0 to 100. The exact value is rounded, and a tie goes to the even digit.",
        examples: &[("fixed(0.9456, 2)", "\"0.95\""), ("fixed(1.0 / 0.0, 2)", "error not_finite")],
        spec: "extension `strings`: `\"%.2f\".format([x])`",
        differs: "This is a separate function, because there is no `format` for lists of values.",
        check: Check::Plain(
            &[Shape::Float, Shape::Int],
            Shape::String,
            Make::Binary(|a, digits| Node::Fixed { a, digits }),
        ),
    },
    FunctionPage {
        name: "truncate",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["truncate(s: string, most: int) -> string"],
        meaning: "The string with at most the given number of code points. A longer string is cut and ends with `…`.",
        examples: &[("truncate(\"tacocat\", 4)", "\"tac…\""), ("truncate(\"taco\", 4)", "\"taco\"")],
        spec: "not in CEL",
        differs: "",
        check: Check::Plain(&[Shape::String, Shape::Int], Shape::String, Make::Binary(|a, n| Node::Truncate { a, n })),
    },
];
