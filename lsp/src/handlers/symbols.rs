//! `textDocument/documentSymbol` and `workspace/symbol`

use std::sync::Arc;

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentSymbolParams, DocumentSymbolResponse, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::convert;
use crate::document_view::DocumentView;
use crate::project::{ProjectFile, ProjectId};
use crate::state::State;

pub(crate) fn document_symbol(state: &State, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
    let uri = params.text_document.uri;
    let Some(view) = DocumentView::of(state, &uri) else { return Ok(None) };
    let symbols = view.world.document_symbols(&view.path);
    Ok(Some(if state.profile.symbol_tree {
        DocumentSymbolResponse::Nested(convert::document_symbols(&view, symbols))
    } else {
        DocumentSymbolResponse::Flat(convert::flat_symbols(&view, &uri, symbols))
    }))
}

pub(crate) fn workspace_symbol(
    state: &State,
    params: WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>> {
    let mut all = Vec::new();
    for (project_id, project) in state.projects.iter().filter(|(project_id, _)| **project_id != ProjectId::Library) {
        let symbols = project.world().workspace_symbols(&params.query);
        let Some(path) = symbols.first().map(|symbol| Arc::clone(&symbol.location.path)) else { continue };
        let Some(view) = DocumentView::at(state, &ProjectFile { project_id: project_id.clone(), path }) else {
            continue;
        };
        all.extend(symbols.into_iter().filter_map(|symbol| convert::workspace_symbol(&view, symbol)));
    }
    Ok(Some(WorkspaceSymbolResponse::Nested(all)))
}
