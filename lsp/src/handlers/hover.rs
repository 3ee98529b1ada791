//! `textDocument/hover`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Hover, HoverParams};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn hover(state: &State, params: HoverParams) -> Result<Option<Hover>> {
    let at = params.text_document_position_params;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let hover = view.world.hover(&view.path, view.offset(at.position));
    Ok(hover.map(|hover| convert::hover(&view, hover)))
}
