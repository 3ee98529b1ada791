//! Finds the paths in a value by its type, and replaces them.

use std::collections::BTreeMap;

use hookc_plan::{Field, Mismatch, Name, Type, TypeDef, Value};

/// `value` with each path in it replaced by what `replace` makes of it. Mismatches say where in `value` they are.
pub(super) fn map_paths(
    types: &BTreeMap<Name, TypeDef>,
    ty: &Type,
    value: &Value,
    replace: &dyn Fn(&str) -> Result<Value, Mismatch>,
) -> Result<Value, Mismatch> {
    let map = |ty: &Type, value: &Value, at: &str| {
        map_paths(types, ty, value, replace).map_err(|mismatch| mismatch.within(at))
    };
    match (ty, value) {
        (Type::Path, Value::Str(path)) => replace(path),
        (Type::Optional(of), value) => map_paths(types, of, value, replace),
        (Type::List(of), Value::List(items)) => {
            let items = items.iter().enumerate().map(|(index, item)| map(of, item, &format!("[{index}]")));
            Ok(Value::List(items.collect::<Result<_, _>>()?))
        }
        (Type::Map(of), Value::Map(entries)) => {
            let entries = entries.iter().map(|(key, item)| Ok((key.clone(), map(of, item, &format!("[{key:?}]"))?)));
            Ok(Value::map(entries.collect::<Result<Vec<_>, Mismatch>>()?))
        }
        (Type::Record(name), Value::Record(fields)) => {
            let Some(TypeDef::Record(declared)) = types.get(name) else {
                return Ok(value.clone());
            };
            let fields = fields.iter().map(|(name, value)| {
                let value = field_type(declared, name).map_or_else(|| Ok(value.clone()), |ty| map(ty, value, name));
                Ok((name.clone(), value?))
            });
            Ok(Value::record(fields.collect::<Result<Vec<_>, Mismatch>>()?))
        }
        _ => Ok(value.clone()),
    }
}

fn field_type<'f>(declared: &'f [Field], name: &Name) -> Option<&'f Type> {
    declared.iter().find(|field| field.name == *name).map(|field| &field.ty)
}
