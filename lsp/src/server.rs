//! The methods of the protocol, each one line: the handlers are plain functions over a snapshot.

use std::sync::Arc;

use tokio::task::JoinHandle;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::*;
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};

use crate::handlers::{self, semantic_tokens::Tokens};
use crate::message_order::{internal, ticket};
use crate::session::{DiskJob, Session};
use crate::state::State;
use crate::{disk_queue, server_capabilities};

/// What the dispatcher calls.
pub(crate) struct Server {
    session: Arc<Session>,
    client: Client,
    tokens: Arc<Tokens>,
}

/// The dispatcher, and the way to the client.
pub(crate) fn service(session: Arc<Session>) -> (LspService<Server>, ClientSocket) {
    let service = LspService::build(|client| Server { session, client, tokens: Arc::default() });
    #[cfg(test)]
    let service = crate::tests::with_faults(service);
    service.finish()
}

impl Server {
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// A line for the client's log.
    pub(crate) fn log(&self, message: String) {
        let client = self.client.clone();
        tokio::spawn(async move { client.log_message(MessageType::ERROR, message).await });
    }

    /// Answers on another thread, from what was known when the request was read.
    pub(crate) async fn answer<P, T>(&self, params: P, handler: fn(&State, P) -> Result<T>) -> Result<T>
    where
        P: Send + 'static,
        T: Send + 'static,
    {
        let state = ticket();
        background(move || handler(&state, params)).await
    }

    async fn colour<P, T>(&self, params: P, handler: fn(&State, &Tokens, P) -> Result<T>) -> Result<T>
    where
        P: Send + 'static,
        T: Send + 'static,
    {
        let (state, tokens) = (ticket(), self.tokens.clone());
        background(move || handler(&state, &tokens, params)).await
    }
}

/// Work on another thread. Where the request is cancelled, it is not begun; a panic is an answer.
pub(crate) async fn background<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    struct Begun<T>(JoinHandle<T>);
    impl<T> Drop for Begun<T> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let mut begun = Begun(tokio::task::spawn_blocking(work));
    match (&mut begun.0).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => Err(internal(&*panic)),
            Err(_) => Err(tower_lsp::jsonrpc::Error::request_cancelled()),
        },
    }
}

impl LanguageServer for Server {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(server_capabilities::result(&self.session.snapshot().profile))
    }

    async fn initialized(&self, _: InitializedParams) {
        self.session.want(DiskJob::Scan);
        if self.session.snapshot().profile.watches_files {
            tokio::spawn(disk_queue::watch_files(self.client.clone()));
        }
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.answer(params, handlers::hover::hover).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.answer(params, handlers::completion::completion).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.answer(params, handlers::signature_help::signature_help).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.answer(params, handlers::definition::definition).await
    }

    async fn goto_type_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.answer(params, handlers::definition::type_definition).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.answer(params, handlers::references::references).await
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.answer(params, handlers::references::highlight).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.answer(params, handlers::symbols::document_symbol).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.answer(params, handlers::symbols::workspace_symbol).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.answer(params, handlers::rename::prepare_rename).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.answer(params, handlers::rename::rename).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.answer(params, handlers::rename::will_rename_files).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.answer(params, handlers::code_action::code_action).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.answer(params, handlers::code_lens::code_lens).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.answer(params, handlers::inlay_hint::inlay_hint).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        self.colour(params, handlers::semantic_tokens::full).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.colour(params, handlers::semantic_tokens::delta).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.answer(params, handlers::semantic_tokens::range).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.answer(params, handlers::structure::folding_range).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.answer(params, handlers::structure::selection_range).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.answer(params, handlers::structure::document_link).await
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.answer(params, handlers::formatting::formatting).await
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.answer(params, handlers::formatting::range_formatting).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.answer(params, handlers::call_hierarchy::prepare).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.answer(params, handlers::call_hierarchy::incoming).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.answer(params, handlers::call_hierarchy::outgoing).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.answer(params, handlers::diagnostic::document).await
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        handlers::diagnostic::workspace(&self.session, ticket(), params).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        handlers::command::execute(&self.client, ticket(), params).await
    }
}
