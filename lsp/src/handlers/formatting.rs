//! `textDocument/formatting` and `textDocument/rangeFormatting`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

/// There is one form, whatever the editor's settings say.
pub(crate) fn formatting(state: &State, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let edits = view.world.format(&view.path);
    Ok(edits.map(|edits| convert::text_edits(&view, &edits)))
}

pub(crate) fn range_formatting(state: &State, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let edits = view.world.format_range(&view.path, view.span(params.range));
    Ok(edits.map(|edits| convert::text_edits(&view, &edits)))
}
