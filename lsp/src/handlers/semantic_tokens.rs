//! `textDocument/semanticTokens`: all, a range, and what has changed since the last answer.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult,
    SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use crate::convert::tokens;
use crate::document_view::DocumentView;
use crate::state::State;

/// The last answers, of what is still open.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<BTreeMap<Uri, Answer>>);

#[derive(Debug)]
struct Answer {
    id: u64,
    tokens: Vec<SemanticToken>,
}

impl Tokens {
    /// Remembers an answer: its name, and the one before where it has this name.
    fn put(
        &self,
        state: &State,
        uri: Uri,
        before: Option<&str>,
        tokens: &[SemanticToken],
    ) -> (String, Option<Vec<SemanticToken>>) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|uri, _| state.opened.contains_key(uri));
        let last = answers.remove(&uri);
        let id = last.as_ref().map_or(0, |last| last.id) + 1;
        answers.insert(uri, Answer { id, tokens: tokens.to_vec() });
        let last = last.filter(|last| before.is_some_and(|before| before == last.id.to_string()));
        (id.to_string(), last.map(|last| last.tokens))
    }
}

pub(crate) fn full(
    state: &State,
    known: &Tokens,
    params: SemanticTokensParams,
) -> Result<Option<SemanticTokensResult>> {
    let uri = params.text_document.uri;
    let Some(data) = all(state, &uri) else { return Ok(None) };
    let (id, _) = known.put(state, uri, None, &data);
    Ok(Some(SemanticTokensResult::Tokens(SemanticTokens { result_id: Some(id), data })))
}

pub(crate) fn delta(
    state: &State,
    known: &Tokens,
    params: SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>> {
    let uri = params.text_document.uri;
    let Some(data) = all(state, &uri) else { return Ok(None) };
    let (id, before) = known.put(state, uri, Some(&params.previous_result_id), &data);
    Ok(Some(match before {
        Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: Some(id),
            edits: tokens::difference(&before, &data),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id: Some(id), data }),
    }))
}

pub(crate) fn range(state: &State, params: SemanticTokensRangeParams) -> Result<Option<SemanticTokensRangeResult>> {
    let Some(view) = DocumentView::of(state, &params.text_document.uri) else { return Ok(None) };
    let found = view.world.semantic_tokens(&view.path, Some(view.span(params.range)));
    let data = tokens::tokens(&view, &found);
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
}

fn all(state: &State, uri: &Uri) -> Option<Vec<SemanticToken>> {
    let view = DocumentView::of(state, uri)?;
    Some(tokens::tokens(&view, &view.world.semantic_tokens(&view.path, None)))
}
