//! What the server offers: one table, from which the answer to `initialize` and the page for users are checked.

use tower_lsp::ls_types::{
    CallHierarchyServerCapability, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions, ExecuteCommandOptions,
    FileOperationFilter, FileOperationPattern, FileOperationPatternKind, FileOperationRegistrationOptions,
    FoldingRangeProviderCapability, HoverProviderCapability, InitializeResult, OneOf, PositionEncodingKind,
    RenameOptions, SaveOptions, SelectionRangeProviderCapability, SemanticTokensFullOptions, SemanticTokensOptions,
    ServerCapabilities, ServerInfo, SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, TypeDefinitionProviderCapability, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use crate::client_profile::ClientProfile;
use crate::convert::tokens::legend;
use crate::document_text::Encoding;
use crate::handlers::command::{APPLY, GRAPH};

/// One capability of the server.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name in the answer to `initialize`.
    pub capability: &'static str,
    /// The methods that it stands for.
    pub methods: &'static [&'static str],
    /// What it does for the user.
    pub what: &'static str,
}

macro_rules! rows {
    ($($capability:literal [$($method:literal),*] $what:literal;)*) => {
        &[$(Row { capability: $capability, methods: &[$($method),*], what: $what }),*]
    };
}

const TABLE: &[Row] = rows! {
    "textDocumentSync" ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave"]
        "synchronizes open documents, with incremental edits";
    "diagnosticProvider" ["textDocument/diagnostic", "workspace/diagnostic"]
        "diagnostics for clients that request them; other clients get `textDocument/publishDiagnostics`";
    "completionProvider" ["textDocument/completion"] "completions by type and context";
    "hoverProvider" ["textDocument/hover"] "signature, documentation, type, and whether a value may be missing";
    "signatureHelpProvider" ["textDocument/signatureHelp"] "the parameters of the current call";
    "definitionProvider" ["textDocument/definition"] "where a name is declared, including the library";
    "typeDefinitionProvider" ["textDocument/typeDefinition"] "where the type of a value is declared";
    "referencesProvider" ["textDocument/references"] "every use of a name";
    "documentHighlightProvider" ["textDocument/documentHighlight"] "the uses in this document";
    "documentSymbolProvider" ["textDocument/documentSymbol"] "the outline";
    "workspaceSymbolProvider" ["workspace/symbol"] "searches all declarations by name";
    "renameProvider" ["textDocument/prepareRename", "textDocument/rename"] "renames in every file, and an input also in its component's script";
    "codeActionProvider" ["textDocument/codeAction"] "fixes and refactorings";
    "codeLensProvider" ["textDocument/codeLens"] "runs a job or a test, shows a job's graph";
    "inlayHintProvider" ["textDocument/inlayHint"] "inferred types and dependencies";
    "semanticTokensProvider"
        ["textDocument/semanticTokens/full", "textDocument/semanticTokens/full/delta", "textDocument/semanticTokens/range"]
        "semantic highlighting";
    "foldingRangeProvider" ["textDocument/foldingRange"] "folds blocks, comments and imports";
    "selectionRangeProvider" ["textDocument/selectionRange"] "expands the selection by syntax";
    "documentLinkProvider" ["textDocument/documentLink"] "links paths to their files";
    "documentFormattingProvider" ["textDocument/formatting"] "formats like `hookc fmt`";
    "documentRangeFormattingProvider" ["textDocument/rangeFormatting"] "formats a part of the document";
    "callHierarchyProvider"
        ["textDocument/prepareCallHierarchy", "callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"]
        "what triggers a hook, and what it runs";
    "executeCommandProvider" ["workspace/executeCommand"]
        "`hookc.graph`: a job's graph with the place of each node; `hookc.applyEdit`: actions of clients that know only commands";
    "workspace"
        ["workspace/didChangeWorkspaceFolders", "workspace/didChangeWatchedFiles", "workspace/willRenameFiles"]
        "several folders, files that change on the disk, imports that follow a renamed file";
};

/// Every capability of the server.
pub fn table() -> &'static [Row] {
    TABLE
}

/// The answer to `initialize`.
pub(crate) fn result(profile: &ClientProfile) -> InitializeResult {
    let info = ServerInfo { name: "hookc".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
    InitializeResult { capabilities: capabilities(profile), server_info: Some(info), ..InitializeResult::default() }
}

fn capabilities(profile: &ClientProfile) -> ServerCapabilities {
    let encoding = match profile.encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
    };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(sync()),
        diagnostic_provider: Some(diagnostics()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([".", "(", "\"", "$", "{", ":", "/"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(["(", ","].map(str::to_owned).to_vec()),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        rename_provider: Some(rename(profile)),
        code_action_provider: Some(actions(profile)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        semantic_tokens_provider: Some(tokens().into()),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: [APPLY, GRAPH].map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(workspace()),
        ..ServerCapabilities::default()
    }
}

fn sync() -> TextDocumentSyncCapability {
    TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
        ..TextDocumentSyncOptions::default()
    })
}

fn diagnostics() -> DiagnosticServerCapabilities {
    DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some("hookc".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..DiagnosticOptions::default()
    })
}

/// An older client takes `true` alone.
fn rename(profile: &ClientProfile) -> OneOf<bool, RenameOptions> {
    if !profile.prepare_rename {
        return OneOf::Left(true);
    }
    let work_done_progress_options = WorkDoneProgressOptions::default();
    OneOf::Right(RenameOptions { prepare_provider: Some(true), work_done_progress_options })
}

fn actions(profile: &ClientProfile) -> CodeActionProviderCapability {
    if !profile.action_literals {
        return CodeActionProviderCapability::Simple(true);
    }
    CodeActionProviderCapability::Options(CodeActionOptions {
        code_action_kinds: Some(vec![
            CodeActionKind::QUICKFIX,
            CodeActionKind::REFACTOR_EXTRACT,
            CodeActionKind::REFACTOR_INLINE,
            CodeActionKind::REFACTOR_REWRITE,
            CodeActionKind::SOURCE_FIX_ALL,
        ]),
        ..CodeActionOptions::default()
    })
}

fn tokens() -> SemanticTokensOptions {
    SemanticTokensOptions {
        legend: legend(),
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    }
}

fn workspace() -> WorkspaceServerCapabilities {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern { glob: glob.to_owned(), matches: Some(matches), options: None },
    };
    let renamed = FileOperationRegistrationOptions {
        filters: vec![
            filter("**/*.hook", FileOperationPatternKind::File),
            filter("**", FileOperationPatternKind::Folder),
        ],
    };
    WorkspaceServerCapabilities {
        workspace_folders: Some(WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(OneOf::Left(true)),
        }),
        file_operations: Some(WorkspaceFileOperationsServerCapabilities {
            will_rename: Some(renamed),
            ..WorkspaceFileOperationsServerCapabilities::default()
        }),
    }
}
