//! The inputs of a run: from text, checked before anything runs.

use std::collections::BTreeMap;

use hookc_plan::{Field, Job, Name, Plan, Program, Type, Value};

use crate::options::StartError;
use crate::values::Values;

/// Finds the job to run.
pub(crate) fn job<'p>(plan: &'p Plan, name: Option<&Name>) -> Result<(&'p Name, &'p Job), StartError> {
    let known = || plan.jobs.keys().cloned().collect::<Vec<_>>();
    match name {
        Some(name) => {
            let by_name = || plan.jobs.iter().find(|(_, job)| job.name == *name);
            let found = plan.jobs.get_key_value(name).or_else(by_name);
            found.ok_or_else(|| StartError::NoSuchJob { name: name.clone(), known: known() })
        }
        None => {
            let called = called(plan);
            let mut own = plan.jobs.iter().filter(|(key, _)| !called.contains(key));
            match (own.next(), own.next()) {
                (Some(only), None) => Ok(only),
                _ => Err(StartError::WhichJob(known())),
            }
        }
    }
}

/// The jobs that ops call. They are in the plan for these ops.
fn called(plan: &Plan) -> Vec<&Name> {
    let ops = plan.jobs.values().flat_map(|job| &job.ops);
    ops.filter_map(|op| match &op.runs {
        hookc_plan::Runs::Job(key) => Some(key),
        hookc_plan::Runs::Component(_) => None,
    })
    .collect()
}

/// The values of a job's inputs. All errors are reported together; `where` is left to the caller.
pub(crate) fn read(plan: &Plan, job: &Job, given: &[(String, String)]) -> Result<Values, StartError> {
    let mut values = Values::new();
    let mut errors = Vec::new();
    let mut texts: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, text) in given {
        if texts.insert(name, text).is_some() {
            errors.push(format!("the input `{name}` is given twice"));
        }
        if !job.inputs.iter().any(|field| field.name == name.as_str()) {
            errors.push(unknown(job, name));
        }
    }
    for field in &job.inputs {
        match value(plan, job, field, texts.get(field.name.as_str()).copied()) {
            Ok(value) => {
                values.insert(field.name.clone(), value);
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(StartError::Inputs(errors)) }
}

fn value(plan: &Plan, job: &Job, field: &Field, text: Option<&str>) -> Result<Value, String> {
    let name = &field.name;
    match (text, &field.default) {
        (Some(text), _) => Value::from_text(text, &field.ty, &plan.types)
            .map_err(|mismatch| format!("the input {}", mismatch.within(name))),
        (None, Some(default)) => Program::with_types(default, &plan.types)
            .run(&[])
            .map_err(|error| format!("cannot evaluate the default of the input `{name}`: {error}")),
        (None, None) if matches!(field.ty, Type::Optional(_) | Type::Null) => Ok(Value::Null),
        (None, None) => {
            Err(format!("the input `{name}` of `{}` is missing: give it with `-p {name}=…` ({})", job.name, field.ty))
        }
    }
}

fn unknown(job: &Job, name: &str) -> String {
    let known: Vec<String> = job.inputs.iter().map(|field| format!("`{}`", field.name)).collect();
    match known.as_slice() {
        [] => format!("the job `{}` has no input `{name}`; it has no inputs", job.name),
        known => format!("the job `{}` has no input `{name}`; it has {}", job.name, known.join(", ")),
    }
}
