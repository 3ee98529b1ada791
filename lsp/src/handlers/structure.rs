//! `textDocument/foldingRange`, `textDocument/selectionRange` and `textDocument/documentLink`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    DocumentLink, DocumentLinkParams, FoldingRange, FoldingRangeParams, SelectionRange, SelectionRangeParams,
};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn folding_range(state: &State, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let folds = view.world.folds(&view.path).iter().map(|fold| convert::fold(&view, fold)).collect::<Vec<_>>();
    Ok(Some(folds.into_iter().filter(|fold| fold.end_line > fold.start_line).collect()))
}

/// One for each position, in their order, as the protocol demands.
pub(crate) fn selection_range(state: &State, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let ranges = params.positions.into_iter().map(|position| {
        let spans = view.world.selection(&view.path, view.offset(position));
        convert::selection(&view, &spans)
            .unwrap_or_else(|| SelectionRange { range: view.range(view.text.whole()), parent: None })
    });
    Ok(Some(ranges.collect()))
}

pub(crate) fn document_link(state: &State, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let links = view.world.links(&view.path);
    Ok(Some(links.iter().filter_map(|link| convert::link(&view, link)).collect()))
}
