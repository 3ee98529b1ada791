//! The evaluation itself: what is evaluated, in which order, and what is not.
//!
//! Frames are kept small, one function for each kind of node and none of them inlined, so that deep expressions fit
//! the stack, and so that a short one does not set up a frame for all the others. Bools, and numbers where they are
//! compared, are not made into values. No node counts its own step: see [`Program`](super::Program).

use super::access;
use super::collection;
use super::compare;
use super::convert;
use super::env::{Env, Got, Outcome};
use super::list;
use super::step::{BinaryOp, Order, Step, TestOp, UnaryOp};
use super::string;
use super::template;
use crate::plan::EvalError;
use crate::types::Span;
use crate::value::Value;

/// The value of a whole program. Most are conditions.
pub(super) fn result<'e>(root: &'e Step, env: &'e Env<'e>) -> Result<Value, EvalError> {
    match root {
        Step::And(_) | Step::Or(_) | Step::Not(_) | Step::Ints(..) | Step::Floats(..) | Step::Test(..) => {
            truth(root, env).map(Value::Bool)
        }
        _ => value(root, env).map(Got::into_value),
    }
}

/// The value of a node.
pub(super) fn value<'e>(step: &'e Step, env: &'e Env<'e>) -> Outcome<'e> {
    match step {
        Step::Const(value) => Ok(Got::Ref(value)),
        Step::Fail(error) => Err(*error),
        Step::Slot(number) => Ok(Got::Ref(env.slot(*number))),
        Step::Local(outward) => Ok(Got::Ref(env.local(*outward))),
        Step::And(_) | Step::Or(_) | Step::Not(_) | Step::Ints(..) | Step::Floats(..) | Step::Test(..) => {
            logic(step, env)
        }
        Step::OrElse(operands) => or_else(operands, env),
        Step::Cond(operands) => cond(operands, env),
        Step::Narrow(a) => narrow(a, env),
        Step::Size(a) => with(a, env, collection::size).map(|size| Got::Own(Value::Int(size))),
        Step::Unary(function, a) => unary(*function, a, env),
        Step::Binary(function, operands) => binary(*function, operands, env),
        Step::Variadic(function, operands) => string::variadic(*function, operands, env),
        Step::Field(of) => access::field(of, env),
        Step::IndexList(operands) => access::index_list(operands, env),
        Step::IndexMap(missing, operands) => access::index_map(*missing, operands, env),
        Step::Matches(of) => string::matches(of, env),
        Step::TsPart(part, a, zone) => convert::moment_part(*part, a, zone, env),
        Step::FormatTime(of) => convert::format_time(of, env),
        Step::Template(parts) => template::template(parts, env),
        Step::List(items) => collection::list(items, env),
        Step::Map(entries) => collection::map(entries, env),
        Step::Record(fields) => collection::record(fields, env),
        Step::MapOf(entries) => template::map_of(entries, env),
        Step::Slice(operands) => list::slice(operands, env),
        Step::Macro(of) => collection::run_macro(of, env),
        Step::Note(of) => note(of, env),
    }
}

/// The value of a node that is a bool; the tests make no value. `&&` and `||` go from left to right, and no further
/// than to what decides.
pub(super) fn truth<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<bool, EvalError> {
    match step {
        Step::And(steps) => all(steps, env),
        Step::Or(steps) => any(steps, env),
        Step::Not(a) => not(a, env),
        Step::Ints(order, operands) => ints(*order, operands, env),
        Step::Floats(order, operands) => floats(*order, operands, env),
        Step::Test(kind, operands) => test(*kind, operands, env),
        _ => made_truth(step, env),
    }
}

#[inline(never)]
fn made_truth<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<bool, EvalError> {
    as_bool(value(step, env)?.get())
}

#[inline(never)]
fn logic<'e>(step: &'e Step, env: &'e Env<'e>) -> Outcome<'e> {
    truth(step, env).map(|bool| Got::Own(Value::Bool(bool)))
}

#[inline(never)]
fn all<'e>(steps: &'e [Step], env: &'e Env<'e>) -> Result<bool, EvalError> {
    for step in steps {
        if !truth(step, env)? {
            return Ok(false);
        }
    }
    Ok(true)
}

#[inline(never)]
fn any<'e>(steps: &'e [Step], env: &'e Env<'e>) -> Result<bool, EvalError> {
    for step in steps {
        if truth(step, env)? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[inline(never)]
fn not<'e>(a: &'e Step, env: &'e Env<'e>) -> Result<bool, EvalError> {
    truth(a, env).map(|bool| !bool)
}

fn ints<'e>(order: Order, [a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Result<bool, EvalError> {
    Ok(order.holds(&int(a, env)?, &int(b, env)?))
}

#[inline(never)]
fn int<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<i64, EvalError> {
    match step {
        Step::Size(a) => with(a, env, collection::size),
        _ => with(step, env, |value| match value {
            Value::Int(int) => Ok(*int),
            _ => Err(EvalError::Parse),
        }),
    }
}

fn floats<'e>(order: Order, [a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Result<bool, EvalError> {
    Ok(order.holds(&float(a, env)?, &float(b, env)?))
}

#[inline(never)]
fn float<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<f64, EvalError> {
    with(step, env, |value| match value {
        Value::Float(float) => Ok(*float),
        _ => Err(EvalError::Parse),
    })
}

#[inline(never)]
fn test<'e>(kind: TestOp, [a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Result<bool, EvalError> {
    with(a, env, |a| with(b, env, |b| compare::test(kind, a, b, env)))
}

/// Does something with the value of a node, which is not moved where it is at hand.
#[inline(always)]
pub(super) fn with<'e, R>(
    step: &'e Step,
    env: &'e Env<'e>,
    then: impl FnOnce(&Value) -> Result<R, EvalError>,
) -> Result<R, EvalError> {
    match step {
        Step::Slot(number) => then(env.slot(*number)),
        Step::Const(value) => then(value),
        _ => then(value(step, env)?.get()),
    }
}

#[inline(never)]
fn unary<'e>(function: UnaryOp, a: &'e Step, env: &'e Env<'e>) -> Outcome<'e> {
    with(a, env, |a| function(a, env)).map(Got::Own)
}

#[inline(never)]
fn binary<'e>(function: BinaryOp, [a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Outcome<'e> {
    let a = value(a, env)?;
    let b = value(b, env)?;
    function(a.get(), b.get(), env).map(Got::Own)
}

/// The checker has proved that the value is there.
#[inline(never)]
fn narrow<'e>(a: &'e Step, env: &'e Env<'e>) -> Outcome<'e> {
    let a = value(a, env)?;
    if a.get().is_null() { Err(EvalError::Parse) } else { Ok(a) }
}

/// The value of a node, which is noted with its place.
#[inline(never)]
fn note<'e>((span, step): &'e (Span, Step), env: &'e Env<'e>) -> Outcome<'e> {
    let outcome = value(step, env);
    env.note(*span, outcome.as_ref().map(|got| got.get().clone()).map_err(|error| *error));
    outcome
}

#[inline(never)]
fn or_else<'e>([a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Outcome<'e> {
    let first = value(a, env)?;
    if first.get().is_null() { value(b, env) } else { Ok(first) }
}

#[inline(never)]
fn cond<'e>([test, a, b]: &'e [Step; 3], env: &'e Env<'e>) -> Outcome<'e> {
    if truth(test, env)? { value(a, env) } else { value(b, env) }
}

pub(super) fn as_bool(value: &Value) -> Result<bool, EvalError> {
    match value {
        Value::Bool(bool) => Ok(*bool),
        _ => Err(EvalError::Parse),
    }
}
