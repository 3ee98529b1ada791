//! The delay before another try.

use std::time::Duration;

use hookc_plan::Retry;

use crate::machine::retry::delay;

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
