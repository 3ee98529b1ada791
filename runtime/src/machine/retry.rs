//! Whether a failure is tried again, and when.

use std::time::Duration;

use hookc_plan::Retry;
use sha2::{Digest as _, Sha256};

use super::Machine;
use super::context::Scope;
use super::state::retried;
use crate::executor::Failure;

/// The longest wait that the other side can ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

impl Machine {
    /// The wait before the next attempt, when there is one. `made` attempts were made, `id` names the one that failed.
    pub(super) fn next_try(
        &self,
        lines: &[Retry],
        failure: &Failure,
        made: u32,
        id: &str,
        scope: &Scope<'_>,
    ) -> Option<Duration> {
        if !retried(failure.kind) || failure.hopeless {
            return None;
        }
        for line in lines {
            match line.when.as_ref().map_or(Ok(true), |when| self.holds(when, scope)) {
                Ok(true) => {
                    if self.settings.test.is_some() {
                        return (made <= line.times).then_some(Duration::ZERO);
                    }
                    let asked = failure.retry_after.unwrap_or_default().min(LONGEST_ASKED);
                    return (made <= line.times).then(|| delay(line, made, id).max(asked));
                }
                Ok(false) => {}
                Err(_) => return None,
            }
        }
        None
    }
}

/// `min(max, delay * 2^(k-1))`, times a number in [0.5, 1) that depends on the attempt alone.
fn delay(line: &Retry, made: u32, id: &str) -> Duration {
    let doubled = 1_u64.checked_shl(made.saturating_sub(1)).and_then(|factor| line.delay_ms.checked_mul(factor));
    let base = Duration::from_millis(doubled.unwrap_or(u64::MAX).min(line.max_ms));
    let digest = Sha256::digest(id.as_bytes());
    let bits = digest.iter().take(4).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
    let part = base.mul_f64(0.5 + f64::from(bits) / (2.0 * (f64::from(u32::MAX) + 1.0)));
    // Clocks go by whole milliseconds; a deadline between two of them would be looked for again and again.
    Duration::from_millis(u64::try_from(part.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_its_maximum_and_stays_within_half() {
        let line = Retry { times: 99, when: None, delay_ms: 1000, max_ms: 600_000 };
        for made in 1..80 {
            let whole = Duration::from_millis(
                1000_u64.saturating_mul(1_u64.checked_shl(made - 1).unwrap_or(u64::MAX)).min(600_000),
            );
            let wait = delay(&line, made, "a");
            assert!(wait >= whole / 2 && wait < whole, "{made}: {wait:?}");
        }
        assert_eq!(delay(&line, 1, "a"), delay(&line, 1, "a"));
        assert_ne!(delay(&line, 1, "a"), delay(&line, 1, "b"));
    }
}
