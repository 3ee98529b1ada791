//! A name for an anonymous hook: then tests can speak of it, and narrower blocks replace it.

use hookc_grammar::Span;
use hookc_grammar::ast::{Hook, OpEntry};

use super::{action, insert};
use crate::ide::visitor::{Node, visit};
use crate::ide::{Action, ActionKind, World};

/// Gives the anonymous hook around a range the name that it goes by in plans.
pub(super) fn hook(world: &World, path: &str, range: Span) -> Option<Action> {
    let entry = world.entry(path)?;
    let mut found: Option<(u32, String)> = None;
    let mut names: Vec<String> = Vec::new();
    visit(&entry.file.parse.file, &mut |node, span| {
        if let Node::Inner(OpEntry::Hook(hook)) = node {
            names.extend(hook.name.as_ref().map(|name| name.text.to_string()));
            if hook.name.is_none() && span.start <= range.start && range.end <= span.end {
                found = base(hook).map(|name| (span.start, name));
            }
        }
    });
    let (at, base) = found?;
    let numbered = (2u32..).map(|number| format!("{base}_{number}"));
    let name = std::iter::once(base.clone()).chain(numbered).find(|name| !names.contains(name))?;
    Some(action(
        format!("name this hook `{name}`"),
        ActionKind::Rewrite,
        vec![insert(path, at, format!("hook {name} "))],
    ))
}

fn base(hook: &Hook) -> Option<String> {
    hook.events.first().map(|event| format!("on_{}", event.name.text))
}
