//! The values of a test's constants, and values in messages.

use std::collections::BTreeMap;

use hookc_plan::{Arg, EvalError, Name, Plan, Program, Value};

use super::report::{Evaluated, Part};
use crate::records::ConditionTrace;
use crate::values::{Values, shortened};

/// The longest value in a message, in characters.
const MAX_SHOWN: usize = 120;

/// The values of constants.
pub(super) fn constants(plan: &Plan, args: &[Arg]) -> Result<Values, (Name, EvalError)> {
    let value = |arg: &Arg| match constant(plan, &arg.value) {
        Ok(value) => Ok((arg.name.clone(), value)),
        Err(error) => Err((arg.name.clone(), error)),
    };
    args.iter().map(value).collect()
}

/// The value of a constant.
pub(super) fn constant(plan: &Plan, expr: &hookc_plan::Expr) -> Result<Value, EvalError> {
    Program::with_types(expr, &plan.types).run(&[])
}

/// A value as it would be written.
pub(super) fn shown(value: &Value) -> String {
    shortened(written(value), MAX_SHOWN)
}

fn written(value: &Value) -> String {
    let join = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Duration(_) | Value::Timestamp(_) | Value::Enum(_) => {
            value.to_text().map_or_else(|error| error.to_string(), |text| text.to_string())
        }
        Value::Secret(name) => format!("secret({:?})", name.as_str()),
        Value::List(items) => format!("[{}]", join(items.iter().map(written).collect())),
        Value::Record(fields) => {
            let each = fields.iter().map(|(name, value)| format!("{name}: {}", written(value)));
            format!("{{ {} }}", join(each.collect()))
        }
        other => crate::values::to_json(other).to_string(),
    }
}

/// `name: value, …`
pub(super) fn all_shown(values: &BTreeMap<Name, Value>) -> String {
    let each: Vec<String> = values.iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect();
    each.join(", ")
}

fn result(result: &Result<Value, EvalError>) -> String {
    match result {
        Ok(value) => shown(value),
        Err(error) => format!("error: {error}"),
    }
}

/// A condition that was evaluated, for a report.
pub(super) fn evaluated(condition: &ConditionTrace, item: Option<u32>) -> Evaluated {
    Evaluated {
        source: condition.source.clone(),
        span: condition.span,
        item,
        value: result(&condition.value),
        parts: parts(condition),
    }
}

/// The parts of a condition. Of parts with the same span, as `!=` is made of two, the outermost is kept.
fn parts(condition: &ConditionTrace) -> Vec<Part> {
    let next = condition.parts.iter().skip(1).map(|(span, _)| Some(*span)).chain([None]);
    let outermost = condition.parts.iter().zip(next).filter(|((span, _), next)| Some(*span) != *next);
    outermost.map(|((span, value), _)| Part { span: *span, value: result(value) }).collect()
}
