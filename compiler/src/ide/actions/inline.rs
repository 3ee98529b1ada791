//! A named condition in place of its call.

use hookc_grammar::Span;
use hookc_grammar::ast::{Condition, Expr, ExprKind, Item};

use super::{action, edit};
use crate::ide::index::Target;
use crate::ide::walk::{Node, walk};
use crate::ide::{Action, ActionKind, World};
use crate::sources::SourceFile;

/// Replaces the call of a named condition around a range by what the condition says.
pub(super) fn condition(world: &World, path: &str, range: Span) -> Option<Action> {
    let entry = world.entry(path)?;
    let index = world.index(path)?;
    let mut called: Option<(Span, Span, Vec<Given>)> = None;
    walk(&entry.file.parse.file, &mut |node, span| {
        let Node::Expr(Expr { kind: ExprKind::Call(callee, args), span: own }) = node else { return };
        if !matches!(callee.kind, ExprKind::Name(_)) || span.start > range.start || range.end > span.end {
            return;
        }
        let by = span.start - own.start;
        let text = |span: Span| slice(&entry.file, span.shifted(by));
        let args =
            args.iter().map(|arg| (arg.label.as_ref().map(|label| label.text.to_string()), text(arg.value.span)));
        called = Some((span, callee.span.shifted(by), args.collect()));
    });
    let (whole, callee, args) = called?;
    let Target::Declared(target) = &index.at(callee.start)?.target else { return None };
    let file = &world.entry(&target.path)?.file;
    let item = file
        .parse
        .file
        .items
        .iter()
        .find(|item| item.at <= target.span.start && target.span.end <= item.at + item.len)?;
    let Item::Condition(ast) = item.node.as_ref() else { return None };
    let text = body(file, ast, item.at, &args)?;
    Some(action(
        format!("put in what `{}` says", ast.name.as_ref()?.text),
        ActionKind::Inline,
        vec![edit(path, whole, text)],
    ))
}

/// An argument: its label, its text.
type Given = (Option<String>, String);

/// What the condition says, with arguments in place of its parameters.
fn body(file: &SourceFile, ast: &Condition, at: u32, args: &[Given]) -> Option<String> {
    let mut values: Vec<(String, String)> = Vec::new();
    for (position, param) in ast.params.iter().enumerate() {
        let name = param.name.text.to_string();
        let labelled = args.iter().find(|(label, _)| label.as_ref() == Some(&name));
        let given = labelled.or_else(|| args.get(position).filter(|(label, _)| label.is_none()));
        let default = || param.default.as_ref().map(|default| slice(file, default.span.shifted(at)));
        values.push((name, given.map(|(_, value)| value.clone()).or_else(default)?));
    }
    let mut reads: Vec<(Span, &str)> = Vec::new();
    let value = ast.value.span.shifted(at);
    walk(&file.parse.file, &mut |node, span| {
        let Node::Expr(Expr { kind: ExprKind::Name(name), .. }) = node else { return };
        if value.start <= span.start && span.end <= value.end {
            reads.extend(
                values.iter().find(|(param, _)| *param == name.as_str()).map(|(_, value)| (span, value.as_str())),
            );
        }
    });
    reads.sort_by_key(|(span, _)| *span);
    let mut out = String::from("(");
    let mut done = value.start;
    for (span, text) in reads {
        out.push_str(&slice(file, Span::new(done, span.start)));
        let simple = text.chars().all(|c| c == '_' || c == '.' || c == '"' || c.is_alphanumeric());
        out.push_str(&if simple { text.to_owned() } else { format!("({text})") });
        done = span.end;
    }
    out.push_str(&slice(file, Span::new(done, value.end)));
    out.push(')');
    Some(out)
}

fn slice(file: &SourceFile, span: Span) -> String {
    file.text.get(span.start as usize..span.end as usize).unwrap_or("").to_owned()
}
