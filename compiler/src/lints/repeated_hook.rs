//! Decides whether two hooks do the same, by comparing texts that contain no places.

use std::cell::OnceCell;

use hookc_plan as plan;
use hookc_plan::{Expr, Node, Type};
use serde_json::Value as Json;

/// A hook with the texts of its parts. Each text is made when it is first needed.
pub(super) struct ComparedHook<'h> {
    pub(super) hook: &'h plan::Hook,
    call: OnceCell<Option<String>>,
    when: OnceCell<Option<String>>,
}

impl<'h> ComparedHook<'h> {
    pub(super) fn new(hook: &'h plan::Hook) -> ComparedHook<'h> {
        ComparedHook { hook, call: OnceCell::new(), when: OnceCell::new() }
    }

    /// Whether both call the same component with the same arguments, or give the same message.
    pub(super) fn same_call(&self, other: &ComparedHook<'_>) -> bool {
        let unknown = self.hook.verb == plan::VerbKind::Run && self.hook.component.is_none();
        if unknown || self.hook.component != other.hook.component || self.hook.args.len() != other.hook.args.len() {
            return false;
        }
        let call = self.call();
        call.is_some() && call == other.call()
    }

    /// Whether both have the same condition, or none.
    pub(super) fn same_condition(&self, other: &ComparedHook<'_>) -> bool {
        match (&self.hook.when, &other.hook.when) {
            (None, None) => true,
            (Some(a), Some(b)) if std::mem::discriminant(&a.expr.node) == std::mem::discriminant(&b.expr.node) => {
                let when = self.condition();
                when.is_some() && when == other.condition()
            }
            _ => false,
        }
    }

    fn call(&self) -> Option<&str> {
        let text = || {
            let mut text = String::new();
            for arg in &self.hook.args {
                text.push_str(&arg.name);
                text.push_str(&bare(&arg.value)?);
            }
            if let Some(message) = &self.hook.message {
                text.push_str(&bare(message)?);
            }
            Some(text)
        };
        self.call.get_or_init(text).as_deref()
    }

    fn condition(&self) -> Option<&str> {
        let text = || bare(&self.hook.when.as_ref()?.expr);
        self.when.get_or_init(text).as_deref()
    }
}

/// The expression without places, or `None` if it contains an error, because an error equals nothing.
fn bare(expr: &Expr) -> Option<String> {
    let mut broken = false;
    expr.walk(&mut |expr| broken |= matches!((&expr.node, &expr.ty), (Node::Const { .. }, Type::Null)));
    if broken { None } else { without_places(expr) }
}

/// The expression without places, even if it contains an error.
pub(crate) fn without_places(expr: &Expr) -> Option<String> {
    let mut json = serde_json::to_value(expr).ok()?;
    strip(&mut json);
    Some(json.to_string())
}

fn strip(json: &mut Json) {
    match json {
        // The keys of a constant belong to the user, so they are kept even if they look like places.
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
