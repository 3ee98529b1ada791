//! Values in messages, and the values of a test's expressions.

use std::collections::BTreeMap;

use hookc_plan::{Arg, EvalError, Name, Plan, Program, Value};

use super::{Evaluated, Part};
use crate::executor::Values;
use crate::machine::decisions::ConditionTrace;

/// The longest value of a message.
const LONGEST: usize = 120;

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
    let text = written(value);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
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
        other => crate::values::shown(other).to_string(),
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

/// A condition that was decided, for a report.
pub(super) fn evaluated(looked: &ConditionTrace, item: Option<u32>) -> Evaluated {
    Evaluated {
        source: looked.source.clone(),
        span: looked.span,
        item,
        value: result(&looked.value),
        parts: parts(looked),
    }
}

/// Of parts that stand in one place, as `!=` is made of two, the outermost counts.
fn parts(looked: &ConditionTrace) -> Vec<Part> {
    let next = looked.parts.iter().skip(1).map(|(span, _)| Some(*span)).chain([None]);
    let outermost = looked.parts.iter().zip(next).filter(|((span, _), next)| Some(*span) != *next);
    outermost.map(|((span, value), _)| Part { span: *span, value: result(value) }).collect()
}
