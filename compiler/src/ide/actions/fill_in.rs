//! What is not there yet: arguments, outputs of a test, imports.

use std::sync::Arc;

use hookc_grammar::Span;
use hookc_grammar::ast::{Call, Item, Param, Type, TypeKind};

use super::null_guard::sample;
use super::{action, edit, insert};
use crate::ide::declarations::exported;
use crate::ide::index::Target;
use crate::ide::visitor::{Node, visit};
use crate::ide::{Action, ActionKind, Location, World, add_import as new_import};

/// The missing arguments of the call whose name stands at `span`, with a value of each type.
pub(super) fn arguments(world: &World, path: &str, span: Span) -> Option<Action> {
    let call = calls(world, path).into_iter().find(|call| call.name.touches(span.start))?;
    fill(world, path, &call)
}

/// The same for the call around a range that has no mistake yet: parameters with defaults are left out.
pub(super) fn call(world: &World, path: &str, range: Span) -> Option<Action> {
    let around =
        calls(world, path).into_iter().filter(|call| call.span.start <= range.start && range.end <= call.span.end);
    let call = around.min_by_key(|call| call.span.end - call.span.start)?;
    let mistake = world
        .findings(path)
        .iter()
        .any(|finding| finding.code == crate::diagnostics::MISSING_ARGUMENT && finding.span().touches(call.name.start));
    if mistake { None } else { fill(world, path, &call) }
}

/// The imports that bring the unknown name at `span` in.
pub(super) fn imports(world: &World, path: &str, span: Span) -> Vec<Action> {
    let Some(name) = world.slice(path, span) else { return Vec::new() };
    let own: Arc<str> = Arc::from(path);
    let mut actions = Vec::new();
    for (target, file) in world.importable_files(path) {
        if !exported(&file).any(|(exported, _)| exported == name) {
            continue;
        }
        let edits: Vec<_> = new_import::add(world, &own, &name, &target).into_iter().collect();
        let from = crate::ide::rename::relative(path, &target);
        if !edits.is_empty() {
            actions.push(action(format!("import `{name}` from \"{from}\""), ActionKind::QuickFix, edits));
        }
    }
    if let [only] = actions.as_mut_slice() {
        only.preferred = true;
    }
    actions
}

/// The outputs of a `given OP succeeded` that are still to be said.
pub(super) fn given(world: &World, path: &str, range: Span) -> Option<Action> {
    let entry = world.entry(path)?;
    let index = world.index(path)?;
    let mut found: Option<(Span, Vec<String>, u32, bool)> = None;
    visit(&entry.file.parse.file, &mut |node, span| {
        let Node::Given(given) = node else { return };
        let inside = span.start <= range.start && range.end <= span.end;
        let (Some(first), Some(state)) = (given.subject.path.first(), &given.state) else { return };
        if !inside || state.text != "succeeded" || given.subject.path.len() > 1 {
            return;
        }
        let by = span.start - given.span.start;
        let args = given.args.as_deref().unwrap_or_default();
        let labels = args.iter().filter_map(|arg| Some(arg.label.as_ref()?.text.to_string())).collect();
        let end = args.last().map_or(span.end, |arg| arg.span.end + by);
        let at = if given.args.is_some() && args.is_empty() { span.end - 1 } else { end };
        found = Some((first.span.shifted(by), labels, at, given.args.is_some()));
    });
    let (subject, labels, at, bracketed) = found?;
    let Target::Declared(op) = &index.at(subject.start)?.target else { return None };
    let outputs = outputs_of_op(world, op)?;
    let missing = outputs.into_iter().filter(|(name, ty)| !labels.contains(name) && !ty.ends_with('?'));
    let missing: Vec<String> =
        missing.map(|(name, ty)| Some(format!("{name}: {}", value(world, path, &ty)?))).collect::<Option<_>>()?;
    if missing.is_empty() {
        return None;
    }
    let text = match (bracketed, labels.is_empty()) {
        (false, _) => format!(" ({})", missing.join(", ")),
        (true, true) => missing.join(", "),
        (true, false) => format!(", {}", missing.join(", ")),
    };
    Some(action("fill in the outputs", ActionKind::Rewrite, vec![insert(path, at, text)]))
}

/// A call in the text.
struct Written {
    span: Span,
    name: Span,
    /// Inside of the brackets.
    args: Option<Span>,
    labels: Vec<String>,
    empty: bool,
    last: Option<u32>,
}

fn calls(world: &World, path: &str) -> Vec<Written> {
    let Some(entry) = world.entry(path) else { return Vec::new() };
    let mut calls = Vec::new();
    visit(&entry.file.parse.file, &mut |node, span| {
        if let Node::Call(call) = node {
            calls.extend(written(call, span));
        }
    });
    calls
}

fn written(call: &Call, span: Span) -> Option<Written> {
    let by = span.start - call.span.start;
    Some(Written {
        span,
        name: call.name.as_ref()?.span.shifted(by),
        args: call.args_span.map(|args| args.shifted(by)),
        labels: call.args.iter().filter_map(|arg| Some(arg.label.as_ref()?.text.to_string())).collect(),
        empty: call.args.is_empty(),
        last: call.args.last().map(|arg| arg.span.end + by),
    })
}

fn fill(world: &World, path: &str, call: &Written) -> Option<Action> {
    let callee = &world.target(path, call.name.start)?;
    let args = call.args?;
    let params = params_of(world, callee, false)?;
    let open = params.into_iter().filter(|param| !param.optional && !call.labels.contains(&param.name));
    let missing: Vec<String> =
        open.map(|param| Some(format!("{}: {}", param.name, value(world, path, &param.ty)?))).collect::<Option<_>>()?;
    if missing.is_empty() {
        return None;
    }
    let edit = match call.last {
        Some(last) if !call.empty => insert(path, last, format!(", {}", missing.join(", "))),
        _ => edit(path, args, missing.join(", ")),
    };
    Some(action("add the missing arguments", ActionKind::QuickFix, vec![edit]))
}

struct Wanted {
    name: String,
    ty: String,
    /// Whether a call may leave it out.
    optional: bool,
}

/// The inputs, or the outputs, of what is declared at a place.
fn params_of(world: &World, location: &Location, outputs: bool) -> Option<Vec<Wanted>> {
    let file = &world.entry(&location.path)?.file;
    let items = &file.parse.file.items;
    let item = items.iter().find(|item| item.at <= location.span.start && location.span.end <= item.at + item.len)?;
    let params: &[Param] = match (item.node.as_ref(), outputs) {
        (Item::Component(ast), false) => &ast.inputs,
        (Item::Component(ast), true) => &ast.outputs,
        (Item::Job(ast), false) => &ast.inputs,
        (Item::Job(ast), true) => &ast.outputs,
        (Item::Hook(ast), false) => &ast.params,
        _ => return None,
    };
    let wanted = params.iter().map(|param| {
        let span = param.ty.span.shifted(item.at);
        let ty = file.text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned();
        Wanted { name: param.name.text.to_string(), optional: param.default.is_some() || is_optional(&param.ty), ty }
    });
    Some(wanted.collect())
}

fn is_optional(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::Optional(_))
}

/// The outputs of what an op runs, by the place of the op's name.
fn outputs_of_op(world: &World, op: &Location) -> Option<Vec<(String, String)>> {
    let entry = world.entry(&op.path)?;
    let mut callee: Option<(Span, bool)> = None;
    visit(&entry.file.parse.file, &mut |node, span| {
        if let Node::Op(ast) = node
            && ast.name.as_ref().is_some_and(|name| name.span.shifted(span.start - ast.span.start) == op.span)
        {
            let name = ast.call.name.as_ref().map(|name| name.span.shifted(span.start - ast.span.start));
            callee = name.map(|name| (name, !ast.fan.is_empty()));
        }
    });
    let (name, _) = callee?;
    let index = world.index(&op.path)?;
    let Target::Declared(runs) = &index.at(name.start)?.target else { return None };
    let outputs = params_of(world, runs, true)?;
    Some(outputs.into_iter().map(|output| (output.name, output.ty)).collect())
}

/// A value of a type, as the file at `path` writes it.
fn value(world: &World, path: &str, ty: &str) -> Option<String> {
    if let Some(text) = sample(ty) {
        return Some(text);
    }
    if ty.ends_with('?') {
        return Some("null".to_owned());
    }
    let location = world.index(path)?.visible.get(ty).cloned()?;
    let file = &world.entry(&location.path)?.file;
    let item = file
        .parse
        .file
        .items
        .iter()
        .find(|item| item.at <= location.span.start && location.span.end <= item.at + item.len)?;
    match item.node.as_ref() {
        Item::Enum(ast) => Some(ast.values.first()?.name.text.to_string()),
        Item::Record(ast) => {
            let needed = ast.fields.iter().filter(|field| field.default.is_none() && !is_optional(&field.ty));
            let fields: Option<Vec<String>> = needed
                .map(|field| {
                    let span = field.ty.span.shifted(item.at);
                    let ty = file.text.get(span.start as usize..span.end as usize)?;
                    Some(format!("{}: {}", field.name.text, sample(ty)?))
                })
                .collect();
            Some(format!("{{ {} }}", fields?.join(", ")))
        }
        _ => None,
    }
}
