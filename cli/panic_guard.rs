//! The last line of defence: a panic becomes one plain line and exit code 101.

use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sanitise::one_line;

/// The exit code of an internal error.
const PANICKED: u8 = 101;

/// Runs `main`; a panic anywhere in it is reported once, in one line.
pub(crate) fn guarded(main: impl FnOnce() -> ExitCode + panic::UnwindSafe) -> ExitCode {
    panic::set_hook(Box::new(report));
    panic::catch_unwind(main).unwrap_or_else(|_| ExitCode::from(PANICKED))
}

fn report(info: &PanicHookInfo<'_>) {
    static REPORTED: AtomicBool = AtomicBool::new(false);
    if REPORTED.swap(true, Ordering::Relaxed) {
        return;
    }
    let payload = info.payload();
    let words =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let line = format!(
        "error: internal error in hookc {}{place}: {}; please report this line and the file that causes it\n",
        env!("CARGO_PKG_VERSION"),
        one_line(words.unwrap_or("no message")),
    );
    // Nothing is left to be done where even this cannot be written.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
