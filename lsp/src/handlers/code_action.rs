//! `textDocument/codeAction`

use hookc_compiler::ide::{Action, ActionKind};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{self as lsp, CodeActionKind, CodeActionParams, CodeActionResponse};

use super::command::APPLY;
use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn code_action(state: &State, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let only = params.context.only;
    let actions = view.world.actions(&view.path, view.span(params.range));
    let actions = actions.into_iter().filter(|action| is_wanted(action.kind, only.as_deref()));
    let actions = actions.filter_map(|action| {
        let fixed = fixed(&view, &action);
        convert::action(&view, action, fixed, APPLY)
    });
    Ok(Some(actions.collect()))
}

/// Kinds are paths: who wants `refactor` wants `refactor.extract` too.
pub(crate) fn is_wanted(kind: ActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let kind = convert::action_kind(kind);
    let fits = |wanted: &CodeActionKind| {
        let rest = kind.as_str().strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| wanted.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'))
    };
    only.is_none_or(|only| only.iter().any(fits))
}

/// The diagnostics that an action fixes.
fn fixed(view: &DocumentView<'_>, action: &Action) -> Vec<lsp::Diagnostic> {
    let Some((code, span)) = action.fixes else { return Vec::new() };
    let findings = view.world.findings(&view.path);
    let fixed = findings.iter().filter(|found| found.code.id == code && found.span() == span);
    fixed.map(|found| convert::diagnostic(view, found)).collect()
}
