//! The most steps that an expression can take: a static bound on what the evaluator counts.
//!
//! The sizes of values are not known before a run; usual ones are taken, and a run with larger values ends in
//! [`crate::EvalError::Cost`] when the budget is used up. The bound does not recurse.

use crate::eval::text_steps;
use crate::expr::{Expr, Node};
use crate::types::Type;

/// The items of a list or map whose length is not known.
pub const USUAL_ITEMS: u64 = 1_000;

/// The bytes of a text whose length is not known.
pub const USUAL_BYTES: u64 = 64 * 1024;

/// The most steps an expression takes while texts have at most [`USUAL_BYTES`] and collections [`USUAL_ITEMS`].
///
/// A step is one node, evaluated or not (those of a macro's body in each turn), one item of a collection that is gone
/// over, or 256 bytes of text that are gone over (64 for a pattern).
pub fn cost(expr: &Expr) -> u64 {
    let mut tasks = vec![(expr, false)];
    let mut bounds: Vec<Bound> = Vec::new();
    while let Some((expr, operands_are_done)) = tasks.pop() {
        if !operands_are_done {
            tasks.push((expr, true));
            expr.operands(&mut |operand| tasks.push((operand, false)));
            continue;
        }
        let mut count = 0;
        expr.operands(&mut |_| count += 1);
        let mut operands = bounds.split_off(bounds.len().saturating_sub(count));
        // The operand that was put down last was done first.
        operands.reverse();
        bounds.push(Bound::of(expr, &operands));
    }
    bounds.pop().map_or(0, |bound| bound.steps)
}

/// What an expression takes at most, and how large its value is: bytes of a text, items of a collection.
#[derive(Clone, Copy, Default)]
struct Bound {
    steps: u64,
    size: u64,
}

impl Bound {
    fn of(expr: &Expr, operands: &[Bound]) -> Bound {
        let size = |at: usize| operands.get(at).map_or(0, |operand| operand.size);
        let steps = |at: usize| operands.get(at).map_or(0, |operand| operand.steps);
        let all = operands.iter().fold(1, |sum: u64, operand| sum.saturating_add(operand.steps));
        let own = match &expr.node {
            Node::Macro { keep, .. } => {
                let body = steps(1).saturating_add(if keep.is_some() { steps(2) } else { 0 });
                let turns = size(0).saturating_mul(body.saturating_add(1));
                return Bound { steps: steps(0).saturating_add(turns).saturating_add(1), size: size(0) };
            }
            node => own_steps(node, &size),
        };
        Bound { steps: all.saturating_add(own), size: size_of(expr, operands, &size) }
    }
}

/// The steps of a node itself.
fn own_steps(node: &Node, size: &dyn Fn(usize) -> u64) -> u64 {
    match node {
        // A comparison ends where the shorter side does.
        Node::Eq { a, b, .. } | Node::Ne { a, b, .. } => weight(&a.ty, size(0)).min(weight(&b.ty, size(1))),
        Node::Lt { .. } | Node::Le { .. } | Node::Gt { .. } | Node::Ge { .. } => text_steps(size(0).min(size(1))),
        Node::InList { a, .. } => size(1).saturating_mul(weight(&a.ty, size(0)).saturating_add(1)),
        Node::Matches { .. } => text_steps(size(0).saturating_mul(4)),
        Node::Concat { .. } => text_steps(size(0).saturating_add(size(1))),
        Node::Template { parts } => (0..parts.len()).fold(0, |sum: u64, at| sum.saturating_add(text_steps(size(at)))),
        Node::ConcatList { .. } => size(0).saturating_add(size(1)),
        Node::Greatest { .. } | Node::Least { .. } | Node::Slice { .. } | Node::ReverseList { .. } => size(0),
        Node::Distinct { a } | Node::Sort { a, .. } => {
            let rounds = u64::from(u64::BITS - size(0).leading_zeros());
            size(0).saturating_mul(rounds.saturating_add(item_weight(&a.ty)))
        }
        Node::Flatten { .. } => size(0).saturating_add(size(0).saturating_mul(USUAL_ITEMS)),
        Node::Range { a } => range_size(a),
        Node::Join { .. } => joined(size(0), size(1)).div_euclid(256).saturating_add(size(0)),
        Node::Split { .. } => text_steps(size(0)).saturating_add(size(0).saturating_add(1)),
        Node::Replace { .. } => {
            let places = size(0).saturating_add(1);
            text_steps(size(0)).saturating_add(places).saturating_add(text_steps(places.saturating_mul(size(2))))
        }
        Node::ToText { a, .. } => text_steps(bytes(&a.ty, size(0))),
        Node::Json { value } => weight(&value.ty, size(0)).saturating_add(1),
        Node::MapOf { entries } => entries
            .iter()
            .enumerate()
            .fold(0, |sum: u64, (at, entry)| sum.saturating_add(weight(&entry.value.ty, size(at))).saturating_add(1)),
        Node::Contains { .. }
        | Node::StartsWith { .. }
        | Node::EndsWith { .. }
        | Node::SizeString { .. }
        | Node::LowerAscii { .. }
        | Node::UpperAscii { .. }
        | Node::Trim { .. }
        | Node::ReverseString { .. }
        | Node::CharAt { .. }
        | Node::Truncate { .. }
        | Node::Substring { .. }
        | Node::IndexOf { .. }
        | Node::LastIndexOf { .. } => text_steps(size(0)),
        _ => 0,
    }
}

/// The size of a node's value.
fn size_of(expr: &Expr, operands: &[Bound], size: &dyn Fn(usize) -> u64) -> u64 {
    match &expr.node {
        Node::Const { value } => match value {
            serde_json::Value::String(text) => text.len() as u64,
            serde_json::Value::Array(items) => items.len() as u64,
            serde_json::Value::Object(entries) => entries.len() as u64,
            _ => 0,
        },
        Node::List { .. } | Node::Map { .. } => operands.len() as u64,
        Node::Concat { .. } | Node::ConcatList { .. } => size(0).saturating_add(size(1)),
        Node::Template { .. } => operands.iter().fold(0, |sum: u64, operand| sum.saturating_add(operand.size)),
        Node::OrElse { .. } => size(0).max(size(1)),
        Node::Cond { .. } => size(1).max(size(2)),
        Node::Narrow { .. }
        | Node::Some { .. }
        | Node::Retype { .. }
        | Node::Slice { .. }
        | Node::Distinct { .. }
        | Node::Sort { .. }
        | Node::ReverseList { .. } => size(0),
        Node::Flatten { .. } => size(0).saturating_mul(USUAL_ITEMS),
        Node::Range { a } => range_size(a),
        Node::LowerAscii { .. }
        | Node::UpperAscii { .. }
        | Node::Trim { .. }
        | Node::ReverseString { .. }
        | Node::Substring { .. } => size(0),
        // An ellipsis has three bytes.
        Node::Truncate { .. } => size(0).saturating_add(3),
        Node::CharAt { .. } => 4,
        Node::Join { .. } => joined(size(0), size(1)),
        Node::Split { .. } => size(0).saturating_add(1),
        Node::Replace { .. } => size(0).saturating_add(size(0).saturating_add(1).saturating_mul(size(2))),
        Node::ToText { a, .. } => bytes(&a.ty, size(0)),
        Node::Fixed { .. } => 512,
        Node::FormatTime { pattern, .. } => (pattern.len() as u64).saturating_mul(10),
        _ => usual(&expr.ty),
    }
}

/// The steps of comparing one item of a list.
fn item_weight(list: &Type) -> u64 {
    match list {
        Type::List(of) => weight(of, usual(of)).saturating_add(1),
        _ => 1,
    }
}

/// The items of `lists.range(n)`.
fn range_size(n: &Expr) -> u64 {
    match &n.node {
        Node::Const { value } => value.as_i64().map_or(USUAL_ITEMS, |n| n.max(0).unsigned_abs()),
        _ => USUAL_ITEMS,
    }
}

fn joined(items: u64, by: u64) -> u64 {
    items.saturating_mul(USUAL_BYTES.saturating_add(by))
}

/// The size of a value of which nothing but the type is known.
fn usual(ty: &Type) -> u64 {
    match ty {
        Type::String | Type::Path | Type::Uri | Type::Secret | Type::Json => USUAL_BYTES,
        Type::Enum(_) => 256,
        Type::List(_) | Type::Map(_) => USUAL_ITEMS,
        Type::Optional(of) => usual(of),
        _ => 0,
    }
}

/// The steps of going over a whole value.
fn weight(ty: &Type, size: u64) -> u64 {
    match ty {
        Type::String | Type::Path | Type::Uri | Type::Json | Type::Enum(_) => text_steps(size),
        Type::List(of) | Type::Map(of) => size.saturating_mul(weight(of, usual(of)).saturating_add(1)),
        Type::Optional(of) => weight(of, size),
        Type::Record(_) => USUAL_ITEMS,
        _ => 0,
    }
}

/// The bytes of a value's text form.
fn bytes(ty: &Type, size: u64) -> u64 {
    match ty {
        Type::String | Type::Path | Type::Uri | Type::Json | Type::Enum(_) => size,
        Type::List(of) | Type::Map(of) => size.saturating_mul(bytes(of, usual(of)).saturating_add(4)),
        Type::Optional(of) => bytes(of, size),
        Type::Record(_) => USUAL_BYTES,
        _ => 40,
    }
}
