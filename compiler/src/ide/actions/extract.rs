//! A condition, or a hook, as an item of its own that others can use too.

use hookc_grammar::Span;
use hookc_grammar::ast::{Expr, ExprKind, OpEntry};

use super::{action, edit, insert};
use crate::ide::visitor::{Node, visit};
use crate::ide::{Action, ActionKind, World};

/// A read that becomes a parameter.
struct Read {
    span: Span,
    text: String,
    name: String,
    ty: String,
}

/// Makes the condition that is selected, or that the cursor's `when` holds, a named one.
pub(super) fn condition(world: &World, path: &str, range: Span) -> Option<Action> {
    let chosen = chosen_condition(world, path, range)?;
    let text = world.slice(path, chosen)?;
    let reads = reads(world, path, chosen)?;
    let name = free_name(world, path, "condition_1")?;
    let mut params: Vec<(String, String)> = Vec::new();
    let mut body = String::new();
    let mut done = chosen.start;
    for read in &reads {
        if !params.iter().any(|(name, _)| *name == read.name) {
            params.push((read.name.clone(), read.ty.clone()));
        }
        body.push_str(&world.slice(path, Span::new(done, read.span.start))?);
        body.push_str(&read.name);
        done = read.span.end;
    }
    body.push_str(&world.slice(path, Span::new(done, chosen.end))?);
    let declared: Vec<String> = params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    let given: Vec<&str> = params
        .iter()
        .filter_map(|(name, _)| reads.iter().find(|read| read.name == *name).map(|read| read.text.as_str()))
        .collect();
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let item = format!("condition {name}({}) = {body}\n\n", declared.join(", "));
    let before = item_start(world, path, chosen.start)?;
    let call = format!("{name}({})", given.join(", "));
    let edits = vec![insert(path, before, item), edit(path, chosen, call)];
    let shown = if text.len() > 40 { "the condition".to_owned() } else { format!("`{text}`") };
    Some(action(format!("extract {shown} into a named condition"), ActionKind::Extract, edits))
}

/// Makes the hook around a range a reusable one.
pub(super) fn hook(world: &World, path: &str, range: Span) -> Option<Action> {
    let entry = world.entry(path)?;
    let text = &entry.file.text;
    let mut found: Option<(Span, Span, String, Option<String>)> = None;
    visit(&entry.file.parse.file, &mut |node, span| {
        let Node::Inner(OpEntry::Hook(hook)) = node else { return };
        if span.start > range.start || range.end > span.end {
            return;
        }
        let by = span.start - hook.span.start;
        let Some(events) = hook.events.first() else { return };
        let rest = Span::new(events.span.start + by, span.end);
        let name = hook.name.as_ref().map(|name| name.text.to_string());
        found = Some((span, rest, text.get(rest.start as usize..rest.end as usize).unwrap_or("").to_owned(), name));
    });
    let (whole, rest, body, name) = found?;
    let name = name.unwrap_or_else(|| "hook_1".to_owned());
    let name = free_name(world, path, &name)?;
    let (inputs, outputs) = context_reads(world, path, rest)?;
    let target = if in_job(world, path, whole) { "job" } else { "op" };
    let list = |params: &[(String, String)]| {
        params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect::<Vec<_>>().join(", ")
    };
    let mut head = format!("hook {name}() for {target} ({})", list(&inputs));
    if !outputs.is_empty() {
        head.push_str(&format!(" -> ({})", list(&outputs)));
    }
    let item = format!("{head} on {}\n\n", unindented(&body));
    let before = item_start(world, path, whole.start)?;
    let edits = vec![insert(path, before, item), edit(path, whole, format!("use {name}()"))];
    Some(action("extract a reusable hook", ActionKind::Extract, edits))
}

/// The selected expression where it is a whole one, or the `when` that the cursor stands in.
fn chosen_condition(world: &World, path: &str, range: Span) -> Option<Span> {
    let entry = world.entry(path)?;
    let mut chosen: Option<Span> = None;
    let mut in_condition = false;
    visit(&entry.file.parse.file, &mut |node, span| match node {
        Node::Hook(hook) => {
            let when = hook.when.as_ref().map(|when| when.span.shifted(span.start - hook.span.start));
            if let Some(when) = when.filter(|when| when.start <= range.start && range.end <= when.end) {
                in_condition = true;
                chosen = (range.start == range.end).then_some(when).or(chosen);
            }
        }
        Node::Op(op) => {
            let when = op.when.as_ref().map(|when| when.span.shifted(span.start - op.span.start));
            if let Some(when) = when.filter(|when| when.start <= range.start && range.end <= when.end) {
                in_condition = true;
                chosen = (range.start == range.end).then_some(when).or(chosen);
            }
        }
        Node::Expr(expr) if in_condition && span == range && is_bool(expr) => chosen = Some(span),
        _ => {}
    });
    chosen
}

fn is_bool(expr: &Expr) -> bool {
    use hookc_grammar::ast::{BinaryOp, UnaryOp};
    match &expr.kind {
        ExprKind::Binary(binary) => !matches!(
            binary.op,
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem | BinaryOp::OrElse
        ),
        ExprKind::Unary(op, _) => *op == UnaryOp::Not,
        ExprKind::Paren(inner) => is_bool(inner),
        ExprKind::Call(..) => true,
        _ => false,
    }
}

/// The widest reads in a range, each with its type; `None` where one has none.
fn reads(world: &World, path: &str, range: Span) -> Option<Vec<Read>> {
    let entry = world.entry(path)?;
    let index = world.index(path)?;
    let mut spans: Vec<Span> = Vec::new();
    visit(&entry.file.parse.file, &mut |node, span| {
        let Node::Expr(expr) = node else { return };
        let inside = range.start <= span.start && span.end <= range.end;
        let covered = spans.iter().any(|wide| wide.start <= span.start && span.end <= wide.end);
        if inside && !covered && is_path(expr) {
            spans.push(span);
        }
    });
    let mut found: Vec<Read> = Vec::new();
    for span in spans {
        let Some(value) = index.values.iter().find(|value| value.span == span) else { continue };
        let text = world.slice(path, span)?;
        let name = index.at(span.start);
        let local = name.is_some_and(|used| {
            matches!(used.kind, Some(crate::ide::Kind::Const | crate::ide::Kind::EnumValue | crate::ide::Kind::Enum))
        });
        let variable = name.is_some_and(|used| {
            matches!(used.kind, Some(crate::ide::Kind::Variable)) && range.start <= used.span.start
        }) && declared_inside(world, path, span, range);
        if local || variable || name.is_some_and(|used| used.declares.is_some()) {
            continue;
        }
        let known = found.iter().find(|read| read.text == text).map(|read| read.name.clone());
        let last = text.rsplit('.').next().unwrap_or("value").to_owned();
        let taken = |name: &str| found.iter().any(|read| read.name == name);
        let numbered = (2..).map(|number| format!("{last}_{number}"));
        let fresh = std::iter::once(last.clone()).chain(numbered).find(|name| !taken(name))?;
        found.push(Read { span, text, name: known.unwrap_or(fresh), ty: value.ty.clone() });
    }
    found.sort_by_key(|read| read.span);
    Some(found)
}

/// Whether what is read at `span` is declared in `range`, as a macro's variable is.
fn declared_inside(world: &World, path: &str, span: Span, range: Span) -> bool {
    world
        .target(path, span.start)
        .is_some_and(|target| range.start <= target.span.start && target.span.end <= range.end)
}

fn is_path(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(_) => true,
        ExprKind::Member(of, _) => is_path(of),
        _ => false,
    }
}

/// The `inputs` and `outputs` that a hook reads, with their declared types.
#[expect(clippy::type_complexity, reason = "two lists of names and types")]
fn context_reads(world: &World, path: &str, range: Span) -> Option<(Vec<(String, String)>, Vec<(String, String)>)> {
    let index = world.index(path)?;
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    for used in index.uses.iter().filter(|used| range.start <= used.span.start && used.span.end <= range.end) {
        let before = world.slice(path, Span::new(used.span.start.saturating_sub(8), used.span.start))?;
        let list = if before.ends_with("outputs.") {
            &mut outputs
        } else if before.ends_with("inputs.") {
            &mut inputs
        } else {
            continue;
        };
        let crate::ide::index::Target::Declared(target) = &used.target else { continue };
        let name = world.slice(path, used.span)?;
        let ty = declared_type(world, target)?;
        if !list.iter().any(|(known, _)| *known == name) {
            list.push((name, ty));
        }
    }
    Some((inputs, outputs))
}

fn declared_type(world: &World, location: &crate::ide::Location) -> Option<String> {
    let file = &world.entry(&location.path)?.file;
    let mut found = None;
    visit(&file.parse.file, &mut |node, span| {
        if let Node::Param(param, _) = node
            && param.name.span.shifted(span.start - param.span.start) == location.span
        {
            let ty = param.ty.span.shifted(span.start - param.span.start);
            found = file.text.get(ty.start as usize..ty.end as usize).map(str::to_owned);
        }
    });
    found
}

fn in_job(world: &World, path: &str, span: Span) -> bool {
    let Some(entry) = world.entry(path) else { return false };
    let mut inside_op = false;
    visit(&entry.file.parse.file, &mut |node, around| {
        let holds = around.start <= span.start && span.end <= around.end;
        inside_op |= holds && matches!(node, Node::Op(_) | Node::Entry(hookc_grammar::ast::JobEntry::EachOp(_)));
    });
    !inside_op
}

/// Where the item around a byte begins, with its documentation.
fn item_start(world: &World, path: &str, at: u32) -> Option<u32> {
    let items = &world.entry(path)?.file.parse.file.items;
    items.iter().find(|item| item.at <= at && at <= item.at + item.len).map(|item| item.at)
}

/// A top-level name that is not taken: `base`, or the next with a number.
fn free_name(world: &World, path: &str, base: &str) -> Option<String> {
    let index = world.index(path)?;
    let stem = base.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_').to_owned();
    let numbered = (2..).map(|number| format!("{stem}_{number}"));
    std::iter::once(base.to_owned()).chain(numbered).find(|name| !index.visible.contains_key(name.as_str()))
}

/// The lines after the first, one level further in than the item's.
fn unindented(body: &str) -> String {
    let mut lines = body.lines();
    let first = lines.next().unwrap_or("").to_owned();
    let rest: Vec<&str> = lines.collect();
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let least = rest.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(&line)).min().unwrap_or(0);
    let moved = rest.iter().map(|line| format!("  {}", line.get(least..).unwrap_or("").trim_end()));
    std::iter::once(first).chain(moved).collect::<Vec<_>>().join("\n")
}
