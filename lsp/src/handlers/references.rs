//! `textDocument/references` and `textDocument/documentHighlight`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightParams, Location, ReferenceParams};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn references(state: &State, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
    let at = params.text_document_position;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let found = view.world.references(&view.path, view.offset(at.position), params.context.include_declaration);
    Ok(Some(convert::locations(&view, &found)))
}

pub(crate) fn highlight(state: &State, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
    let at = params.text_document_position_params;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let found = view.world.highlights(&view.path, view.offset(at.position));
    Ok(Some(found.iter().map(|highlight| convert::highlight(&view, highlight)).collect()))
}
