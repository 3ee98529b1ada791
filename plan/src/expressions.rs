//! The expressions of a plan, each with the plan's path of what holds it.

use crate::expr::Expr;
use crate::plan::{Body, Component, ExecItem, Hook, Job, Plan};
use crate::types::{Field, TypeDef};

impl Plan {
    /// Calls `f` with every expression and the path of what holds it: a component, a type, a job, an op, a hook or a
    /// trigger.
    pub fn expressions<'a>(&'a self, f: &mut dyn FnMut(&str, &'a Expr)) {
        of_plan(self, f);
    }
}

impl Component {
    /// Calls `f` with every expression that a run of the component evaluates: its bodies, variables and settings, not what
    /// its inputs are checked against.
    pub fn run_expressions<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        of_run(self, f);
    }
}

pub(crate) fn of_plan<'a>(plan: &'a Plan, f: &mut dyn FnMut(&str, &'a Expr)) {
    for (name, component) in &plan.components {
        of_component(component, &mut |expr| f(name, expr));
    }
    for (name, def) in &plan.types {
        if let TypeDef::Record(fields) = def {
            of_fields(fields, &mut |expr| f(name, expr));
        }
    }
    for (name, job) in &plan.jobs {
        of_job(name, job, f);
        for trigger in &job.triggers {
            let path = format!("{name}.{}", trigger.name);
            trigger.when.iter().for_each(|when| f(&path, &when.expr));
            trigger.args.iter().for_each(|arg| f(&path, &arg.value));
        }
    }
}

/// Those of a job, its ops and its hooks, without its triggers.
pub(crate) fn of_job<'a>(name: &str, job: &'a Job, f: &mut dyn FnMut(&str, &'a Expr)) {
    of_fields(&job.inputs, &mut |expr| f(name, expr));
    job.outputs.iter().for_each(|arg| f(name, &arg.value));
    for op in &job.ops {
        let path = format!("{name}.{}", op.name);
        op.expressions(&mut |expr| f(&path, expr));
        op.hooks.iter().for_each(|hook| of_hook(hook, &mut |expr| f(&hook.path, expr)));
    }
    job.hooks.iter().for_each(|hook| of_hook(hook, &mut |expr| f(&hook.path, expr)));
}

pub(crate) fn of_component<'a>(component: &'a Component, f: &mut dyn FnMut(&'a Expr)) {
    of_fields(&component.inputs, f);
    of_run(component, f);
}

fn of_run<'a>(component: &'a Component, f: &mut dyn FnMut(&'a Expr)) {
    for body in &component.bodies {
        match body {
            Body::Exec(items) => items.iter().for_each(|item| match item {
                ExecItem::Spread(spread) => f(&spread.spread),
                ExecItem::One(expr) => f(expr),
            }),
            Body::Http(http) => {
                f(&http.url);
                http.headers.values().for_each(&mut *f);
                http.json.iter().chain(&http.sign).for_each(&mut *f);
            }
            Body::Ask(question) => f(question),
            Body::Shell(_) | Body::Python(_) | Body::External(_) => {}
        }
    }
    component.env.values().for_each(&mut *f);
    let settings = [&component.image, &component.cwd, &component.model, &component.prompt];
    settings.into_iter().flatten().for_each(f);
}

fn of_fields<'a>(fields: &'a [Field], f: &mut dyn FnMut(&'a Expr)) {
    for field in fields {
        field.default.iter().for_each(&mut *f);
        field.constraint.iter().for_each(|cond| f(&cond.expr));
    }
}

fn of_hook<'a>(hook: &'a Hook, f: &mut dyn FnMut(&'a Expr)) {
    hook.when.iter().for_each(|when| f(&when.expr));
    hook.args.iter().for_each(|arg| f(&arg.value));
    hook.message.iter().for_each(&mut *f);
    hook.settings.retry.iter().flat_map(|retry| &retry.when).for_each(|when| f(&when.expr));
}
