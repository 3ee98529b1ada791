//! The gates whose components wait: for capacity, or for the time of their next try.

use std::collections::{BTreeMap, VecDeque};

use super::hook_tasks::HookCapacity;
use super::state::{GateRun, Subject};

/// The gates that wait.
#[derive(Default)]
pub(super) struct GateQueue {
    ready: VecDeque<GateRun>,
    delayed: BTreeMap<u64, GateRun>,
    next_delay: u64,
}

impl GateQueue {
    pub(super) fn push(&mut self, gate: GateRun) {
        self.ready.push_back(gate);
    }

    /// Keeps a gate until its next try; gives the number of the wait.
    pub(super) fn delay(&mut self, gate: GateRun) -> u64 {
        let number = self.next_delay;
        self.next_delay += 1;
        self.delayed.insert(number, gate);
        number
    }

    /// A wait is over.
    pub(super) fn delay_over(&mut self, number: u64) {
        self.ready.extend(self.delayed.remove(&number));
    }

    /// The first gate that may run.
    pub(super) fn take_next(&mut self, capacity: &HookCapacity) -> Option<GateRun> {
        let index = self.ready.iter().position(|gate| capacity.allows(&gate.connections))?;
        self.ready.remove(index)
    }

    /// Removes the gates of what `is_taken` names.
    pub(super) fn take_where(&mut self, is_taken: impl Fn(Subject) -> bool) -> Vec<GateRun> {
        let is_taken = |gate: &GateRun| is_taken(gate.subject);
        let (taken, kept): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.ready).into_iter().partition(is_taken);
        self.ready = kept;
        let delayed: Vec<u64> =
            self.delayed.iter().filter(|(_, gate)| is_taken(gate)).map(|(number, _)| *number).collect();
        let mut taken = Vec::from(taken);
        taken.extend(delayed.iter().filter_map(|number| self.delayed.remove(number)));
        taken
    }
}
