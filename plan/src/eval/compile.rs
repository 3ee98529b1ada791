//! One step of a program out of one node of the expression: the evaluator's answer to every operation.

use regex::Regex;

use super::Slot;
use super::builder::Builder;
use super::step::{BinaryOp, Macro, MissingKey, Order, Step, TestOp, UnaryOp, VariadicOp, ZoneStep};
use super::{compare, convert, list, math, number, string, template};
use crate::expr::{Entry, Expr, Node};
use crate::kinds::OrderOn;
use crate::time::Zone;
use crate::types::Name;
use crate::value::Value;

/// Makes a step; those of its operands lie on the builder's stack.
///
/// The match has no arm for the rest: a new operation does not compile before it has a meaning here.
pub(super) fn compile<'a>(builder: &mut Builder<'a>, expr: &'a Expr) -> Step {
    match &expr.node {
        Node::Const { value } => builder.constant(value, &expr.ty),
        Node::List { items } => Step::List(builder.many(items.len())),
        Node::Map { entries } => Step::Map(named(builder, entries)),
        Node::Record { fields, .. } => Step::Record(named(builder, fields)),
        Node::Template { parts } => Step::Template(builder.many(parts.len())),
        Node::Json { .. } => unary(builder, template::json),
        Node::MapOf { entries } => Step::MapOf(named(builder, entries)),
        Node::Secret { name } => Step::Const(Box::new(Value::Secret(name.clone()))),
        Node::Ctx { path } => builder.slot(Slot::Ctx(path.clone())),
        Node::Local { name } => builder.local(name),
        Node::Connection { name } => builder.slot(Slot::Connection(name.clone())),
        Node::Field { name, .. } => Step::Field(Box::new((builder.pop(), name.clone()))),
        Node::IndexList { .. } => Step::IndexList(builder.two()),
        Node::IndexMap { .. } => Step::IndexMap(MissingKey::Error, builder.two()),
        Node::GetMap { .. } => Step::IndexMap(MissingKey::Null, builder.two()),
        Node::IsNull { .. } => unary(builder, compare::is_null),
        Node::OrElse { .. } => Step::OrElse(builder.two()),
        Node::Narrow { .. } => Step::Narrow(builder.one()),
        // These are for the checker: the value is the operand's.
        Node::Some { .. } | Node::Retype { .. } => builder.pop(),
        Node::And { .. } => and(*builder.two()),
        Node::Or { .. } => or(*builder.two()),
        Node::Not { .. } => Step::Not(builder.one()),
        Node::Cond { .. } => Step::Cond(builder.three()),
        Node::Eq { .. } => test(builder, TestOp::Eq),
        Node::Ne { .. } => test(builder, TestOp::Ne),
        Node::Lt { on, .. } => order(builder, *on, Order::Lt),
        Node::Le { on, .. } => order(builder, *on, Order::Le),
        Node::Gt { on, .. } => order(builder, *on, Order::Gt),
        Node::Ge { on, .. } => order(builder, *on, Order::Ge),
        Node::IntAdd { .. } => binary(builder, number::int_add),
        Node::IntSub { .. } => binary(builder, number::int_sub),
        Node::IntMul { .. } => binary(builder, number::int_mul),
        Node::IntDiv { .. } => binary(builder, number::int_div),
        Node::IntRem { .. } => binary(builder, number::int_rem),
        Node::IntNeg { .. } => unary(builder, number::int_neg),
        Node::FloatAdd { .. } => binary(builder, number::float_add),
        Node::FloatSub { .. } => binary(builder, number::float_sub),
        Node::FloatMul { .. } => binary(builder, number::float_mul),
        Node::FloatDiv { .. } => binary(builder, number::float_div),
        Node::FloatNeg { .. } => unary(builder, number::float_neg),
        Node::Greatest { .. } => unary(builder, math::greatest),
        Node::Least { .. } => unary(builder, math::least),
        Node::IntAbs { .. } => unary(builder, math::int_abs),
        Node::IntSign { .. } => unary(builder, math::int_sign),
        Node::FloatAbs { .. } => unary(builder, math::float_abs),
        Node::FloatSign { .. } => unary(builder, math::float_sign),
        Node::Ceil { .. } => unary(builder, math::ceil),
        Node::Floor { .. } => unary(builder, math::floor),
        Node::Round { .. } => unary(builder, math::round),
        Node::Trunc { .. } => unary(builder, math::trunc),
        Node::IsNan { .. } => unary(builder, math::is_nan),
        Node::IsInf { .. } => unary(builder, math::is_inf),
        Node::IsFinite { .. } => unary(builder, math::is_finite),
        Node::BitAnd { .. } => binary(builder, math::bit_and),
        Node::BitOr { .. } => binary(builder, math::bit_or),
        Node::BitXor { .. } => binary(builder, math::bit_xor),
        Node::BitNot { .. } => unary(builder, math::bit_not),
        Node::BitShiftLeft { .. } => binary(builder, math::bit_shift_left),
        Node::BitShiftRight { .. } => binary(builder, math::bit_shift_right),
        Node::DurAdd { .. } => binary(builder, number::dur_add),
        Node::DurSub { .. } => binary(builder, number::dur_sub),
        Node::DurNeg { .. } => unary(builder, number::dur_neg),
        Node::TsAdd { .. } => binary(builder, number::ts_add),
        Node::TsSub { .. } => binary(builder, number::ts_sub),
        Node::TsDiff { .. } => binary(builder, number::ts_diff),
        Node::DurPart { part, .. } => unary(builder, convert::duration_part(*part)),
        Node::TsPart { part, zone, .. } => {
            let zone = zone.as_ref().map_or(ZoneStep::Known(Zone::UTC), |_| self::zone(builder.pop()));
            Step::TsPart(*part, builder.one(), Box::new(zone))
        }
        Node::Seconds { .. } => unary(builder, convert::seconds),
        Node::FormatTime { pattern, .. } => Step::FormatTime(Box::new((builder.pop(), pattern.clone()))),
        Node::Concat { .. } => binary(builder, string::concat),
        Node::SizeString { .. } => unary(builder, string::size),
        Node::Contains { .. } => test(builder, TestOp::Contains),
        Node::StartsWith { .. } => test(builder, TestOp::StartsWith),
        Node::EndsWith { .. } => test(builder, TestOp::EndsWith),
        Node::Matches { pattern, .. } => Step::Matches(Box::new((builder.pop(), Regex::new(pattern).ok()))),
        Node::LowerAscii { .. } => unary(builder, string::lower_ascii),
        Node::UpperAscii { .. } => unary(builder, string::upper_ascii),
        Node::Trim { .. } => unary(builder, string::trim),
        Node::Replace { limit, .. } => variadic(builder, string::replace, 3, limit.is_some()),
        Node::Split { limit, .. } => variadic(builder, string::split, 2, limit.is_some()),
        Node::Join { .. } => binary(builder, string::join),
        Node::Substring { to, .. } => variadic(builder, string::substring, 2, to.is_some()),
        Node::CharAt { .. } => binary(builder, string::char_at),
        Node::IndexOf { from, .. } => variadic(builder, string::index_of, 2, from.is_some()),
        Node::LastIndexOf { from, .. } => variadic(builder, string::last_index_of, 2, from.is_some()),
        Node::ReverseString { .. } => unary(builder, string::reverse),
        Node::Truncate { .. } => binary(builder, string::truncate),
        Node::UrlEncode { .. } => unary(builder, string::url_encode),
        Node::SizeList { .. } | Node::SizeMap { .. } => Step::Size(builder.one()),
        Node::InList { .. } => test(builder, TestOp::InList),
        Node::InMap { .. } => test(builder, TestOp::InMap),
        Node::ConcatList { .. } => binary(builder, list::concat),
        Node::Slice { .. } => Step::Slice(builder.three()),
        Node::Flatten { .. } => unary(builder, list::flatten),
        Node::Distinct { .. } => unary(builder, list::distinct),
        Node::Sort { .. } => unary(builder, list::sort),
        Node::ReverseList { .. } => unary(builder, list::reverse),
        Node::Range { .. } => unary(builder, list::range),
        Node::First { .. } => unary(builder, list::first),
        Node::Last { .. } => unary(builder, list::last),
        Node::Macro { kind, value_var, keep, .. } => {
            let body = builder.pop();
            let keep = keep.as_ref().map(|_| builder.pop());
            let over = builder.pop();
            let steps = builder.turn();
            Step::Macro(Box::new(Macro { kind: *kind, over, pairs: value_var.is_some(), keep, body, steps }))
        }
        Node::IntToFloat { .. } => unary(builder, convert::int_to_float),
        Node::FloatToInt { .. } => unary(builder, convert::float_to_int),
        Node::StringToInt { .. } => unary(builder, convert::string_to_int),
        Node::StringToFloat { .. } => unary(builder, convert::string_to_float),
        Node::StringToBool { .. } => unary(builder, convert::string_to_bool),
        Node::TimestampToInt { .. } => unary(builder, convert::timestamp_to_int),
        Node::IntToTimestamp { .. } => unary(builder, convert::int_to_timestamp),
        Node::ToText { .. } => unary(builder, template::to_text),
        Node::Fixed { .. } => binary(builder, convert::fixed),
        Node::ParseDuration { .. } => unary(builder, convert::string_to_duration),
        Node::ParseTimestamp { .. } => unary(builder, convert::string_to_timestamp),
    }
}

fn unary(builder: &mut Builder<'_>, function: UnaryOp) -> Step {
    Step::Unary(function, builder.one())
}

fn binary(builder: &mut Builder<'_>, function: BinaryOp) -> Step {
    Step::Binary(function, builder.two())
}

/// A function that takes this many values, and one more where it is given.
fn variadic(builder: &mut Builder<'_>, function: VariadicOp, count: usize, has_optional: bool) -> Step {
    Step::Variadic(function, builder.many(count + usize::from(has_optional)))
}

fn test(builder: &mut Builder<'_>, test: TestOp) -> Step {
    Step::Test(test, builder.two())
}

/// A test of the order of two values; numbers are compared without a value made of them.
fn order(builder: &mut Builder<'_>, on: OrderOn, order: Order) -> Step {
    match on {
        OrderOn::Int => Step::Ints(order, builder.two()),
        OrderOn::Float => Step::Floats(order, builder.two()),
        OrderOn::String | OrderOn::Duration | OrderOn::Timestamp => test(builder, TestOp::Order(order)),
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

fn named(builder: &mut Builder<'_>, entries: &[Entry]) -> Box<[(Name, Step)]> {
    let values = builder.many(entries.len()).into_vec();
    entries.iter().map(|entry| entry.key.clone()).zip(values).collect()
}

fn zone(step: Step) -> ZoneStep {
    let known = match &step {
        Step::Const(name) => name.as_str().and_then(Zone::find),
        _ => None,
    };
    known.map_or(ZoneStep::Read(step), ZoneStep::Known)
}
