//! `where`: checks the values of inputs, and of the fields of records in inputs and outputs, against their refinements.

use hookc_plan::{Cond, Field, Name, Type, TypeDef, Value};

use super::context::EvalContext;
use super::evaluation::Evaluator;
use super::state::{JobRun, RunState};
use crate::values::{Values, shortened, to_json};

/// The longest value in a message, in characters.
const MAX_SHOWN: usize = 80;

/// The first `where` that is false for `inputs`, as a message.
pub(super) fn violation(
    state: &RunState,
    evaluator: &Evaluator,
    job: &JobRun,
    fields: &[Field],
    inputs: &Values,
) -> Option<String> {
    let check = Check { state, evaluator, job };
    fields.iter().find_map(|field| {
        let value = inputs.get(&field.name)?;
        let context = || EvalContext::of_job(state, job).with_inputs(inputs);
        let own = field.constraint.as_ref().and_then(|cond| check.condition(cond, &field.name, value, &context()));
        own.or_else(|| check.value(&field.ty, value, &field.name))
    })
}

/// The first `where` of a record in `outputs` that is false, as a message. Outputs have no `where` of their own.
pub(super) fn output_violation<'t>(
    state: &RunState,
    evaluator: &Evaluator,
    job: &JobRun,
    mut types: impl Iterator<Item = (&'t Name, &'t Type)>,
    outputs: &Values,
) -> Option<String> {
    let check = Check { state, evaluator, job };
    types.find_map(|(name, ty)| check.value(ty, outputs.get(name)?, name))
}

struct Check<'s> {
    state: &'s RunState,
    evaluator: &'s Evaluator,
    job: &'s JobRun,
}

impl Check<'_> {
    fn condition(&self, cond: &Cond, path: &str, value: &Value, context: &EvalContext<'_>) -> Option<String> {
        match self.evaluator.is_true(cond, context) {
            Ok(true) => None,
            Ok(false) => {
                let value = shortened(to_json(value).to_string(), MAX_SHOWN);
                Some(format!("`{path}` is {value}, which does not satisfy `where {}`", cond.source))
            }
            Err(error) => Some(format!("cannot evaluate `where {}` of `{path}`: {error}", cond.source)),
        }
    }

    /// The first field of a record in `value`, at any depth, whose `where` is false.
    fn value(&self, ty: &Type, value: &Value, path: &str) -> Option<String> {
        match (ty, value) {
            (Type::Optional(of), value) if !value.is_null() => self.value(of, value, path),
            (Type::List(of), Value::List(items)) => {
                items.iter().enumerate().find_map(|(index, item)| self.value(of, item, &format!("{path}[{index}]")))
            }
            (Type::Map(of), Value::Map(map)) => {
                map.iter().find_map(|(key, item)| self.value(of, item, &format!("{path}[{key:?}]")))
            }
            (Type::Record(name), Value::Record(values)) => match self.state.plan.types.get(name) {
                Some(TypeDef::Record(fields)) => self.fields(fields, values, path),
                _ => None,
            },
            _ => None,
        }
    }

    fn fields(&self, fields: &[Field], values: &[(Name, Value)], path: &str) -> Option<String> {
        fields.iter().find_map(|field| {
            let (_, value) = values.iter().find(|(name, _)| *name == field.name)?;
            let path = format!("{path}.{}", field.name);
            let context = EvalContext::of_job(self.state, self.job).with_locals(values);
            let own = field.constraint.as_ref().and_then(|cond| self.condition(cond, &path, value, &context));
            own.or_else(|| self.value(&field.ty, value, &path))
        })
    }
}
