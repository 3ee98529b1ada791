//! The client's process: the server does not outlive it.

use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use crate::transport::Event;

#[cfg(unix)]
const PERIOD: Duration = Duration::from_millis(500);

/// Waits until the process has died. Where it cannot be watched, the end of the input ends the server instead.
#[cfg(unix)]
pub(crate) fn watch(process: i32, events: Sender<Event>) {
    use rustix::io::Errno;
    use rustix::process::{Pid, getppid, test_kill_process};
    let Some(process) = Pid::from_raw(process) else { return };
    let is_parent = getppid() == Some(process);
    thread::spawn(move || {
        loop {
            // A process that has died and that nobody has asked about is still there, but has no children any more.
            let has_died = test_kill_process(process) == Err(Errno::SRCH) || is_parent && getppid() != Some(process);
            if has_died {
                // The dispatcher may have ended by itself.
                let _ = events.blocking_send(Event::Orphaned);
                return;
            }
            thread::sleep(PERIOD);
        }
    });
}

#[cfg(not(unix))]
pub(crate) fn watch(_process: i32, _events: Sender<Event>) {}
