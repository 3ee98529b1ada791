//! Runs components on this machine: processes in groups of their own, and requests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Poll};

use hookc_plan::Plan;
use tokio::sync::{mpsc, watch};

use super::shared::Shared;
use super::{Executor, body};
use crate::options::Options;
use crate::run_folder::RunFolder;
use crate::secrets::Secrets;
use crate::task::{ExecutorEvent, Kill, TaskId, TaskOutcome, TaskStart};

/// The executor of this machine.
#[derive(Debug)]
pub struct LocalExecutor {
    shared: Arc<Shared>,
    kills: BTreeMap<TaskId, watch::Sender<Option<Kill>>>,
    messages: mpsc::UnboundedReceiver<ExecutorEvent>,
    sender: mpsc::UnboundedSender<ExecutorEvent>,
}

impl LocalExecutor {
    /// An executor for one run. It must live inside a tokio runtime.
    pub(crate) fn new(
        plan: Arc<Plan>,
        run: String,
        folder: RunFolder,
        secrets: Secrets,
        options: &Options,
    ) -> LocalExecutor {
        let (sender, messages) = mpsc::unbounded_channel();
        let shared = Shared::new(plan, run, folder, secrets, options);
        LocalExecutor { shared: Arc::new(shared), kills: BTreeMap::new(), messages, sender }
    }
}

impl LocalExecutor {
    /// Keeps what a person should know of the run.
    pub(crate) fn warn(&self, note: String) {
        self.shared.warn(note);
    }
}

impl Executor for LocalExecutor {
    fn start(&mut self, task: TaskStart) {
        let (kill, killed) = watch::channel(None);
        self.kills.insert(task.id, kill);
        let shared = Arc::clone(&self.shared);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let id = task.id;
            let started = |pid| {
                // Nobody listens any more once the run has ended.
                let _ = sender.send(ExecutorEvent::Started(id, pid));
            };
            let ended = body::run(&shared, &task, killed, started).await;
            let _ = sender.send(ExecutorEvent::Exited(id, masked(&shared, ended)));
        });
    }

    fn kill(&mut self, task: TaskId, how: Kill) {
        if let Some(kill) = self.kills.get(&task) {
            kill.send_replace(Some(how));
        }
    }

    fn create_log(&mut self, path: &str) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(path);
        if let Err(error) = log {
            self.shared.warn(format!("cannot create the log {path}: {error}"));
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ExecutorEvent> {
        match self.messages.poll_recv(context) {
            Poll::Ready(Some(message)) => {
                if let ExecutorEvent::Exited(id, _) = &message {
                    self.kills.remove(id);
                }
                Poll::Ready(message)
            }
            // The sender lives as long as this executor.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    fn warnings(&self) -> Vec<String> {
        self.shared.warnings()
    }
}

/// No message leaves with a secret in it.
fn masked(shared: &Shared, mut ended: TaskOutcome) -> TaskOutcome {
    if let Some(failure) = &mut ended.failure {
        let patterns = shared.secrets.patterns();
        failure.message = patterns.mask(&failure.message);
        failure.traceback = failure.traceback.as_deref().map(|text| patterns.mask(text));
    }
    ended
}
