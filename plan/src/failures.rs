//! What the compiler writes beside a condition: what it reads and how it can fail. What it can cost: [`crate::cost()`].
//!
//! Neither recurses. Both err on the side of caution: a failure too many, never one too few.

use std::collections::BTreeSet;

use crate::cost::cost;
use crate::eval::{BUDGET, MOST_DIGITS};
use crate::expr::{Expr, Node};
use crate::kinds::{NumberOn, SortOn, TextOn};
use crate::path::Path;
use crate::plan::EvalError;
use crate::text::parse_duration;
use crate::time::{Timestamp, Zone};
use crate::types::Type;

/// The context paths that an expression reads, sorted, each once.
pub fn reads_of(expr: &Expr) -> Vec<Path> {
    let mut reads = BTreeSet::new();
    expr.walk(&mut |expr| {
        if let Node::Ctx { path } = &expr.node {
            reads.insert(path.clone());
        }
    });
    reads.into_iter().collect()
}

/// The ways an expression can fail, sorted: those of its nodes, less what constant operands rule out, and
/// [`EvalError::Cost`] when [`cost`] is over the budget.
pub fn may_fail(expr: &Expr) -> Vec<EvalError> {
    let mut errors = BTreeSet::new();
    expr.walk(&mut |expr| {
        failures(&expr.node, &mut |error| {
            errors.insert(error);
        })
    });
    if cost(expr) > BUDGET {
        errors.insert(EvalError::Cost);
    }
    errors.into_iter().collect()
}

/// Whether the operation itself can fail, whatever its operands do.
pub fn can_fail(node: &Node) -> bool {
    let mut fails = false;
    failures(node, &mut |_| fails = true);
    fails
}

fn failures(node: &Node, fails: &mut dyn FnMut(EvalError)) {
    match node {
        Node::IntDiv { b, .. } | Node::IntRem { b, .. } => division_failures(int(b), fails),
        Node::IntNeg { a } if int(a).is_some_and(|int| int != i64::MIN) => {}
        Node::IntAdd { .. }
        | Node::IntSub { .. }
        | Node::IntMul { .. }
        | Node::IntNeg { .. }
        | Node::IntAbs { .. }
        | Node::DurAdd { .. }
        | Node::DurSub { .. }
        | Node::DurNeg { .. }
        | Node::TsAdd { .. }
        | Node::TsSub { .. }
        | Node::TsDiff { .. }
        | Node::FloatToInt { .. }
        | Node::IntToTimestamp { .. } => fails(EvalError::Overflow),
        Node::IndexList { of, at } if !is_within(of, at) => fails(EvalError::Index),
        Node::IndexMap { .. } => fails(EvalError::Key),
        Node::Greatest { on, a } | Node::Least { on, a } => {
            if !is_written_out(a) {
                fails(EvalError::Index);
            }
            if *on == NumberOn::Float {
                fails(EvalError::NotFinite);
            }
        }
        Node::Sort { on: SortOn::Float, .. } => fails(EvalError::NotFinite),
        Node::Slice { .. } => fails(EvalError::Range),
        // Of a constant, `cost` knows the size.
        Node::Range { a } if int(a).is_none() => fails(EvalError::Cost),
        Node::BitShiftLeft { b, .. } | Node::BitShiftRight { b, .. } if int(b).is_none_or(|bits| bits < 0) => {
            fails(EvalError::Range);
        }
        Node::Json { value } if may_hold_float(&value.ty) => fails(EvalError::NotFinite),
        Node::MapOf { entries } if entries.iter().any(|entry| may_hold_float(&entry.value.ty)) => {
            fails(EvalError::NotFinite);
        }
        node => text_failures(node, fails),
    }
}

fn division_failures(divisor: Option<i64>, fails: &mut dyn FnMut(EvalError)) {
    if matches!(divisor, None | Some(0)) {
        fails(EvalError::DivisionByZero);
    }
    // Only the smallest integer by -1 leaves the range.
    if matches!(divisor, None | Some(-1)) {
        fails(EvalError::Overflow);
    }
}

/// Of the operations that read or write text.
fn text_failures(node: &Node, fails: &mut dyn FnMut(EvalError)) {
    let is_no = |expr: &Expr, reads: fn(&str) -> bool| !text(expr).is_some_and(reads);
    match node {
        Node::Substring { .. } | Node::CharAt { .. } => fails(EvalError::Range),
        Node::IndexOf { from: Some(n), .. } | Node::LastIndexOf { from: Some(n), .. } | Node::Truncate { n, .. }
            if int(n).is_none_or(|n| n < 0) =>
        {
            fails(EvalError::Range);
        }
        Node::Fixed { digits, .. } => {
            fails(EvalError::NotFinite);
            if int(digits).is_none_or(|digits| !(0..=MOST_DIGITS).contains(&digits)) {
                fails(EvalError::Range);
            }
        }
        Node::ToText { on: TextOn::Float | TextOn::List | TextOn::Map | TextOn::Record, a }
            if may_hold_float(&a.ty) =>
        {
            fails(EvalError::NotFinite);
        }
        Node::StringToInt { .. } | Node::StringToFloat { .. } | Node::StringToBool { .. } => fails(EvalError::Parse),
        Node::TsPart { zone: Some(zone), .. } if is_no(zone, |text| Zone::find(text).is_some()) => {
            fails(EvalError::Parse);
        }
        Node::ParseDuration { a } if is_no(a, |text| parse_duration(text).is_ok()) => {
            fails(EvalError::Overflow);
            fails(EvalError::Parse);
        }
        Node::ParseTimestamp { a } if is_no(a, |text| Timestamp::parse(text).is_ok()) => {
            fails(EvalError::Range);
            fails(EvalError::Parse);
        }
        _ => {}
    }
}

/// A constant integer.
fn int(expr: &Expr) -> Option<i64> {
    match &expr.node {
        Node::Const { value } => value.as_i64(),
        _ => None,
    }
}

/// A constant text.
fn text(expr: &Expr) -> Option<&str> {
    match &expr.node {
        Node::Const { value } => value.as_str(),
        _ => None,
    }
}

/// Whether it is a list with items.
fn is_written_out(list: &Expr) -> bool {
    match &list.node {
        Node::List { items } => !items.is_empty(),
        Node::Const { value } => value.as_array().is_some_and(|items| !items.is_empty()),
        _ => false,
    }
}

/// Whether a constant index is inside a list that is written out.
fn is_within(list: &Expr, at: &Expr) -> bool {
    let length = match &list.node {
        Node::List { items } => items.len(),
        Node::Const { value } => value.as_array().map_or(0, Vec::len),
        _ => 0,
    };
    int(at).and_then(|at| usize::try_from(at).ok()).is_some_and(|at| at < length)
}

/// Whether a float can be in a value of the type; what is in records is not looked up.
fn may_hold_float(ty: &Type) -> bool {
    match ty {
        Type::Float | Type::Record(_) => true,
        Type::List(of) | Type::Map(of) | Type::Optional(of) => may_hold_float(of),
        _ => false,
    }
}
