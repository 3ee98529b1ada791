//! What the client can do, read once from what it sends with `initialize`.
//!
//! The capabilities are read as they come: a field that is missing, or of another form than the protocol says, counts as
//! not supported, and never makes the server refuse its client.

use std::path::PathBuf;

use serde_json::Value;

use crate::document_text::Encoding;
use crate::uri;

/// The client.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one capability of the protocol")]
pub(crate) struct ClientProfile {
    pub(crate) encoding: Encoding,
    /// It asks for diagnostics; else they are sent.
    pub(crate) pulls: bool,
    pub(crate) related_information: bool,
    pub(crate) tags: bool,
    pub(crate) versioned_edits: bool,
    pub(crate) hover_markdown: bool,
    pub(crate) completion_markdown: bool,
    pub(crate) signature_markdown: bool,
    pub(crate) label_offsets: bool,
    pub(crate) snippets: bool,
    pub(crate) symbol_tree: bool,
    pub(crate) action_literals: bool,
    pub(crate) preferred_actions: bool,
    pub(crate) prepare_rename: bool,
    pub(crate) line_folds: bool,
    pub(crate) progress: bool,
    pub(crate) watches_files: bool,
    pub(crate) applies_edits: bool,
    pub(crate) refreshes: Refreshes,
}

/// What the client asks for again on request.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one capability of the protocol")]
pub(crate) struct Refreshes {
    pub(crate) diagnostics: bool,
    pub(crate) tokens: bool,
    pub(crate) hints: bool,
    pub(crate) lenses: bool,
}

impl ClientProfile {
    /// From the parameters of `initialize`.
    pub(crate) fn read(params: &Value) -> ClientProfile {
        let of = |path: &str| params.pointer(&format!("/capabilities/{path}"));
        let has = |path: &str| of(path).and_then(Value::as_bool).unwrap_or(false);
        let says = |path: &str, word: &str| {
            of(path).and_then(Value::as_array).is_some_and(|words| words.iter().any(|one| one == word))
        };
        ClientProfile {
            encoding: if says("general/positionEncodings", "utf-8") { Encoding::Utf8 } else { Encoding::Utf16 },
            pulls: of("textDocument/diagnostic").is_some_and(Value::is_object),
            related_information: has("textDocument/publishDiagnostics/relatedInformation")
                || has("textDocument/diagnostic/relatedInformation")
                || of("textDocument/diagnostic").is_some_and(Value::is_object),
            tags: of("textDocument/publishDiagnostics/tagSupport").is_some()
                || of("textDocument/diagnostic").is_some_and(Value::is_object),
            versioned_edits: has("workspace/workspaceEdit/documentChanges"),
            hover_markdown: says("textDocument/hover/contentFormat", "markdown"),
            completion_markdown: says("textDocument/completion/completionItem/documentationFormat", "markdown"),
            signature_markdown: says("textDocument/signatureHelp/signatureInformation/documentationFormat", "markdown"),
            label_offsets: has(
                "textDocument/signatureHelp/signatureInformation/parameterInformation/labelOffsetSupport",
            ),
            snippets: has("textDocument/completion/completionItem/snippetSupport"),
            symbol_tree: has("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            action_literals: of("textDocument/codeAction/codeActionLiteralSupport").is_some_and(Value::is_object),
            preferred_actions: has("textDocument/codeAction/isPreferredSupport"),
            prepare_rename: has("textDocument/rename/prepareSupport"),
            line_folds: has("textDocument/foldingRange/lineFoldingOnly"),
            progress: has("window/workDoneProgress"),
            watches_files: has("workspace/didChangeWatchedFiles/dynamicRegistration"),
            applies_edits: has("workspace/applyEdit"),
            refreshes: Refreshes {
                diagnostics: has("workspace/diagnostics/refreshSupport") || has("workspace/diagnostic/refreshSupport"),
                tokens: has("workspace/semanticTokens/refreshSupport"),
                hints: has("workspace/inlayHint/refreshSupport"),
                lenses: has("workspace/codeLens/refreshSupport"),
            },
        }
    }
}

/// The process of the client, which the server does not outlive.
pub(crate) fn process(params: &Value) -> Option<i32> {
    params.get("processId").and_then(Value::as_i64).and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 0)
}

/// The folders that the client has open, as it writes them.
pub(crate) fn folders(params: &Value) -> Vec<PathBuf> {
    let of_uri = |value: &Value| value.as_str().and_then(uri::parse).and_then(|uri| uri::to_path(&uri));
    if let Some(folders) = params.get("workspaceFolders").and_then(Value::as_array) {
        return folders.iter().filter_map(|folder| of_uri(folder.get("uri")?)).collect();
    }
    let root = params.get("rootUri").and_then(of_uri);
    root.or_else(|| params.get("rootPath").and_then(Value::as_str).map(PathBuf::from)).into_iter().collect()
}
