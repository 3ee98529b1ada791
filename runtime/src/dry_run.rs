//! What a run would do, for `--dry-run`: the ops in plan order, what each waits for, and its hooks.

use hookc_plan::{Hook, Job, Name, Op, Plan, Runs, Value};
use serde::Serialize;

use crate::values::{JsonValues, Values, to_json_values};

/// What would run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryRun {
    /// The job.
    pub job: Name,
    /// Its inputs.
    pub inputs: JsonValues,
    /// Its ops, in the order in which they would start one after the other.
    pub ops: Vec<DryOp>,
    /// Its own hooks.
    pub hooks: Vec<DryHook>,
}

/// An op that would run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryOp {
    /// Its name; in a called job, below the caller's: `sub.fit`.
    pub op: String,
    /// What it runs.
    pub runs: Name,
    /// The ops it waits for.
    pub after: Vec<Name>,
    /// Its condition, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The variables of its fan-out, with the number of items if it is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<DryFan>,
    /// Its hooks.
    pub hooks: Vec<DryHook>,
}

/// A variable of a fan-out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryFan {
    /// The variable.
    pub var: Name,
    /// How many items, if the list is a constant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<usize>,
}

/// A hook that could fire.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryHook {
    /// Its path.
    pub hook: String,
    /// Its events.
    pub on: Vec<&'static str>,
    /// What it does.
    pub verb: &'static str,
    /// The component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<Name>,
    /// Its condition, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

pub(crate) fn dry_run(plan: &Plan, job: &Job, inputs: &Values) -> DryRun {
    let mut ops = Vec::new();
    add_ops(plan, job, "", &mut ops);
    DryRun { job: job.name.clone(), inputs: to_json_values(inputs), ops, hooks: job.hooks.iter().map(hook).collect() }
}

/// Calls cannot be circular, so this ends.
fn add_ops(plan: &Plan, job: &Job, prefix: &str, ops: &mut Vec<DryOp>) {
    for op in &job.ops {
        ops.push(dry_op(op, prefix));
        if let Runs::Job(key) = &op.runs
            && let Some(called) = plan.jobs.get(key)
        {
            add_ops(plan, called, &format!("{prefix}{}.", op.name), ops);
        }
    }
}

fn dry_op(op: &Op, prefix: &str) -> DryOp {
    let mut after: Vec<Name> = op.edges.iter().map(|edge| edge.op.clone()).collect();
    after.sort();
    after.dedup();
    let (Runs::Component(runs) | Runs::Job(runs)) = &op.runs;
    DryOp {
        op: format!("{prefix}{}", op.name),
        runs: runs.clone(),
        after,
        when: op.when.as_ref().map(|when| when.source.clone()),
        each: op.each.iter().map(|fan| DryFan { var: fan.var.clone(), items: constant_items(&fan.over) }).collect(),
        hooks: op.hooks.iter().map(hook).collect(),
    }
}

/// The number of items of a list that reads nothing.
fn constant_items(over: &hookc_plan::Expr) -> Option<usize> {
    let program = hookc_plan::Program::new(over);
    match program.run(&[]).ok().filter(|_| program.slots().is_empty())? {
        Value::List(items) => Some(items.len()),
        _ => None,
    }
}

fn hook(hook: &Hook) -> DryHook {
    DryHook {
        hook: hook.path.clone(),
        on: hook.on.iter().map(|on| on.event.word()).collect(),
        verb: hook.verb.word(),
        component: hook.component.clone(),
        when: hook.when.as_ref().map(|when| when.source.clone()),
    }
}
