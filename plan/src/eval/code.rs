//! The shape of a program: a tree of few kinds of node. Operations that evaluate all their operands first differ only
//! in a number; those that do not are nodes of their own.

use regex::Regex;

use crate::kinds::{MacroKind, TimePart};
use crate::plan::EvalError;
use crate::time::Zone;
use crate::types::{Name, Span};
use crate::value::Value;

/// A node and where it is written.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) span: Span,
    pub(super) code: Code,
}

/// What a node does.
#[derive(Debug)]
pub(super) enum Code {
    /// Always this value.
    Const(Value),
    /// Always this error: what was broken before any evaluation.
    Fail(EvalError),
    /// A slot, by number.
    Slot(usize),
    /// A macro's variable, by the number of variables between it and here.
    Local(usize),
    And(Box<[Step; 2]>),
    Or(Box<[Step; 2]>),
    OrElse(Box<[Step; 2]>),
    Cond(Box<[Step; 3]>),
    /// A test of two values.
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
}

/// Tests of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
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
    Not,
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
    Abs,
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
