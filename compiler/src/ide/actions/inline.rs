//! A named condition in place of its call, a reusable hook in place of its `use`.

use hookc_grammar::Span;
use hookc_grammar::ast::{Arg, Expr, ExprKind, Item, OpEntry, Param, Placed};

use super::{action, edit};
use crate::diagnostics::edited;
use crate::ide::index::Target;
use crate::ide::visitor::{Node, visit};
use crate::ide::{Action, ActionKind, Location, World};
use crate::sources::SourceFile;

/// Replaces the call of a named condition around a range by its body.
pub(super) fn condition(world: &World, path: &str, range: Span) -> Option<Action> {
    let entry = world.entry(path)?;
    let index = world.index(path)?;
    let mut called: Option<(Span, Span, Vec<Given>)> = None;
    visit(&entry.file.parse.file, &mut |node, span| {
        let Node::Expr(Expr { kind: ExprKind::Call(callee, args), span: own }) = node else { return };
        if !matches!(callee.kind, ExprKind::Name(_)) || span.start > range.start || range.end > span.end {
            return;
        }
        let by = span.start - own.start;
        called = Some((span, callee.span.shifted(by), given(&entry.file, args, by)));
    });
    let (whole, callee, args) = called?;
    let Target::Declared(target) = &index.at(callee.start)?.target else { return None };
    let (file, item) = item_at(world, target)?;
    let Item::Condition(ast) = item.node.as_ref() else { return None };
    let values = values(file, &ast.params, item.at, &args)?;
    let text = format!("({})", filled(file, ast.value.span.shifted(item.at), &values));
    Some(action(
        format!("inline the condition `{}`", ast.name.as_ref()?.text),
        ActionKind::Inline,
        vec![edit(path, whole, text)],
    ))
}

/// Replaces the `use` around a range by the hook that it attaches.
pub(super) fn hook(world: &World, path: &str, range: Span) -> Option<Action> {
    let entry = world.entry(path)?;
    let index = world.index(path)?;
    let mut used: Option<(Span, Span, Option<String>, Vec<Given>)> = None;
    visit(&entry.file.parse.file, &mut |node, span| {
        let Node::Inner(OpEntry::Use(written)) = node else { return };
        let Some(name) = &written.call.name else { return };
        if span.start <= range.start && range.end <= span.end {
            let by = span.start - written.span.start;
            let alias = written.alias.as_ref().map(|alias| alias.text.to_string());
            used = Some((span, name.span.shifted(by), alias, given(&entry.file, &written.call.args, by)));
        }
    });
    let (whole, name, alias, args) = used?;
    let Target::Declared(target) = &index.at(name.start)?.target else { return None };
    let (file, item) = item_at(world, target)?;
    let Item::Hook(ast) = item.node.as_ref() else { return None };
    let values = values(file, &ast.params, item.at, &args)?;
    let events = ast.events.first()?.span.start;
    let text = filled(file, Span::new(events, ast.span.end).shifted(item.at), &values);
    let own = ast.name.as_ref()?.text.to_string();
    let named = alias.unwrap_or_else(|| own.clone());
    let indent = indent_of(&entry.file.text, whole.start);
    let text = format!("hook {named} on {}", text.replace('\n', &format!("\n{indent}")));
    Some(action(format!("inline the hook `{own}`"), ActionKind::Inline, vec![edit(path, whole, text)]))
}

/// The blanks at the start of the line that a byte stands on.
fn indent_of(text: &str, at: u32) -> String {
    let before = text.get(..at as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    line.chars().take_while(|c| c.is_whitespace()).collect()
}

/// The item around a declared name.
fn item_at<'w>(world: &'w World, target: &Location) -> Option<(&'w SourceFile, &'w Placed<Item>)> {
    let file = &world.entry(&target.path)?.file;
    let mut items = file.parse.file.items.iter();
    let item = items.find(|item| item.at <= target.span.start && target.span.end <= item.at + item.len)?;
    Some((file, item))
}

/// An argument: its label, its text.
type Given = (Option<String>, String);

fn given(file: &SourceFile, args: &[Arg], by: u32) -> Vec<Given> {
    let text = |arg: &Arg| slice(file, arg.value.span.shifted(by));
    args.iter().map(|arg| (arg.label.as_ref().map(|label| label.text.to_string()), text(arg))).collect()
}

/// Each parameter with the text of its argument, or of its default; `None` where one has neither.
fn values(file: &SourceFile, params: &[Param], at: u32, args: &[Given]) -> Option<Vec<(String, String)>> {
    let value = |(position, param): (usize, &Param)| {
        let name = param.name.text.to_string();
        let labelled = args.iter().find(|(label, _)| label.as_ref() == Some(&name));
        let given = labelled.or_else(|| args.get(position).filter(|(label, _)| label.is_none()));
        let default = || param.default.as_ref().map(|default| slice(file, default.span.shifted(at)));
        Some((name, given.map(|(_, value)| value.clone()).or_else(default)?))
    };
    params.iter().enumerate().map(value).collect()
}

/// The text of a range with values in place of parameters.
fn filled(file: &SourceFile, range: Span, values: &[(String, String)]) -> String {
    let mut reads: Vec<(Span, &str)> = Vec::new();
    visit(&file.parse.file, &mut |node, span| {
        let Node::Expr(Expr { kind: ExprKind::Name(name), .. }) = node else { return };
        if range.start <= span.start && span.end <= range.end {
            let value = values.iter().find(|(param, _)| *param == name.as_str());
            reads.extend(value.map(|(_, value)| (span, value.as_str())));
        }
    });
    reads.sort_by_key(|(span, _)| *span);
    let edits = reads.into_iter().map(|(span, text)| {
        let simple = text.chars().all(|c| c == '_' || c == '.' || c == '"' || c.is_alphanumeric());
        let own = Span::new(span.start - range.start, span.end - range.start);
        (own, if simple { text.to_owned() } else { format!("({text})") })
    });
    let edits: Vec<(Span, String)> = edits.collect();
    edited(&slice(file, range), edits.iter().map(|(span, text)| (*span, text.as_str())))
}

fn slice(file: &SourceFile, span: Span) -> String {
    file.text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned()
}
