//! The identity of one firing of a hook: the same after a crash, on another machine, in another attempt of the hook.

use sha2::{Digest, Sha256};

use crate::canonical::{canonical_json, hex};

/// What identifies one firing of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// The run.
    pub run: &'a str,
    /// The op or job, as in `nightly.fit`.
    pub node: &'a str,
    /// The item of a fan-out.
    pub item: Option<u32>,
    /// How often the run was reopened.
    pub epoch: u32,
    /// The attempt of the op.
    pub attempt: u32,
    /// An agent's message id, else 0.
    pub n: u64,
    /// The event as it is written.
    pub trigger: &'a str,
    /// The hook's path, as in `nightly.fit.page`.
    pub hook: &'a str,
}

/// `hk_` and 128 bits of SHA-256 of the canonical array `[run, node, item, epoch, attempt, n, trigger, hook]`.
pub fn delivery_id(delivery: &Delivery<'_>) -> String {
    let Delivery { run, node, item, epoch, attempt, n, trigger, hook } = delivery;
    let array = serde_json::json!([run, node, item, epoch, attempt, n, trigger, hook]);
    let digest = Sha256::digest(canonical_json(&array).as_bytes());
    format!("hk_{}", hex(digest.get(..16).unwrap_or_default()))
}
