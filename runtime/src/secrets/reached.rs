//! Which connections and secrets a job reaches: those of every component that it would run.
//!
//! A component that is given a mock is not run, so its secrets are not needed.

use std::collections::{BTreeMap, BTreeSet};

use hookc_plan::{Arg, Body, Component, ConnectionValue, Expr, FieldValue, Job, Name, Node, Path, Plan, Runs, Span};

/// What a job reaches outside of the plan.
#[derive(Debug, Default)]
pub(crate) struct ReachedSettings {
    /// The connections, sorted.
    pub(crate) connections: BTreeSet<Name>,
    /// The secrets, each with the first place that needs it.
    pub(crate) secrets: BTreeMap<Name, Use>,
}

/// Where a secret is needed.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    /// The plan's path, as in `nightly.fit.page`.
    pub(crate) at: String,
    pub(crate) span: Span,
}

/// The jobs that the job `key` runs, itself first.
pub(crate) fn jobs<'p>(plan: &'p Plan, key: &Name) -> Vec<&'p Job> {
    let mut keys = vec![key];
    let mut next = 0;
    let mut found = Vec::new();
    while let Some(job) = keys.get(next).map(|key| plan.jobs.get(*key)) {
        next += 1;
        for op in job.iter().flat_map(|job| &job.ops) {
            if let Runs::Job(called) = &op.runs
                && !keys.contains(&called)
            {
                keys.push(called);
            }
        }
        found.extend(job);
    }
    found
}

/// What the job `key`, and those that it calls, reach.
pub(crate) fn reached(plan: &Plan, key: &Name) -> ReachedSettings {
    let mut finder = Finder { plan, found: ReachedSettings::default() };
    for job in jobs(plan, key) {
        for op in &job.ops {
            let at = format!("{}.{}", job.name, op.name);
            let component = match &op.runs {
                Runs::Component(key) => Some(key),
                Runs::Job(_) => None,
            };
            finder.call(component, &op.args, &Use { at, span: op.span });
        }
        for hook in job.ops.iter().flat_map(|op| &op.hooks).chain(&job.hooks) {
            let of = Use { at: hook.path.clone(), span: hook.span };
            finder.call(hook.component.as_ref(), &hook.args, &of);
        }
    }
    finder.found
}

struct Finder<'p> {
    plan: &'p Plan,
    found: ReachedSettings,
}

impl Finder<'_> {
    fn call(&mut self, component: Option<&Name>, args: &[Arg], of: &Use) {
        let Some(component) = component.and_then(|key| self.plan.components.get(key)) else { return };
        let mut secrets = Vec::new();
        let mut mocked = false;
        for arg in args {
            let mut connections = Vec::new();
            let mut of_arg = Vec::new();
            read(&arg.value, &mut connections, &mut of_arg);
            for name in connections {
                match self.plan.connections.get(&name).map(|connection| &connection.value) {
                    Some(ConnectionValue::Mock(_)) => mocked = true,
                    Some(ConnectionValue::Fields(fields)) => of_arg.extend(fields.values().filter_map(secret)),
                    None => {}
                }
                self.found.connections.insert(name);
            }
            if reads_input(component, &arg.name) {
                secrets.append(&mut of_arg);
            }
        }
        component.run_expressions(&mut |expr| read(expr, &mut Vec::new(), &mut secrets));
        for name in secrets.into_iter().filter(|_| !mocked) {
            self.found.secrets.entry(name).or_insert_with(|| of.clone());
        }
    }
}

fn secret(field: &FieldValue) -> Option<Name> {
    match field {
        FieldValue::Secret(name) => Some(name.clone()),
        FieldValue::Const(_) => None,
    }
}

/// Whether a component may need the text of a secret that is in this input.
fn reads_input(component: &Component, input: &Name) -> bool {
    let mut found = component.bodies.iter().any(|body| matches!(body, Body::Python(_)));
    component.run_expressions(&mut |expr| {
        expr.walk(&mut |part| found |= matches!(&part.node, Node::Ctx { path: Path::Input(name) } if name == input));
    });
    found
}

/// The connections and secrets that an expression names.
fn read(expr: &Expr, connections: &mut Vec<Name>, secrets: &mut Vec<Name>) {
    expr.walk(&mut |part| match &part.node {
        Node::Connection { name } => connections.push(name.clone()),
        Node::Secret { name } => secrets.push(name.clone()),
        _ => {}
    });
}
