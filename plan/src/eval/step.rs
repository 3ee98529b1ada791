//! The shape of a program: a tree of few kinds of node. Operations that evaluate all their operands first differ only
//! in a function; those that do not are nodes of their own.

use regex::Regex;

use super::env::{Computed, Env};
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
    /// The operand, which is not null.
    Narrow(Box<Step>),
    /// The order of two integers.
    Ints(Order, Box<[Step; 2]>),
    /// The order of two floats.
    Floats(Order, Box<[Step; 2]>),
    /// Any other test of two values.
    Test(TestOp, Box<[Step; 2]>),
    /// The number of items or entries.
    Size(Box<Step>),
    /// A function of one value.
    Unary(UnaryOp, Box<Step>),
    /// A function of two values.
    Binary(BinaryOp, Box<[Step; 2]>),
    /// A function of several values, the last of them optional.
    Variadic(VariadicOp, Box<[Step]>),
    Field(Box<(Step, Name)>),
    IndexList(Box<[Step; 2]>),
    IndexMap(MissingKey, Box<[Step; 2]>),
    /// `None`: the pattern is not valid.
    Matches(Box<(Step, Option<Regex>)>),
    TsPart(TimePart, Box<Step>, Box<ZoneStep>),
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

/// A function of one value.
pub(super) type UnaryOp = fn(&Value, &Env<'_>) -> Computed;

/// A function of two values.
pub(super) type BinaryOp = fn(&Value, &Value, &Env<'_>) -> Computed;

/// A function of several values.
pub(super) type VariadicOp = fn(&[&Value], &Env<'_>) -> Computed;

/// What a key that a map lacks gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingKey {
    Null,
    Error,
}

/// The zone of a getter.
#[derive(Debug)]
pub(super) enum ZoneStep {
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

/// Tests of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TestOp {
    Eq,
    Ne,
    Order(Order),
    Contains,
    StartsWith,
    EndsWith,
    InList,
    InMap,
}
