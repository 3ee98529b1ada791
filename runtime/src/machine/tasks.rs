//! The tasks that have not ended, and what each runs for.

use std::collections::BTreeMap;

use super::state::{GateRun, ItemRef, Subject};
use crate::task::TaskId;

/// What a task runs for.
#[derive(Clone, Debug)]
pub(super) enum TaskPurpose {
    Attempt(ItemRef),
    Gate(GateRun),
    /// The index of the observer's run.
    Observer(usize),
}

/// The tasks that have not ended.
#[derive(Default)]
pub(super) struct Tasks {
    running: BTreeMap<TaskId, TaskPurpose>,
    started: u64,
}

impl Tasks {
    /// Adds a task.
    pub(super) fn add(&mut self, purpose: TaskPurpose) -> TaskId {
        self.started += 1;
        let id = TaskId(self.started);
        self.running.insert(id, purpose);
        id
    }

    /// Removes a task that has ended.
    pub(super) fn remove(&mut self, id: TaskId) -> Option<TaskPurpose> {
        self.running.remove(&id)
    }

    pub(super) fn get_mut(&mut self, id: TaskId) -> Option<&mut TaskPurpose> {
        self.running.get_mut(&id)
    }

    /// The item whose attempt a task is.
    pub(super) fn item_of(&self, id: TaskId) -> Option<ItemRef> {
        match self.running.get(&id) {
            Some(TaskPurpose::Attempt(item)) => Some(*item),
            _ => None,
        }
    }

    /// The task that is the attempt of an item.
    pub(super) fn attempt_of(&self, item: ItemRef) -> Option<TaskId> {
        let is_attempt = |purpose: &TaskPurpose| matches!(purpose, TaskPurpose::Attempt(of) if *of == item);
        self.running.iter().find(|(_, purpose)| is_attempt(purpose)).map(|(id, _)| *id)
    }

    /// The attempts and gates of what `is_wanted` names.
    pub(super) fn of(&self, is_wanted: impl Fn(Subject) -> bool) -> Vec<TaskId> {
        let is_of = |purpose: &TaskPurpose| match purpose {
            TaskPurpose::Attempt(item) => is_wanted(Subject::Item(*item)),
            TaskPurpose::Gate(gate) => is_wanted(gate.subject),
            TaskPurpose::Observer(_) => false,
        };
        self.running.iter().filter(|(_, purpose)| is_of(purpose)).map(|(id, _)| *id).collect()
    }

    pub(super) fn all(&self) -> Vec<TaskId> {
        self.running.keys().copied().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running.is_empty()
    }
}
