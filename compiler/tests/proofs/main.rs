//! Proofs by the many: what random expressions and programs must do, and must not.
//!
//! The numbers are small by default: `HOOKC_CASES` sets that of expressions, `HOOKC_PROGRAMS` that of whole programs. A
//! failure names its seed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may stop at once"
)]

mod dump;
mod expressions;
mod generator;
mod metamorphic;
mod mutants;
mod oracle_cel;
mod soundness;

use std::sync::atomic::{AtomicUsize, Ordering};

/// As the command has it: a third of a proof's time would be the system's allocator's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many expressions a proof is tried on.
fn cases(usual: usize) -> usize {
    number("HOOKC_CASES").unwrap_or(usual)
}

/// How many programs a proof is tried on.
fn programs(usual: usize) -> usize {
    number("HOOKC_PROGRAMS").unwrap_or(usual)
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs every seed under `count`, on all processors.
fn for_each_seed(count: usize, run: impl Fn(u64) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= count {
                        return;
                    }
                    run(seed as u64);
                }
            });
        }
    });
}
