//! Symbols of a document, as a tree or as a list.

use hookc_compiler::ide;
use tower_lsp::ls_types::{DocumentSymbol, Location, SymbolInformation, Uri};

use super::symbol_kind;
use crate::document_view::DocumentView;

/// The tree.
#[expect(deprecated, reason = "the protocol's type still has the old field")]
pub(crate) fn document_symbols(view: &DocumentView<'_>, symbols: Vec<ide::DocumentSymbol>) -> Vec<DocumentSymbol> {
    let symbols = symbols.into_iter().map(|symbol| DocumentSymbol {
        name: shown(symbol.name),
        detail: symbol.detail,
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: view.range(symbol.span),
        selection_range: view.range(symbol.name_span),
        children: Some(document_symbols(view, symbol.children)).filter(|children| !children.is_empty()),
    });
    symbols.collect()
}

/// The list, each with the name of what holds it.
pub(crate) fn flat_symbols(
    view: &DocumentView<'_>,
    uri: &Uri,
    symbols: Vec<ide::DocumentSymbol>,
) -> Vec<SymbolInformation> {
    let mut flat = Vec::new();
    push(view, uri, None, symbols, &mut flat);
    flat
}

#[expect(deprecated, reason = "the protocol's type still has the old field")]
fn push(
    view: &DocumentView<'_>,
    uri: &Uri,
    container: Option<&str>,
    symbols: Vec<ide::DocumentSymbol>,
    flat: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        let name = shown(symbol.name);
        flat.push(SymbolInformation {
            name: name.clone(),
            kind: symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            location: Location { uri: uri.clone(), range: view.range(symbol.span) },
            container_name: container.map(str::to_owned),
        });
        push(view, uri, Some(&name), symbol.children, flat);
    }
}

/// Editors refuse a symbol without a name, such as one that is being typed.
fn shown(name: String) -> String {
    if name.trim().is_empty() { "…".to_owned() } else { name }
}
