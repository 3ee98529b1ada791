//! What a plan's jobs use: components, types, secrets.

use std::collections::{BTreeMap, BTreeSet};

use hookc_plan as plan;
use hookc_plan::{Body, ConnectionValue, ExecItem, Expr, Node, Plan, TypeDef};
use smol_str::SmolStr;

use crate::check::{Checker, Owner};
use crate::symbol::Symbol;

/// The components that ops and hooks run.
pub(super) fn component_names(jobs: &BTreeMap<SmolStr, plan::Job>) -> Vec<SmolStr> {
    let mut names = BTreeSet::new();
    for job in jobs.values() {
        let hooks = job.ops.iter().flat_map(|op| &op.hooks).chain(&job.hooks);
        names.extend(hooks.filter_map(|hook| hook.component.clone()));
        names.extend(job.ops.iter().filter_map(|op| match &op.runs {
            plan::Runs::Component(name) => Some(name.clone()),
            plan::Runs::Job(_) => None,
        }));
    }
    names.into_iter().collect()
}

/// Adds a type to the plan's.
pub(super) fn add_type(checker: &mut Checker<'_, '_>, symbol: Symbol, types: &mut BTreeMap<SmolStr, TypeDef>) {
    let key = checker.key(symbol);
    if types.contains_key(&key) {
        return;
    }
    let def = match symbol {
        Symbol::Enum(id) => TypeDef::Enum(checker.program.enum_def(id).values.clone()),
        Symbol::Record(id) => {
            let program = checker.program;
            TypeDef::Record(checker.fields(Owner::Local, &program.record(id).fields))
        }
        _ => return,
    };
    types.insert(key, def);
}

/// Calls `f` with every expression of the plan and the path of what holds it.
pub(super) fn expressions<'a>(plan: &'a Plan, f: &mut dyn FnMut(&str, &'a Expr)) {
    for (name, component) in &plan.components {
        component_expressions(component, &mut |expr| f(name, expr));
    }
    for (name, def) in &plan.types {
        if let TypeDef::Record(fields) = def {
            field_expressions(fields, &mut |expr| f(name, expr));
        }
    }
    for (name, job) in &plan.jobs {
        field_expressions(&job.inputs, &mut |expr| f(name, expr));
        job.outputs.iter().for_each(|arg| f(name, &arg.value));
        for op in &job.ops {
            let path = format!("{name}.{}", op.name);
            op_expressions(op, &mut |expr| f(&path, expr));
            op.hooks.iter().for_each(|hook| hook_expressions(hook, &mut |expr| f(&hook.path, expr)));
        }
        job.hooks.iter().for_each(|hook| hook_expressions(hook, &mut |expr| f(&hook.path, expr)));
        for trigger in &job.triggers {
            let path = format!("{name}.{}", trigger.name);
            trigger.when.iter().for_each(|when| f(&path, &when.expr));
            trigger.args.iter().for_each(|arg| f(&path, &arg.value));
        }
    }
}

fn field_expressions<'a>(fields: &'a [plan::Field], f: &mut dyn FnMut(&'a Expr)) {
    for field in fields {
        field.default.iter().for_each(&mut *f);
        field.constraint.iter().for_each(|cond| f(&cond.expr));
    }
}

/// Every expression of a component.
pub(super) fn component_expressions<'a>(component: &'a plan::Component, f: &mut dyn FnMut(&'a Expr)) {
    field_expressions(&component.inputs, f);
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

fn op_expressions<'a>(op: &'a plan::Op, f: &mut dyn FnMut(&'a Expr)) {
    op.when.iter().for_each(|when| f(&when.expr));
    op.each.iter().for_each(|fan| f(&fan.over));
    op.args.iter().for_each(|arg| f(&arg.value));
    op.retry.iter().flat_map(|retry| &retry.when).for_each(|when| f(&when.expr));
}

fn hook_expressions<'a>(hook: &'a plan::Hook, f: &mut dyn FnMut(&'a Expr)) {
    hook.when.iter().for_each(|when| f(&when.expr));
    hook.args.iter().for_each(|arg| f(&arg.value));
    hook.message.iter().for_each(&mut *f);
    hook.settings.retry.iter().flat_map(|retry| &retry.when).for_each(|when| f(&when.expr));
}

/// The secrets that are read, each with the paths that read it.
pub(super) fn secrets(plan: &Plan, provider: &plan::Provider) -> Vec<plan::Secret> {
    let mut used: BTreeMap<SmolStr, BTreeSet<String>> = BTreeMap::new();
    expressions(plan, &mut |path, expr| {
        expr.walk(&mut |node| {
            if let Node::Secret { name } = &node.node {
                used.entry(name.clone()).or_default().insert(path.to_owned());
            }
        });
    });
    for (name, connection) in &plan.connections {
        let ConnectionValue::Fields(fields) = &connection.value else {
            continue;
        };
        for secret in fields.values().filter_map(super::secret_of) {
            used.entry(secret.clone()).or_default().insert(name.to_string());
        }
    }
    for (name, job) in &plan.jobs {
        for trigger in &job.triggers {
            if let plan::TriggerKind::Webhook(plan::Webhook { secret: Some(secret), .. }) = &trigger.kind {
                used.entry(secret.clone()).or_default().insert(format!("{name}.{}", trigger.name));
            }
        }
    }
    let secret = |(name, used_by): (SmolStr, BTreeSet<String>)| plan::Secret {
        name,
        provider: provider.clone(),
        used_by: used_by.into_iter().collect(),
    };
    used.into_iter().map(secret).collect()
}
