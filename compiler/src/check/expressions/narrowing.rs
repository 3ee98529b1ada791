//! Narrowing: finds the paths that are certain not to be null, from conditions that are true.
//!
//! A path is a read of the context, of a local, or of a field of one. Their values never change, so a test stays valid. If a
//! parameter stands for another expression, this expression is the path, because it always has the same value.

use hookc_plan::{Expr, Node, Span, Type};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// The name of the path that `expr` reads, or its text if it is not a path.
pub(crate) fn path_key(expr: &Expr) -> Option<SmolStr> {
    match &expr.node {
        Node::Ctx { path } => Some(path.to_smolstr()),
        Node::Local { name } => Some(format_smolstr!("local {name}")),
        Node::Connection { name } => Some(format_smolstr!("connection {name}")),
        Node::Field { of, name } => Some(format_smolstr!("{}.{name}", path_key(of)?)),
        Node::IndexMap { of, key } => match &key.node {
            Node::Const { value: serde_json::Value::String(key) } => {
                Some(format_smolstr!("{}[{key:?}]", path_key(of)?))
            }
            _ => crate::lints::without_places(expr).map(SmolStr::from),
        },
        Node::Narrow { a, .. } | Node::Some { a } | Node::Retype { a } => path_key(a),
        _ => crate::lints::without_places(expr).map(SmolStr::from),
    }
}

/// Adds the paths that are not null if `expr` is `truth`.
pub(crate) fn assume(facts: &mut Vec<(SmolStr, Span)>, expr: &Expr, truth: bool) {
    match (&expr.node, truth) {
        (Node::IsNull { a }, false) => facts.extend(path_key(a).map(|key| (key, expr.span))),
        (Node::Not { a }, _) => assume(facts, a, !truth),
        (Node::And { a, b }, true) | (Node::Or { a, b }, false) => {
            assume(facts, a, truth);
            assume(facts, b, truth);
        }
        (Node::And { a, b }, false) | (Node::Or { a, b }, true) => {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            assume(&mut left, a, truth);
            assume(&mut right, b, truth);
            facts.extend(left.into_iter().filter(|(key, _)| right.iter().any(|(other, _)| other == key)));
        }
        (Node::Eq { a, b, .. }, true) | (Node::Ne { a, b, .. }, false) => {
            let optional = |expr: &Expr| matches!(expr.ty, Type::Optional(_) | Type::Null);
            let side = match (optional(a) && !is_wrapped(a), optional(b) && !is_wrapped(b)) {
                (true, false) => a,
                (false, true) => b,
                _ => return,
            };
            facts.extend(path_key(side).map(|key| (key, expr.span)));
        }
        (Node::Cond { test, a, b }, _) => assume_cond(facts, (test, a, b), truth),
        _ => {}
    }
}

/// `test ? a : b`: if one branch can only have the opposite value, the other branch was chosen.
fn assume_cond(facts: &mut Vec<(SmolStr, Span)>, (test, a, b): (&Expr, &Expr, &Expr), truth: bool) {
    let is = |expr: &Expr, value: bool| matches!(&expr.node, Node::Const { value: serde_json::Value::Bool(b) } if *b == value);
    if is(b, !truth) {
        assume(facts, test, true);
        assume(facts, a, truth);
    } else if is(a, !truth) {
        assume(facts, test, false);
        assume(facts, b, truth);
    }
}

/// Whether it is optional only because of a conversion for a comparison.
fn is_wrapped(expr: &Expr) -> bool {
    matches!(expr.node, Node::Some { .. })
}
