//! What a plan's jobs use: components, types, secrets.

use std::collections::{BTreeMap, BTreeSet};

use hookc_plan as plan;
use hookc_plan::{ConnectionValue, Node, Plan, TypeDef};
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

/// The secrets that are read, each with the paths that read it.
pub(super) fn secrets(plan: &Plan, provider: &plan::Provider) -> Vec<plan::Secret> {
    let mut used: BTreeMap<SmolStr, BTreeSet<String>> = BTreeMap::new();
    plan.expressions(&mut |path, expr| {
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
