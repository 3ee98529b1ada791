//! The identity of one firing of a hook: the same after a crash, on another machine, in another attempt of the hook.

use sha2::{Digest, Sha256};

use crate::canonical::{canonical_json, hex};

/// What makes one firing of a hook this one.
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

#[cfg(test)]
mod tests {
    use super::*;

    const DELIVERY: Delivery<'_> = Delivery {
        run: "r1",
        node: "nightly.fit",
        item: None,
        epoch: 0,
        attempt: 1,
        n: 0,
        trigger: "failed",
        hook: "nightly.fit.page",
    };

    #[test]
    fn the_id_never_changes() {
        // printf '["r1","nightly.fit",null,0,1,0,"failed","nightly.fit.page"]' | sha256sum
        assert_eq!(delivery_id(&DELIVERY), "hk_447cac1b4907ea36e3122bad0a2ec383");
    }

    #[test]
    fn every_part_counts() {
        let others = [
            Delivery { run: "r2", ..DELIVERY },
            Delivery { node: "nightly.score", ..DELIVERY },
            Delivery { item: Some(0), ..DELIVERY },
            Delivery { epoch: 1, ..DELIVERY },
            Delivery { attempt: 2, ..DELIVERY },
            Delivery { n: 1, ..DELIVERY },
            Delivery { trigger: "done", ..DELIVERY },
            Delivery { hook: "nightly.fit.tell", ..DELIVERY },
        ];
        for other in others {
            assert_ne!(delivery_id(&other), delivery_id(&DELIVERY));
        }
    }
}
