//! `textDocument/signatureHelp`

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{SignatureHelp, SignatureHelpParams};

use crate::convert;
use crate::document_view::DocumentView;
use crate::state::State;

pub(crate) fn signature_help(state: &State, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
    let at = params.text_document_position_params;
    let Some(view) = DocumentView::of(state, &at.text_document.uri) else { return Ok(None) };
    let signature = view.world.signature(&view.path, view.offset(at.position));
    Ok(signature.map(|signature| convert::signature(&view, signature)))
}
