//! One node of a program out of one node of the expression: a table.

use regex::Regex;

use super::Slot;
use super::builder::Builder;
use super::step::{List, Macro, Math, One, Order, Step, Test, Text, Two, ZoneCode};
use crate::expr::{Entry, Expr, Node};
use crate::kinds::OrderOn;
use crate::plan::EvalError;
use crate::time::Zone;
use crate::types::Name;
use crate::value::Value;

/// Makes a node; its operands lie on the builder's stack.
pub(super) fn compile<'a>(builder: &mut Builder<'a>, expr: &'a Expr) -> Step {
    match &expr.node {
        Node::Const { value } => builder.constant(value, &expr.ty),
        Node::List { items } => Step::List(builder.many(items.len())),
        Node::Template { parts } => Step::Template(builder.many(parts.len())),
        Node::Map { entries } => Step::Map(named(builder, entries)),
        Node::MapOf { entries } => Step::MapOf(named(builder, entries)),
        Node::Record { fields, .. } => Step::Record(named(builder, fields)),
        Node::Secret { name } => Step::Const(Box::new(Value::Secret(name.clone()))),
        Node::Ctx { path } => builder.slot(Slot::Ctx(path.clone())),
        Node::Local { name } => builder.local(name),
        Node::Connection { name } => builder.slot(Slot::Connection(name.clone())),
        Node::Field { name, .. } => Step::Field(Box::new((builder.pop(), name.clone()))),
        Node::IndexList { .. } => Step::IndexList(builder.two()),
        Node::IndexMap { .. } => Step::IndexMap(false, builder.two()),
        Node::GetMap { .. } => Step::IndexMap(true, builder.two()),
        Node::OrElse { .. } => Step::OrElse(builder.two()),
        Node::Lt { on, .. } => order(builder, *on, Order::Lt),
        Node::Le { on, .. } => order(builder, *on, Order::Le),
        Node::Gt { on, .. } => order(builder, *on, Order::Gt),
        Node::Ge { on, .. } => order(builder, *on, Order::Ge),
        Node::And { .. } => and(*builder.two()),
        Node::Or { .. } => or(*builder.two()),
        Node::Not { .. } => Step::Not(builder.one()),
        Node::Cond { .. } => Step::Cond(builder.three()),
        // These are for the checker: the value is the operand's.
        Node::Some { .. } | Node::Retype { .. } => builder.pop(),
        Node::Matches { pattern, .. } => Step::Matches(Box::new((builder.pop(), Regex::new(pattern).ok()))),
        Node::FormatTime { pattern, .. } => Step::FormatTime(Box::new((builder.pop(), pattern.clone()))),
        Node::TsPart { part, zone, .. } => {
            let zone = zone.as_ref().map_or(ZoneCode::Known(Zone::UTC), |_| self::zone(builder.pop()));
            Step::TsPart(*part, builder.one(), Box::new(zone))
        }
        Node::Macro { kind, value_var, keep, .. } => {
            let body = builder.pop();
            let keep = keep.as_ref().map(|_| builder.pop());
            let over = builder.pop();
            let steps = builder.turn();
            Step::Macro(Box::new(Macro { kind: *kind, over, pairs: value_var.is_some(), keep, body, steps }))
        }
        Node::Slice { .. } => Step::Slice(builder.three()),
        Node::Replace { limit, .. } => Step::Text(Text::Replace, builder.many(3 + usize::from(limit.is_some()))),
        Node::Split { limit, .. } => Step::Text(Text::Split, builder.many(2 + usize::from(limit.is_some()))),
        Node::Substring { to, .. } => Step::Text(Text::Substring, builder.many(2 + usize::from(to.is_some()))),
        Node::IndexOf { from, .. } => Step::Text(Text::IndexOf, builder.many(2 + usize::from(from.is_some()))),
        Node::LastIndexOf { from, .. } => Step::Text(Text::LastIndexOf, builder.many(2 + usize::from(from.is_some()))),
        node => strict(builder, node),
    }
}

/// A chain of `&&` is one node.
fn and([first, last]: [Step; 2]) -> Step {
    match first {
        Step::And(steps) => Step::And(longer(steps, last)),
        first => Step::And(Box::new([first, last])),
    }
}

/// A chain of `||` is one node.
fn or([first, last]: [Step; 2]) -> Step {
    match first {
        Step::Or(steps) => Step::Or(longer(steps, last)),
        first => Step::Or(Box::new([first, last])),
    }
}

fn longer(steps: Box<[Step]>, last: Step) -> Box<[Step]> {
    let mut steps = steps.into_vec();
    steps.push(last);
    steps.into()
}

/// A test of the order of two values; numbers are compared without a value made of them.
fn order(builder: &mut Builder<'_>, on: OrderOn, order: Order) -> Step {
    match on {
        OrderOn::Int => Step::Ints(order, builder.two()),
        OrderOn::Float => Step::Floats(order, builder.two()),
        _ => Step::Test(Test::Order(order), builder.two()),
    }
}

/// The operations that differ only in a number.
fn strict(builder: &mut Builder<'_>, node: &Node) -> Step {
    if let Some(test) = test(node) {
        Step::Test(test, builder.two())
    } else if let Some(two) = two(node) {
        Step::Two(two, builder.two())
    } else if let Some(one) = one(node) {
        Step::One(one, builder.one())
    } else {
        Step::Fail(EvalError::Parse)
    }
}

fn named(builder: &mut Builder<'_>, entries: &[Entry]) -> Box<[(Name, Step)]> {
    let values = builder.many(entries.len()).into_vec();
    entries.iter().map(|entry| entry.key.clone()).zip(values).collect()
}

fn zone(step: Step) -> ZoneCode {
    let known = match &step {
        Step::Const(name) => name.as_str().and_then(Zone::find),
        _ => None,
    };
    known.map_or(ZoneCode::Read(step), ZoneCode::Known)
}

fn test(node: &Node) -> Option<Test> {
    Some(match node {
        Node::Eq { .. } => Test::Eq,
        Node::Ne { .. } => Test::Ne,
        Node::Contains { .. } => Test::Contains,
        Node::StartsWith { .. } => Test::StartsWith,
        Node::EndsWith { .. } => Test::EndsWith,
        Node::InList { .. } => Test::InList,
        Node::InMap { .. } => Test::InMap,
        _ => return None,
    })
}

fn two(node: &Node) -> Option<Two> {
    Some(match node {
        Node::IntAdd { .. } => Two::IntAdd,
        Node::IntSub { .. } => Two::IntSub,
        Node::IntMul { .. } => Two::IntMul,
        Node::IntDiv { .. } => Two::IntDiv,
        Node::IntRem { .. } => Two::IntRem,
        Node::BitAnd { .. } => Two::BitAnd,
        Node::BitOr { .. } => Two::BitOr,
        Node::BitXor { .. } => Two::BitXor,
        Node::BitShiftLeft { .. } => Two::BitShiftLeft,
        Node::BitShiftRight { .. } => Two::BitShiftRight,
        Node::FloatAdd { .. } => Two::FloatAdd,
        Node::FloatSub { .. } => Two::FloatSub,
        Node::FloatMul { .. } => Two::FloatMul,
        Node::FloatDiv { .. } => Two::FloatDiv,
        Node::DurAdd { .. } => Two::DurAdd,
        Node::DurSub { .. } => Two::DurSub,
        Node::TsAdd { .. } => Two::TsAdd,
        Node::TsSub { .. } => Two::TsSub,
        Node::TsDiff { .. } => Two::TsDiff,
        Node::Concat { .. } => Two::Concat,
        Node::ConcatList { .. } => Two::ConcatList,
        Node::Join { .. } => Two::Join,
        Node::CharAt { .. } => Two::CharAt,
        Node::Truncate { .. } => Two::Truncate,
        Node::Fixed { .. } => Two::Fixed,
        _ => return None,
    })
}

fn one(node: &Node) -> Option<One> {
    Some(match node {
        Node::Json { .. } => One::Json,
        Node::IsNull { .. } => One::IsNull,
        Node::Narrow { .. } => One::Narrow,
        Node::IntNeg { .. } => One::IntNeg,
        Node::FloatNeg { .. } => One::FloatNeg,
        Node::DurNeg { .. } => One::DurNeg,
        Node::DurPart { part, .. } => One::DurPart(*part),
        Node::Seconds { .. } => One::Seconds,
        Node::SizeString { .. } => One::SizeString,
        Node::LowerAscii { .. } => One::LowerAscii,
        Node::UpperAscii { .. } => One::UpperAscii,
        Node::Trim { .. } => One::Trim,
        Node::ReverseString { .. } => One::ReverseString,
        Node::SizeList { .. } | Node::SizeMap { .. } => One::Size,
        Node::IntToFloat { .. } => One::IntToFloat,
        Node::FloatToInt { .. } => One::FloatToInt,
        Node::StringToInt { .. } => One::StringToInt,
        Node::StringToFloat { .. } => One::StringToFloat,
        Node::StringToBool { .. } => One::StringToBool,
        Node::TimestampToInt { .. } => One::TimestampToInt,
        Node::IntToTimestamp { .. } => One::IntToTimestamp,
        Node::ToText { .. } => One::ToText,
        Node::ParseDuration { .. } => One::ParseDuration,
        Node::ParseTimestamp { .. } => One::ParseTimestamp,
        node => return math(node).map(One::Math).or_else(|| list(node).map(One::List)),
    })
}

fn math(node: &Node) -> Option<Math> {
    Some(match node {
        Node::Greatest { .. } => Math::Greatest,
        Node::Least { .. } => Math::Least,
        Node::IntAbs { .. } => Math::IntAbs,
        Node::FloatAbs { .. } => Math::FloatAbs,
        Node::IntSign { .. } | Node::FloatSign { .. } => Math::Sign,
        Node::Ceil { .. } => Math::Ceil,
        Node::Floor { .. } => Math::Floor,
        Node::Round { .. } => Math::Round,
        Node::Trunc { .. } => Math::Trunc,
        Node::IsNan { .. } => Math::IsNan,
        Node::IsInf { .. } => Math::IsInf,
        Node::IsFinite { .. } => Math::IsFinite,
        Node::BitNot { .. } => Math::BitNot,
        _ => return None,
    })
}

fn list(node: &Node) -> Option<List> {
    Some(match node {
        Node::Flatten { .. } => List::Flatten,
        Node::Distinct { .. } => List::Distinct,
        Node::Sort { .. } => List::Sort,
        Node::ReverseList { .. } => List::Reverse,
        Node::Range { .. } => List::Range,
        Node::First { .. } => List::First,
        Node::Last { .. } => List::Last,
        _ => return None,
    })
}
