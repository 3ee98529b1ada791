//! What may not happen in a program that was accepted: an operation on a value of the wrong type or on null, a read
//! that is not of the type that the plan gives it.

use std::collections::BTreeMap;

use hookc_plan::{Context, EvalError, Expr, Name, Node, Path, Plan, Program, Slot, Type, TypeDef, Value};

/// Where an expression stands.
pub(super) struct Place(String);

impl Place {
    pub(super) fn new(owner: &str, part: &str) -> Place {
        Place(format!("{owner} {part}"))
    }
}

/// The result of an expression, and its reads.
pub(super) struct Looked {
    pub(super) result: Result<Value, EvalError>,
    reads: Vec<(Path, Type, Value)>,
}

impl Looked {
    pub(super) fn new(expr: &Expr, context: &dyn Context, plan: &Plan) -> Looked {
        let mut reads = Vec::new();
        expr.walk(&mut |expr| {
            if let Node::Ctx { path } = &expr.node {
                let value = context.read(&Slot::Ctx(path.clone())).unwrap_or(Value::Null);
                reads.push((path.clone(), expr.ty.clone(), value));
            }
        });
        let result = Program::with_types(expr, &plan.types).run_with(context);
        Looked { result, reads }
    }
}

/// What was found in all runs of one program.
#[derive(Default)]
pub(super) struct Judge {
    pub(super) evaluated: usize,
    pub(super) errors: usize,
    pub(super) faults: Vec<String>,
}

impl Judge {
    pub(super) fn look(&mut self, expr: &Expr, looked: Looked, place: &Place, plan: &Plan) {
        self.evaluated += 1;
        for (path, ty, value) in &looked.reads {
            if !conforms(value, ty, &plan.types) {
                self.faults.push(format!("{}: `{path}` is {value:?}, not of `{ty}`", place.0));
            }
        }
        match &looked.result {
            // Nothing in a generated program reads text as another type: this is a type or null error.
            Err(EvalError::Parse) => {
                let reads = &looked.reads;
                let node = serde_json::to_string(expr).unwrap_or_default();
                self.faults.push(format!("{}: a value of the wrong type, with {reads:?} in {node}", place.0));
            }
            Err(_) => self.errors += 1,
            Ok(value) if !conforms(value, &expr.ty, &plan.types) => {
                self.faults.push(format!("{}: gives {value:?}, not of `{}`", place.0, expr.ty));
            }
            Ok(_) => {}
        }
    }
}

/// Whether a value is of a type, all of it.
fn conforms(value: &Value, ty: &Type, types: &BTreeMap<Name, TypeDef>) -> bool {
    match (value, ty) {
        (Value::Null, Type::Optional(_) | Type::Null) => true,
        (value, Type::Optional(of)) => conforms(value, of, types),
        (Value::Bool(_), Type::Bool) | (Value::Int(_), Type::Int) | (Value::Float(_), Type::Float) => true,
        (Value::Str(_), Type::String | Type::Path | Type::Uri) => true,
        (Value::Secret(_), Type::Secret) => true,
        (Value::Duration(_), Type::Duration) | (Value::Timestamp(_), Type::Timestamp) => true,
        (Value::List(items), Type::List(of)) => items.iter().all(|item| conforms(item, of, types)),
        (Value::Map(map), Type::Map(of)) => map.values().all(|value| conforms(value, of, types)),
        (Value::Enum(word), Type::Enum(name)) => match types.get(name) {
            Some(TypeDef::Enum(words)) => words.contains(word),
            _ => false,
        },
        (Value::Record(fields), Type::Record(name)) => match types.get(name) {
            Some(TypeDef::Record(declared)) => {
                let of = |name: &Name| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value);
                declared.len() == fields.len()
                    && declared
                        .iter()
                        .all(|field| of(&field.name).is_some_and(|value| conforms(value, &field.ty, types)))
            }
            _ => false,
        },
        // A mock: it can be passed on, and has no fields.
        (Value::Json(json), Type::Record(_)) => json.get("$mock").is_some(),
        _ => false,
    }
}
