//! `textDocument/definition` and `textDocument/typeDefinition`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn definition(state: &State, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
    let at = params.text_document_position_params;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let found = view.world.definition(&view.path, view.offset(at.position));
    Ok(Some(GotoDefinitionResponse::Array(convert::locations(&view, &found))))
}

pub(crate) fn type_definition(state: &State, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
    let at = params.text_document_position_params;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let found = view.world.type_definition(&view.path, view.offset(at.position));
    Ok(Some(GotoDefinitionResponse::Array(convert::locations(&view, &found))))
}
