//! Who may start: the ops with items that wait, in plan order, and the slots that are free.
//!
//! An op that runs a component needs a slot, and a place in its queue where the project limits that; one that calls a job
//! needs neither. Both keep to their `concurrency`.

use std::collections::BTreeMap;

use hookc_plan::Runs;

use super::state::{ItemRef, JobId, OpRef, RunState};

/// The ops that wait, and the free slots.
pub(super) struct Admission {
    /// Ops with items that may start, by their queue and their place in the plan.
    components: BTreeMap<Option<String>, BTreeMap<Vec<u32>, OpRef>>,
    jobs: BTreeMap<Vec<u32>, OpRef>,
    free_slots: usize,
    /// The free places of the queues that have a limit.
    free_places: BTreeMap<String, u32>,
}

/// What decides about an op's admission.
struct Readiness {
    order: Vec<u32>,
    calls_job: bool,
    queue: Option<String>,
    waits: bool,
}

impl Admission {
    pub(super) fn new(slots: usize, free_places: BTreeMap<String, u32>) -> Admission {
        Admission { components: BTreeMap::new(), jobs: BTreeMap::new(), free_slots: slots, free_places }
    }

    /// Lets the op's items start, as slots and its `concurrency` allow.
    pub(super) fn update(&mut self, state: &RunState, op: OpRef) {
        let Some(readiness) = readiness(state, op) else { return };
        let list = match readiness.calls_job {
            true => &mut self.jobs,
            false => self.components.entry(readiness.queue).or_default(),
        };
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
                    if let Some(free) = self.places(state, op) {
                        *free = free.saturating_sub(1);
                    }
                }
                return Some(ItemRef { op, item });
            }
        }
    }

    fn next_op(&self) -> Option<OpRef> {
        let job = self.jobs.first_key_value().map(|(_, op)| *op);
        job.or_else(|| self.next_component().filter(|_| self.free_slots > 0))
    }

    /// The first op in plan order whose queue has a free place.
    fn next_component(&self) -> Option<OpRef> {
        let is_full =
            |queue: &Option<String>| queue.as_ref().is_some_and(|name| self.free_places.get(name) == Some(&0));
        let open = self.components.iter().filter(|(queue, _)| !is_full(queue));
        open.filter_map(|(_, ops)| ops.first_key_value()).min_by_key(|(order, _)| *order).map(|(_, op)| *op)
    }

    /// The free places of the op's queue, if that has a limit.
    fn places(&mut self, state: &RunState, op: OpRef) -> Option<&mut u32> {
        self.free_places.get_mut(state.declared(op)?.placement.queue.as_ref()?)
    }

    /// Takes back what an item held.
    pub(super) fn release(&mut self, state: &mut RunState, op: OpRef) {
        if let Some(run) = state.op_run_mut(op) {
            run.active = run.active.saturating_sub(1);
        }
        if needs_slot(state, op) {
            self.free_slots += 1;
            if let Some(free) = self.places(state, op) {
                *free += 1;
            }
        }
        self.update(state, op);
    }

    /// Lets nothing of the job start any more.
    pub(super) fn remove_job(&mut self, job: JobId) {
        self.components.values_mut().for_each(|ops| ops.retain(|_, op| op.job != job));
        self.jobs.retain(|_, op| op.job != job);
    }
}

fn readiness(state: &RunState, op: OpRef) -> Option<Readiness> {
    let declared = state.declared(op)?;
    let run = state.op_run(op)?;
    let mut order = state.jobs.get(op.job)?.order.clone();
    order.push(place(op.op));
    let limit = declared.concurrency.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let waits = !run.queue.is_empty() && run.active < limit && !state.is_op_stopping(op);
    let queue = declared.placement.queue.clone();
    Some(Readiness { order, calls_job: matches!(declared.runs, Runs::Job(_)), queue, waits })
}

fn needs_slot(state: &RunState, op: OpRef) -> bool {
    state.declared(op).is_some_and(|op| matches!(op.runs, Runs::Component(_)))
}

/// A number in the order of admission.
pub(super) fn place(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
