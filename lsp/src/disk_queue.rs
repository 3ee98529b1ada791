//! The queue of work on the disk, and telling the client what to ask again afterwards.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, MessageType, NumberOrString, Registration,
};
use tower_lsp::{Client, NotCancellable, OngoingProgress, Unbounded};

use crate::disk;
use crate::session::{DiskJob, Session};

/// Does the jobs, one after the other.
pub(crate) async fn work(session: Arc<Session>, client: Client, mut jobs: UnboundedReceiver<DiskJob>) {
    let mut is_first = true;
    while let Some(job) = jobs.recv().await {
        let progress = (is_first && session.snapshot().profile.progress).then(|| begin(client.clone()));
        is_first = false;
        let worker = session.clone();
        let done = tokio::task::spawn_blocking(move || disk::work(&worker, job)).await;
        match done {
            Ok(problems) => {
                for problem in problems {
                    client.log_message(MessageType::WARNING, problem).await;
                }
            }
            Err(_) => {
                client.log_message(MessageType::ERROR, "internal error in hookc: reading files failed").await;
            }
        }
        if let Some(progress) = progress {
            tokio::spawn(end(progress));
        }
        ask_again(&session, &client);
    }
}

type Progress = tokio::task::JoinHandle<Option<OngoingProgress<Unbounded, NotCancellable>>>;

fn begin(client: Client) -> Progress {
    tokio::spawn(async move {
        let token = NumberOrString::String("hookc/load".to_owned());
        client.create_work_done_progress(token.clone()).await.ok()?;
        Some(client.progress(token, "hookc: reading the workspace").begin().await)
    })
}

async fn end(progress: Progress) {
    if let Ok(Some(progress)) = progress.await {
        progress.finish().await;
    }
}

/// What was read may change answers that the client has already had.
fn ask_again(session: &Session, client: &Client) {
    let asks = session.snapshot().profile.refreshes;
    let client = client.clone();
    tokio::spawn(async move {
        // A client that says no keeps what it has.
        if asks.diagnostics {
            let _ = client.workspace_diagnostic_refresh().await;
        }
        if asks.tokens {
            let _ = client.semantic_tokens_refresh().await;
        }
        if asks.hints {
            let _ = client.inlay_hint_refresh().await;
        }
        if asks.lenses {
            let _ = client.code_lens_refresh().await;
        }
    });
}

/// Asks the client to report files that change on the disk.
pub(crate) async fn watch_files(client: Client) {
    let watcher =
        |pattern: &str| FileSystemWatcher { glob_pattern: GlobPattern::String(pattern.to_owned()), kind: None };
    let watchers = ["**/*.hook", "**/hook.toml", "**/.gitignore", "**/.ignore"].map(watcher).to_vec();
    let options = serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers }).ok();
    let registration = Registration {
        id: "hookc/files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: options,
    };
    if client.register_capability(vec![registration]).await.is_err() {
        client.log_message(MessageType::INFO, "the client does not report files that change on the disk").await;
    }
}
