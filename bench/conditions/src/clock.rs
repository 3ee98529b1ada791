//! Rounds: every case in turn, many times, so that other work of the machine affects them alike.
//!
//! The measure is this thread's CPU time, from the kernel. Wall time says little on a machine that does other things too.

use rustix::time::{ClockId, clock_gettime};

/// What is measured.
pub(crate) struct Case<'a> {
    /// What is done.
    pub(crate) task: Task,
    /// By which library, and how.
    pub(crate) name: &'static str,
    /// How many times in a round: enough for some milliseconds.
    pub(crate) turns: u32,
    /// Does it that many times; an error when a result is wrong.
    pub(crate) run: Box<dyn FnMut(u32) -> Result<(), String> + 'a>,
}

/// The two things that are measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// A condition that is ready, over variables that are there.
    Evaluate,
    /// A condition's text, up to where it can be evaluated or stored.
    Read,
}

/// The nanoseconds of one turn.
pub(crate) struct Cost {
    /// In the best round: what it takes when nothing else disturbs it.
    pub(crate) least: f64,
    /// In the middle one.
    pub(crate) median: f64,
}

/// The costs of the cases, in their order. A first round, which fills caches, is not counted.
pub(crate) fn measure(cases: &mut [Case<'_>], rounds: usize) -> Result<Vec<Cost>, String> {
    let mut times: Vec<Vec<f64>> = vec![Vec::with_capacity(rounds); cases.len()];
    for round in 0..=rounds {
        for (case, times) in cases.iter_mut().zip(&mut times) {
            let start = cpu_nanoseconds();
            (case.run)(case.turns)?;
            let spent = cpu_nanoseconds() - start;
            if round > 0 {
                times.push(spent / f64::from(case.turns));
            }
        }
    }
    Ok(times.iter_mut().map(|times| cost(times)).collect())
}

fn cost(times: &mut [f64]) -> Cost {
    times.sort_by(f64::total_cmp);
    let at = |place: usize| times.get(place).copied().unwrap_or(f64::NAN);
    Cost { least: at(0), median: at(times.len() / 2) }
}

fn cpu_nanoseconds() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}
