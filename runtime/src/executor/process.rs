//! Starts processes and waits for them. A supervisor will take over these messages: start, pipes, exit, kill.
//!
//! Every process leads a group of its own, so that a signal also reaches the processes that it started.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// What to start.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) argv: Vec<OsString>,
    pub(super) cwd: PathBuf,
    pub(super) environment: BTreeMap<OsString, OsString>,
    /// Whether its standard input is a pipe; otherwise it is empty.
    pub(super) talks: bool,
}

/// A process that runs.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) group: u32,
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: Option<ChildStdout>,
    pub(super) stderr: Option<ChildStderr>,
    child: Child,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    Code(i32),
    Signal(i32),
}

/// Starts a process as the leader of its own group.
pub(super) fn start(request: Request) -> io::Result<Running> {
    let mut argv = request.argv.into_iter();
    let program =
        argv.next().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the command names no program"))?;
    let mut command = Command::new(&program);
    command.args(argv).current_dir(&request.cwd).env_clear().envs(request.environment);
    command.stdin(if request.talks { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn()?;
    let group = child.id().ok_or_else(|| io::Error::other("the process has no id"))?;
    Ok(Running { group, stdin: child.stdin.take(), stdout: child.stdout.take(), stderr: child.stderr.take(), child })
}

impl Running {
    /// Waits for the process itself, not for the processes that it started.
    pub(super) async fn exit(&mut self) -> io::Result<Exit> {
        use std::os::unix::process::ExitStatusExt as _;
        let status = self.child.wait().await?;
        Ok(match (status.code(), status.signal()) {
            (Some(code), _) => Exit::Code(code),
            (None, Some(signal)) => Exit::Signal(signal),
            (None, None) => Exit::Code(-1),
        })
    }
}
