//! Ends a whole process group.
//!
//! A process that has left its group (`setsid`) escapes here; the supervisor that adopts such processes replaces
//! this module.

use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use tokio::time::Instant;

const LOOK: Duration = Duration::from_millis(10);

/// Sends `signal` to every process of `group`, if there is one.
pub(super) fn signal(group: u32, signal: Signal) {
    if let Some(pid) = pid(group) {
        // The one other error, a lack of permission, means that nothing of ours is left in the group.
        let _ = kill_process_group(pid, signal);
    }
}

/// Whether a process of `group` still runs; one that has ended and waits to be collected does not.
pub(super) fn alive(group: u32) -> bool {
    let Some(pid) = pid(group) else { return false };
    match test_kill_process_group(pid) {
        Err(Errno::SRCH) => false,
        _ => runs(group).unwrap_or(true),
    }
}

/// Waits until no process of `group` runs, at most for `time`; returns whether that is so.
pub(super) async fn gone_within(group: u32, time: Duration) -> bool {
    let until = Instant::now() + time;
    while alive(group) {
        if Instant::now() >= until {
            return false;
        }
        tokio::time::sleep(LOOK).await;
    }
    true
}

fn pid(group: u32) -> Option<Pid> {
    // 0 would be our own group and 1 every process.
    i32::try_from(group).ok().filter(|group| *group > 1).and_then(Pid::from_raw)
}

/// Looks for a running process of the group in `/proc`; `None` without `/proc`.
fn runs(group: u32) -> Option<bool> {
    let entries = std::fs::read_dir("/proc").ok()?;
    let mut seen = false;
    for entry in entries.flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        // The fields after the name, which may itself contain spaces and brackets: state, parent, group.
        let Some((_, fields)) = stat.rsplit_once(')') else {
            continue;
        };
        seen = true;
        let mut fields = fields.split_ascii_whitespace();
        let (state, number) = (fields.next(), fields.nth(1));
        if number.and_then(|number| number.parse().ok()) == Some(group) && !matches!(state, Some("Z" | "X")) {
            return Some(true);
        }
    }
    seen.then_some(false)
}
