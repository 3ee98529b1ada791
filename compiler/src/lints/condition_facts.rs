//! What can be proven about conditions without running them: never true, always true, one implies another, two exclude each
//! other. Each with an example, if one is found. Editors use it, and so do comparisons of two hooks.
//!
//! The results are sound if reads have their declared types and floats are not NaN. Comparisons of reads with constants are
//! understood (ranges, enums, `null`, booleans, equality of text). Any other part may be true or false. Every example has
//! been evaluated. If no example is given, there may still be one.

use std::collections::BTreeMap;

use hookc_plan::{Expr, Name, TypeDef, Value};

use super::example_search::example;
use super::truth::{State, Truth, TruthSides};

/// The values of the reads that an example needs, by the path or name of the read (`outputs.loss`, `inputs.config`, which
/// is a record). All other reads can have any value.
pub type Example = BTreeMap<String, Value>;

/// What is known about a condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConditionFacts {
    /// It is never true.
    pub never: bool,
    /// It is never false.
    pub always: bool,
    /// An example in which it is true.
    pub holds: Option<Example>,
    /// An example in which it is false.
    pub fails: Option<Example>,
}

/// The result of a proof.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// It is proven.
    Yes,
    /// It is disproven by this example.
    No(Example),
    /// Neither is proven.
    Unknown,
}

/// What is known about one condition; `types` are the types of the plan.
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

/// Whether `b` is true whenever `a` is true. In the example, only `a` is true.
pub fn implies(a: &Expr, b: &Expr, types: &BTreeMap<Name, TypeDef>) -> Proof {
    analyse(types, |split| {
        let first = split.split(a, vec![State::new()]);
        let only_first = split.split(b, first.yes).no;
        proof(&[(a, true), (b, false)], &only_first, types, split.exact)
    })
}

/// Whether the two exclude each other. In the example, both are true.
pub fn disjoint(a: &Expr, b: &Expr, types: &BTreeMap<Name, TypeDef>) -> Proof {
    analyse(types, |split| {
        let first = split.split(a, vec![State::new()]);
        let both = split.split(b, first.yes).yes;
        proof(&[(a, true), (b, true)], &both, types, split.exact)
    })
}

/// A proof that no state is left, or an example of a state that is left.
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
