//! Named conditions while they are inlined.

use rustc_hash::FxHashMap;

use crate::ids::ConditionId;

/// The conditions that are being inlined, and their number in this expression.
pub(crate) struct ConditionBodies {
    pub(crate) active: Vec<ConditionId>,
    pub(crate) expansions: u32,
    pub(crate) count: usize,
    /// Whether each condition has no error of its own, as far as this has been checked.
    pub(crate) sound: FxHashMap<ConditionId, bool>,
    /// Conditions that refer to each other; each cycle from its first condition.
    pub(crate) circles: Vec<Vec<ConditionId>>,
}

impl ConditionBodies {
    pub(crate) fn new(count: usize) -> ConditionBodies {
        ConditionBodies { active: Vec::new(), expansions: 0, count, sound: FxHashMap::default(), circles: Vec::new() }
    }

    pub(crate) fn add_circle(&mut self, mut circle: Vec<ConditionId>) {
        let least = circle.iter().enumerate().min_by_key(|(_, id)| **id).map_or(0, |(index, _)| index);
        circle.rotate_left(least);
        if !self.circles.contains(&circle) {
            self.circles.push(circle);
        }
    }
}
