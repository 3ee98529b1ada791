//! The library `math`.

use hookc_plan::Node;

use super::page::FunctionKind::Function;
use super::page::{FunctionPage, Receiver};
use super::signature::{Check, Make, Shape, Special, from};

const SPEC: &str = "extension `math`";

/// As many as one call may compare one by one; more are a list.
const MAX_COMPARED: usize = 100;

macro_rules! rounding {
    ($node:ident, $shape:ident, $name:literal, $result:literal, $what:literal, $(($example:literal, $value:literal)),+) => {
        FunctionPage {
            name: concat!("math.", $name),
            kind: Function,
            receiver: Receiver::None,
            signatures: &[concat!("math.", $name, "(x: float) -> ", $result)],
            meaning: $what,
            examples: &[$((concat!("math.", $name, "(", $example, ")"), $value)),+],
            spec: SPEC,
            differs: "",
            check: Check::Plain(&[Shape::Float], Shape::$shape, Make::Unary(|a| Node::$node { a })),
        }
    };
}

macro_rules! bits {
    ($node:ident, $name:literal, $what:literal, $(($example:literal, $value:literal)),+) => {
        FunctionPage {
            name: concat!("math.", $name),
            kind: Function,
            receiver: Receiver::None,
            signatures: &[concat!("math.", $name, "(a: int, b: int) -> int")],
            meaning: $what,
            examples: &[$((concat!("math.", $name, "(", $example, ")"), $value)),+],
            spec: SPEC,
            differs: "There is no `uint`.",
            check: Check::Plain(
                &[Shape::Int, Shape::Int],
                Shape::Int,
                Make::Binary(|a, b| Node::$node { a, b }),
            ),
        }
    };
}

pub(super) const PAGES: &[FunctionPage] = &[
    FunctionPage {
        name: "math.greatest",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["math.greatest(a: T, b: T, …) -> T", "math.greatest(list<T>) -> T"],
        meaning: "The greatest of the arguments, or of a list, of `int` or `float`. An empty list is an `index` error, and NaN is a `not_finite` error.",
        examples: &[("math.greatest(3, -3, 10)", "10"), ("math.greatest([1.5, 2.5])", "2.5")],
        spec: SPEC,
        differs: "All arguments must have the same type.",
        check: Check::Special(Special::Greatest, 1, MAX_COMPARED),
    },
    FunctionPage {
        name: "math.least",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["math.least(a: T, b: T, …) -> T", "math.least(list<T>) -> T"],
        meaning: "The least of the arguments, or of a list, of `int` or `float`. An empty list is an `index` error, and NaN is a `not_finite` error.",
        examples: &[("math.least(3, -3, 10)", "-3")],
        spec: SPEC,
        differs: "All arguments must have the same type.",
        check: Check::Special(Special::Least, 1, MAX_COMPARED),
    },
    FunctionPage {
        name: "math.abs",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["math.abs(int) -> int", "math.abs(float) -> float"],
        meaning: "The absolute value. The smallest integer has no absolute value, which is an `overflow` error.",
        examples: &[("math.abs(-11)", "11"), ("math.abs(-11.5)", "11.5")],
        spec: SPEC,
        differs: "",
        check: Check::ByType(&[
            from(Shape::Int, Shape::Int, |a| Node::IntAbs { a }),
            from(Shape::Float, Shape::Float, |a| Node::FloatAbs { a }),
        ]),
    },
    FunctionPage {
        name: "math.sign",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["math.sign(int) -> int", "math.sign(float) -> float"],
        meaning: "The sign of the number: 1, 0 or -1, in the type of the number.",
        examples: &[("math.sign(-11)", "-1"), ("math.sign(0.0)", "0.0")],
        spec: SPEC,
        differs: "",
        check: Check::ByType(&[
            from(Shape::Int, Shape::Int, |a| Node::IntSign { a }),
            from(Shape::Float, Shape::Float, |a| Node::FloatSign { a }),
        ]),
    },
    rounding!(
        Ceil,
        Float,
        "ceil",
        "float",
        "The least whole number that is greater than or equal to the float.",
        ("-1.2", "-1.0"),
        ("1.2", "2.0")
    ),
    rounding!(
        Floor,
        Float,
        "floor",
        "float",
        "The greatest whole number that is less than or equal to the float.",
        ("-1.2", "-2.0"),
        ("1.2", "1.0")
    ),
    rounding!(
        Round,
        Float,
        "round",
        "float",
        "The nearest whole number. A tie is rounded away from zero.",
        ("-1.5", "-2.0"),
        ("1.4", "1.0")
    ),
    rounding!(Trunc, Float, "trunc", "float", "The float without its fraction.", ("-1.2", "-1.0"), ("1.9", "1.0")),
    rounding!(IsNan, Bool, "isNaN", "bool", "Whether a float is NaN.", ("0.0 / 0.0", "true"), ("1.0", "false")),
    rounding!(
        IsInf,
        Bool,
        "isInf",
        "bool",
        "Whether a float is positive or negative infinity.",
        ("-1.0 / 0.0", "true"),
        ("1.0", "false")
    ),
    rounding!(
        IsFinite,
        Bool,
        "isFinite",
        "bool",
        "Whether a float is neither NaN nor infinite.",
        ("1.5", "true"),
        ("1.0 / 0.0", "false")
    ),
    bits!(BitAnd, "bitAnd", "The bitwise AND of two integers.", ("5, 3", "1")),
    bits!(BitOr, "bitOr", "The bitwise OR of two integers.", ("4, -2", "-2")),
    bits!(BitXor, "bitXor", "The bitwise XOR of two integers.", ("1, 3", "2")),
    FunctionPage {
        name: "math.bitNot",
        kind: Function,
        receiver: Receiver::None,
        signatures: &["math.bitNot(a: int) -> int"],
        meaning: "The bitwise complement.",
        examples: &[("math.bitNot(1)", "-2")],
        spec: SPEC,
        differs: "There is no `uint`.",
        check: Check::Plain(&[Shape::Int], Shape::Int, Make::Unary(|a| Node::BitNot { a })),
    },
    bits!(
        BitShiftLeft,
        "bitShiftLeft",
        "The bits of `a`, shifted `b` places to the left and filled with zeros. A shift of 64 or more gives 0. A negative `b` is a `range` error.",
        ("1, 2", "4"),
        ("-1, 200", "0"),
        ("1, -1", "error range")
    ),
    bits!(
        BitShiftRight,
        "bitShiftRight",
        "The bits of `a`, shifted `b` places to the right and filled with zeros, so the sign is not kept. A negative `b` is a `range` error.",
        ("1024, 2", "256"),
        ("-1024, 3", "2305843009213693824")
    ),
];
