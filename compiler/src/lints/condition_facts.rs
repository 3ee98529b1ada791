//! What can be said of conditions without running them: never, always, one implied by another, two at once; with an
//! example where one is proven. For an editor, and for whoever compares two hooks.
//!
//! Sound over reads that keep their types, with floats that are not NaN. Comparisons of reads with constants are
//! understood (ranges, enums, `null`, booleans, equality of text); whatever else is in a condition may be both. An example
//! was evaluated, so it is one; where none is given there may be one all the same.

use std::collections::BTreeMap;

use hookc_plan::{Expr, Name, TypeDef, Value};

use super::example_search::example;
use super::truth::{State, Truth, TruthSides};

/// The values of the reads that an example needs, by the path or name of the read (`outputs.loss`, `inputs.config`, which
/// is a record); any value does for the others.
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
        let TruthSides { yes, no } = split.split(condition, vec![State::new()]);
        ConditionFacts {
            never: yes.is_empty(),
            always: no.is_empty(),
            holds: example(&[(condition, true)], &yes, types, !split.exact),
            fails: example(&[(condition, false)], &no, types, !split.exact),
        }
    })
}

/// Whether `b` is true wherever `a` is; the example is one where only `a` is.
pub fn implies(a: &Expr, b: &Expr, types: &BTreeMap<Name, TypeDef>) -> Proof {
    analyse(types, |split| {
        let first = split.split(a, vec![State::new()]);
        let only_first = split.split(b, first.yes).no;
        proof(&[(a, true), (b, false)], &only_first, types, split.exact)
    })
}

/// Whether the two exclude each other; the example is one where both are true.
pub fn disjoint(a: &Expr, b: &Expr, types: &BTreeMap<Name, TypeDef>) -> Proof {
    analyse(types, |split| {
        let first = split.split(a, vec![State::new()]);
        let both = split.split(b, first.yes).yes;
        proof(&[(a, true), (b, true)], &both, types, split.exact)
    })
}

/// That nothing is left, or an example of what is.
fn proof(wanted: &[(&Expr, bool)], left: &[State<'_>], types: &BTreeMap<Name, TypeDef>, exact: bool) -> Proof {
    match example(wanted, left, types, !exact) {
        _ if left.is_empty() => Proof::Yes,
        Some(example) => Proof::No(example),
        None => Proof::Unknown,
    }
}

fn analyse<'e, T>(types: &BTreeMap<Name, TypeDef>, f: impl FnOnce(&mut Truth<'e, '_>) -> T) -> T {
    let enums = |name: &str| match types.get(name) {
        Some(TypeDef::Enum(values)) => Some(values.as_slice()),
        _ => None,
    };
    f(&mut Truth::new(&enums, &|_| true, &[]))
}
