//! The call around the cursor: its parameters, and the one that is being written.

use hookc_grammar::Span;
use hookc_grammar::ast::{Item, Param};

use super::cursor::open_call;
use super::{Signature, World};
use crate::sources::SourceFile;

impl World {
    /// The call that a byte stands in.
    pub fn signature(&self, path: &str, at: u32) -> Option<Signature> {
        let text = &self.entry(path)?.file.text;
        let call = open_call(text, at)?;
        if let Some(found) = self.declared_call(path, &call.callee, call.callee_end) {
            let active = match &call.label {
                Some(label) => found.names.iter().position(|name| name == label),
                None => Some(call.position),
            };
            let active = active.filter(|active| *active < found.names.len());
            return Some(Signature { active: active.and_then(|active| u32::try_from(active).ok()), ..found.signature });
        }
        library_call(&call.callee, call.position)
    }

    fn declared_call(&self, path: &str, callee: &str, callee_end: u32) -> Option<CalleeSignature> {
        let index = self.index(path)?;
        let target = index.at(callee_end).and_then(|used| match &used.target {
            super::index::Target::Declared(target) => Some(target.clone()),
            _ => None,
        });
        let target = target.or_else(|| index.visible.get(callee).cloned())?;
        let file = &self.entry(&target.path)?.file;
        let items = &file.parse.file.items;
        let item = items.iter().find(|item| item.at <= target.span.start && target.span.end <= item.at + item.len)?;
        let (params, outputs, doc): (&[Param], &[Param], _) = match item.node.as_ref() {
            Item::Component(ast) => (&ast.inputs, &ast.outputs, &ast.doc),
            Item::Job(ast) => (&ast.inputs, &ast.outputs, &ast.doc),
            Item::Condition(ast) => (&ast.params, &[], &ast.doc),
            Item::Hook(ast) => (&ast.params, &[], &ast.doc),
            _ => return None,
        };
        Some(written(file, item.at, callee, params, outputs, doc.as_ref().map(ToString::to_string)))
    }
}

struct CalleeSignature {
    signature: Signature,
    names: Vec<String>,
}

/// `train(data: uri, lr: float = 0.1) -> (loss: float)`
fn written(
    file: &SourceFile,
    at: u32,
    callee: &str,
    params: &[Param],
    outputs: &[Param],
    doc: Option<String>,
) -> CalleeSignature {
    let text = |param: &Param| {
        let span = param.span.shifted(at);
        let text = file.text.get(span.start as usize..span.end as usize).unwrap_or("");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut label = format!("{callee}(");
    let mut ranges = Vec::new();
    for (index, param) in params.iter().enumerate() {
        if index > 0 {
            label.push_str(", ");
        }
        let start = length(&label);
        label.push_str(&text(param));
        ranges.push((Span::new(start, length(&label)), param.doc.as_ref().map(ToString::to_string)));
    }
    label.push(')');
    if !outputs.is_empty() {
        let outputs: Vec<String> = outputs.iter().map(text).collect();
        label.push_str(&format!(" -> ({})", outputs.join(", ")));
    }
    let names = params.iter().map(|param| param.name.text.to_string()).collect();
    CalleeSignature { signature: Signature { label, doc, params: ranges, active: None }, names }
}

/// A function, method or macro of the library.
fn library_call(callee: &str, position: usize) -> Option<Signature> {
    let pages = crate::functions::functions_named(callee);
    let last = callee.rsplit('.').next().unwrap_or(callee);
    let page = pages.first().copied().or_else(|| {
        let method = |page: &&crate::FunctionPage| {
            matches!(page.kind, crate::FunctionKind::Method | crate::FunctionKind::Macro) && page.name == last
        };
        crate::functions::functions().find(method).filter(|_| callee.contains('.'))
    })?;
    let label = page.signatures.first()?.to_string();
    let open = label.find('(')?;
    let close = label.rfind(')').filter(|close| *close > open)?;
    let inside = label.get(open + 1..close)?;
    let mut params = Vec::new();
    let mut start = open + 1;
    for part in inside.split(", ").filter(|part| !part.is_empty()) {
        params.push((Span::new(number(start), number(start + part.len())), None));
        start += part.len() + 2;
    }
    let active = Some(number(position)).filter(|active| (*active as usize) < params.len());
    Some(Signature { label, doc: Some(page.meaning.to_owned()), params, active })
}

fn length(text: &str) -> u32 {
    number(text.len())
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
