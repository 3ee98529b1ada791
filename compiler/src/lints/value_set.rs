//! Sets of values: the possible values of a read, given what is known about it.
//!
//! Numbers, durations and timestamps are integers here. A float is its position in the order of floats, so `> 0.9` starts
//! at the next float. A float that is read is never NaN, because NaN cannot be passed to an op or a hook.

use hookc_plan::{Name, Timestamp, Type, Value};

/// The values of one type, without `null`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueSet {
    /// Whether `true` and whether `false` is in it.
    Bool(bool, bool),
    /// Closed ranges in ascending order that do not touch.
    Ranges(Vec<(i128, i128)>),
    /// The texts, or all texts but these; sorted.
    Texts { all_but: bool, of: Vec<Name> },
    /// A type that is not analysed.
    Any,
    /// No value at all.
    Nothing,
}

/// The possible values of a read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Domain {
    /// Whether it can be `null`.
    pub(super) null: bool,
    /// The possible values besides `null`.
    pub(super) set: ValueSet,
}

/// The first and last nanosecond of the years 0001 to 9999.
const FIRST_MOMENT: i128 = -62_135_596_800_000_000_000;
const LAST_MOMENT: i128 = 253_402_300_799_999_999_999;

/// The values of enums, by the key of their type.
pub(super) type Enums<'e> = &'e dyn Fn(&str) -> Option<&'e [Name]>;

impl ValueSet {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            ValueSet::Bool(yes, no) => !yes && !no,
            ValueSet::Ranges(ranges) => ranges.is_empty(),
            ValueSet::Texts { all_but, of } => !all_but && of.is_empty(),
            ValueSet::Any => false,
            ValueSet::Nothing => true,
        }
    }

    /// All values of this type; `enums` has the values of enums.
    pub(super) fn of_type(ty: &Type, enums: Enums<'_>) -> ValueSet {
        match ty {
            Type::Bool => ValueSet::Bool(true, true),
            Type::Int | Type::Duration => ValueSet::range(i128::from(i64::MIN), i128::from(i64::MAX)),
            Type::Float => ValueSet::range(float_place(f64::NEG_INFINITY), float_place(f64::INFINITY)),
            Type::Timestamp => ValueSet::range(FIRST_MOMENT, LAST_MOMENT),
            Type::String | Type::Path | Type::Uri => ValueSet::Texts { all_but: true, of: Vec::new() },
            Type::Enum(name) => match enums(name) {
                Some(values) => {
                    let mut of = values.to_vec();
                    of.sort_unstable();
                    ValueSet::Texts { all_but: false, of }
                }
                None => ValueSet::Texts { all_but: true, of: Vec::new() },
            },
            _ => ValueSet::Any,
        }
    }

    /// From `low` to `high`, both included.
    pub(super) fn range(low: i128, high: i128) -> ValueSet {
        ValueSet::Ranges(if low <= high { vec![(low, high)] } else { Vec::new() })
    }

    /// One value; `None` if its type has no sets.
    pub(super) fn one(value: &Value) -> Option<ValueSet> {
        Some(match value {
            Value::Bool(value) => ValueSet::Bool(*value, !*value),
            Value::Str(text) | Value::Enum(text) => ValueSet::Texts { all_but: false, of: vec![text.clone()] },
            other => {
                let place = place_of(other)?;
                ValueSet::range(place, place)
            }
        })
    }

    /// All values except these.
    pub(super) fn complement(&self) -> ValueSet {
        match self {
            ValueSet::Bool(yes, no) => ValueSet::Bool(!yes, !no),
            ValueSet::Texts { all_but, of } => ValueSet::Texts { all_but: !all_but, of: of.clone() },
            ValueSet::Any => ValueSet::Nothing,
            ValueSet::Nothing => ValueSet::Any,
            ValueSet::Ranges(ranges) => {
                let mut rest = Vec::with_capacity(ranges.len() + 1);
                let mut from = Some(i128::MIN);
                for (low, high) in ranges {
                    if let Some(start) = from.filter(|start| start < low) {
                        rest.push((start, low - 1));
                    }
                    from = high.checked_add(1);
                }
                if let Some(start) = from {
                    rest.push((start, i128::MAX));
                }
                ValueSet::Ranges(rest)
            }
        }
    }

    /// The intersection.
    pub(super) fn meet(&self, other: &ValueSet) -> ValueSet {
        match (self, other) {
            (ValueSet::Bool(a, b), ValueSet::Bool(c, d)) => ValueSet::Bool(*a && *c, *b && *d),
            (ValueSet::Ranges(a), ValueSet::Ranges(b)) => ValueSet::Ranges(meet_ranges(a, b)),
            (ValueSet::Texts { all_but: true, of: a }, ValueSet::Texts { all_but: true, of: b }) => {
                let mut of = a.clone();
                of.extend(b.iter().filter(|text| !a.contains(text)).cloned());
                of.sort_unstable();
                ValueSet::Texts { all_but: true, of }
            }
            (ValueSet::Texts { all_but: false, of: few }, ValueSet::Texts { all_but, of })
            | (ValueSet::Texts { all_but, of }, ValueSet::Texts { all_but: false, of: few }) => ValueSet::Texts {
                all_but: false,
                of: few.iter().filter(|text| of.contains(text) != *all_but).cloned().collect(),
            },
            (ValueSet::Nothing, _) | (_, ValueSet::Nothing) => ValueSet::Nothing,
            (ValueSet::Any, set) | (set, _) => set.clone(),
        }
    }

    /// The union.
    pub(super) fn join(&self, other: &ValueSet) -> ValueSet {
        match (self, other) {
            (ValueSet::Nothing, set) | (set, ValueSet::Nothing) => set.clone(),
            (ValueSet::Any, _) | (_, ValueSet::Any) => ValueSet::Any,
            (a, b) => a.complement().meet(&b.complement()).complement(),
        }
    }
}

impl Domain {
    /// All values of this type.
    pub(super) fn of_type(ty: &Type, enums: Enums<'_>) -> Domain {
        Domain { null: matches!(ty, Type::Optional(_) | Type::Null), set: ValueSet::of_type(ty.required(), enums) }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.null && self.set.is_empty()
    }

    pub(super) fn meet(&self, other: &Domain) -> Domain {
        Domain { null: self.null && other.null, set: self.set.meet(&other.set) }
    }

    pub(super) fn join(&self, other: &Domain) -> Domain {
        Domain { null: self.null || other.null, set: self.set.join(&other.set) }
    }
}

fn meet_ranges(a: &[(i128, i128)], b: &[(i128, i128)]) -> Vec<(i128, i128)> {
    let mut both = Vec::with_capacity(a.len().max(b.len()));
    for (low, high) in a {
        for (other_low, other_high) in b {
            let (low, high) = (*low.max(other_low), *high.min(other_high));
            if low <= high {
                both.push((low, high));
            }
        }
    }
    both.sort_unstable();
    both
}

/// The place of a value in the order of its type.
pub(super) fn place_of(value: &Value) -> Option<i128> {
    match value {
        Value::Int(int) => Some(i128::from(*int)),
        Value::Float(float) if !float.is_nan() => Some(float_place(*float)),
        Value::Duration(nanos) => Some(i128::from(*nanos)),
        Value::Timestamp(time) => Some(time.unix_nanos()),
        _ => None,
    }
}

/// The value of a type at a place.
pub(super) fn value_at(ty: &Type, place: i128) -> Option<Value> {
    Some(match ty {
        Type::Int => Value::Int(i64::try_from(place).ok()?),
        Type::Duration => Value::Duration(i64::try_from(place).ok()?),
        Type::Float => Value::Float(float_at(place)?),
        Type::Timestamp => Value::Timestamp(Timestamp::from_unix_nanos(place)?),
        _ => return None,
    })
}

/// Floats in their order, one after the other; both zeros are at 0.
fn float_place(float: f64) -> i128 {
    let size = i128::from(float.to_bits() & (u64::MAX >> 1));
    if float.is_sign_negative() { -size } else { size }
}

fn float_at(place: i128) -> Option<f64> {
    let float = f64::from_bits(u64::try_from(place.abs()).ok()?);
    Some(if place < 0 { -float } else { float })
}
