//! What the compiler writes beside a condition: what it reads and how it can fail. What it costs: [`crate::cost()`].
//!
//! Nothing here recurses. Both are cautious: they may name a failure too many, never one too few.
//!
//! The table of operations says for each which of the functions below gives its failures.

use std::collections::BTreeSet;

use crate::cost::cost;
use crate::eval::{BUDGET, MAX_DIGITS};
use crate::expr::{Entry, Expr, Node};
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

/// The ways an expression can fail, sorted: those of its operations, less what constant operands rule out, and
/// [`EvalError::Cost`] when [`cost`] is over the budget.
pub fn may_fail(expr: &Expr) -> Vec<EvalError> {
    let mut errors = BTreeSet::new();
    expr.walk(&mut |expr| errors.extend(expr.node.failures()));
    if cost(expr) > BUDGET {
        errors.insert(EvalError::Cost);
    }
    errors.into_iter().collect()
}

/// Whether the operation itself can fail, whatever its operands do.
pub fn can_fail(node: &Node) -> bool {
    !node.failures().is_empty()
}

/// The ways in which an operation can fail.
pub(crate) type Failures = &'static [EvalError];

pub(crate) const NEVER: Failures = &[];
pub(crate) const KEY: Failures = &[EvalError::Key];
pub(crate) const OVERFLOW: Failures = &[EvalError::Overflow];
pub(crate) const PARSE: Failures = &[EvalError::Parse];
pub(crate) const RANGE: Failures = &[EvalError::Range];
const NOT_FINITE: Failures = &[EvalError::NotFinite];

fn only_if(fails: bool, failures: Failures) -> Failures {
    if fails { failures } else { NEVER }
}

/// Of a division of integers, by its divisor.
pub(crate) fn division(divisor: &Expr) -> Failures {
    match int(divisor) {
        None => &[EvalError::DivisionByZero, EvalError::Overflow],
        Some(0) => &[EvalError::DivisionByZero],
        // Only the smallest integer divided by -1 leaves the range.
        Some(-1) => OVERFLOW,
        Some(_) => NEVER,
    }
}

/// Of the negative of an integer: the smallest one has none.
pub(crate) fn negation(a: &Expr) -> Failures {
    only_if(int(a).is_none_or(|int| int == i64::MIN), OVERFLOW)
}

/// Of an item of a list, unless a constant position is inside a list that is written out.
pub(crate) fn item(list: &Expr, at: &Expr) -> Failures {
    let length = written_length(list).unwrap_or(0);
    let at = int(at).and_then(|at| usize::try_from(at).ok());
    only_if(at.is_none_or(|at| at >= length), &[EvalError::Index])
}

/// Of the greatest or least of a list.
pub(crate) fn extreme(on: NumberOn, list: &Expr) -> Failures {
    match (on, written_length(list)) {
        (NumberOn::Int, Some(1..)) => NEVER,
        (NumberOn::Int, _) => &[EvalError::Index],
        (NumberOn::Float, Some(1..)) => NOT_FINITE,
        (NumberOn::Float, _) => &[EvalError::Index, EvalError::NotFinite],
    }
}

/// Of putting items in order.
pub(crate) fn sort(on: SortOn) -> Failures {
    only_if(on == SortOn::Float, NOT_FINITE)
}

/// Of a list of as many integers. [`cost`] knows the size of a constant one.
pub(crate) fn count(count: &Expr) -> Failures {
    only_if(int(count).is_none(), &[EvalError::Cost])
}

/// Of an operand that must not be negative, where it is given.
pub(crate) fn natural(operand: Option<&Expr>) -> Failures {
    only_if(operand.is_some_and(|operand| int(operand).is_none_or(|int| int < 0)), RANGE)
}

/// Of a value that becomes JSON.
pub(crate) fn float_in(value: &Expr) -> Failures {
    only_if(may_hold_float(&value.ty), NOT_FINITE)
}

/// Of values that become a JSON object.
pub(crate) fn float_in_any(entries: &[Entry]) -> Failures {
    only_if(entries.iter().any(|entry| may_hold_float(&entry.value.ty)), NOT_FINITE)
}

/// Of a value's text form.
pub(crate) fn text_form(on: TextOn, value: &Expr) -> Failures {
    let parts = matches!(on, TextOn::Float | TextOn::List | TextOn::Map | TextOn::Record);
    only_if(parts && may_hold_float(&value.ty), NOT_FINITE)
}

/// Of a float with a fixed number of digits.
pub(crate) fn fixed(digits: &Expr) -> Failures {
    match int(digits) {
        Some(0..=MAX_DIGITS) => NOT_FINITE,
        _ => &[EvalError::NotFinite, EvalError::Range],
    }
}

/// Of a time zone, where one is given.
pub(crate) fn zone(zone: Option<&Expr>) -> Failures {
    only_if(zone.is_some_and(|zone| !is_constant(zone, |text| Zone::find(text).is_some())), PARSE)
}

/// Of a text that is read as a duration.
pub(crate) fn parsed_duration(text: &Expr) -> Failures {
    let valid = is_constant(text, |text| parse_duration(text).is_ok());
    only_if(!valid, &[EvalError::Overflow, EvalError::Parse])
}

/// Of a text that is read as a timestamp.
pub(crate) fn parsed_timestamp(text: &Expr) -> Failures {
    let valid = is_constant(text, |text| Timestamp::parse(text).is_ok());
    only_if(!valid, &[EvalError::Range, EvalError::Parse])
}

/// A constant integer.
fn int(expr: &Expr) -> Option<i64> {
    match &expr.node {
        Node::Const { value } => value.as_i64(),
        _ => None,
    }
}

/// Whether it is a constant text that is valid.
fn is_constant(expr: &Expr, valid: impl Fn(&str) -> bool) -> bool {
    matches!(&expr.node, Node::Const { value } if value.as_str().is_some_and(valid))
}

/// The length of a list that is written out.
fn written_length(list: &Expr) -> Option<usize> {
    match &list.node {
        Node::List { items } => Some(items.len()),
        Node::Const { value } => value.as_array().map(Vec::len),
        _ => None,
    }
}

/// Whether a float can be in a value of the type; records are not looked into.
fn may_hold_float(ty: &Type) -> bool {
    match ty {
        Type::Float | Type::Record(_) => true,
        Type::List(of) | Type::Map(of) | Type::Optional(of) => may_hold_float(of),
        _ => false,
    }
}
