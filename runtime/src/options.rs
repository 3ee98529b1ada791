//! What a run is started with, and why it may not start.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use hookc_plan::Name;
use hookc_plan::trace::Source;

/// The variables that processes inherit and that `env` secrets come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

impl Environment {
    /// The variables of this process.
    pub fn inherited() -> Environment {
        Environment { variables: std::env::vars_os().collect() }
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Environment {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// The value of a variable.
    pub fn get(&self, name: impl AsRef<OsStr>) -> Option<&OsStr> {
        self.variables.get(name.as_ref()).map(OsString::as_os_str)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.variables.iter()
    }
}

/// How to run a plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// The project's root.
    pub root: PathBuf,
    /// The project's name.
    pub project: String,
    /// The job: its key in the plan. `None`: the only one.
    pub job: Option<Name>,
    /// The job's inputs as text, as in `-p name=value`.
    pub inputs: Vec<(String, String)>,
    /// What started the run.
    pub source: Source,
    /// How many ops run at once.
    pub jobs: usize,
    /// How many ops of a queue run at once, by the queue's name. A queue that is not here has no limit.
    pub queues: BTreeMap<String, u32>,
    /// How long a process that is asked to end may take.
    pub grace: Duration,
    /// The program that runs `python` bodies.
    pub python: String,
    /// What processes inherit.
    pub environment: Environment,
    /// Run components with an `image` on this machine, and not in a container.
    pub host: bool,
}

impl Options {
    /// The defaults for a project, which is named after its folder: as many ops at once as there are cores.
    pub fn new(root: impl Into<PathBuf>) -> Options {
        let root = root.into();
        let folder = root.file_name().map(|name| name.to_string_lossy().into_owned());
        Options {
            project: folder.unwrap_or_default(),
            root,
            job: None,
            inputs: Vec::new(),
            source: Source::Manual,
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            queues: BTreeMap::new(),
            grace: Duration::from_secs(10),
            python: "python3".to_owned(),
            environment: Environment::inherited(),
            host: false,
        }
    }
}

/// Why a run did not start. Nothing was run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The plan has several jobs, and none was named.
    #[error("no job is named; the plan has {}", list(.0))]
    WhichJob(Vec<Name>),
    /// The plan has no such job.
    #[error("the plan has no job `{name}`; it has {}", list(.known))]
    NoSuchJob {
        /// The requested job.
        name: Name,
        /// The jobs of the plan.
        known: Vec<Name>,
    },
    /// Inputs that are unknown, missing or of another type, or that do not satisfy a `where`: a message for each.
    #[error("{}", .0.join("\n"))]
    Inputs(Vec<String>),
    /// Constructs that this runtime does not run yet.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Unsupported(Vec<Unsupported>),
    /// Secrets that the job reaches and that cannot be fetched.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Secrets(Vec<MissingSecret>),
    /// Components with an `image`, without a program that runs containers.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    NoContainer(Vec<NoContainer>),
    /// The folder of the run could not be created.
    #[error("cannot write to {path}: {why}")]
    Folder {
        /// The folder.
        path: String,
        /// The system's reason.
        why: String,
    },
}

/// A construct that this runtime does not run yet, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsupported {
    /// The plan's path.
    pub at: String,
    /// The construct, as it is written.
    pub construct: String,
    /// Where it is written: the path of the source and the offset in bytes.
    pub place: Option<(String, u32)>,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` uses {}, which `hookc run` cannot run yet", self.at, self.construct)?;
        match &self.place {
            Some((path, _)) => write!(f, " ({path})"),
            None => Ok(()),
        }
    }
}

/// A component with an `image`, where nothing on the `PATH` can run containers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoContainer {
    /// The plan's path of the op or hook that runs it.
    pub at: String,
    /// Where that is written: the path of the source and the offset in bytes.
    pub place: Option<(String, u32)>,
}

impl std::fmt::Display for NoContainer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` runs in a container, and neither `podman` nor `docker` is on the PATH", self.at)
    }
}

/// A secret that cannot be fetched. It never holds a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingSecret {
    /// Its name.
    pub secret: Name,
    /// Why, as in `is missing: there is no such environment variable`.
    pub why: String,
    /// The plan's path of the first op or hook that needs it.
    pub at: String,
    /// Where that is written: the path of the source and the offset in bytes.
    pub place: Option<(String, u32)>,
}

impl std::fmt::Display for MissingSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the secret `{}` {}; `{}` needs it", self.secret, self.why, self.at)
    }
}

fn list(names: &[Name]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}
