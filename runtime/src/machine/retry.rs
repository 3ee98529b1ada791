//! Whether a failure is tried again, and when.

use std::time::Duration;

use hookc_plan::{EvalError, Retry};
use sha2::{Digest as _, Sha256};

use super::context::EvalContext;
use super::evaluation::Evaluator;
use crate::task::Failure;

/// The longest wait that the other side can ask for.
const MAX_REQUESTED_WAIT: Duration = Duration::from_secs(3600);

/// A try that failed.
pub(super) struct FailedTry<'a> {
    pub(super) failure: &'a Failure,
    /// How many tries were made, this one included.
    pub(super) made: u32,
    /// The name of the try, from which its share of the delay is derived.
    pub(super) id: &'a str,
    /// Whether nothing is waited for, as in tests.
    pub(super) at_once: bool,
}

/// The wait before the next try, if there is one: the first line of `policy` whose condition is true decides. After one that
/// cannot be evaluated there is none.
pub(super) fn next_try(
    policy: &[Retry],
    failed: &FailedTry<'_>,
    evaluator: &Evaluator,
    context: &EvalContext<'_>,
) -> Result<Option<Duration>, EvalError> {
    if !failed.failure.may_be_retried() {
        return Ok(None);
    }
    for line in policy {
        if evaluator.is_true_or_absent(line.when.as_ref(), context)? {
            return Ok((failed.made <= line.times).then(|| wait(line, failed)));
        }
    }
    Ok(None)
}

fn wait(line: &Retry, failed: &FailedTry<'_>) -> Duration {
    if failed.at_once {
        return Duration::ZERO;
    }
    let requested = failed.failure.retry_after.unwrap_or_default().min(MAX_REQUESTED_WAIT);
    delay(line, failed.made, failed.id).max(requested)
}

/// `min(max, delay * 2^(made-1))`, times a number in [0.5, 1) that depends on the try alone.
pub(crate) fn delay(line: &Retry, made: u32, id: &str) -> Duration {
    let doubled = 1_u64.checked_shl(made.saturating_sub(1)).and_then(|factor| line.delay_ms.checked_mul(factor));
    let base = Duration::from_millis(doubled.unwrap_or(u64::MAX).min(line.max_ms));
    let digest = Sha256::digest(id.as_bytes());
    let bits = digest.iter().take(4).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
    let part = base.mul_f64(0.5 + f64::from(bits) / (2.0 * (f64::from(u32::MAX) + 1.0)));
    // The clock has whole milliseconds. A deadline between two of them would be checked again and again.
    Duration::from_millis(u64::try_from(part.as_millis()).unwrap_or(u64::MAX))
}
