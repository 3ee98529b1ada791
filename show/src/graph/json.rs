//! The drawing as data, for previews that draw it themselves.
//!
//! Nodes have the names that the other forms give them.

use serde_json::{Value, json};

use super::{Drawing, EdgeLine, HookNode, JobBox, OpNode, hook_id, job_id, op_id};
use crate::sanitise::one_line;

/// One object, on a line of its own.
pub fn write(drawing: &Drawing) -> String {
    let jobs: Vec<Value> = drawing.jobs.iter().enumerate().map(|(index, job)| job_object(index, job)).collect();
    format!("{}\n", json!({ "jobs": jobs }))
}

fn job_object(index: usize, job: &JobBox) -> Value {
    let ops: Vec<Value> = job.ops.iter().enumerate().map(|(at, op)| op_object(index, at, op)).collect();
    let id = job_id(index);
    json!({ "id": id, "name": one_line(&job.name), "ops": ops, "hooks": hooks(&id, &job.hooks) })
}

fn op_object(job: usize, at: usize, op: &OpNode) -> Value {
    let id = op_id(job, at);
    let edges: Vec<Value> = op.edges.iter().map(|edge| edge_object(job, edge)).collect();
    json!({
        "id": id,
        "name": one_line(&op.name),
        "runs": one_line(&op.runs),
        "when": op.when.as_deref().map(one_line),
        "isJob": op.is_job,
        "waitsFor": edges,
        "hooks": hooks(&id, &op.hooks),
    })
}

fn edge_object(job: usize, edge: &EdgeLine) -> Value {
    json!({ "op": op_id(job, edge.from), "reason": one_line(&edge.reason), "needs": edge.needs })
}

fn hooks(of: &str, hooks: &[HookNode]) -> Vec<Value> {
    let object = |(number, hook): (usize, &HookNode)| {
        json!({
            "id": hook_id(of, number),
            "name": one_line(&hook.name),
            "event": one_line(&hook.event),
            "action": one_line(&hook.action),
            "when": hook.when.as_deref().map(one_line),
            "isGate": hook.is_gate,
        })
    };
    hooks.iter().enumerate().map(object).collect()
}
