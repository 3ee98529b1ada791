//! Code actions: fixes of diagnostics, and refactorings that keep the meaning.
//!
//! Each is tried before it is offered: one that would bring an error is left out.

mod extract;
mod fill_in;
mod inline;
mod name_hook;
mod null_guard;

use std::sync::Arc;

use hookc_grammar::Span;

use super::{Action, ActionKind, TextEdit, World};
use crate::Diagnostic;
use crate::diagnostics;

impl World {
    /// The actions for a range, fixes first.
    pub fn actions(&self, path: &str, range: Span) -> Vec<Action> {
        let mut actions: Vec<Action> = Vec::new();
        for finding in self.findings(path).iter() {
            if finding.span().start <= range.end && range.start <= finding.span().end {
                actions.extend(self.fixes_of(path, finding));
            }
        }
        actions.extend(self.fix_all(path));
        actions.extend(self.rewrites(path, range));
        actions
    }

    /// The fixes of one diagnostic: its own, and those that need more of the project than the check looks at.
    fn fixes_of(&self, path: &str, finding: &Diagnostic) -> Vec<Action> {
        let fixes = Some((finding.code.id, finding.span()));
        let mut actions: Vec<Action> = Vec::new();
        for fix in &finding.fixes {
            let edits = fix.edits.iter().map(|edit| TextEdit {
                path: self.path_of(edit.file),
                span: edit.span,
                text: edit.text.clone(),
            });
            let action = Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                fixes,
                edits: edits.collect(),
                preferred: finding.fixes.len() == 1,
            };
            actions.push(action);
        }
        let more = match finding.code {
            diagnostics::MAY_BE_NULL => null_guard::guards(self, path, finding.span()),
            diagnostics::MISSING_ARGUMENT => fill_in::arguments(self, path, finding.span()).into_iter().collect(),
            diagnostics::UNKNOWN_COMPONENT
            | diagnostics::UNKNOWN_HOOK
            | diagnostics::UNKNOWN_JOB
            | diagnostics::UNKNOWN_TYPE
            | diagnostics::UNKNOWN_NAME
            | diagnostics::UNKNOWN_FUNCTION
            | diagnostics::UNKNOWN_CONNECTION
            | diagnostics::UNKNOWN_PROFILE => fill_in::imports(self, path, finding.span()),
            _ => Vec::new(),
        };
        actions.extend(more.into_iter().map(|action| Action { fixes, ..action }));
        actions
    }

    /// Every safe fix of the file at once.
    fn fix_all(&self, path: &str) -> Option<Action> {
        let mut edits: Vec<TextEdit> = Vec::new();
        for finding in self.findings(path).iter() {
            let [fix] = finding.fixes.as_slice() else { continue };
            let new: Vec<TextEdit> = fix
                .edits
                .iter()
                .map(|edit| TextEdit { path: self.path_of(edit.file), span: edit.span, text: edit.text.clone() })
                .collect();
            if new.iter().all(|edit| edits.iter().all(|other| apart(edit, other))) {
                edits.extend(new);
            }
        }
        edits.sort();
        let title = "apply all safe fixes".to_owned();
        let action = Action { title, kind: ActionKind::FixAll, fixes: None, edits, preferred: false };
        (!action.edits.is_empty()).then_some(action)
    }

    /// The refactorings for a range; they keep the meaning.
    fn rewrites(&self, path: &str, range: Span) -> Vec<Action> {
        let offered = extract::condition(self, path, range)
            .into_iter()
            .chain(extract::hook(self, path, range))
            .chain(inline::condition(self, path, range))
            .chain(inline::hook(self, path, range))
            .chain(fill_in::given(self, path, range))
            .chain(fill_in::call(self, path, range))
            .chain(name_hook::hook(self, path, range));
        offered.filter(|action| self.first_new_error(&action.edits).is_none()).collect()
    }
}

fn apart(a: &TextEdit, b: &TextEdit) -> bool {
    a.path != b.path || a.span.end < b.span.start || b.span.end < a.span.start
}

/// One edit as an action.
fn action(title: impl Into<String>, kind: ActionKind, edits: Vec<TextEdit>) -> Action {
    Action { title: title.into(), kind, fixes: None, edits, preferred: false }
}

/// The replacement of a range.
fn edit(path: &str, span: Span, text: impl Into<String>) -> TextEdit {
    TextEdit { path: Arc::from(path), span, text: text.into() }
}

/// Text put in at a byte.
fn insert(path: &str, at: u32, text: impl Into<String>) -> TextEdit {
    edit(path, Span::new(at, at), text)
}
