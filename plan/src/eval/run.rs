//! The evaluation itself: what is evaluated, in which order, and what is not.
//!
//! Frames are kept small, one function for each kind of node and none of them inlined, so that deep expressions fit
//! the stack, and so that a short one does not set up a frame for all the others.

use super::access;
use super::code::{Code, Step, Test};
use super::collection;
use super::compare;
use super::convert;
use super::env::{Env, Got, Outcome};
use super::list;
use super::string;
use super::template;
use crate::plan::EvalError;
use crate::value::Value;

/// The value of a whole program. Most are conditions.
pub(super) fn result<'e>(root: &'e Step, env: &'e Env<'e>) -> Result<Value, EvalError> {
    match root.code {
        Code::And(_) | Code::Or(_) | Code::Test(..) => truth(root, env).map(Value::Bool),
        _ => value(root, env).map(Got::into_value),
    }
}

/// The value of a node.
pub(super) fn value<'e>(step: &'e Step, env: &'e Env<'e>) -> Outcome<'e> {
    env.spend(1)?;
    let outcome = by_kind(&step.code, env);
    if env.traces() {
        note(step, &outcome, env);
    }
    outcome
}

#[cold]
fn note(step: &Step, outcome: &Outcome<'_>, env: &Env<'_>) {
    if !matches!(step.code, Code::Const(_)) {
        env.note(step.span, outcome.as_ref().map(|got| got.get().clone()).map_err(|error| *error));
    }
}

fn by_kind<'e>(code: &'e Code, env: &'e Env<'e>) -> Outcome<'e> {
    match code {
        Code::Const(value) => Ok(Got::Ref(value)),
        Code::Fail(error) => Err(*error),
        Code::Slot(number) => Ok(Got::Ref(env.slot(*number))),
        Code::Local(outward) => Ok(Got::Ref(env.local(*outward))),
        Code::And(_) | Code::Or(_) | Code::Test(..) => logic(code, env),
        Code::OrElse(operands) => or_else(operands, env),
        Code::Cond(operands) => cond(operands, env),
        Code::One(one, a) => convert::one(*one, a, env),
        Code::Two(two, operands) => convert::two(*two, operands, env),
        Code::Text(text, operands) => string::function(*text, operands, env),
        Code::Field(of) => access::field(of, env),
        Code::IndexList(operands) => access::index_list(operands, env),
        Code::IndexMap(get, operands) => access::index_map(*get, operands, env),
        Code::Matches(of) => string::matches(of, env),
        Code::TsPart(part, a, zone) => convert::moment_part(*part, a, zone, env),
        Code::FormatTime(of) => convert::format_time(of, env),
        Code::Template(parts) => template::template(parts, env),
        Code::List(items) => collection::list(items, env),
        Code::Map(entries) => collection::map(entries, env),
        Code::Record(fields) => collection::record(fields, env),
        Code::MapOf(entries) => template::map_of(entries, env),
        Code::Slice(operands) => list::slice(operands, env),
        Code::Macro(of) => collection::run_macro(of, env),
    }
}

/// The value of a node that is a bool. A test inside a test makes no value.
pub(super) fn truth<'e>(step: &'e Step, env: &'e Env<'e>) -> Result<bool, EvalError> {
    let (Code::And(_) | Code::Or(_) | Code::Test(..)) = &step.code else {
        return as_bool(value(step, env)?.get());
    };
    env.spend(1)?;
    let result = lazy(&step.code, env);
    if env.traces() {
        env.note(step.span, result.map(Value::Bool));
    }
    result
}

#[inline(never)]
fn logic<'e>(code: &'e Code, env: &'e Env<'e>) -> Outcome<'e> {
    lazy(code, env).map(|bool| Got::Own(Value::Bool(bool)))
}

/// `&&`, `||` and the tests: left to right; the right side only where it decides.
fn lazy<'e>(code: &'e Code, env: &'e Env<'e>) -> Result<bool, EvalError> {
    match code {
        Code::And(operands) => and(operands, env),
        Code::Or(operands) => or(operands, env),
        Code::Test(kind, operands) => test(*kind, operands, env),
        _ => Err(EvalError::Parse),
    }
}

fn and<'e>([a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Result<bool, EvalError> {
    Ok(truth(a, env)? && truth(b, env)?)
}

fn or<'e>([a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Result<bool, EvalError> {
    Ok(truth(a, env)? || truth(b, env)?)
}

fn test<'e>(kind: Test, [a, b]: &'e [Step; 2], env: &'e Env<'e>) -> Result<bool, EvalError> {
    let Some(first) = at_hand(a, env) else {
        return test_of_made(kind, value(a, env)?, b, env);
    };
    env.spend(1)?;
    match at_hand(b, env) {
        Some(second) => {
            env.spend(1)?;
            compare::test(kind, first, second, env)
        }
        None => compare::test(kind, first, value(b, env)?.get(), env),
    }
}

fn test_of_made<'e>(kind: Test, a: Got<'e>, b: &'e Step, env: &'e Env<'e>) -> Result<bool, EvalError> {
    match at_hand(b, env) {
        Some(b) => {
            env.spend(1)?;
            compare::test(kind, a.get(), b, env)
        }
        None => compare::test(kind, a.get(), value(b, env)?.get(), env),
    }
}

/// A value that need not be made; not while tracing, which wants to see every read.
#[inline]
pub(super) fn at_hand<'e>(step: &'e Step, env: &'e Env<'e>) -> Option<&'e Value> {
    if env.traces() {
        return None;
    }
    match &step.code {
        Code::Slot(number) => Some(env.slot(*number)),
        Code::Const(value) => Some(value),
        Code::Local(outward) => Some(env.local(*outward)),
        _ => None,
    }
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
