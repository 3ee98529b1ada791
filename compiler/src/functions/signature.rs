//! How a call is checked: the types of its arguments, its result, and the operation that it becomes.

use hookc_plan::{MacroKind, Node, Operand};

use crate::ty::Ty;

/// How a call is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    /// An operator: checked together with its operands.
    Operator,
    /// Every argument has one type, and so has the result.
    Plain(&'static [Shape], Shape, Make),
    /// One argument, whose type decides.
    ByType(&'static [Overload]),
    /// Variables and an expression, which is evaluated for each item.
    Macro(MacroKind, Variables),
    /// A check of its own, with the minimum and maximum number of arguments.
    Special(Special, usize, usize),
}

/// The type of an argument or a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Bool,
    Int,
    Float,
    String,
    Duration,
    Timestamp,
    /// `list<int>`
    Ints,
    /// `list<string>`
    Strings,
    /// The type of the value that the method is called on.
    Receiver,
    /// The type of an item of that value, or null.
    ItemOrNull,
}

impl Shape {
    /// The type, where a method is called on a value of type `receiver`.
    pub(crate) fn ty(self, receiver: Option<&Ty>) -> Ty {
        match self {
            Shape::Bool => Ty::Bool,
            Shape::Int => Ty::Int,
            Shape::Float => Ty::Float,
            Shape::String => Ty::String,
            Shape::Duration => Ty::Duration,
            Shape::Timestamp => Ty::Timestamp,
            Shape::Ints => Ty::Int.list(),
            Shape::Strings => Ty::String.list(),
            Shape::Receiver => receiver.cloned().unwrap_or(Ty::Error),
            Shape::ItemOrNull => match receiver {
                Some(Ty::List(item) | Ty::Map(item)) => item.as_ref().clone().optional(),
                _ => Ty::Error,
            },
        }
    }
}

/// The operation of a call, made of the receiver and the arguments. The last argument of an `Optional` one may be left out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Make {
    Unary(fn(Operand) -> Node),
    UnaryOptional(fn(Operand, Option<Operand>) -> Node),
    Binary(fn(Operand, Operand) -> Node),
    BinaryOptional(fn(Operand, Operand, Option<Operand>) -> Node),
    Ternary(fn(Operand, Operand, Operand) -> Node),
    TernaryOptional(fn(Operand, Operand, Operand, Option<Operand>) -> Node),
}

/// As many operands as an operation can have.
pub(crate) type Operands = [Option<Operand>; 4];

impl Make {
    /// How many arguments may be left out.
    pub(crate) const fn optional(self) -> usize {
        match self {
            Make::Unary(_) | Make::Binary(_) | Make::Ternary(_) => 0,
            Make::UnaryOptional(_) | Make::BinaryOptional(_) | Make::TernaryOptional(_) => 1,
        }
    }

    /// The operation; `None` where an operand is missing.
    pub(crate) fn node(self, [a, b, c, d]: Operands) -> Option<Node> {
        Some(match self {
            Make::Unary(make) => make(a?),
            Make::UnaryOptional(make) => make(a?, b),
            Make::Binary(make) => make(a?, b?),
            Make::BinaryOptional(make) => make(a?, b?, c),
            Make::Ternary(make) => make(a?, b?, c?),
            Make::TernaryOptional(make) => make(a?, b?, c?, d),
        })
    }
}

/// What a function does with an argument of one type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overload {
    pub(crate) argument: Shape,
    pub(crate) result: Shape,
    /// The operation; `None`: the argument itself.
    pub(crate) make: Option<fn(Operand) -> Node>,
}

/// The argument itself.
pub(super) const fn same(shape: Shape) -> Overload {
    Overload { argument: shape, result: shape, make: None }
}

pub(super) const fn from(argument: Shape, result: Shape, make: fn(Operand) -> Node) -> Overload {
    Overload { argument, result, make: Some(make) }
}

/// The variables of a macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variables {
    /// The item; or the key or position, and the item.
    OneOrTwo,
    /// The key or position, and the item.
    Two,
}

/// The calls with a check of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    Has,
    Size,
    ToText,
    Duration,
    Timestamp,
    FormatTime,
    Status,
    Secret,
    Matches,
    Flatten,
    Distinct,
    Sort,
    Join,
    Greatest,
    Least,
}
