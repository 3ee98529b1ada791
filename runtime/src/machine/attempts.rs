//! An item's life between its gates: attempts, time limits, retries.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::{ErrorKind, JobStatus};
use hookc_plan::{Body, Event, Name, OpState, Runs};

use super::observers::fire;
use super::run::Run;
use super::state::{ItemRef, JobId, Snapshot, Subject, declared_op};
use super::step::{Action, Timer};
use super::tasks::TaskPurpose;
use super::{endings, failures, gates, jobs, naming};
use crate::records::Phase;
use crate::task::{Failure, Kill, TaskId, TaskOutcome, TaskStart};
use crate::values::{Values, mock_in, mock_outputs};

/// An item is admitted: its start gates first, or its next attempt.
pub(super) fn begin_item(run: &mut Run, item: ItemRef) {
    let now = run.state.now;
    let Some(state) = run.state.item_mut(item) else { return };
    if state.phase == Phase::Retrying {
        return start(run, item);
    }
    state.phase = Phase::Gating;
    state.started = Some(now);
    if let Some(job) = run.state.jobs.get_mut(item.op.job) {
        job.busy += 1;
    }
    run.recording.item_row(&run.state, item);
    gates::ask(run, Subject::Item(item), Event::Start, 0);
}

/// All start gates have passed.
pub(super) fn open_item(run: &mut Run, item: ItemRef) {
    fire(run, Subject::Item(item), &[Event::Start]);
    start(run, item);
}

/// All end gates have passed.
pub(super) fn close_item(run: &mut Run, item: ItemRef) {
    fire(run, Subject::Item(item), &[Event::End]);
    endings::finish_item(run, item, OpState::Succeeded, None);
}

fn start(run: &mut Run, item: ItemRef) {
    let plan = Arc::clone(&run.state.plan);
    let Some(declared) = declared_op(&plan, &run.state, item.op) else {
        return;
    };
    let Some((attempt, inputs)) = next_attempt(run, item) else { return };
    run.recording.attempt_started(&run.state, item);
    if let Some(timeout) = declared.timeout_ms {
        let limit = Duration::from_millis(timeout);
        run.recording.set_time_limit(run.state.now, limit, Timer::Attempt(item, attempt));
    }
    match &declared.runs {
        Runs::Job(key) if run.state.settings.is_test() => start_component(run, item, key, inputs),
        Runs::Job(key) => {
            let job = jobs::add(&mut run.state, key, inputs, Some((item, attempt)));
            jobs::begin(run, job);
        }
        Runs::Component(key) => match mock_in(&inputs) {
            Some(mock) => ended(run, item, TaskOutcome::succeeded(mock_outputs(&plan, &mock, key))),
            None => {
                fire_waiting(run, item, key);
                start_component(run, item, key, inputs);
            }
        },
    }
}

/// Counts the attempt and clears what the last one left; gives its number and its inputs.
fn next_attempt(run: &mut Run, item: ItemRef) -> Option<(u32, Values)> {
    let now = run.state.now;
    let label = naming::file_label(&run.state, item.op, run.state.item_number(Subject::Item(item)))?;
    let number = run.state.attempts_made.entry(label).or_insert(0);
    *number += 1;
    let number = *number;
    let state = run.state.item_mut(item)?;
    state.phase = Phase::Running;
    state.attempt += 1;
    state.number = number;
    state.attempt_started = Some(now);
    state.timed_out = false;
    state.failure = None;
    state.agent = None;
    state.outputs.clear();
    Some((state.attempt, state.inputs.clone()))
}

/// In a test a person is asked, and the answer is given. No other run starts an `ask` body yet.
fn fire_waiting(run: &mut Run, item: ItemRef, component: &Name) {
    let component = run.state.plan.components.get(component);
    if component.is_some_and(|component| component.bodies.iter().any(|body| matches!(body, Body::Ask(_)))) {
        fire(run, Subject::Item(item), &[Event::Waiting]);
    }
}

fn start_component(run: &mut Run, item: ItemRef, component: &Name, inputs: Values) {
    let subject = Subject::Item(item);
    let Some(state) = run.state.item(item) else { return };
    let start = TaskStart {
        id: run.tasks.add(TaskPurpose::Attempt(item)),
        component: component.clone(),
        inputs,
        op: naming::op_label(&run.state, item.op),
        item: run.state.item_number(subject),
        attempt: state.attempt,
        number: state.number,
        hook: None,
        placement: run.state.declared(item.op).map(|op| op.placement.clone()).unwrap_or_default(),
        delivery: naming::delivery(&run.state, subject, state.attempt, "", "run"),
    };
    run.recording.act(Action::Start(Box::new(start)));
}

/// The process of a task runs.
pub(super) fn process_started(run: &mut Run, task: TaskId, pid: u32) {
    if let Some(item) = run.tasks.item_of(task) {
        run.recording.attempt_row(&run.state, item, Some(pid));
    }
}

/// The time limit of an attempt is reached: it is ended, and fails once it has.
pub(super) fn time_limit_reached(run: &mut Run, item: ItemRef, attempt: u32) {
    let Some(state) = run.state.item_mut(item) else { return };
    if state.phase != Phase::Running || state.attempt != attempt {
        return;
    }
    state.timed_out = true;
    if let Some(task) = run.tasks.attempt_of(item) {
        return run.recording.act(Action::Kill(task, Kill::Stop));
    }
    let called = run.state.jobs.iter().position(|job| job.caller == Some((item, attempt)));
    if let Some(called) = called {
        jobs::stop(run, called);
    }
}

/// A job that an item called has ended.
pub(super) fn called_job_ended(run: &mut Run, id: JobId) {
    let Some((job, (item, attempt))) = run.state.jobs.get(id).and_then(|job| Some((job, job.caller?))) else {
        return;
    };
    let is_current = |state: &super::state::Item| state.phase == Phase::Running && state.attempt == attempt;
    let Some(state) = run.state.item(item).filter(|state| is_current(state)) else {
        return;
    };
    if job.status == Some(JobStatus::Stopped) && !state.timed_out {
        return endings::finish_item(run, item, OpState::Stopped, None);
    }
    let outputs = job.outputs.clone();
    let failure = (job.status == Some(JobStatus::Failed)).then(|| {
        failures::job_failure(&run.state, id).unwrap_or_else(|| Failure::new(ErrorKind::Exit, "the job failed"))
    });
    ended(run, item, TaskOutcome { outputs, failure });
}

/// An attempt has ended: on to the end gates, to the next attempt, or to the end.
pub(super) fn ended(run: &mut Run, item: ItemRef, outcome: TaskOutcome) {
    let stopping = run.state.is_op_stopping(item.op);
    let limit = run.state.declared(item.op).and_then(|op| op.timeout_ms).unwrap_or(0);
    let Some(state) = run.state.item_mut(item).filter(|state| state.phase == Phase::Running) else {
        return;
    };
    let timed_out = state.timed_out;
    let failure = if timed_out { Some(Failure::timed_out(Duration::from_millis(limit))) } else { outcome.failure };
    state.outputs = outcome.outputs;
    state.failure.clone_from(&failure);
    run.recording.attempt_row(&run.state, item, None);
    match failure {
        _ if stopping && !timed_out => endings::finish_item(run, item, OpState::Stopped, None),
        Some(failure) => failed(run, item, failure),
        None => {
            if let Some(state) = run.state.item_mut(item) {
                state.phase = Phase::Ending;
            }
            gates::ask(run, Subject::Item(item), Event::End, 0);
        }
    }
}

fn failed(run: &mut Run, item: ItemRef, failure: Failure) {
    let Some(wait) = retry_wait(run, item) else {
        return endings::finish_item(run, item, OpState::Failed, Some(failure));
    };
    let due = run.state.now.after(wait);
    let Some(state) = run.state.item_mut(item) else { return };
    state.phase = Phase::Retrying;
    let attempt = state.attempt;
    run.admission.release(&mut run.state, item.op);
    run.recording.attempt_retried(&run.state, item, failure.kind);
    fire(run, Subject::Item(item), &[Event::Retrying]);
    run.recording.set_timer(due, Timer::Retry(item, attempt));
}

/// A condition that cannot be evaluated is noted, and there is no other attempt.
fn retry_wait(run: &mut Run, item: ItemRef) -> Option<Duration> {
    let state = run.state.item(item).filter(|_| !run.state.is_op_stopping(item.op))?;
    let duration = state.attempt_started.map(|started| run.state.now.since(started));
    let snapshot = Snapshot { duration, ..Snapshot::of_item(state) };
    let subject = Subject::Item(item);
    let id = naming::delivery(&run.state, subject, state.attempt, Event::Retrying.word(), "retry");
    let policy = &run.state.declared(item.op)?.retry;
    let wait = run.retry_wait(policy, (state.attempt, &id), subject, &snapshot);
    wait.unwrap_or_else(|error| {
        let state = run.state.item_mut(item)?;
        state.undecided.insert("retry".into(), error);
        None
    })
}

/// The next attempt of an item is due.
pub(super) fn retry_due(run: &mut Run, item: ItemRef, attempt: u32) {
    let is_due = run.state.item(item).is_some_and(|state| state.phase == Phase::Retrying && state.attempt == attempt);
    if let Some(op) = run.state.op_run_mut(item.op).filter(|_| is_due) {
        op.queue.push_front(item.item);
        run.admission.update(&run.state, item.op);
    }
}
