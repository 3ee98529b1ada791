//! Why a job failed.

use hookc_plan::{Name, Op, OpState, Value};

use super::state::{Item, JobId, JobRun, OpRun, RunState, runs_name};
use crate::records::Phase;
use crate::task::Failure;

/// The failure of a job: its own, or that of its first failed op.
pub(crate) fn job_failure(state: &RunState, job: JobId) -> Option<Failure> {
    let job = state.jobs.get(job)?;
    let own = job.failure.clone();
    own.or_else(|| op_failures(state, job).next().map(|(_, failure)| failure.clone()))
}

/// `job.error_message`: a line for each op that counts, in plan order.
pub(crate) fn job_message(state: &RunState, job: &JobRun) -> String {
    if let Some(failure) = &job.failure {
        return failure.message.clone();
    }
    let lines: Vec<String> =
        op_failures(state, job).map(|(name, failure)| format!("{name}: {}", failure.message)).collect();
    lines.join("\n")
}

/// The failed ops that make the job fail, in plan order.
fn op_failures<'s>(state: &'s RunState, job: &'s JobRun) -> impl Iterator<Item = (&'s Name, &'s Failure)> {
    let failed = state.ops_of(job).filter(|(_, run)| run.fails_job());
    failed.filter_map(|(op, run)| Some((&op.name, run.failure.as_ref()?)))
}

/// `job.failed_ops`: a row for each op, or for each of its items that failed.
pub(super) fn failed_ops(state: &RunState, job: &JobRun) -> Value {
    let failed = state.ops_of(job).filter(|(_, run)| run.state == Some(OpState::Failed));
    Value::list(failed.flat_map(|(op, run)| rows(op, run)))
}

fn rows(op: &Op, run: &OpRun) -> Vec<Value> {
    let failed = |(number, item): (usize, &Item)| {
        let has_failed = run.is_fan_out && item.phase == Phase::Final(OpState::Failed);
        has_failed.then(|| row((op, run), Value::Int(number as i64), item.failure.as_ref()))
    };
    let items: Vec<Value> = run.items.iter().enumerate().filter_map(failed).collect();
    if items.is_empty() { vec![row((op, run), Value::Null, run.failure.as_ref())] } else { items }
}

fn row((op, run): (&Op, &OpRun), item: Value, failure: Option<&Failure>) -> Value {
    let message = failure.map(|failure| failure.message.as_str()).unwrap_or_default();
    Value::record([
        ("name".into(), Value::Str(op.name.clone())),
        ("component".into(), Value::Str(runs_name(&op.runs).clone())),
        ("item".into(), item),
        ("error_message".into(), Value::text(message)),
        ("allow_failure".into(), Value::Bool(run.failure_allowed)),
    ])
}
