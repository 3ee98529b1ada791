//! Room for recursion over deep expressions where the caller's stack may not be enough.
//!
//! Reading, writing and hashing a plan recurse through serde, whose frames are large; the evaluator's are small and
//! run on the caller's stack.

use std::thread::Builder;

/// The system only provides the pages that are touched.
const SIZE: usize = 1 << 30;

/// Runs `work` on a separate stack, or on the caller's when no thread can be started.
pub(crate) fn with_deep_stack<T: Send>(work: impl Fn() -> T + Sync) -> T {
    let result = std::thread::scope(|scope| {
        let worker = Builder::new().stack_size(SIZE).spawn_scoped(scope, &work).ok()?;
        match worker.join() {
            Ok(result) => Some(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    result.unwrap_or_else(work)
}
