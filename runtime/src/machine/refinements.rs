//! `where`: what must hold of inputs and of the fields of records, checked on the values.

use hookc_plan::{Cond, Field, Name, Type, TypeDef, Value};

use super::Machine;
use super::context::Scope;
use super::state::JobRun;
use crate::executor::Values;

impl Machine {
    /// The first `where` that does not hold of `inputs`, as a message.
    pub(super) fn broken_where(&self, job: &JobRun, fields: &[Field], inputs: &Values) -> Option<String> {
        let scope = || Scope::job(self, job).with_inputs(inputs);
        fields.iter().find_map(|field| {
            let value = inputs.get(&field.name)?;
            let own = field.constraint.as_ref().and_then(|cond| self.broken(cond, &field.name, value, &scope()));
            own.or_else(|| self.broken_record(job, &field.ty, value, &field.name))
        })
    }

    fn broken(&self, cond: &Cond, path: &str, value: &Value, scope: &Scope<'_>) -> Option<String> {
        match self.holds(cond, scope) {
            Ok(true) => None,
            Ok(false) => Some(format!("`{path}` is {}, but must fulfil `{}`", brief(value), cond.source)),
            Err(error) => Some(format!("`{}` of `{path}` cannot be decided: {error}", cond.source)),
        }
    }

    /// The first field of a record, at any depth, whose `where` does not hold.
    fn broken_record(&self, job: &JobRun, ty: &Type, value: &Value, path: &str) -> Option<String> {
        match (ty, value) {
            (Type::Optional(of), value) if !value.is_null() => self.broken_record(job, of, value, path),
            (Type::List(of), Value::List(items)) => items
                .iter()
                .enumerate()
                .find_map(|(at, item)| self.broken_record(job, of, item, &format!("{path}[{at}]"))),
            (Type::Map(of), Value::Map(map)) => {
                map.iter().find_map(|(key, item)| self.broken_record(job, of, item, &format!("{path}[{key:?}]")))
            }
            (Type::Record(name), Value::Record(values)) => {
                let Some(TypeDef::Record(fields)) = self.plan.types.get(name) else {
                    return None;
                };
                self.broken_fields(job, fields, values, path)
            }
            _ => None,
        }
    }

    fn broken_fields(&self, job: &JobRun, fields: &[Field], values: &[(Name, Value)], path: &str) -> Option<String> {
        fields.iter().find_map(|field| {
            let (_, value) = values.iter().find(|(name, _)| *name == field.name)?;
            let path = format!("{path}.{}", field.name);
            let scope = Scope::job(self, job).with_locals(values);
            let own = field.constraint.as_ref().and_then(|cond| self.broken(cond, &path, value, &scope));
            own.or_else(|| self.broken_record(job, &field.ty, value, &path))
        })
    }

    /// [`Machine::broken_where`] for a job that has not begun.
    pub(crate) fn broken_input(&self, fields: &[Field], inputs: &Values) -> Option<String> {
        self.broken_where(self.jobs.first()?, fields, inputs)
    }
}

/// A value in a message, cut to a readable length.
pub(super) fn brief(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = crate::values::shown(value).to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
