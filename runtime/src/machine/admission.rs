//! Who may start: the ops with items that wait, in plan order, and the slots that are free.
//!
//! An op that runs a component needs a slot; one that calls a job needs none. Both keep to their `concurrency`.

use std::collections::BTreeMap;

use hookc_plan::Runs;

use super::state::{ItemRef, JobId, OpRef, RunState};

/// The ops that wait, and the free slots.
pub(super) struct Admission {
    /// Ops with items that may start, by their place in the plan.
    components: BTreeMap<Vec<u32>, OpRef>,
    jobs: BTreeMap<Vec<u32>, OpRef>,
    free_slots: usize,
}

/// What decides about an op's admission.
struct Readiness {
    order: Vec<u32>,
    calls_job: bool,
    waits: bool,
}

impl Admission {
    pub(super) fn new(slots: usize) -> Admission {
        Admission { components: BTreeMap::new(), jobs: BTreeMap::new(), free_slots: slots }
    }

    /// Lets the op's items start, as slots and its `concurrency` allow.
    pub(super) fn update(&mut self, state: &RunState, op: OpRef) {
        let Some(readiness) = readiness(state, op) else { return };
        let list = if readiness.calls_job { &mut self.jobs } else { &mut self.components };
        if readiness.waits {
            list.insert(readiness.order, op);
        } else {
            list.remove(&readiness.order);
        }
    }

    /// Admits the next item: it holds a place of its op, and a slot.
    pub(super) fn admit(&mut self, state: &mut RunState) -> Option<ItemRef> {
        loop {
            let op = self.next_op()?;
            let run = state.op_run_mut(op)?;
            let item = run.queue.pop_front();
            if item.is_some() {
                run.active += 1;
            }
            self.update(state, op);
            if let Some(item) = item {
                if needs_slot(state, op) {
                    self.free_slots = self.free_slots.saturating_sub(1);
                }
                return Some(ItemRef { op, item });
            }
        }
    }

    fn next_op(&self) -> Option<OpRef> {
        let job = self.jobs.first_key_value().map(|(_, op)| *op);
        job.or_else(|| self.components.first_key_value().map(|(_, op)| *op).filter(|_| self.free_slots > 0))
    }

    /// Takes back what an item held.
    pub(super) fn release(&mut self, state: &mut RunState, op: OpRef) {
        if let Some(run) = state.op_run_mut(op) {
            run.active = run.active.saturating_sub(1);
        }
        if needs_slot(state, op) {
            self.free_slots += 1;
        }
        self.update(state, op);
    }

    /// Lets nothing of the job start any more.
    pub(super) fn remove_job(&mut self, job: JobId) {
        self.components.retain(|_, op| op.job != job);
        self.jobs.retain(|_, op| op.job != job);
    }
}

fn readiness(state: &RunState, op: OpRef) -> Option<Readiness> {
    let declared = state.declared(op)?;
    let run = state.op_run(op)?;
    let mut order = state.jobs.get(op.job)?.order.clone();
    order.push(place(op.op));
    let limit = declared.concurrency.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let waits = !run.queue.is_empty() && run.active < limit && !state.is_stopping(op.job);
    Some(Readiness { order, calls_job: matches!(declared.runs, Runs::Job(_)), waits })
}

fn needs_slot(state: &RunState, op: OpRef) -> bool {
    state.declared(op).is_some_and(|op| matches!(op.runs, Runs::Component(_)))
}

/// A number in the order of admission.
pub(super) fn place(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
