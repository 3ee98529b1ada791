//! Whether two expressions say the same, wherever they are written.

use hookc_plan::{Arg, Expr, Node, Type};
use serde_json::Value as Json;

/// Whether the two are equal but for their places.
pub(super) fn same(a: &Expr, b: &Expr) -> bool {
    if std::mem::discriminant(&a.node) != std::mem::discriminant(&b.node) || a.ty != b.ty {
        return false;
    }
    if is_broken(a) || is_broken(b) {
        return false;
    }
    a.node == b.node || matches!((bare(a), bare(b)), (Some(a), Some(b)) if a == b)
}

/// What stands for a mistake is like nothing else.
fn is_broken(expr: &Expr) -> bool {
    matches!((&expr.node, &expr.ty), (Node::Const { .. }, Type::Null))
}

/// Whether two calls give the same arguments.
pub(super) fn same_args(a: &[Arg], b: &[Arg]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| a.name == b.name && same(&a.value, &b.value))
}

/// The expression as JSON without places; `None` where it cannot be written.
fn bare(expr: &Expr) -> Option<Json> {
    let mut json = serde_json::to_value(expr).ok()?;
    strip(&mut json);
    Some(json)
}

fn strip(json: &mut Json) {
    match json {
        // What a constant holds is a user's, whatever its keys are called.
        Json::Object(node) if node.get("op").and_then(Json::as_str) == Some("const") => {
            node.retain(|key, _| !matches!(key.as_str(), "span" | "via"));
        }
        Json::Object(node) => {
            node.retain(|key, _| !matches!(key.as_str(), "span" | "via" | "because"));
            node.values_mut().for_each(strip);
        }
        Json::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
