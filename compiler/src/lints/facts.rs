//! What can be said of conditions without running them: never, always, one implied by another, two at once; with an
//! example where one is proven. For an editor, and for whoever compares two hooks.
//!
//! Sound over reads that keep their types, with floats that are not NaN. Comparisons of reads with constants are
//! understood (ranges, enums, `null`, booleans, equality of text); whatever else is in a condition may be both.

use std::collections::BTreeMap;

use hookc_plan::{Expr, Name, Type, TypeDef, Value};

use super::set::{Domain, Set, value_at};
use super::split::{Sides, Split, State};
use super::term::{Term, path_of};

/// The values of the reads that an example needs, by the path or name of the read; any value does for the others.
pub type Example = BTreeMap<String, Value>;

/// What is known of a condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConditionFacts {
    /// It is never true.
    pub never: bool,
    /// It is never false.
    pub always: bool,
    /// Where it is true.
    pub holds: Option<Example>,
    /// Where it is false.
    pub fails: Option<Example>,
}

/// Whether something is so.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// It is so.
    Yes,
    /// It is not so, for instance here.
    No(Example),
    /// Neither is proven.
    Unknown,
}

/// What is known of one condition; `types` are the plan's.
pub fn condition_facts(condition: &Expr, types: &BTreeMap<Name, TypeDef>) -> ConditionFacts {
    analyse(types, |split| {
        let Sides { yes, no } = split.split(condition, vec![State::new()]);
        ConditionFacts {
            never: yes.is_empty(),
            always: no.is_empty(),
            holds: example(split.exact, &yes),
            fails: example(split.exact, &no),
        }
    })
}

/// Whether `b` is true wherever `a` is; the example is one where only `a` is.
pub fn implies(a: &Expr, b: &Expr, types: &BTreeMap<Name, TypeDef>) -> Proof {
    analyse(types, |split| {
        let first = split.split(a, vec![State::new()]);
        let second = split.split(b, first.yes);
        match example(split.exact, &second.no) {
            _ if second.no.is_empty() => Proof::Yes,
            Some(example) => Proof::No(example),
            None => Proof::Unknown,
        }
    })
}

/// Whether the two exclude each other; the example is one where both are true.
pub fn disjoint(a: &Expr, b: &Expr, types: &BTreeMap<Name, TypeDef>) -> Proof {
    analyse(types, |split| {
        let first = split.split(a, vec![State::new()]);
        let second = split.split(b, first.yes);
        match example(split.exact, &second.yes) {
            _ if second.yes.is_empty() => Proof::Yes,
            Some(example) => Proof::No(example),
            None => Proof::Unknown,
        }
    })
}

fn analyse<'e, T>(types: &BTreeMap<Name, TypeDef>, f: impl FnOnce(&mut Split<'e, '_>) -> T) -> T {
    let enums = |name: &str| match types.get(name) {
        Some(TypeDef::Enum(values)) => Some(values.as_slice()),
        _ => None,
    };
    f(&mut Split::new(&enums, &|_| true, &[]))
}

/// Values of one of the states.
fn example(exact: bool, states: &[State<'_>]) -> Option<Example> {
    let state = states.first().filter(|_| exact)?;
    state.iter().map(|known| Some((name_of(known.term.read())?, some_value(known.term, &known.domain)?))).collect()
}

/// `outputs.loss`, `limit`, `inputs.config.rate`
fn name_of(read: &Expr) -> Option<String> {
    if let Some(path) = path_of(read) {
        return Some(path.to_string());
    }
    match &read.node {
        hookc_plan::Node::Local { name } => Some(name.to_string()),
        // A record with one known field is no value of its type.
        _ => None,
    }
}

fn some_value(term: Term<'_>, domain: &Domain) -> Option<Value> {
    let Term::Read(read) = term else { return None };
    let ty = read.ty.required();
    match &domain.set {
        Set::Bool(true, _) => Some(Value::Bool(true)),
        Set::Bool(_, true) => Some(Value::Bool(false)),
        Set::Ranges(ranges) if !ranges.is_empty() => value_at(ty, simplest(ranges)?),
        Set::Texts { all_but: false, of } if !of.is_empty() => of.first().map(|text| text_value(ty, text)),
        Set::Texts { all_but: true, of } => {
            let fresh = (0..).map(|n| Name::from(format!("x{n}"))).find(|text| !of.contains(text));
            fresh.map(|text| text_value(ty, &text))
        }
        _ if domain.null => Some(Value::Null),
        _ => None,
    }
}

fn text_value(ty: &Type, text: &Name) -> Value {
    match ty {
        Type::Enum(_) => Value::Enum(text.clone()),
        _ => Value::Str(text.clone()),
    }
}

/// The place nearest to zero.
fn simplest(ranges: &[(i128, i128)]) -> Option<i128> {
    ranges.iter().map(|(low, high)| 0.clamp(*low, *high)).min_by_key(|place| (place.unsigned_abs(), *place < 0))
}
