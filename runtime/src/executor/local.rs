//! Runs components on this machine: processes in groups of their own, and requests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::Plan;
use tokio::sync::{mpsc, watch};

use super::{Executor, Kill, Message, Start, TaskId, TaskOutcome, body};
use crate::options::{Environment, Options};
use crate::secrets::Secrets;

/// The folder of a run: `.hook/runs/RUN/`.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    pub(crate) root: PathBuf,
    run: PathBuf,
}

impl RunFolder {
    pub(crate) fn new(root: &Path, run: &str) -> RunFolder {
        RunFolder { root: root.to_owned(), run: root.join(".hook").join("runs").join(run) }
    }

    /// Makes the folders that every run has.
    pub(crate) fn create(&self) -> std::io::Result<()> {
        std::fs::create_dir_all(self.run.join("logs"))?;
        std::fs::create_dir_all(self.run.join("work"))
    }

    pub(crate) fn run(&self) -> PathBuf {
        self.run.clone()
    }

    /// `logs/LABEL.N.out`
    pub(crate) fn log(&self, label: &str, number: u32, stream: &str) -> PathBuf {
        self.run.join("logs").join(format!("{label}.{number}.{stream}"))
    }

    /// `work/LABEL/N`; the files that hold inputs and outputs lie beside it.
    pub(crate) fn work(&self, label: &str, number: u32) -> PathBuf {
        self.run.join("work").join(label).join(number.to_string())
    }
}

/// What all tasks of a run share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) plan: Arc<Plan>,
    pub(super) run: String,
    pub(super) folder: RunFolder,
    pub(super) secrets: Secrets,
    pub(super) environment: Environment,
    pub(super) python: String,
    pub(super) grace: Duration,
    warnings: Mutex<Vec<String>>,
}

impl Shared {
    /// Notes what a person should know.
    pub(super) fn warn(&self, warning: String) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }
}

/// The executor of this machine.
#[derive(Debug)]
pub struct LocalExecutor {
    shared: Arc<Shared>,
    kills: BTreeMap<TaskId, watch::Sender<Option<Kill>>>,
    messages: mpsc::UnboundedReceiver<Message>,
    sender: mpsc::UnboundedSender<Message>,
}

impl LocalExecutor {
    /// An executor for one run. It must live inside a tokio runtime.
    pub(crate) fn new(plan: Arc<Plan>, run: String, folder: RunFolder, options: &Options) -> LocalExecutor {
        let (sender, messages) = mpsc::unbounded_channel();
        let shared = Shared {
            secrets: Secrets::new(&plan, folder.root.clone(), options.environment.clone()),
            plan,
            run,
            folder,
            environment: options.environment.clone(),
            python: options.python.clone(),
            grace: options.grace,
            warnings: Mutex::default(),
        };
        LocalExecutor { shared: Arc::new(shared), kills: BTreeMap::new(), messages, sender }
    }
}

impl Executor for LocalExecutor {
    fn start(&mut self, task: Start) {
        let (kill, killed) = watch::channel(None);
        self.kills.insert(task.id, kill);
        let shared = Arc::clone(&self.shared);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let id = task.id;
            let started = |pid| {
                // Nobody listens any more once the run has ended.
                let _ = sender.send(Message::Started(id, pid));
            };
            let ended = body::run(&shared, &task, killed, started).await;
            let _ = sender.send(Message::Exited(id, masked(&shared, ended)));
        });
    }

    fn kill(&mut self, task: TaskId, how: Kill) {
        if let Some(kill) = self.kills.get(&task) {
            kill.send_replace(Some(how));
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Message> {
        match self.messages.poll_recv(context) {
            Poll::Ready(Some(message)) => {
                if let Message::Exited(id, _) = &message {
                    self.kills.remove(id);
                }
                Poll::Ready(message)
            }
            // The sender lives as long as this executor.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.shared.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone();
        warnings.extend(
            self.shared
                .secrets
                .unmasked()
                .iter()
                .map(|name| format!("the secret `{name}` is shorter than 4 bytes and is not masked in logs")),
        );
        warnings
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
