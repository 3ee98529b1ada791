//! `textDocument/inlayHint`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{InlayHint, InlayHintParams};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn inlay_hint(state: &State, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let hints = view.world.inlay_hints(&view.path, view.span(params.range));
    Ok(Some(hints.into_iter().map(|hint| convert::inlay_hint(&view, hint)).collect()))
}
