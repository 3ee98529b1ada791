//! Runs plans for real, in folders of their own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hookc_plan::Plan;
use hookc_plan::trace::TraceEvent;
use hookc_runtime::{Environment, Options, Report, RunError, Signal, run};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::build::*;

/// A project folder.
pub struct Project {
    pub root: TempDir,
    pub options: Options,
}

/// A run that has ended.
pub struct Done {
    pub report: Report,
    pub trace: Vec<TraceEvent>,
}

impl Project {
    pub fn new() -> Project {
        let root = tempfile::tempdir().unwrap();
        let mut options = Options::new(root.path());
        options.jobs = 4;
        options.grace = Duration::from_millis(700);
        Project { root, options }
    }

    pub fn file(self, name: &str, text: &str) -> Project {
        std::fs::write(self.path(name), text).unwrap();
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Project {
        self.options.environment = std::mem::take(&mut self.options.environment).with(name, value);
        self
    }

    pub fn only_env(mut self, variables: &[(&str, &str)]) -> Project {
        let start = Environment::default().with("PATH", "/usr/bin:/bin");
        self.options.environment = variables.iter().fold(start, |all, (name, value)| all.with(*name, *value));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn run(&self, plan: Plan) -> Done {
        self.run_signalled(plan, Vec::new())
    }

    /// Why the plan does not start.
    pub fn refusal(&self, plan: Plan) -> String {
        let refused = self.not_started(plan, Duration::from_secs(60), Signal::Sigint);
        assert_eq!(refused.exit_code(), 2, "{refused}");
        refused.to_string()
    }

    /// Why a plan that is asked to stop after this time does not start.
    pub fn not_started(&self, plan: Plan, after: Duration, signal: Signal) -> RunError {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut trace: Vec<TraceEvent> = Vec::new();
        let refused = runtime.block_on(async {
            let (sender, mut receiver) = mpsc::unbounded_channel();
            tokio::spawn(async move {
                tokio::time::sleep(after).await;
                let _ = sender.send(signal);
            });
            run(plan.shared(), &self.options, &mut trace, &mut receiver).await.unwrap_err()
        });
        assert_eq!((trace.len(), self.path(".hook").exists()), (0, false), "{refused}");
        refused
    }

    /// Runs the plan, asked to stop at these times.
    pub fn run_signalled(&self, plan: Plan, signals: Vec<(Duration, Signal)>) -> Done {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let done = runtime.block_on(async {
            let (sender, mut receiver) = mpsc::unbounded_channel();
            tokio::spawn(async move {
                for (after, signal) in signals {
                    tokio::time::sleep(after).await;
                    let _ = sender.send(signal);
                }
                std::future::pending::<()>().await;
            });
            let mut trace = Vec::new();
            let report = run(plan.shared(), &self.options, &mut trace, &mut receiver).await.unwrap();
            Done { report, trace }
        });
        runtime.shutdown_background();
        done
    }

    /// Every file below the run's folder that holds `text`.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut left = vec![self.path(".hook")];
        while let Some(folder) = left.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    left.push(path);
                } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(text) {
                    found.push(path);
                }
            }
        }
        found
    }
}

impl Done {
    pub fn folder(&self) -> &Path {
        Path::new(&self.report.folder)
    }

    /// The kind and message of the only op's failure.
    pub fn failure(&self) -> (&'static str, String) {
        let error = self.report.ops[0].error.as_ref().unwrap_or_else(|| panic!("{:#?}", self.report));
        (error.kind.word(), error.message.clone())
    }
}
