//! Colours: each token relative to the one before, and what has changed since the last answer.

use hookc_compiler::ide::{self, TokenKind};
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensEdit, SemanticTokensLegend,
};

use crate::document_view::DocumentView;

/// The bit of what is declared here.
const DECLARATION: u32 = 1;
/// The bit of what is built in.
const LIBRARY: u32 = 2;

/// The names of the numbers.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenKind::ALL.iter().map(|kind| SemanticTokenType::new(kind.word())).collect(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION, SemanticTokenModifier::DEFAULT_LIBRARY],
    }
}

/// The tokens, which are sorted and do not overlap.
pub(crate) fn tokens(view: &DocumentView<'_>, tokens: &[ide::SemanticToken]) -> Vec<SemanticToken> {
    let (mut line, mut column) = (0, 0);
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        let range = view.range(token.span);
        if range.end.line != range.start.line || range.end.character <= range.start.character {
            continue;
        }
        if range.start.line != line {
            column = 0;
        }
        out.push(SemanticToken {
            delta_line: range.start.line.saturating_sub(line),
            delta_start: range.start.character.saturating_sub(column),
            length: range.end.character - range.start.character,
            token_type: TokenKind::ALL
                .iter()
                .position(|kind| *kind == token.kind)
                .map_or(0, crate::document_text::number),
            token_modifiers_bitset: if token.declaration { DECLARATION } else { 0 }
                | if token.library { LIBRARY } else { 0 },
        });
        (line, column) = (range.start.line, range.start.character);
    }
    out
}

/// The one stretch in which two lists differ, in numbers, of which a token has five.
pub(crate) fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let before = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(before..).unwrap_or(&[]), new.get(before..).unwrap_or(&[]));
    let after = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(..old.len() - after).unwrap_or(&[]), new.get(..new.len() - after).unwrap_or(&[]));
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let numbers = |count: usize| crate::document_text::number(count * 5);
    vec![SemanticTokensEdit {
        start: numbers(before),
        delete_count: numbers(old.len()),
        data: (!new.is_empty()).then(|| new.to_vec()),
    }]
}
