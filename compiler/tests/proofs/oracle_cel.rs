//! Our evaluator beside the `cel` crate, an independent implementation of the Common Expression Language.
//!
//! Where ours gives a value, CEL gives the same. Where ours gives an error, so does CEL, of the same kind, except:
//!
//! - `&&`, `||` and the macros run from left to right here, and end at the first error; CEL may find a value behind it;
//! - a duration has 64 bits of nanoseconds here, some more there: ours may overflow alone;
//! - where two operands fail, CEL may name the other's error;
//! - the crate refuses a range under 0, which is empty in cel-go;
//! - the crate refuses positions beyond a text in `indexOf`, or moves them to its end, and refuses not-a-numbers in
//!   comparisons, which CEL does not.
//!
//! A record is a map in CEL. Left out: `getMilliseconds` of a duration, all of it in the crate and the rest of a second in CEL. And as documented: `??` and `m.get(k)` (written out in CEL), duration literals (written as calls), `fixed`,
//! `truncate`, `seconds`, `format`, the text forms of floats and times, `null` handling of `has`, the order of a map's
//! keys (CEL leaves it open).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cel::objects::{Key, Map};
use cel::parser::{Expression, PrattParser};
use cel::{Context, Env, ExecutionError};
use hookc_plan::{EvalError, Name, Value};

use crate::expressions::{self, Ready};
use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::{Gen, Tree};

/// The contexts in which each expression is evaluated.
const CONTEXTS: usize = 4;
/// All contexts there are: making one for CEL takes longer than an evaluation.
const POOL: usize = 256;

fn environment() -> Arc<Env> {
    let mut env = Env::stdlib();
    cel::extensions::strings(&mut env).unwrap();
    cel::extensions::lists(&mut env).unwrap();
    cel::extensions::math(&mut env).unwrap();
    Arc::new(env)
}

/// A value as CEL has it: an enum is its name, a record a map.
fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(bool) => cel::Value::Bool(*bool),
        Value::Int(int) => cel::Value::Int(*int),
        Value::Float(float) => cel::Value::Float(*float),
        Value::Str(text) | Value::Enum(text) => cel::Value::String(Arc::new(text.to_string())),
        Value::Duration(nanos) => cel::Value::Duration(chrono::TimeDelta::nanoseconds(*nanos)),
        Value::Timestamp(moment) => {
            cel::Value::Timestamp(chrono::DateTime::parse_from_rfc3339(&moment.to_string()).unwrap())
        }
        Value::List(items) => cel::Value::List(Arc::new(items.iter().map(to_cel).collect())),
        Value::Map(map) => cel_map(map.iter()),
        Value::Record(fields) => cel_map(fields.iter().map(|(name, value)| (name, value))),
        other => panic!("CEL has no {other:?}"),
    }
}

fn cel_map<'v>(entries: impl Iterator<Item = (&'v Name, &'v Value)>) -> cel::Value {
    let entries = entries.map(|(key, value)| (Key::String(Arc::new(key.to_string())), to_cel(value)));
    cel::Value::Map(Map { map: Arc::new(entries.collect::<HashMap<_, _>>()) })
}

fn same_value(ours: &Value, cel: &cel::Value) -> bool {
    match (ours, cel) {
        (Value::Float(a), cel::Value::Float(b)) => a == b || a.is_nan() && b.is_nan(),
        (Value::List(a), cel::Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_value(a, b))
        }
        (Value::Map(a), cel::Value::Map(b)) => a.len() == b.map.len() && a.iter().all(|(key, a)| same_entry(key, a, b)),
        (Value::Record(a), cel::Value::Map(b)) => {
            a.len() == b.map.len() && a.iter().all(|(name, a)| same_entry(name, a, b))
        }
        (Value::Duration(a), cel::Value::Duration(b)) => b.num_nanoseconds() == Some(*a),
        (a, b) => to_cel(a) == *b,
    }
}

fn same_entry(key: &str, ours: &Value, cel: &Map) -> bool {
    cel.map.get(&Key::String(Arc::new(key.to_owned()))).is_some_and(|value| same_value(ours, value))
}

/// Whether CEL's error is one that ours can stand for.
fn same_error(ours: EvalError, cel: &ExecutionError) -> bool {
    match (ours, cel) {
        (EvalError::DivisionByZero, error) => {
            matches!(error, ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_))
        }
        (EvalError::Key, error) => matches!(error, ExecutionError::NoSuchKey(_)),
        (EvalError::Index, error) => {
            matches!(error, ExecutionError::IndexOutOfBounds(_) | ExecutionError::FunctionError { .. })
        }
        (EvalError::Overflow, error) => {
            matches!(error, ExecutionError::Overflow(..) | ExecutionError::FunctionError { .. })
        }
        (_, error) => matches!(error, ExecutionError::FunctionError { .. } | ExecutionError::IndexOutOfBounds(_)),
    }
}

/// Where the crate is stricter than CEL: a position beyond a text is no error of `indexOf`, a comparison with a
/// not-a-number is `false`.
fn is_of_the_crate(error: &ExecutionError) -> bool {
    match error {
        ExecutionError::FunctionError { function, .. } => {
            ["indexOf", "lastIndexOf", "lists.range"].contains(&function.as_str())
        }
        ExecutionError::NoSuchOverload(of) => {
            ["_<_", "_<=_", "_>_", "_>=_"].contains(&of.function()) && of.argument_types() == ["double", "double"]
        }
        _ => false,
    }
}

/// One expression in some contexts.
struct Case {
    tree: Tree,
    ours: Ready,
    cel: Expression,
}

impl Case {
    /// A difference outside of the documented ones.
    fn difference(&self, values: &[Value], context: &Context<'_, '_>) -> Option<String> {
        let ours = self.ours.value(values);
        let cel = context.resolve(&self.cel);
        let fine = match (&ours, &cel) {
            (Ok(ours), Ok(cel)) if same_value(ours, cel) => true,
            (Ok(_), Err(error)) => is_of_the_crate(error),
            _ if self.tree.looks_from_a_position() => true,
            (Err(EvalError::Overflow), Ok(_)) if self.tree.any(&|node| node.ty == Ty::Duration) => true,
            (Err(_), Ok(_)) => self.tree.absorbs(),
            (Err(ours), Err(cel)) => same_error(*ours, cel) || self.tree.nodes() > 5,
            (Ok(_), Ok(_)) => false,
        };
        (!fine).then(|| format!("ours: {ours:?}\ncel: {cel:?}"))
    }
}

/// The variables for CEL.
fn cel_context(env: &Arc<Env>, values: &[Value]) -> Context<'static, 'static> {
    let mut context = Context::with_env(env.clone());
    for ((name, _), value) in expressions::variables().zip(values) {
        context.add_variable_from_value(*name, to_cel(value));
    }
    context
}

/// A random expression; nothing where it is well typed but known to fail, or too dear.
fn case(rng: &mut Rng, declarations: &[(String, String)]) -> Option<Case> {
    let (ty, depth) = (crate::expressions::some_type(rng), 1 + rng.below(4));
    let records = rng.chance(25);
    let scope = if records { expressions::scope_with_records() } else { expressions::scope() };
    let mut generator = Gen::new(rng, scope);
    generator.only_cel = true;
    generator.declared = records;
    let tree = generator.tree(ty, depth);
    let text = tree.ours();
    let ready = if records { Ready::in_program(&text, ty) } else { Ready::new(&text, declarations) };
    let ours = match ready {
        Ok(ours) => ours,
        Err(diagnostics) if expressions::is_of_values(&diagnostics) => return None,
        Err(diagnostics) => panic!("rejected: {text}\n{diagnostics:#?}"),
    };
    let text = tree.cel();
    let cel = PrattParser::default().parse(&text).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
    Some(Case { tree, ours, cel })
}

#[test]
fn expressions_mean_what_they_mean_in_cel() {
    let (rejected, errors, total) = (AtomicUsize::new(0), AtomicUsize::new(0), crate::cases(2_000) / CONTEXTS);
    let env = environment();
    let declarations = expressions::declarations(&[]);
    let failures = std::sync::Mutex::new(Vec::new());
    let pool: Vec<Vec<Value>> = (0..POOL as u64).map(|seed| expressions::context(&mut Rng::new(seed))).collect();
    let of_cel: Vec<Context<'_, '_>> = pool.iter().map(|values| cel_context(&env, values)).collect();
    crate::for_each_seed(total, |seed| {
        let mut rng = Rng::new(seed);
        let Some(case) = case(&mut rng, &declarations) else {
            rejected.fetch_add(1, Ordering::Relaxed);
            return;
        };
        for _ in 0..CONTEXTS {
            let at = rng.below(POOL);
            if case.ours.value(&pool[at]).is_err() {
                errors.fetch_add(1, Ordering::Relaxed);
            }
            if let Some(difference) = case.difference(&pool[at], &of_cel[at]) {
                let variables: Vec<_> = expressions::variables().map(|(name, _)| name).zip(&pool[at]).collect();
                let (ours, cel) = (case.tree.ours(), case.tree.cel());
                let message = format!("seed {seed}:\n{ours}\n{cel}\n{difference}\n{variables:?}");
                failures.lock().unwrap().push((ours.len(), message));
                return;
            }
        }
    });
    expressions::report(failures.into_inner().unwrap());
    let (rejected, errors) = (rejected.into_inner(), errors.into_inner());
    assert!(rejected * 10 < total.max(100), "{rejected} of {total} were rejected");
    assert!(errors * 2 < total.max(100) * CONTEXTS, "{errors} of {} were errors", total * CONTEXTS);
}
