//! What the report says of hooks beside the firings of observers: the decisions of gates, and conditions that were false.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::GateReport;

/// Decisions by the paths of their hooks.
#[derive(Debug, Default)]
pub(crate) struct HookTallies {
    not_fired: BTreeMap<String, u64>,
    gates: Vec<(String, GateReport)>,
    not_reached: BTreeSet<String>,
}

impl HookTallies {
    /// The condition of an observer was false.
    pub(super) fn add_not_fired(&mut self, path: String) {
        *self.not_fired.entry(path).or_insert(0) += 1;
    }

    /// A gate has decided.
    pub(super) fn add_gate(&mut self, path: String, decision: GateReport) {
        self.gates.push((path, decision));
    }

    /// A gate was not asked, because one before it had refused.
    pub(super) fn add_not_reached(&mut self, path: String) {
        self.not_reached.insert(path);
    }

    /// Whether a gate was once not asked.
    pub(super) fn was_not_reached(&self, path: &str) -> bool {
        self.not_reached.contains(path)
    }

    /// How many times the condition of an observer was false.
    pub(super) fn not_fired(&self, path: &str) -> u64 {
        self.not_fired.get(path).copied().unwrap_or(0)
    }

    /// The decisions of gates, by their paths.
    pub(crate) fn gates(&self) -> BTreeMap<&str, Vec<&GateReport>> {
        let mut gates: BTreeMap<&str, Vec<&GateReport>> = BTreeMap::new();
        for (path, gate) in &self.gates {
            gates.entry(path).or_default().push(gate);
        }
        gates
    }
}
