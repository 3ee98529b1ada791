//! The firings of observers, and which of them is delivered next.

use std::collections::{BTreeMap, VecDeque};

use hookc_plan::Name;

use super::hook_tasks::HookCapacity;
use super::state::ObserverRun;
use crate::records::HookState;

/// All firings of a run.
#[derive(Default)]
pub(crate) struct ObserverQueue {
    runs: Vec<ObserverRun>,
    /// The firings that wait, by the connections they use, oldest first.
    waiting: BTreeMap<Vec<Name>, VecDeque<usize>>,
    /// How many firings are not in a final state.
    open: usize,
    /// Whether the run has stopped waiting for hooks.
    abandoned: bool,
}

impl ObserverQueue {
    pub(crate) fn runs(&self) -> &[ObserverRun] {
        &self.runs
    }

    pub(super) fn get(&self, number: usize) -> Option<&ObserverRun> {
        self.runs.get(number)
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut ObserverRun> {
        self.runs.get_mut(number)
    }

    /// Adds a firing. One that is owed waits to be delivered.
    pub(super) fn add(&mut self, run: ObserverRun) {
        let number = self.runs.len();
        if run.state == HookState::Owed {
            self.open += 1;
            self.enqueue(run.connections.clone(), number);
        }
        self.runs.push(run);
    }

    /// The next try of a firing is due.
    pub(super) fn retry(&mut self, number: usize) {
        if let Some(run) = self.runs.get(number).filter(|run| run.state == HookState::Owed) {
            self.enqueue(run.connections.clone(), number);
        }
    }

    fn enqueue(&mut self, connections: Vec<Name>, number: usize) {
        self.waiting.entry(connections).or_default().push_back(number);
    }

    /// The oldest firing that may be delivered.
    pub(super) fn take_next(&mut self, capacity: &HookCapacity) -> Option<usize> {
        let allowed = self.waiting.iter().filter(|(connections, _)| capacity.allows(connections));
        let (connections, _) = allowed.min_by_key(|(_, numbers)| numbers.front().copied())?;
        let connections = connections.clone();
        let numbers = self.waiting.get_mut(&connections)?;
        let number = numbers.pop_front();
        if numbers.is_empty() {
            self.waiting.remove(&connections);
        }
        number
    }

    /// A firing has reached a final state.
    pub(super) fn close(&mut self) {
        self.open = self.open.saturating_sub(1);
    }

    /// Whether every firing is in a final state.
    pub(super) fn is_done(&self) -> bool {
        self.open == 0
    }

    /// Stops waiting for hooks: what is owed stays owed.
    pub(super) fn abandon(&mut self) {
        self.abandoned = true;
        self.waiting.clear();
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned
    }
}
