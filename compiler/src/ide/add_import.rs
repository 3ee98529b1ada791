//! Adding an import.

use std::sync::Arc;

use hookc_grammar::Span;

use super::visitor::{Node, visit};
use super::{TextEdit, World, rename};

/// The edit that brings `name` of the file at `target` into the file at `path`.
pub(super) fn add(world: &World, path: &Arc<str>, name: &str, target: &str) -> Option<TextEdit> {
    let entry = world.entry(path)?;
    let text: &str = &entry.file.text;
    let written = rename::relative(path, target);
    let mut last: Option<Span> = None;
    let mut same: Option<u32> = None;
    visit(&entry.file.parse.file, &mut |node, span| {
        let Node::Import(import) = node else { return };
        let by = span.start - import.span.start;
        last = Some(span);
        let leads = import.path.as_ref().and_then(|path| {
            text.get(path.span.shifted(by).start as usize + 1..path.span.shifted(by).end as usize - 1)
        });
        let end = import.names.last().map(|name| name.alias.as_ref().unwrap_or(&name.name).span.shifted(by).end);
        if leads.is_some_and(|leads| leads.trim_end_matches(".hook") == written) {
            same = end;
        }
    });
    let insert = |at: u32, text: String| TextEdit { path: Arc::clone(path), span: Span::new(at, at), text };
    Some(match (same, last) {
        (Some(at), _) => insert(at, format!(", {name}")),
        (None, Some(last)) => insert(last.end, format!("\nimport {name} from \"{written}\"")),
        (None, None) => {
            let start = u32::from(text.starts_with('\u{feff}')) * 3;
            insert(start, format!("import {name} from \"{written}\"\n\n"))
        }
    })
}
