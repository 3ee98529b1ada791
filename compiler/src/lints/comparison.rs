//! Comparisons of one read with constants, in the form "it is true if the read is one of these values".

use hookc_plan::{Expr, Name, Node, Program, Timestamp, Type, Value};

use super::subject::{Subject, read_of};
use super::value_set::{Domain, ValueSet, place_of};

/// A comparison of a subject with constants.
#[derive(Clone, Debug)]
pub(super) struct Comparison<'e> {
    pub(super) subject: Subject<'e>,
    /// The values for which it is true, and those for which it is false.
    pub(super) yes: Domain,
    pub(super) no: Domain,
    /// Whether the subject is certain not to be null at this place.
    pub(super) narrowed: bool,
}

/// A comparison, or a part without a subject.
pub(super) enum Kind<'e> {
    Comparison(Comparison<'e>),
    /// Always true or always false.
    DecidedPart(bool),
    /// Always true or always false, and already reported by the checker.
    Reported(bool),
    /// Not understood: it may be true or false.
    Opaque,
}

/// Whether a constant may be used. Lints use only literals.
pub(super) type Literal<'l> = &'l dyn Fn(&Expr) -> bool;

/// The value of a constant that may be used.
pub(super) fn constant(expr: &Expr, literal: Literal<'_>) -> Option<Value> {
    match &expr.node {
        Node::Some { a } | Node::Retype { a } => constant(a, literal),
        Node::Const { value } if literal(expr) => const_value(value, expr.ty.required()),
        Node::ParseDuration { a } | Node::ParseTimestamp { a } if literal(expr) => {
            const_value(constant_of(a)?, expr.ty.required())
        }
        _ => None,
    }
}

/// The value of a constant of any type.
pub(super) fn constant_of(expr: &Expr) -> Option<&serde_json::Value> {
    match &expr.node {
        Node::Some { a } | Node::Retype { a } => constant_of(a),
        Node::Const { value } => Some(value),
        _ => None,
    }
}

/// The subject of an operand, with or without a default.
pub(super) fn subject_of(expr: &Expr) -> Option<Subject<'_>> {
    match &expr.node {
        Node::SizeString { a } | Node::SizeList { a } | Node::SizeMap { a } => Some(Subject::Size(read_of(a)?.0)),
        Node::OrElse { a, b } if constant_of(b).is_some() => Some(Subject::Read(read_of(a)?.0)),
        Node::Retype { a } => subject_of(a),
        _ => Some(Subject::Read(read_of(expr)?.0)),
    }
}

fn const_value(json: &serde_json::Value, ty: &Type) -> Option<Value> {
    Some(match ty {
        Type::Bool => Value::Bool(json.as_bool()?),
        Type::Int => Value::Int(json.as_i64()?),
        Type::Float => Value::Float(json.as_f64()?),
        Type::String | Type::Path | Type::Uri => Value::text(json.as_str()?),
        Type::Enum(_) => Value::Enum(Name::new(json.as_str()?)),
        Type::Duration => Value::Duration(hookc_plan::parse_duration(json.as_str()?).ok()?),
        Type::Timestamp => Value::Timestamp(Timestamp::parse(json.as_str()?).ok()?),
        _ => return None,
    })
}

/// The comparison in a condition that is not a logical operator.
pub(super) fn kind<'e>(expr: &'e Expr, literal: Literal<'_>) -> Kind<'e> {
    let found = match &expr.node {
        Node::Const { .. } => {
            return match constant(expr, literal) {
                Some(Value::Bool(value)) => Kind::DecidedPart(value),
                _ => Kind::Opaque,
            };
        }
        Node::IsNull { a } if !matches!(a.ty, Type::Optional(_) | Type::Null) => return Kind::Reported(false),
        Node::IsNull { a } => null_test(a),
        Node::Eq { a, b, .. } => return compared(expr, a, b, literal, ValueSet::one),
        Node::Ne { a, b, .. } => {
            return compared(expr, a, b, literal, |value| ValueSet::one(value).map(|set| set.complement()));
        }
        Node::Lt { a, b, .. } => {
            return ordered(
                expr,
                a,
                b,
                literal,
                |at| ValueSet::range(i128::MIN, at - 1),
                |at| ValueSet::range(at + 1, i128::MAX),
            );
        }
        Node::Le { a, b, .. } => {
            return ordered(
                expr,
                a,
                b,
                literal,
                |at| ValueSet::range(i128::MIN, at),
                |at| ValueSet::range(at, i128::MAX),
            );
        }
        Node::Gt { a, b, .. } => {
            return ordered(
                expr,
                a,
                b,
                literal,
                |at| ValueSet::range(at + 1, i128::MAX),
                |at| ValueSet::range(i128::MIN, at - 1),
            );
        }
        Node::Ge { a, b, .. } => {
            return ordered(
                expr,
                a,
                b,
                literal,
                |at| ValueSet::range(at, i128::MAX),
                |at| ValueSet::range(i128::MIN, at),
            );
        }
        Node::InList { a, b } => contained(a, b, literal),
        _ => flag(expr, literal),
    };
    found.map_or(Kind::Opaque, Kind::Comparison)
}

/// A `bool` that is read, also with a default.
fn flag<'e>(expr: &'e Expr, literal: Literal<'_>) -> Option<Comparison<'e>> {
    if expr.ty != Type::Bool {
        return None;
    }
    let (operand, default) = operand(expr, literal)?;
    operand.comparison(ValueSet::Bool(true, false), default.map(|value| value == Value::Bool(true)))
}

/// `x == null` for a value that may be null. For other values it is reported elsewhere.
fn null_test(a: &Expr) -> Option<Comparison<'_>> {
    let (read, narrowed) = read_of(a)?;
    if narrowed || !matches!(a.ty, Type::Optional(_)) {
        return None;
    }
    Some(Comparison {
        subject: Subject::Read(read),
        yes: Domain { null: true, set: ValueSet::Nothing },
        no: Domain { null: false, set: ValueSet::Any },
        narrowed,
    })
}

/// A side of a comparison that is a subject.
struct Side<'e> {
    subject: Subject<'e>,
    narrowed: bool,
    /// Whether it can be null where it is compared.
    optional: bool,
}

impl<'e> Side<'e> {
    /// True if the subject is in `set`. If it is null, the default decides, or else the result is `false`.
    fn comparison(self, set: ValueSet, default: Option<bool>) -> Option<Comparison<'e>> {
        let null = self.optional || default.is_some();
        let when_null = default.unwrap_or(false);
        Some(Comparison {
            subject: self.subject,
            no: Domain { null: null && !when_null, set: set.complement() },
            yes: Domain { null: null && when_null, set },
            narrowed: self.narrowed,
        })
    }
}

/// The subject of an operand, with the constant after `??` if there is one.
fn operand<'e>(expr: &'e Expr, literal: Literal<'_>) -> Option<(Side<'e>, Option<Value>)> {
    let sized = |read: &'e Expr| {
        read_of(read).map(|(read, narrowed)| Side { subject: Subject::Size(read), narrowed, optional: false })
    };
    match &expr.node {
        Node::SizeString { a } | Node::SizeList { a } | Node::SizeMap { a } => Some((sized(a)?, None)),
        Node::TsPart { part, a, zone: None } => {
            let (read, narrowed) = read_of(a)?;
            let subject = Subject::Part(*part, read);
            Some((Side { subject, narrowed, optional: false }, None))
        }
        Node::OrElse { a, b } => {
            let (read, narrowed) = read_of(a)?;
            let default = constant(b, literal)?;
            let subject = Subject::Read(read);
            Some((Side { subject, narrowed, optional: true }, Some(default)))
        }
        Node::Retype { a } => operand(a, literal),
        _ => {
            let (read, narrowed) = read_of(expr)?;
            let optional = matches!(expr.ty, Type::Optional(_)) && !matches!(expr.node, Node::Some { .. });
            Some((Side { subject: Subject::Read(read), narrowed, optional }, None))
        }
    }
}

/// `==` and `!=`: `set` returns the values for which it is true, from the constant's value.
fn compared<'e>(
    expr: &'e Expr,
    a: &'e Expr,
    b: &'e Expr,
    literal: Literal<'_>,
    set: impl Fn(&Value) -> Option<ValueSet>,
) -> Kind<'e> {
    let (side, value) = match (constant(a, literal), constant(b, literal)) {
        (Some(_), Some(_)) => return closed(expr),
        (None, Some(value)) => (a, value),
        (Some(value), None) => (b, value),
        (None, None) => return Kind::Opaque,
    };
    let unequal = matches!(expr.node, Node::Ne { .. });
    let comparison = operand(side, literal).and_then(|(side, default)| {
        let default = match default {
            Some(default) => Some((default == value) != unequal),
            None => side.optional.then_some(unequal),
        };
        side.comparison(set(&value)?, default)
    });
    comparison.map_or(Kind::Opaque, Kind::Comparison)
}

/// An ordering: `left` returns the values for which it is true if the constant is on the right, `right` if it is on the left.
fn ordered<'e>(
    expr: &'e Expr,
    a: &'e Expr,
    b: &'e Expr,
    literal: Literal<'_>,
    left: impl Fn(i128) -> ValueSet,
    right: impl Fn(i128) -> ValueSet,
) -> Kind<'e> {
    let (side, value, set): (_, _, &dyn Fn(i128) -> ValueSet) = match (constant(a, literal), constant(b, literal)) {
        (Some(_), Some(_)) => return closed(expr),
        (None, Some(value)) => (a, value, &left),
        (Some(value), None) => (b, value, &right),
        (None, None) => return Kind::Opaque,
    };
    let comparison = operand(side, literal).and_then(|(side, default)| {
        let set = set(place_of(&value)?);
        let default = match default {
            Some(default) => Some(contains(&set, place_of(&default)?)),
            None => None,
        };
        side.comparison(set, default)
    });
    comparison.map_or(Kind::Opaque, Kind::Comparison)
}

fn contains(set: &ValueSet, place: i128) -> bool {
    !set.meet(&ValueSet::range(place, place)).is_empty()
}

/// The maximum length of a list that is analysed.
const MOST_ITEMS: usize = 64;

/// `x in [a, b]` with constants.
fn contained<'e>(a: &'e Expr, list: &Expr, literal: Literal<'_>) -> Option<Comparison<'e>> {
    let values: Vec<Value> = match &list.node {
        Node::List { items } => items.iter().map(|item| constant(item, literal)).collect::<Option<_>>()?,
        Node::Const { value: serde_json::Value::Array(items) } if literal(list) => {
            let Type::List(of) = &list.ty else { return None };
            items.iter().map(|item| const_value(item, of)).collect::<Option<_>>()?
        }
        _ => return None,
    };
    if values.len() > MOST_ITEMS {
        return None;
    }
    let mut sets = values.iter().map(ValueSet::one);
    let first = sets.next()??;
    let set = sets.try_fold(first, |all, set| Some(all.join(&set?)))?;
    let (side, default) = operand(a, literal)?;
    let default = match default {
        Some(default) => Some(values.contains(&default)),
        None => side.optional.then_some(false),
    };
    side.comparison(set, default)
}

/// A comparison of two constants.
fn closed(expr: &Expr) -> Kind<'_> {
    match Program::new(expr).run(&[]) {
        Ok(Value::Bool(value)) => Kind::DecidedPart(value),
        _ => Kind::Opaque,
    }
}
