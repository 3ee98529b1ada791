//! How items and ops reach their final states, and who is affected.

use std::sync::Arc;

use hookc_plan::{Cond, Event, Name, Op, OpState, Value};

use super::observers::{final_events, fire};
use super::run::Run;
use super::state::{Item, ItemRef, OpRef, OpRun, Subject, declared_op};
use super::transitions::{Check, Transition};
use crate::records::Phase;
use crate::task::Failure;
use crate::values::Values;

/// An item reaches a final state.
pub(super) fn finish_item(run: &mut Run, item: ItemRef, final_state: OpState, failure: Option<Failure>) {
    let now = run.state.now;
    let Some(state) = run.state.item_mut(item) else { return };
    if state.phase.final_state().is_some() {
        return;
    }
    let (was_active, was_open) = (state.phase.is_active(), state.phase.is_open());
    state.withheld = state.phase == Phase::Ending && final_state != OpState::Succeeded;
    state.phase = Phase::Final(final_state);
    state.finished = Some(now);
    state.started = state.started.or(Some(now));
    state.failure = failure;
    if final_state == OpState::Failed && holds(run, Subject::Item(item), "skip_when", |op| op.skip_when.as_ref()) {
        skip_item(run, item);
    } else if final_state == OpState::Failed {
        judge_failure(run, Subject::Item(item));
    }
    if was_active {
        run.admission.release(&mut run.state, item.op);
    }
    run.recording.item_finished(&run.state, item);
    let final_state = run.state.item(item).and_then(|state| state.phase.final_state()).unwrap_or(final_state);
    fire(run, Subject::Item(item), &final_events(final_state));
    if let Some(job) = run.state.jobs.get_mut(item.op.job).filter(|_| was_open) {
        job.busy = job.busy.saturating_sub(1);
    }
    if final_state == OpState::Failed {
        fail_fast(run, item.op);
    }
    let Some(op) = run.state.op_run_mut(item.op) else { return };
    op.open = op.open.saturating_sub(1);
    if op.open == 0 {
        finish_op(run, item.op);
    }
    run.transitions.check(Check::Job(item.op.job));
}

/// Whether the condition of a setting holds for the failure of an op or an item. One that cannot be evaluated does not, and is
/// noted.
fn holds(run: &mut Run, subject: Subject, setting: &str, when: fn(&Op) -> Option<&Cond>) -> bool {
    let snapshot = run.state.snapshot(subject, Event::Failed);
    let declared = subject.op().and_then(|op| run.state.declared(op));
    let Some((when, context)) = declared.and_then(when).zip(run.hook_context(subject, &snapshot)) else {
        return false;
    };
    run.evaluator.is_true(when, &context).unwrap_or_else(|error| {
        if let Some(undecided) = run.state.undecided_mut(subject) {
            undecided.insert(setting.into(), error);
        }
        false
    })
}

/// A failure for which `allow failure when` does not hold is the job's.
fn judge_failure(run: &mut Run, subject: Subject) {
    let Some(op) = subject.op() else { return };
    let is_judged = run.state.declared(op).is_some_and(|declared| declared.allow_failure_when.is_some());
    if is_judged
        && !holds(run, subject, "allow_failure_when", |op| op.allow_failure_when.as_ref())
        && let Some(state) = run.state.op_run_mut(op)
    {
        state.failure_allowed = false;
    }
}

/// A failed item ends as skipped: it has neither a failure nor outputs.
fn skip_item(run: &mut Run, item: ItemRef) {
    if let Some(state) = run.state.item_mut(item) {
        state.phase = Phase::Final(OpState::Skipped);
        state.failure = None;
        state.outputs.clear();
    }
}

/// All items are final: what the op is for the others.
pub(super) fn finish_op(run: &mut Run, op: OpRef) {
    let plan = Arc::clone(&run.state.plan);
    let now = run.state.now;
    let Some(declared) = declared_op(&plan, &run.state, op) else {
        return;
    };
    let Some(state) = run.state.op_run_mut(op) else { return };
    let none_failed = if state.has_item_in(OpState::Succeeded) { OpState::Succeeded } else { OpState::Skipped };
    state.state = state.worst_item_state().or(Some(none_failed));
    state.finished = Some(now);
    state.started = state.first_start();
    state.attempts = state.items.iter().map(|item| item.attempt).max().unwrap_or(0);
    if state.is_fan_out {
        collect_items(state, declared);
        run.recording.op_row(&run.state, op);
    } else if let Some(only) = state.items.first() {
        state.failure.clone_from(&only.failure);
        state.outputs = released(only).clone();
    }
    close_op(run, op);
}

/// The failure and the outputs of a fan-out: lists of its items' outputs, unless its failure counts.
fn collect_items(op: &mut OpRun, declared: &Op) {
    op.failure = first_failure(&op.items);
    if op.state == Some(OpState::Succeeded) || op.failure_allowed {
        let fields = declared.outputs.iter();
        op.outputs = fields.map(|field| (field.name.clone(), output_list(&op.items, &field.name))).collect();
    }
}

/// The failure of the first failed item, whose number the message gives.
fn first_failure(items: &[Item]) -> Option<Failure> {
    items.iter().enumerate().find_map(|(number, item)| {
        let failure = item.failure.as_ref()?;
        Some(Failure { message: format!("item {number}: {}", failure.message), ..failure.clone() })
    })
}

fn output_list(items: &[Item], name: &Name) -> Value {
    Value::list(items.iter().map(|item| released(item).get(name).cloned().unwrap_or(Value::Null)))
}

/// What others than its own hooks read of an item: nothing that a gate on `end` did not let pass.
fn released(item: &Item) -> &Values {
    static NONE: Values = Values::new();
    if item.withheld { &NONE } else { &item.outputs }
}

/// An op ends without an item having run.
pub(super) fn finish_without_items(run: &mut Run, op: OpRef, final_state: OpState, failure: Option<Failure>) {
    let now = run.state.now;
    let Some(state) = run.state.op_run_mut(op) else { return };
    state.state = Some(final_state);
    state.finished = Some(now);
    state.started = matches!(final_state, OpState::Succeeded | OpState::Failed).then_some(now);
    state.failure = failure;
    let skipped =
        final_state == OpState::Failed && holds(run, Subject::WholeOp(op), "skip_when", |op| op.skip_when.as_ref());
    let final_state = if skipped { OpState::Skipped } else { final_state };
    if let Some(state) = run.state.op_run_mut(op).filter(|_| skipped) {
        state.state = Some(final_state);
        state.failure = None;
    }
    if run.state.op_run(op).is_some_and(|state| state.state == Some(OpState::Failed)) {
        judge_failure(run, Subject::WholeOp(op));
    }
    run.recording.op_finished_without_items(&run.state, op);
    // Of an op without items that succeeds, there is nothing that a hook could watch.
    if final_state != OpState::Succeeded {
        fire(run, Subject::WholeOp(op), &final_events(final_state));
    }
    if final_state == OpState::Failed {
        fail_fast(run, op);
    }
    close_op(run, op);
}

/// A failure that is the job's ends what is set to end with it.
fn fail_fast(run: &mut Run, op: OpRef) {
    let Some(declared) = run.state.declared(op).filter(|_| run.state.op_run(op).is_some_and(|op| !op.failure_allowed))
    else {
        return;
    };
    let ends_job =
        run.state.jobs.get(op.job).and_then(|job| run.state.declared_job(job)).is_some_and(|job| job.fail_fast);
    if ends_job {
        run.transitions.follow(Transition::JobStopped(op.job));
    } else if declared.fail_fast {
        run.transitions.follow(Transition::OpStopped(op));
    }
}

/// The op is final: those that wait for it wait for one less.
fn close_op(run: &mut Run, op: OpRef) {
    let Some(job) = run.state.jobs.get_mut(op.job) else { return };
    job.open = job.open.saturating_sub(1);
    let dependents = Arc::clone(&job.dependents);
    for dependent in dependents.get(op.op).map(Vec::as_slice).unwrap_or_default() {
        let Some(waiting) = job.ops.get_mut(*dependent) else {
            continue;
        };
        waiting.waits = waiting.waits.saturating_sub(1);
        if waiting.waits == 0 {
            run.transitions.check(Check::Op(OpRef { job: op.job, op: *dependent }));
        }
    }
    run.recording.op_closed(&run.state, op);
    run.transitions.check(Check::Job(op.job));
}
