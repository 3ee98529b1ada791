//! `textDocument/completion`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{CompletionList, CompletionParams, CompletionResponse};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn completion(state: &State, params: CompletionParams) -> Result<Option<CompletionResponse>> {
    let at = params.text_document_position;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let found = view.world.complete(&view.path, view.offset(at.position));
    let replace = view.range(found.replace);
    let mut items = found.items;
    items.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    let items =
        items.into_iter().enumerate().map(|(index, item)| convert::completion(&view, replace, index, item)).collect();
    Ok(Some(CompletionResponse::List(CompletionList { is_incomplete: false, items })))
}
