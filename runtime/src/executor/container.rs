//! Bodies with an `image` run in a container: by `podman` or `docker`, as the same user, with the project's folder, which
//! holds the run's folder too, at the same path.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use hookc_plan::{Body, Component, Placement};

use crate::options::Environment;

/// The programs that run containers, the preferred one first.
const ENGINES: [&str; 2] = ["podman", "docker"];
/// How long the removal of a container may take.
const REMOVAL: Duration = Duration::from_secs(10);
/// Variables that describe this machine, and not the step.
const OF_THE_MACHINE: [&str; 16] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "HOSTNAME",
    "TMPDIR",
    "TMP",
    "TEMP",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "MAIL",
    "_",
];

/// The container of one attempt.
#[derive(Debug)]
pub(super) struct Container<'a> {
    pub(super) engine: &'a Path,
    /// Its name, by which it is removed when the step is killed.
    pub(super) name: String,
    pub(super) image: String,
    pub(super) root: &'a Path,
    pub(super) cwd: &'a Path,
    pub(super) placement: &'a Placement,
    /// Whether the program reads its standard input.
    pub(super) talks: bool,
}

/// The first container engine on the `PATH`.
pub(crate) fn engine(environment: &Environment) -> Option<PathBuf> {
    let path = environment.get("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(path).collect();
    let candidates = ENGINES.iter().flat_map(|engine| folders.iter().map(move |folder| folder.join(engine)));
    candidates.into_iter().find(|program| is_program(program))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Whether a component has an `image`, and a process that can run in it.
pub(crate) fn wants_container(component: &Component) -> bool {
    let is_process = |body: &Body| matches!(body, Body::Exec(_) | Body::Shell(_) | Body::Python(_));
    component.image.is_some() && component.bodies.iter().any(is_process)
}

impl Container<'_> {
    /// The command that runs `argv` in the container. Variables are given by their names, so no value is in an argument.
    pub(super) fn command<'v>(
        &self,
        argv: Vec<OsString>,
        variables: impl Iterator<Item = &'v OsString>,
    ) -> Vec<OsString> {
        let root = self.root.to_string_lossy();
        let (user, group) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
        let mut command: Vec<OsString> = vec![self.engine.into(), "run".into(), "--rm".into()];
        let mut add = |option: String| command.push(option.into());
        add(format!("--name={}", self.name));
        add(format!("--user={user}:{group}"));
        if self.engine.ends_with("podman") {
            add("--userns=keep-id".to_owned());
        }
        add(format!("--volume={root}:{root}"));
        add(format!("--workdir={}", self.cwd.to_string_lossy()));
        if self.talks {
            add("--interactive".to_owned());
        }
        self.placement.cpu.iter().for_each(|cpu| add(format!("--cpus={cpu}")));
        self.placement.memory_bytes.iter().for_each(|bytes| add(format!("--memory={bytes}b")));
        self.placement.gpu.iter().filter(|gpu| **gpu > 0).for_each(|gpu| add(format!("--gpus={gpu}")));
        variables.for_each(|name| add(format!("--env={}", name.to_string_lossy())));
        add("--entrypoint=".to_owned());
        add(self.image.clone());
        command.extend(argv);
        command
    }

    /// Removes the container of a step that was killed: killing the client leaves it running.
    pub(super) async fn remove(&self) {
        let mut command = tokio::process::Command::new(self.engine);
        command.args(["rm", "--force", &self.name]).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It may have gone by itself.
        let _ = tokio::time::timeout(REMOVAL, command.status()).await;
    }
}

/// The variables that a container is given: all but those of the machine, and those that the component sets.
pub(super) fn variables<'v>(
    environment: &'v BTreeMap<OsString, OsString>,
    component: &'v Component,
) -> impl Iterator<Item = &'v OsString> {
    environment.keys().filter(|name| {
        let text = name.to_string_lossy();
        component.env.contains_key(&*text) || !OF_THE_MACHINE.contains(&&*text)
    })
}
