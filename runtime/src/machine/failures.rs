//! Why a job failed.

use hookc_plan::{Name, OpState, Value};

use super::state::{JobId, JobRun, RunState, runs_name};
use crate::task::Failure;

/// The failure of a job: its own, or that of its first failed op.
pub(crate) fn job_failure(state: &RunState, job: JobId) -> Option<Failure> {
    let job = state.jobs.get(job)?;
    let own = job.failure.clone();
    own.or_else(|| op_failures(state, job).next().map(|(_, failure)| failure.clone()))
}

/// `job.error_message`
pub(crate) fn job_message(state: &RunState, job: &JobRun) -> String {
    if let Some(failure) = &job.failure {
        return failure.message.clone();
    }
    let first = op_failures(state, job).next();
    first.map(|(name, failure)| format!("`{name}` failed: {}", failure.message)).unwrap_or_default()
}

/// The failed ops that make the job fail, in plan order.
fn op_failures<'s>(state: &'s RunState, job: &'s JobRun) -> impl Iterator<Item = (&'s Name, &'s Failure)> {
    let failed = state.ops_of(job).filter(|(_, run)| run.fails_job());
    failed.filter_map(|(op, run)| Some((&op.name, run.failure.as_ref()?)))
}

/// `job.failed_ops`
pub(super) fn failed_ops(state: &RunState, job: &JobRun) -> Value {
    let failed = state.ops_of(job).filter(|(_, run)| run.state == Some(OpState::Failed));
    Value::list(failed.map(|(op, run)| {
        let message = run.failure.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
        Value::record([
            ("name".into(), Value::Str(op.name.clone())),
            ("component".into(), Value::Str(runs_name(&op.runs).clone())),
            ("error_message".into(), Value::text(message)),
            ("allow_failure".into(), Value::Bool(run.failure_allowed)),
        ])
    }))
}
