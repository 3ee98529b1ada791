//! `textDocument/codeLens`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{CodeLens, CodeLensParams};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn code_lens(state: &State, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let lenses = view.world.lenses(&view.path);
    Ok(Some(lenses.into_iter().filter_map(|lens| convert::lens(&view, lens)).collect()))
}
