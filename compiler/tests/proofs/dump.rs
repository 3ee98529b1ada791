//! Expressions with our results, for implementations that are not written in Rust.
//!
//! With `HOOKC_DUMP=FILE` one JSON object for each case is written: `ours` and `cel` (the variables are their values),
//! `want` (our result as a CEL literal, or nothing where it is an error), `absorbs` (whether CEL may find a value where ours
//! is an error). `.ci/oracle_cel_python.py` reads them.

use std::io::Write;

use hookc_plan::{Name, Value};

use crate::expressions::{self, Ready};
use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::{Gen, Kind, Tree, values};

/// A value as CEL writes it. `None` where no literal is equal to it.
fn literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => bool.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) if float.is_finite() => format!("{float:?}"),
        Value::Float(float) if float.is_infinite() => format!("({}1.0 / 0.0)", if *float < 0.0 { "-" } else { "" }),
        Value::Str(text) | Value::Enum(text) => values::quoted(text, false),
        Value::Duration(_) => values::written(value, Ty::Duration).1,
        Value::Timestamp(_) => values::written(value, Ty::Timestamp).1,
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(map) => braces(map.iter())?,
        Value::Record(fields) => braces(fields.iter().map(|(name, value)| (name, value)))?,
        _ => return None,
    })
}

fn braces<'v>(entries: impl Iterator<Item = (&'v Name, &'v Value)>) -> Option<String> {
    let entry = |(key, value): (&Name, &Value)| Some(format!("{}: {}", values::quoted(key, false), literal(value)?));
    let entries: Option<Vec<String>> = entries.map(entry).collect();
    Some(format!("{{{}}}", entries?.join(", ")))
}

/// The variables replaced by their values. `false` where one cannot be written.
fn written_out(tree: &mut Tree, context: &[Value]) -> bool {
    let fine = match &mut tree.kind {
        Kind::Variable(name, _) | Kind::Guard(_, name) => {
            let (root, field) = name.split_at(name.find('.').unwrap_or(name.len()));
            match expressions::position(root) {
                Some(at) => {
                    let text = literal(&context[at]);
                    *name = format!("({}){field}", text.as_deref().unwrap_or_default());
                    text.is_some()
                }
                // The variable of a macro.
                None => true,
            }
        }
        _ => true,
    };
    fine && tree.operands.iter_mut().all(|operand| written_out(operand, context))
}

fn case(rng: &mut Rng, declarations: &[(String, String)]) -> Option<serde_json::Value> {
    let (ty, depth) = (expressions::some_type(rng), 1 + rng.below(4));
    let records = rng.chance(25);
    let scope = if records { expressions::scope_with_records() } else { expressions::scope() };
    let mut generator = Gen::new(rng, scope);
    generator.only_cel = true;
    generator.no_lists = true;
    generator.declared = records;
    let tree = generator.tree(ty, depth);
    let text = tree.ours();
    let ready = if records { Ready::in_program(&text, ty) } else { Ready::new(&text, declarations) };
    let ours = ready.ok()?;
    let context = expressions::context(rng);
    let result = ours.value(&context);
    let mut cel = tree.clone();
    if tree.looks_from_a_position() || !written_out(&mut cel, &context) {
        return None;
    }
    let want = match &result {
        Ok(value) => Some(literal(value)?),
        Err(_) => None,
    };
    Some(serde_json::json!({
        "ours": tree.ours(),
        "cel": cel.cel(),
        "want": want,
        "absorbs": tree.absorbs(),
        "error": result.err().map(|error| error.to_string()),
    }))
}

#[test]
fn cases_are_written_for_other_implementations() {
    let Ok(path) = std::env::var("HOOKC_DUMP") else { return };
    let declarations = expressions::declarations(&[]);
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for seed in 0..crate::cases(6_000) as u64 {
        if let Some(case) = case(&mut Rng::new(seed ^ 0xd0_0000_0000), &declarations) {
            writeln!(file, "{case}").unwrap();
        }
    }
    file.flush().unwrap();
}
