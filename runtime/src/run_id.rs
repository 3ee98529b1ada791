//! Names of runs, and addresses of files.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use crate::clock::Moment;

/// A new run's id: the moment, so that ids sort by time, and a random end: `20261120T070344123-9f3ac1`.
pub(crate) fn run_id(now: Moment) -> String {
    let at = jiff::Timestamp::from_nanosecond(i128::from(now.0)).unwrap_or_default();
    let random = RandomState::new().build_hasher().finish() & 0xff_ffff;
    format!("{}{:03}-{random:06x}", at.strftime("%Y%m%dT%H%M%S"), at.subsec_millisecond())
}

/// The `file:` address of an absolute path.
pub(crate) fn file_uri(path: &str) -> String {
    let mut uri = String::from("file://");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
