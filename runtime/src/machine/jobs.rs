//! A job's run from its start to its end, called by an op or not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::{ErrorKind, JobStatus, Source};
use hookc_plan::{Event, Job, Name, Op, OpState};

use super::admission::place;
use super::context::EvalContext;
use super::observers::fire;
use super::run::Run;
use super::state::{Item, ItemRef, JobId, JobRun, OpRef, OpRun, RunState, Subject};
use super::step::{Action, Timer};
use super::transitions::{Check, Transition};
use super::{endings, gates, naming};
use crate::records::Phase;
use crate::task::{Failure, Kill};
use crate::values::Values;

/// How long a run that was stopped waits for its hooks at its end.
const HOOKS_WAIT_STOPPED: Duration = Duration::from_secs(10);

/// Adds a run of the job `key`, which has not started.
pub(super) fn add(state: &mut RunState, key: &Name, inputs: Values, caller: Option<(ItemRef, u32)>) -> JobId {
    let id = state.jobs.len();
    let plan = Arc::clone(&state.plan);
    let Some(declared) = plan.jobs.get(key) else { return id };
    let mut job = JobRun {
        key: key.clone(),
        node: declared.name.to_string(),
        prefix: String::new(),
        files: String::new(),
        id: state.settings.run.clone(),
        source: state.settings.source,
        source_id: None,
        caller,
        epoch: 0,
        order: Vec::new(),
        inputs,
        ops: declared.ops.iter().map(op_run).collect(),
        dependents: Arc::new(dependents(declared)),
        started: None,
        finished: None,
        status: None,
        failure: None,
        outputs: Values::new(),
        open: declared.ops.len(),
        busy: 0,
        stopping: state.stopping,
    };
    if let Some((item, _)) = caller {
        name_after_caller(state, &mut job, item);
    }
    state.jobs.push(job);
    id
}

/// Names a job's run after the item that calls it.
fn name_after_caller(state: &mut RunState, job: &mut JobRun, caller: ItemRef) {
    let number = state.item_number(Subject::Item(caller));
    let Some(outer) = state.jobs.get(caller.op.job) else {
        return;
    };
    let Some(op) = state.declared(caller.op) else { return };
    let item = number.map(|number| format!("[{number}]")).unwrap_or_default();
    job.node = format!("{}.{}{item}", outer.node, op.name);
    job.prefix = format!("{}{}{item}.", outer.prefix, op.name);
    job.files = match number {
        Some(number) => format!("{}{}.{number}.", outer.files, op.name),
        None => format!("{}{}.", outer.files, op.name),
    };
    job.id = naming::node_id(state, outer, caller.op, number);
    job.source = Source::Job;
    job.source_id = Some(outer.id.clone());
    job.order.clone_from(&outer.order);
    job.order.extend([place(caller.op.op), place(caller.item)]);
    let starts = state.job_starts.entry(job.files.clone()).or_insert(0);
    job.epoch = *starts;
    *starts += 1;
}

/// Starts a job: its start gates first.
pub(super) fn begin(run: &mut Run, id: JobId) {
    let now = run.state.now;
    let Some(job) = run.state.jobs.get_mut(id) else { return };
    job.started = Some(now);
    run.recording.job_started(&run.state, id);
    gates::ask(run, Subject::Job(id), Event::Start, 0);
}

/// All start gates have passed.
pub(super) fn open(run: &mut Run, id: JobId) {
    fire(run, Subject::Job(id), &[Event::Start]);
    let Some(job) = run.state.jobs.get(id) else { return };
    for (op, _) in job.ops.iter().enumerate().filter(|(_, op)| op.waits == 0) {
        run.transitions.check(Check::Op(OpRef { job: id, op }));
    }
    run.transitions.check(Check::Job(id));
}

/// A start gate has refused.
pub(super) fn refuse(run: &mut Run, id: JobId, failure: Failure) {
    if let Some(job) = run.state.jobs.get_mut(id) {
        job.failure = Some(failure);
    }
    end(run, id);
}

/// Ends the job if nothing of it is left.
pub(super) fn check(run: &mut Run, id: JobId) {
    let Some(job) = run.state.jobs.get(id) else { return };
    if job.status.is_none() && (job.open == 0 || (job.stopping && job.busy == 0)) {
        end(run, id);
    }
}

fn end(run: &mut Run, id: JobId) {
    close_interrupted(&mut run.state, id);
    let status = decide_status(run, id);
    let now = run.state.now;
    let Some(job) = run.state.jobs.get_mut(id) else { return };
    job.status = Some(status);
    job.finished = Some(now);
    let is_called = job.caller.is_some();
    run.recording.job_finished(&run.state, id);
    let event = match status {
        JobStatus::Succeeded => Event::Succeeded,
        JobStatus::Failed => Event::Failed,
        JobStatus::Stopped => Event::Stopped,
    };
    fire(run, Subject::Job(id), &[event, Event::Done]);
    match is_called {
        true => run.transitions.follow(Transition::CalledJobEnded(id)),
        false => set_hooks_deadline(run),
    }
}

/// Ends the fan-outs that a stop interrupted: some of their items never started.
fn close_interrupted(state: &mut RunState, id: JobId) {
    let now = state.now;
    let Some(job) = state.jobs.get_mut(id) else { return };
    for op in job.ops.iter_mut().filter(|op| op.state.is_none()) {
        let worst = op.worst_item_state();
        if worst.is_some() || op.has_item_in(OpState::Succeeded) {
            op.state = worst.or(Some(OpState::Stopped));
            op.started = op.first_start();
            op.finished = Some(now);
            op.failure = op.items.iter().find_map(|item| item.failure.clone());
        }
    }
}

/// How the job ends. A job without failures has outputs.
fn decide_status(run: &mut Run, id: JobId) -> JobStatus {
    let Some(job) = run.state.jobs.get(id) else {
        return JobStatus::Failed;
    };
    if job.failure.is_some() || job.ops.iter().any(OpRun::fails_job) {
        return JobStatus::Failed;
    }
    if job.ops.iter().any(|op| matches!(op.state, None | Some(OpState::Stopped))) {
        return JobStatus::Stopped;
    }
    let (outputs, failure) = outputs(run, job);
    let status = if failure.is_some() { JobStatus::Failed } else { JobStatus::Succeeded };
    if let Some(job) = run.state.jobs.get_mut(id) {
        job.outputs = outputs;
        job.failure = failure;
    }
    status
}

fn outputs(run: &Run, job: &JobRun) -> (Values, Option<Failure>) {
    let declared = run.state.declared_job(job).map(|job| job.outputs.as_slice()).unwrap_or_default();
    let (outputs, failed) = run.evaluator.arguments(declared, &EvalContext::of_job(&run.state, job));
    let failure = failed.map(|(name, error)| {
        Failure::new(ErrorKind::OutputType, format!("cannot evaluate the output `{name}`: {error}"))
    });
    let failure = failure.or_else(|| {
        let types = declared.iter().map(|output| (&output.name, &output.value.ty));
        let message = run.output_violation(job, types, &outputs)?;
        Some(Failure::new(ErrorKind::OutputType, message))
    });
    (outputs, failure)
}

/// From the end of a run that was stopped on, hooks have a limited time. Else each has its own.
pub(super) fn set_hooks_deadline(run: &mut Run) {
    if run.state.has_ended() && run.state.stopping {
        run.recording.set_timer(run.state.now.after(HOOKS_WAIT_STOPPED), Timer::HooksDeadline);
    }
}

/// Ends everything that runs; hooks go on.
pub(super) fn stop_all(run: &mut Run) {
    if run.state.stopping {
        return;
    }
    run.state.stopping = true;
    for job in 0..run.state.jobs.len() {
        stop(run, job);
    }
    set_hooks_deadline(run);
}

/// Lets nothing of the job start any more, and ends what runs.
pub(super) fn stop(run: &mut Run, id: JobId) {
    let Some(job) = run.state.jobs.get_mut(id) else { return };
    if job.status.is_some() {
        return;
    }
    job.stopping = true;
    run.admission.remove_job(id);
    end_running(run, id, |subject| subject.job() == id);
    run.transitions.check(Check::Job(id));
}

/// Lets no item of the op start any more, and ends what runs of it. Items that have not begun are taken back.
pub(super) fn stop_op(run: &mut Run, op: OpRef) {
    let Some(state) = run.state.op_run_mut(op).filter(|state| state.state.is_none()) else { return };
    if std::mem::replace(&mut state.stopping, true) {
        return;
    }
    state.queue.clear();
    let begun = |item: &Item| !matches!(item.phase, Phase::Pending);
    state.open -= state.items.iter().filter(|item| !begun(item)).count().min(state.open);
    let last = state.items.iter().rposition(begun);
    state.items.truncate(last.map_or(0, |last| last + 1));
    let is_closed = state.open == 0;
    run.admission.update(&run.state, op);
    end_running(run, op.job, |subject| subject.op() == Some(op));
    if is_closed {
        endings::finish_op(run, op);
    }
}

/// Ends what runs in a job, of what `is_stopped` names, and what waits for its next attempt.
fn end_running(run: &mut Run, id: JobId, is_stopped: impl Fn(Subject) -> bool) {
    for task in run.tasks.of(&is_stopped) {
        run.recording.act(Action::Kill(task, Kill::Stop));
    }
    gates::stop_waiting(run, &is_stopped);
    for item in retrying_items(&run.state, id).into_iter().filter(|item| is_stopped(Subject::Item(*item))) {
        endings::finish_item(run, item, OpState::Stopped, None);
    }
    for (called, _) in called_jobs(&run.state, id).into_iter().filter(|(_, item)| is_stopped(Subject::Item(*item))) {
        stop(run, called);
    }
}

fn retrying_items(state: &RunState, id: JobId) -> Vec<ItemRef> {
    let ops = state.jobs.get(id).map(|job| job.ops.as_slice()).unwrap_or_default();
    let items = ops.iter().enumerate().flat_map(|(op, run)| {
        let items = run.items.iter().enumerate();
        items.map(move |(item, state)| (ItemRef { op: OpRef { job: id, op }, item }, state.phase))
    });
    items.filter(|(_, phase)| *phase == Phase::Retrying).map(|(item, _)| item).collect()
}

/// The jobs that the ops of a job have called, and that have not ended, each with its caller.
fn called_jobs(state: &RunState, id: JobId) -> Vec<(JobId, ItemRef)> {
    let open = state.jobs.iter().enumerate().filter(|(_, job)| job.status.is_none());
    let called = open.filter_map(|(called, job)| Some((called, job.caller?.0)));
    called.filter(|(_, caller)| caller.op.job == id).collect()
}

fn op_run(op: &Op) -> OpRun {
    OpRun { waits: waits(op), failure_allowed: op.allows_failure(), ..OpRun::default() }
}

/// How many ops `op` waits for; several edges may name one.
fn waits(op: &Op) -> usize {
    let mut names: Vec<&Name> = op.edges.iter().map(|edge| &edge.op).collect();
    names.sort();
    names.dedup();
    names.len()
}

fn dependents(job: &Job) -> Vec<Vec<usize>> {
    let indexes: BTreeMap<&Name, usize> = job.ops.iter().enumerate().map(|(index, op)| (&op.name, index)).collect();
    let mut dependents = vec![Vec::new(); job.ops.len()];
    for (index, op) in job.ops.iter().enumerate() {
        for edge in &op.edges {
            let list = indexes.get(&edge.op).and_then(|needed| dependents.get_mut(*needed));
            if let Some(list) = list.filter(|list: &&mut Vec<usize>| list.last() != Some(&index)) {
                list.push(index);
            }
        }
    }
    dependents
}
