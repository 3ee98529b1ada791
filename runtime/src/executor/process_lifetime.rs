//! One process from its start to the end of its whole group.
//!
//! When the process has ended, its output is read for a moment more. Then processes that are left in its group are asked to
//! end, and killed after the grace time. So no process that stays in the group outlives the op.

use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Signal;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::process::{self, Exit, Request, Running};
use super::process_group;
use super::process_output::{Captured, SharedLog, pump};
use crate::secrets::Patterns;
use crate::task::Kill;

/// How long its output may stay open after the process has ended.
const DRAIN: Duration = Duration::from_millis(500);
/// How long a killed group may take to vanish.
const VANISH: Duration = Duration::from_secs(2);

/// What to run, and where what it prints goes.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) request: Request,
    /// What it reads on its standard input.
    pub(super) input: Option<Vec<u8>>,
    pub(super) log: PathBuf,
    pub(super) patterns: Patterns,
    pub(super) grace: Duration,
}

/// How it went.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) exit: std::io::Result<Exit>,
    pub(super) out: Captured,
    pub(super) err: Captured,
    /// Why the log is not complete.
    pub(super) log_error: Option<String>,
}

/// Starts the process, reports its id, and returns when everything has ended.
pub(super) async fn run(
    job: Job,
    mut kill: watch::Receiver<Option<Kill>>,
    started: impl FnOnce(u32),
) -> std::io::Result<Finished> {
    let mut running = process::start(job.request)?;
    started(running.group);
    let (cut, cut_seen) = watch::channel(false);
    // Both streams go to one log, in the order in which they arrive.
    let log = SharedLog::new(job.log);
    let out = tokio::spawn(pump(running.stdout.take(), log.clone(), job.patterns.clone(), cut_seen.clone()));
    let err = tokio::spawn(pump(running.stderr.take(), log.clone(), job.patterns, cut_seen));
    let mut streams = std::pin::pin!(async move { (out.await.unwrap_or_default(), err.await.unwrap_or_default()) });
    feed(&mut running, job.input);
    let exit = wait(&mut running, &mut kill, job.grace).await;
    let mut captured = timeout(DRAIN, &mut streams).await.ok();
    if captured.is_none() || process_group::alive(running.group) {
        sweep(running.group, &mut kill, job.grace).await;
    }
    if captured.is_none() {
        captured = timeout(DRAIN, &mut streams).await.ok();
    }
    let (out, err) = match captured {
        Some(captured) => captured,
        None => {
            // A process that has left the group holds the output open: nothing waits for it.
            cut.send_replace(true);
            streams.await
        }
    };
    Ok(Finished { exit, out, err, log_error: log.error() })
}

fn feed(running: &mut Running, input: Option<Vec<u8>>) {
    if let (Some(mut stdin), Some(input)) = (running.stdin.take(), input) {
        tokio::spawn(async move {
            // A process that does not read its input fails by itself, or does not need it.
            let _ = stdin.write_all(&input).await;
            let _ = stdin.shutdown().await;
        });
    }
}

/// Waits for the process, and passes on the requests of `kill`.
async fn wait(
    running: &mut Running,
    kill: &mut watch::Receiver<Option<Kill>>,
    grace: Duration,
) -> std::io::Result<Exit> {
    let group = running.group;
    let mut deadline = None;
    let mut listening = true;
    loop {
        tokio::select! {
            exit = running.exit() => return exit,
            changed = kill.changed(), if listening => {
                listening = changed.is_ok();
                match *kill.borrow_and_update() {
                    Some(Kill::Stop) => {
                        process_group::signal(group, Signal::TERM);
                        deadline = Some(Instant::now() + grace);
                    }
                    Some(Kill::Now) => process_group::signal(group, Signal::KILL),
                    None => {}
                }
            }
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                process_group::signal(group, Signal::KILL);
                deadline = None;
            }
        }
    }
}

/// Ends the processes that are left in the group.
async fn sweep(group: u32, kill: &mut watch::Receiver<Option<Kill>>, grace: Duration) {
    process_group::signal(group, Signal::TERM);
    let gone = tokio::select! {
        gone = process_group::gone_within(group, grace) => gone,
        Ok(_) = kill.wait_for(|kill| *kill == Some(Kill::Now)) => false,
    };
    if !gone {
        process_group::signal(group, Signal::KILL);
        process_group::gone_within(group, VANISH).await;
    }
}
