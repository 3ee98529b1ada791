//! The names of nodes, hooks, deliveries and files.

use hookc_plan::{Delivery, Hook, Name};

use super::state::{JobRun, OpRef, RunState, Subject};
use crate::run_folder::file_uri;

/// The job's name, as its hooks read it.
pub(crate) fn job_name<'s>(state: &'s RunState, job: &'s JobRun) -> &'s Name {
    state.declared_job(job).map_or(&job.key, |declared| &declared.name)
}

fn op_name(state: &RunState, op: OpRef) -> &str {
    state.declared(op).map(|op| op.name.as_str()).unwrap_or_default()
}

/// The node of an op: `nightly.fit`.
pub(super) fn node(state: &RunState, op: OpRef) -> String {
    let job = state.jobs.get(op.job).map(|job| job.node.as_str()).unwrap_or_default();
    format!("{job}.{}", op_name(state, op))
}

/// The id of an op's run: `RUN/fit` or `RUN/fit.3`.
pub(super) fn node_id(state: &RunState, job: &JobRun, op: OpRef, item: Option<u32>) -> String {
    format!("{}/{}", job.id, with_item(op_name(state, op), item))
}

/// The name of an op below the requested job: `fit`, `sub.fit`.
pub(super) fn op_label(state: &RunState, op: OpRef) -> String {
    let prefix = state.jobs.get(op.job).map(|job| job.prefix.as_str()).unwrap_or_default();
    format!("{prefix}{}", op_name(state, op))
}

/// The label of an op's item in file names: `fit`, `fit.3`, `sub.2.fit`.
pub(super) fn file_label(state: &RunState, op: OpRef, item: Option<u32>) -> Option<String> {
    let job = state.jobs.get(op.job)?;
    let name = &state.declared(op)?.name;
    Some(format!("{}{}", job.files, with_item(name, item)))
}

/// The path of an attempt's log.
pub(super) fn log(state: &RunState, op: OpRef, item: Option<u32>, number: u32) -> Option<String> {
    let label = file_label(state, op, item)?;
    Some(state.folder.log(&label, number).to_string_lossy().into_owned())
}

/// `op.log`: the log of the last attempt, if there was one.
pub(super) fn op_log(state: &RunState, subject: Subject) -> Option<String> {
    let Subject::Item(item) = subject else { return None };
    let attempted = state.item(item).filter(|item| item.number > 0)?;
    log(state, item.op, state.item_number(subject), attempted.number)
}

/// `op.log`, where something reads it: from then on the file exists.
pub(super) fn read_log(state: &RunState, subject: Subject) -> Option<String> {
    let log = op_log(state, subject)?;
    state.read_logs.borrow_mut().insert(log.clone());
    Some(log)
}

/// `op.url`
pub(super) fn op_url(state: &RunState, subject: Subject) -> String {
    test_url(state, subject).unwrap_or_else(|| {
        let folder = || state.folder.path().to_string_lossy().into_owned();
        file_uri(&read_log(state, subject).unwrap_or_else(folder))
    })
}

/// `job.url`
pub(super) fn job_url(state: &RunState) -> String {
    test_url(state, Subject::Job(0)).unwrap_or_else(|| file_uri(&state.folder.path().to_string_lossy()))
}

/// The address of an op or a job in a test: `test:nightly/fit`, `test:nightly/fit.3`.
fn test_url(state: &RunState, subject: Subject) -> Option<String> {
    let job = state.jobs.get(subject.job()).filter(|_| state.settings.is_test())?;
    let job = job_name(state, job);
    Some(match subject.op() {
        None => format!("test:{job}"),
        Some(op) => format!("test:{job}/{}", with_item(&state.declared(op)?.name, state.item_number(subject))),
    })
}

/// A hook's path. In a called job it begins with the caller's.
pub(super) fn hook_path(state: &RunState, subject: Subject, hook: &Hook) -> String {
    match state.jobs.get(subject.job()) {
        Some(job) if job.caller.is_some() => match subject.op().and_then(|op| state.declared(op)) {
            Some(op) => format!("{}.{}.{}", job.node, op.name, hook.name),
            None => format!("{}.{}", job.node, hook.name),
        },
        _ => hook.path.clone(),
    }
}

/// The id of a delivery: the same for every try of the same hook at the same moment of a run.
pub(super) fn delivery(state: &RunState, subject: Subject, attempt: u32, trigger: &str, hook: &str) -> String {
    let Some(job) = state.jobs.get(subject.job()) else {
        return String::new();
    };
    let node = match subject.op().and_then(|op| state.declared(op)) {
        Some(op) => format!("{}.{}", job.node, op.name),
        None => job.node.clone(),
    };
    let delivery = Delivery {
        run: &state.settings.run,
        node: &node,
        item: state.item_number(subject),
        epoch: job.epoch,
        attempt,
        n: pending_request(state, subject),
        trigger,
        hook,
    };
    hookc_plan::delivery_id(&delivery)
}

/// The number of the agent's request that is being decided; 0 if there is none.
fn pending_request(state: &RunState, subject: Subject) -> u64 {
    let agent = state.agent(subject).filter(|agent| agent.pending.is_some());
    agent.map_or(0, |agent| agent.requests)
}

fn with_item(name: &str, item: Option<u32>) -> String {
    match item {
        Some(item) => format!("{name}.{item}"),
        None => name.to_owned(),
    }
}
