//! Narrowing: finds the paths that are certain not to be null, from conditions that are true.
//!
//! A path is a read of the context, of a local, or of a field of one. Their values never change, so a test stays valid. If a
//! parameter stands for another expression, this expression is the path, because it always has the same value.

use hookc_plan::{Expr, MacroKind, Node, Span, Type};
use smol_str::{SmolStr, ToSmolStr, format_smolstr};

/// What is not null in each item of a list: the rest of the path after the item, and the condition that asked for it.
pub(crate) type ItemFacts = Vec<(SmolStr, Span)>;

/// What is known not to be null where an expression stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Narrowing {
    /// The paths, and the conditions that asked for them.
    paths: Vec<(SmolStr, Span)>,
    /// Whether a condition around this has a mistake: it may have asked for anything.
    open: bool,
}

/// What was known at some point.
#[derive(Clone, Copy)]
pub(crate) struct NarrowingMark {
    paths: usize,
    open: bool,
}

impl Narrowing {
    /// What is known now, to go back to it.
    pub(crate) fn mark(&self) -> NarrowingMark {
        NarrowingMark { paths: self.paths.len(), open: self.open }
    }

    /// Forgets what became known since `mark`.
    pub(crate) fn reset(&mut self, mark: NarrowingMark) {
        self.paths.truncate(mark.paths);
        self.open = mark.open;
    }

    /// Adds what is not null where `condition` is `truth`.
    pub(crate) fn assume(&mut self, condition: &Expr, truth: bool) {
        assume(&mut self.paths, condition, truth);
    }

    /// A condition cannot be read: it may have asked for anything.
    pub(crate) fn assume_unknown(&mut self) {
        self.open = true;
    }

    /// The condition that asked for a path.
    pub(crate) fn asked(&self, path: &str) -> Option<Span> {
        self.paths.iter().rev().find(|(known, _)| known == path).map(|(_, because)| *because)
    }

    /// What is not null in each item of `over`: the rest of the path after the item, and the condition that asked for it.
    pub(crate) fn of_items(&self, over: &Expr) -> ItemFacts {
        self.item_facts(over).unwrap_or_default()
    }

    /// The condition that asked for a part of an item that is read by its position: `xs.filter(x, x.a != null)[0].a`.
    pub(crate) fn asked_of_item_part(&self, part: &Expr) -> Option<Span> {
        let (list, rest) = item_part(part)?;
        self.of_items(list).iter().find(|(known, _)| *known == rest).map(|(_, because)| *because)
    }

    /// `None`: an empty list, of whose items everything is true. A list that is made of another keeps what is known of
    /// the items that it keeps.
    fn item_facts(&self, list: &Expr) -> Option<ItemFacts> {
        let mut facts = match &list.node {
            Node::List { items } if items.is_empty() => return None,
            Node::Const { value: serde_json::Value::Array(items) } if items.is_empty() => return None,
            Node::Sort { a, .. }
            | Node::ReverseList { a }
            | Node::Distinct { a }
            | Node::Slice { a, .. }
            | Node::Narrow { a, .. }
            | Node::Some { a } => self.item_facts(a)?,
            Node::ConcatList { a, b } | Node::Cond { a, b, .. } | Node::OrElse { a, b } => {
                common(self.item_facts(a), self.item_facts(b))?
            }
            Node::Macro { over, .. } if !matches!(over.ty, Type::Map(_)) => {
                let items = self.item_facts(over);
                kept_facts(list, items)?
            }
            _ => ItemFacts::new(),
        };
        facts.extend(self.asked_of_each(list));
        Some(facts)
    }

    fn asked_of_each(&self, list: &Expr) -> ItemFacts {
        if !self.paths.iter().any(|(path, _)| path.contains(EVERY)) {
            return ItemFacts::new();
        }
        let Some(every) = path_key(list).map(every_item) else { return ItemFacts::new() };
        let known = self.paths.iter().filter_map(|(path, because)| Some((path.strip_prefix(&*every)?, *because)));
        known.map(|(rest, because)| (SmolStr::new(rest), because)).collect()
    }

    /// The condition that asked for every item of the list at this path.
    pub(crate) fn asked_of_items(&self, path: &str) -> Option<Span> {
        self.asked(&every_item(SmolStr::new(path)))
    }

    /// Adds what is not null in the item that a variable of a macro stands for.
    pub(crate) fn assume_item(&mut self, variable: &str, facts: ItemFacts) {
        self.paths
            .extend(facts.into_iter().map(|(rest, because)| (format_smolstr!("local {variable}{rest}"), because)));
    }

    /// Whether anything may have been asked for: nothing is reported as null then.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }
}

/// The name of the path that `expr` reads; its text where it is no path.
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

/// Adds the paths that are not null where `expr` is `truth`.
fn assume(paths: &mut Vec<(SmolStr, Span)>, expr: &Expr, truth: bool) {
    match (&expr.node, truth) {
        (Node::IsNull { a }, false) => paths.extend(path_key(a).map(|key| (key, expr.span))),
        (Node::Not { a }, _) => assume(paths, a, !truth),
        (Node::And { a, b }, true) | (Node::Or { a, b }, false) => {
            assume(paths, a, truth);
            assume(paths, b, truth);
        }
        (Node::And { a, b }, false) | (Node::Or { a, b }, true) => {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            assume(&mut left, a, truth);
            assume(&mut right, b, truth);
            paths.extend(left.into_iter().filter(|(key, _)| right.iter().any(|(other, _)| other == key)));
        }
        (Node::Eq { a, b, .. }, true) | (Node::Ne { a, b, .. }, false) => {
            let optional = |expr: &Expr| matches!(expr.ty, Type::Optional(_) | Type::Null);
            let side = match (optional(a) && !is_wrapped(a), optional(b) && !is_wrapped(b)) {
                (true, false) => a,
                (false, true) => b,
                _ => return,
            };
            paths.extend(path_key(side).map(|key| (key, expr.span)));
        }
        (Node::Macro { .. }, _) => assume_macro(paths, expr, truth),
        (Node::Cond { test, a, b }, _) => assume_cond(paths, (test, a, b), truth),
        _ => {}
    }
}

/// A question about items: `all` says something of each item, `exists` of one, so only what does not read it is kept.
fn assume_macro(paths: &mut Vec<(SmolStr, Span)>, expr: &Expr, truth: bool) {
    let Node::Macro { kind, over, var, value_var, body, .. } = &expr.node else {
        return;
    };
    let of_each = match (kind, truth) {
        (MacroKind::All, true) | (MacroKind::Exists, false) => true,
        (MacroKind::All, false) | (MacroKind::Exists | MacroKind::ExistsOne, true) => false,
        _ => return,
    };
    let mut found = Vec::new();
    assume(&mut found, body, truth);
    if of_each {
        let list = path_key(over).map(every_item);
        let facts = found.iter().filter_map(|(path, because)| Some((of_item(expr, path)?, *because)));
        paths.extend(facts.filter_map(|(rest, because)| Some((format_smolstr!("{}{rest}", list.as_ref()?), because))));
    } else {
        let reads = |path: &str, var: &SmolStr| path.contains(var.as_str());
        paths.extend(
            found
                .into_iter()
                .filter(|(path, _)| !reads(path, var) && !value_var.as_ref().is_some_and(|var| reads(path, var))),
        );
    }
}

/// What follows a list's path in the path of every item.
const EVERY: &str = "[*]";

/// The path of every item of a list.
fn every_item(list: SmolStr) -> SmolStr {
    format_smolstr!("{list}{EVERY}")
}

/// The rest of a path after the variable that stands for an item in a macro.
fn of_item(expr: &Expr, path: &str) -> Option<SmolStr> {
    let Node::Macro { over, var, value_var, .. } = &expr.node else { return None };
    let item = match &over.ty {
        Type::Map(_) => value_var.as_ref()?,
        _ => value_var.as_ref().unwrap_or(var),
    };
    within(path.strip_prefix("local ")?, item)
}

/// The rest of a path after another.
fn within(path: &str, outer: &str) -> Option<SmolStr> {
    let rest = path.strip_prefix(outer)?;
    (rest.is_empty() || rest.starts_with(['.', '['])).then(|| SmolStr::new(rest))
}

/// What a filter has asked of each item that it keeps.
pub(crate) fn filtered(list: &Expr) -> ItemFacts {
    Narrowing::default().of_items(list)
}

/// What is not null in each item of what a macro over a list makes, from what is in the items of that list.
fn kept_facts(list: &Expr, items: Option<ItemFacts>) -> Option<ItemFacts> {
    let Node::Macro { kind, keep, body, .. } = &list.node else { return None };
    let mut items = items?;
    let condition = if *kind == MacroKind::Filter { Some(body) } else { keep.as_ref() };
    let mut asked = Vec::new();
    if let Some(condition) = condition {
        assume(&mut asked, condition, true);
    }
    items.extend(asked.iter().filter_map(|(path, because)| Some((of_item(list, path)?, *because))));
    Some(match kind {
        MacroKind::Filter => items,
        MacroKind::Map => match path_key(body).and_then(|path| of_item(list, &path)) {
            Some(part) => items.iter().filter_map(|(rest, because)| Some((within(rest, &part)?, *because))).collect(),
            None => ItemFacts::new(),
        },
        _ => ItemFacts::new(),
    })
}

/// What is true of the items of both lists.
fn common(a: Option<ItemFacts>, b: Option<ItemFacts>) -> Option<ItemFacts> {
    let (Some(a), Some(b)) = (&a, &b) else { return a.or(b) };
    Some(a.iter().filter(|(rest, _)| b.iter().any(|(other, _)| other == rest)).cloned().collect())
}

/// The list and the rest of the path after the item, of a part of an item that is read by its position.
fn item_part(expr: &Expr) -> Option<(&Expr, SmolStr)> {
    match &expr.node {
        Node::IndexList { of, .. } => Some((of, SmolStr::default())),
        Node::Field { of, name } => {
            let (list, rest) = item_part(without_wrapping(of))?;
            Some((list, format_smolstr!("{rest}.{name}")))
        }
        _ => None,
    }
}

fn without_wrapping(expr: &Expr) -> &Expr {
    match &expr.node {
        Node::Narrow { a, .. } | Node::Some { a } | Node::Retype { a } => without_wrapping(a),
        _ => expr,
    }
}

/// `test ? a : b`: where one branch can only be the other truth, the condition took the other branch.
fn assume_cond(paths: &mut Vec<(SmolStr, Span)>, (test, a, b): (&Expr, &Expr, &Expr), truth: bool) {
    let is = |expr: &Expr, value: bool| matches!(&expr.node, Node::Const { value: serde_json::Value::Bool(b) } if *b == value);
    if is(b, !truth) {
        assume(paths, test, true);
        assume(paths, a, truth);
    } else if is(a, !truth) {
        assume(paths, test, false);
        assume(paths, b, truth);
    }
}

/// Whether it is optional only because of a conversion for a comparison.
fn is_wrapped(expr: &Expr) -> bool {
    matches!(expr.node, Node::Some { .. })
}
