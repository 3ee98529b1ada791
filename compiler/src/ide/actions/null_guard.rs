//! Fixes of a read that may be null: check it first, or give a default.

use hookc_grammar::Span;
use hookc_grammar::ast::{BinaryOp, Expr, ExprKind};

use super::{action, edit, insert};
use crate::ide::visitor::{Node, visit};
use crate::ide::{Action, ActionKind, World};

/// The fixes of a read at `span`; those that leave the error are left out.
pub(super) fn guards(world: &World, path: &str, span: Span) -> Vec<Action> {
    let Some(read) = world.slice(path, span) else { return Vec::new() };
    let mut actions = Vec::new();
    if let Some((whole, compound)) = asked_around(world, path, span) {
        let condition = world.slice(path, whole).unwrap_or_default();
        let condition = if compound { format!("({condition})") } else { condition };
        let title = format!("check `{read} != null` first");
        let text = format!("{read} != null && {condition}");
        actions.push(action(title, ActionKind::QuickFix, vec![edit(path, whole, text)]));
    } else if let Some(at) = verb_around(world, path, span) {
        let title = format!("add `when {read} != null`");
        let text = format!("when {read} != null ");
        actions.push(action(title, ActionKind::QuickFix, vec![insert(path, at, text)]));
    }
    let ty = world
        .index(path)
        .and_then(|index| index.values.iter().find(|value| value.span == span).map(|value| value.ty.clone()));
    if let Some(default) = ty.as_deref().and_then(|ty| sample(ty.trim_end_matches('?'))) {
        let title = format!("use `{default}` if it is missing");
        let text = format!("({read} ?? {default})");
        actions.push(action(title, ActionKind::QuickFix, vec![edit(path, span, text)]));
    }
    let errors = |world: &World| world.findings(path).iter().filter(|finding| finding.is_error()).count();
    let before = errors(world);
    actions.retain(|action| errors(&world.with_edits(&action.edits)) < before);
    actions
}

/// The condition that a read stands in, and whether it has to be put in brackets after `&&`.
fn asked_around(world: &World, path: &str, span: Span) -> Option<(Span, bool)> {
    let entry = world.entry(path)?;
    let mut found: Option<(Span, bool)> = None;
    visit(&entry.file.parse.file, &mut |node, at| {
        let when = match node {
            Node::Hook(hook) => hook.when.as_ref().map(|when| (when, at.start - hook.span.start)),
            Node::Op(op) => op.when.as_ref().map(|when| (when, at.start - op.span.start)),
            Node::Trigger(trigger) => trigger.when.as_ref().map(|when| (when, at.start - trigger.span.start)),
            _ => None,
        };
        if let Some((when, by)) = when {
            let whole = when.span.shifted(by);
            if whole.start <= span.start && span.end <= whole.end {
                found = Some((whole, is_loose(when)));
            }
        }
    });
    found
}

/// Whether it binds looser than `&&`.
fn is_loose(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary(binary) => binary.op == BinaryOp::Or,
        ExprKind::Ternary(_) => true,
        _ => false,
    }
}

/// Where `when` would be written in the hook around a read.
fn verb_around(world: &World, path: &str, span: Span) -> Option<u32> {
    let entry = world.entry(path)?;
    let mut found = None;
    visit(&entry.file.parse.file, &mut |node, at| {
        let Node::Hook(hook) = node else { return };
        let (Some(verb), None) = (&hook.verb, &hook.when) else { return };
        let word = match verb {
            hookc_grammar::ast::Verb::Call { word, .. } | hookc_grammar::ast::Verb::Message { word, .. } => word,
        };
        if at.start <= span.start && span.end <= at.end {
            found = Some(word.span.start + at.start - hook.span.start);
        }
    });
    found
}

/// A value of a type, as it is written.
pub(super) fn sample(ty: &str) -> Option<String> {
    let text = match ty {
        "bool" => "false",
        "int" => "0",
        "float" => "0.0",
        "string" | "path" | "uri" => "\"\"",
        "duration" => "0s",
        "timestamp" => "timestamp(\"2000-01-01T00:00:00Z\")",
        "secret" => "secret(\"NAME\")",
        "json" => "{}",
        _ if ty.starts_with("list<") => "[]",
        _ if ty.starts_with("map<") => "{}",
        _ => return None,
    };
    Some(text.to_owned())
}
