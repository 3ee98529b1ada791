//! Random values of a plan's types, and whether what stands after `where` holds of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_plan::{ConnectionValue, Field, FieldValue, Name, Plan, Program, Type, TypeDef, Value};

use super::View;
use super::World;
use crate::generator::rng::Rng;
use crate::generator::types::Ty;
use crate::generator::values;
use crate::soundness::judge::Place;

pub(super) type Values = BTreeMap<Name, Value>;

/// How often values are made until they keep their rules.
const TRIES: usize = 6;

/// A random value of a plan's type.
pub(super) fn value(rng: &mut Rng, ty: &Type, plan: &Plan) -> Value {
    match ty {
        Type::Bool => values::value(rng, Ty::Bool),
        Type::Int => values::value(rng, Ty::Int),
        Type::Float => values::value(rng, Ty::Float),
        Type::String | Type::Path | Type::Uri => values::value(rng, Ty::Text),
        Type::Duration => values::value(rng, Ty::Duration),
        Type::Timestamp => values::value(rng, Ty::Timestamp),
        Type::List(of) => Value::list((0..rng.below(4)).map(|_| value(rng, of, plan)).collect::<Vec<_>>()),
        Type::Map(of) => {
            let keys: Vec<_> = values::KEYS.iter().filter(|_| rng.chance(50)).collect();
            Value::map(keys.into_iter().map(|key| ((*key).into(), value(rng, of, plan))).collect::<Vec<_>>())
        }
        Type::Optional(_) if rng.chance(40) => Value::Null,
        Type::Optional(of) => value(rng, of, plan),
        Type::Enum(name) => match plan.types.get(name) {
            Some(TypeDef::Enum(words)) => Value::Enum(words[rng.below(words.len())].clone()),
            other => panic!("{name}: {other:?}"),
        },
        Type::Record(name) => match plan.types.get(name) {
            Some(TypeDef::Record(fields)) => Value::record(
                fields.iter().map(|field| (field.name.clone(), value(rng, &field.ty, plan))).collect::<Vec<_>>(),
            ),
            other => panic!("{name}: {other:?}"),
        },
        other => panic!("no values of {other}"),
    }
}

/// What a connection is at run time: its fields, or a mock, which has none.
pub(super) fn connection(plan: &Plan, name: &Name) -> Value {
    match &plan.connections[name].value {
        ConnectionValue::Mock(_) => Value::Json(Arc::new(serde_json::json!({ "$mock": name }))),
        ConnectionValue::Fields(fields) => Value::record(fields.iter().map(|(field, value)| {
            let value = match value {
                FieldValue::Const(expr) => Program::with_types(expr, &plan.types).run(&[]).unwrap(),
                FieldValue::Secret(secret) => Value::Secret(secret.clone()),
            };
            (field.clone(), value)
        })),
    }
}

impl World<'_> {
    /// Random values for fields that keep the fields' rules; `None` where they cannot be found.
    pub(super) fn kept(&mut self, fields: &[Field], of_job: bool) -> Option<Values> {
        for _ in 0..TRIES {
            let plan = self.plan;
            let made: Values =
                fields.iter().map(|field| (field.name.clone(), value(self.rng, &field.ty, plan))).collect();
            if self.keeps_rules(fields, &made, of_job) {
                return Some(made);
            }
        }
        None
    }

    /// Whether every `where` of the fields, and of the records in them, holds.
    pub(super) fn keeps_rules(&mut self, fields: &[Field], values: &Values, of_job: bool) -> bool {
        fields.iter().all(|field| {
            let given = &values[&field.name];
            let own = field.constraint.as_ref().is_none_or(|cond| {
                let view = View { inputs: (!of_job).then_some(values), job_inputs: Some(values), ..self.view() };
                let looked = view.value(&cond.expr);
                let holds = looked.result == Ok(Value::Bool(true));
                self.judge.look(&cond.expr, looked, &Place::new(&field.name, "where"), self.plan);
                holds
            });
            own && self.keeps_records(&field.ty, given)
        })
    }

    fn keeps_records(&mut self, ty: &Type, value: &Value) -> bool {
        match (ty, value) {
            (Type::Optional(_), Value::Null) => true,
            (Type::Optional(of), value) => self.keeps_records(of, value),
            (Type::List(of), Value::List(items)) => items.iter().all(|item| self.keeps_records(of, item)),
            (Type::Map(of), Value::Map(map)) => map.values().all(|item| self.keeps_records(of, item)),
            (Type::Record(name), Value::Record(values)) => {
                let plan = self.plan;
                let Some(TypeDef::Record(fields)) = plan.types.get(name) else { return true };
                fields.iter().zip(values.iter()).all(|(field, (_, value))| {
                    let own = field.constraint.as_ref().is_none_or(|cond| {
                        self.judged(&cond.expr, values, &Place::new(name, &field.name)) == Some(Value::Bool(true))
                    });
                    own && self.keeps_records(&field.ty, value)
                })
            }
            _ => true,
        }
    }
}
