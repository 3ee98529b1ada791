//! The last line of defence: a panic becomes one plain line and exit code 101.

use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sanitise::one_line;

/// The exit code of a mistake in this program.
const PANICKED: u8 = 101;

/// Runs `main`; a panic anywhere in it is told once, in one line.
pub(crate) fn guarded(main: impl FnOnce() -> ExitCode + panic::UnwindSafe) -> ExitCode {
    panic::set_hook(Box::new(tell));
    panic::catch_unwind(main).unwrap_or_else(|_| ExitCode::from(PANICKED))
}

fn tell(info: &PanicHookInfo<'_>) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if TOLD.swap(true, Ordering::Relaxed) {
        return;
    }
    let payload = info.payload();
    let words =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let line = format!(
        "error: hookc {} has a mistake of its own{place}: {}; please report this line and the file that leads to it\n",
        env!("CARGO_PKG_VERSION"),
        one_line(words.unwrap_or("no message")),
    );
    // Nothing is left to be done where even this cannot be written.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
