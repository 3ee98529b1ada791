//! What gates and observers share: how many of their components run at once, how long each may take, and how one starts.

use std::collections::BTreeMap;
use std::time::Duration;

use hookc_plan::{Hook, HookSettings, Name, VerbKind};

use super::naming;
use super::state::{RunState, Subject};
use crate::task::{HookTask, TaskId, TaskStart};
use crate::values::Values;

/// How many components of hooks run at once, and how many that use the same connection.
const AT_ONCE: usize = 8;
const PER_CONNECTION: usize = 2;
/// The default time limit of one try.
const DEFAULT_TIMEOUT_MS: u64 = 60_000;

/// Whether a hook of this verb is a gate; all others are observers.
pub(crate) fn is_gate(verb: VerbKind) -> bool {
    match verb {
        VerbKind::Run => false,
        VerbKind::Require | VerbKind::Modify | VerbKind::Warn | VerbKind::Fail => true,
    }
}

/// The components of hooks that run, gates and observers alike.
#[derive(Default)]
pub(super) struct HookCapacity {
    running: usize,
    by_connection: BTreeMap<Name, usize>,
}

impl HookCapacity {
    pub(super) fn is_full(&self) -> bool {
        self.running >= AT_ONCE
    }

    /// Whether each of the connections may be used once more.
    pub(super) fn allows(&self, connections: &[Name]) -> bool {
        connections.iter().all(|name| self.by_connection.get(name).is_none_or(|used| *used < PER_CONNECTION))
    }

    pub(super) fn take(&mut self, connections: &[Name]) {
        self.running += 1;
        for name in connections {
            *self.by_connection.entry(name.clone()).or_insert(0) += 1;
        }
    }

    pub(super) fn release(&mut self, connections: &[Name]) {
        self.running = self.running.saturating_sub(1);
        for name in connections {
            if let Some(used) = self.by_connection.get_mut(name) {
                *used = used.saturating_sub(1);
            }
        }
    }
}

/// The time limit of one try of a hook's component.
pub(super) fn time_limit(settings: &HookSettings) -> Duration {
    Duration::from_millis(settings.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS))
}

/// One try of a hook's component.
pub(super) struct HookTry {
    pub(super) subject: Subject,
    pub(super) number: u32,
    pub(super) delivery: String,
    pub(super) inputs: Values,
}

/// The request that starts it.
pub(super) fn start(state: &RunState, id: TaskId, hook: &Hook, component: Name, hook_try: HookTry) -> TaskStart {
    let subject = hook_try.subject;
    TaskStart {
        id,
        component,
        inputs: hook_try.inputs,
        op: subject.op().map(|op| naming::op_label(state, op)).unwrap_or_default(),
        item: state.item_number(subject),
        attempt: hook_try.number,
        number: hook_try.number,
        hook: Some(HookTask { path: naming::hook_path(state, subject, hook), name: hook.name.clone() }),
        placement: hook.settings.placement.clone(),
        delivery: hook_try.delivery,
    }
}
