//! The ids of runs.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use crate::clock::Moment;

/// A new run's id: the time, so that ids sort by time, and a random suffix: `20261120T070344123-9f3ac1`.
pub(crate) fn new_run_id(now: Moment) -> String {
    let at = jiff::Timestamp::from_nanosecond(i128::from(now.0)).unwrap_or_default();
    let random = RandomState::new().build_hasher().finish() & 0xff_ffff;
    format!("{}{:03}-{random:06x}", at.strftime("%Y%m%dT%H%M%S"), at.subsec_millisecond())
}
