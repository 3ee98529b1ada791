//! The shape of a program: a tree of few kinds of node. Operations that evaluate all their operands first differ only
//! in a number; those that do not are nodes of their own.

use regex::Regex;

use crate::kinds::{MacroKind, TimePart};
use crate::plan::EvalError;
use crate::time::Zone;
use crate::types::{Name, Span};
use crate::value::Value;

/// A node.
#[derive(Debug)]
pub(super) enum Step {
    /// Always this value.
    Const(Box<Value>),
    /// Always this error: what was broken before any evaluation.
    Fail(EvalError),
    /// A slot, by number.
    Slot(usize),
    /// A macro's variable, by the number of variables between it and here.
    Local(usize),
    /// `a && b && c`
    And(Box<[Step]>),
    /// `a || b || c`
    Or(Box<[Step]>),
    Not(Box<Step>),
    OrElse(Box<[Step; 2]>),
    Cond(Box<[Step; 3]>),
    /// The order of two integers.
    Ints(Order, Box<[Step; 2]>),
    /// The order of two floats.
    Floats(Order, Box<[Step; 2]>),
    /// Any other test of two values.
    Test(Test, Box<[Step; 2]>),
    /// A function of one value.
    One(One, Box<Step>),
    /// A function of two values.
    Two(Two, Box<[Step; 2]>),
    /// A function of a text and further values, the last of them optional.
    Text(Text, Box<[Step]>),
    Field(Box<(Step, Name)>),
    IndexList(Box<[Step; 2]>),
    /// `true`: a missing key is null.
    IndexMap(bool, Box<[Step; 2]>),
    /// `None`: the pattern is none.
    Matches(Box<(Step, Option<Regex>)>),
    TsPart(TimePart, Box<Step>, Box<ZoneCode>),
    FormatTime(Box<(Step, Name)>),
    Template(Box<[Step]>),
    List(Box<[Step]>),
    Map(Box<[(Name, Step)]>),
    Record(Box<[(Name, Step)]>),
    MapOf(Box<[(Name, Step)]>),
    Slice(Box<[Step; 3]>),
    Macro(Box<Macro>),
    /// A node whose value is noted with its place; only in programs that are traced.
    Note(Box<(Span, Step)>),
}

impl Order {
    pub(super) fn holds<T: PartialOrd + ?Sized>(self, a: &T, b: &T) -> bool {
        match self {
            Order::Lt => a < b,
            Order::Le => a <= b,
            Order::Gt => a > b,
            Order::Ge => a >= b,
        }
    }
}

/// The zone of a getter.
#[derive(Debug)]
pub(super) enum ZoneCode {
    Known(Zone),
    Read(Step),
}

/// A macro.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) kind: MacroKind,
    pub(super) over: Step,
    /// Whether it has a second variable.
    pub(super) pairs: bool,
    pub(super) keep: Option<Step>,
    pub(super) body: Step,
    /// What one turn takes: one, and the nodes of `keep` and `body`.
    pub(super) steps: u64,
}

/// Tests of the order of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Lt,
    Le,
    Gt,
    Ge,
}

/// Tests of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Eq,
    Ne,
    Order(Order),
    Contains,
    StartsWith,
    EndsWith,
    InList,
    InMap,
}

/// Functions of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum One {
    Json,
    IsNull,
    Narrow,
    IntNeg,
    FloatNeg,
    DurNeg,
    DurPart(TimePart),
    Seconds,
    SizeString,
    LowerAscii,
    UpperAscii,
    Trim,
    ReverseString,
    Size,
    IntToFloat,
    FloatToInt,
    StringToInt,
    StringToFloat,
    StringToBool,
    TimestampToInt,
    IntToTimestamp,
    ToText,
    ParseDuration,
    ParseTimestamp,
    Math(Math),
    List(List),
}

/// Functions of one number, and of a list of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Math {
    Greatest,
    Least,
    IntAbs,
    FloatAbs,
    Sign,
    Ceil,
    Floor,
    Round,
    Trunc,
    IsNan,
    IsInf,
    IsFinite,
    BitNot,
}

/// Functions of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Flatten,
    Distinct,
    Sort,
    Reverse,
    Range,
    First,
    Last,
}

/// Functions of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Two {
    IntAdd,
    IntSub,
    IntMul,
    IntDiv,
    IntRem,
    BitAnd,
    BitOr,
    BitXor,
    BitShiftLeft,
    BitShiftRight,
    FloatAdd,
    FloatSub,
    FloatMul,
    FloatDiv,
    DurAdd,
    DurSub,
    TsAdd,
    TsSub,
    TsDiff,
    Concat,
    ConcatList,
    Join,
    CharAt,
    Truncate,
    Fixed,
}

/// Functions of a text that take an optional last value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Replace,
    Split,
    Substring,
    IndexOf,
    LastIndexOf,
}
