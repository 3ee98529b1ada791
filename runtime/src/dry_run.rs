//! What a run would do, for `--dry-run`: the ops in plan order, what each waits for, and its hooks.

use hookc_plan::{ConnectionValue, Hook, Job, Name, Op, Plan, Runs, Value};
use serde::Serialize;

use crate::options::MissingSecret;
use crate::secrets::reached::{ReachedSettings, Use};
use crate::values::{JsonValues, Values, to_json_values};

/// What would run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryRun {
    /// The job.
    pub job: Name,
    /// The profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Name>,
    /// The connections that it reaches.
    pub connections: Vec<DryConnection>,
    /// The secrets that it needs; those that only a mocked component would read are not needed.
    pub secrets: Vec<DrySecret>,
    /// Its inputs.
    pub inputs: JsonValues,
    /// Its ops, in the order in which they would start one after the other.
    pub ops: Vec<DryOp>,
    /// Its own hooks.
    pub hooks: Vec<DryHook>,
    /// What a person should know before it runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A connection that would be used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryConnection {
    /// Its name.
    pub connection: Name,
    /// Whether the profile mocks it: what would use it is recorded and not run.
    pub mock: bool,
}

/// A secret that would be used; never its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrySecret {
    /// Its name.
    pub secret: Name,
    /// Whether it can be fetched.
    pub present: bool,
    /// Why it cannot be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The first op or hook that needs it.
    pub at: String,
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
    DryRun {
        job: job.name.clone(),
        profile: None,
        connections: Vec::new(),
        secrets: Vec::new(),
        inputs: to_json_values(inputs),
        ops,
        hooks: job.hooks.iter().map(hook).collect(),
        notes: Vec::new(),
    }
}

/// The connections that a job reaches.
pub(crate) fn connections(plan: &Plan, reached: &ReachedSettings) -> Vec<DryConnection> {
    let is_mock = |name: &Name| {
        plan.connections.get(name).is_some_and(|connection| matches!(connection.value, ConnectionValue::Mock(_)))
    };
    let names = reached.connections.iter();
    names.map(|name| DryConnection { connection: name.clone(), mock: is_mock(name) }).collect()
}

/// The secrets that a job reaches, some of them missing.
pub(crate) fn secrets(reached: &ReachedSettings, missing: &[MissingSecret]) -> Vec<DrySecret> {
    let secret = |(name, of): (&Name, &Use)| {
        let why = missing.iter().find(|missing| missing.secret == *name).map(|missing| missing.why.clone());
        DrySecret { secret: name.clone(), present: why.is_none(), why, at: of.at.clone() }
    };
    reached.secrets.iter().map(secret).collect()
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
