//! What the check infers and the text does not say.

use std::sync::Arc;

use hookc_grammar::Span;

use super::{InlayHint, TextEdit, World};
use crate::check::Inferred;

impl World {
    /// Types of names that are declared without one, and what ops wait for because they read it.
    pub fn inlay_hints(&self, path: &str, range: Span) -> Vec<InlayHint> {
        let Some(index) = self.index(path) else { return Vec::new() };
        let path: Arc<str> = Arc::from(path);
        let inside = index.inferred.iter().filter(|(at, _)| range.touches(*at));
        inside.map(|(at, inferred)| hint(&path, *at, inferred)).collect()
    }
}

fn hint(path: &Arc<str>, at: u32, inferred: &Inferred) -> InlayHint {
    match inferred {
        Inferred::Type { ty, writable } => {
            let label = format!(": {ty}");
            let edit = TextEdit { path: Arc::clone(path), span: Span::new(at, at), text: label.clone() };
            InlayHint { at, label, is_type: true, tooltip: None, edits: writable.then_some(edit).into_iter().collect() }
        }
        Inferred::After(ops) => {
            let names: Vec<String> = ops.iter().map(|op| format!("`{op}`")).collect();
            InlayHint {
                at,
                label: format!(" after {}", ops.join(", ")),
                is_type: false,
                tooltip: Some(format!("It reads {}, so it waits for it.", names.join(" and "))),
                edits: Vec::new(),
            }
        }
    }
}
