//! Facts agree with the evaluator: on random conditions over small sets of constants, in every context that counts.

use hookc_plan::{Context, Expr, Name, Program, Slot, TypeDef, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;

use super::{ConditionFacts, Example, Proof, condition_facts, disjoint, implies};
use crate::check_expr;

const VARIABLES: [(&str, &str); 7] = [
    ("i", "int"),
    ("o", "int?"),
    ("x", "float"),
    ("s", "string"),
    ("b", "bool"),
    ("d", "duration"),
    ("k", "JobStatus"),
];

fn typed(text: &str) -> (Expr, BTreeMap<Name, TypeDef>) {
    let variables: Vec<(String, String)> =
        VARIABLES.iter().map(|(name, ty)| (name.to_string(), ty.to_string())).collect();
    let checked = check_expr(text, &variables).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    (checked.expr, checked.types)
}

/// Values of the variables; what is not given is the first of its kind.
#[derive(Debug)]
struct Values(BTreeMap<Name, Value>);

impl Context for Values {
    fn read(&self, slot: &Slot) -> Option<Value> {
        let Slot::Local(name) = slot else { return None };
        self.0.get(name).cloned()
    }
}

fn holds(expr: &Expr, values: &Values) -> bool {
    let result = Program::new(expr).run_with(values);
    assert!(matches!(result, Ok(Value::Bool(_))), "{result:?} of {expr:?}");
    result == Ok(Value::Bool(true))
}

/// An example with values for the rest.
fn filled(example: &Example) -> Values {
    let mut values = context((0, 0, 0, 0, false, 0, 0)).0;
    values.extend(example.iter().map(|(name, value)| (Name::new(name), value.clone())));
    Values(values)
}

fn context((i, o, x, s, b, d, k): (i64, i64, i64, usize, bool, i64, usize)) -> Values {
    let texts = ["", "p", "q", "x0"];
    let states = ["succeeded", "failed", "stopped"];
    let optional = if o == 3 { Value::Null } else { Value::Int(o) };
    let values = [
        ("i", Value::Int(i)),
        ("o", optional),
        ("x", Value::Float(x as f64 / 2.0)),
        ("s", Value::text(texts[s % 4])),
        ("b", Value::Bool(b)),
        ("d", Value::Duration(d * 500_000_000)),
        ("k", Value::Enum(Name::new(states[k % 3]))),
    ];
    Values(values.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
}

fn contexts() -> impl Strategy<Value = Values> {
    (-3..4i64, -2..4i64, -5..6i64, 0..4usize, any::<bool>(), -3..4i64, 0..3usize).prop_map(context)
}

fn order() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="])
}

fn equality() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["==", "!="])
}

fn atom() -> impl Strategy<Value = String> {
    prop_oneof![
        (order(), -2..3i64).prop_map(|(op, n)| format!("i {op} {n}")),
        (order(), -2..3i64).prop_map(|(op, n)| format!("{n} {op} i")),
        (order(), -2..3i64, -1..2i64).prop_map(|(op, n, default)| format!("(o ?? {default}) {op} {n}")),
        (equality(), -1..2i64).prop_map(|(op, n)| format!("o {op} {n}")),
        equality().prop_map(|op| format!("o {op} null")),
        order().prop_map(|op| format!("(o != null && o {op} 1)")),
        (order(), -2..3i64).prop_map(|(op, n)| format!("x {op} {n}.5")),
        (order(), -1..2i64).prop_map(|(op, n)| format!("x {op} {n}.0")),
        (equality(), prop::sample::select(vec!["\"p\"", "\"q\"", "\"x0\""])).prop_map(|(op, s)| format!("s {op} {s}")),
        Just("s in [\"p\", \"q\"]".to_owned()),
        Just("i in [0, 2]".to_owned()),
        Just("size(s) > 0".to_owned()),
        Just("s.startsWith(\"p\")".to_owned()),
        Just("b".to_owned()),
        (order(), -1..2i64).prop_map(|(op, n)| format!("d {op} duration(\"{n}s\")")),
        (equality(), prop::sample::select(vec!["succeeded", "failed", "stopped"]))
            .prop_map(|(op, k)| format!("k {op} JobStatus.{k}")),
        Just("k in [JobStatus.failed, JobStatus.stopped]".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    atom().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn facts_agree_with_the_evaluator(text in condition(), contexts in prop::collection::vec(contexts(), 12)) {
        let (expr, types) = typed(&text);
        let facts = condition_facts(&expr, &types);
        for values in &contexts {
            let value = holds(&expr, values);
            prop_assert!(!(facts.never && value), "{text} is said never to hold");
            prop_assert!(!facts.always || value, "{text} is said always to hold");
        }
        if let Some(example) = &facts.holds {
            prop_assert!(holds(&expr, &filled(example)), "{text} does not hold with {example:?}");
        }
        if let Some(example) = &facts.fails {
            prop_assert!(!holds(&expr, &filled(example)), "{text} holds with {example:?}");
        }
    }

    #[test]
    fn implications_agree_with_the_evaluator(
        a in condition(),
        b in condition(),
        contexts in prop::collection::vec(contexts(), 12),
    ) {
        let ((first, types), (second, _)) = (typed(&a), typed(&b));
        let (implied, apart) = (implies(&first, &second, &types), disjoint(&first, &second, &types));
        for values in &contexts {
            let (a_holds, b_holds) = (holds(&first, values), holds(&second, values));
            prop_assert!(implied != Proof::Yes || !a_holds || b_holds, "{a} is said to imply {b}");
            prop_assert!(apart != Proof::Yes || !a_holds || !b_holds, "{a} is said to exclude {b}");
        }
        if let Proof::No(example) = &implied {
            let values = filled(example);
            prop_assert!(holds(&first, &values) && !holds(&second, &values), "{a} implies {b} with {example:?}");
        }
        if let Proof::No(example) = &apart {
            let values = filled(example);
            prop_assert!(holds(&first, &values) && holds(&second, &values), "{a} excludes {b} with {example:?}");
        }
    }
}

fn facts(text: &str) -> ConditionFacts {
    let (expr, types) = typed(text);
    condition_facts(&expr, &types)
}

#[test]
fn contradictions_are_found() {
    for text in [
        "i > 3 && i < 3",
        "i > 3 && i < 4",
        "x > 0.5 && !(x > 0.25)",
        "o == null && o == 1",
        "(o ?? 0) > 1 && o == null",
        "s == \"p\" && s in [\"q\", \"r\"]",
        "k == JobStatus.failed && k == JobStatus.stopped",
        "b && !b",
        "size(s) < 0",
        "d > 1h && d < 30m",
        "(i == 1 || i == 2) && i > 2",
    ] {
        assert!(facts(text).never, "{text}");
    }
}

#[test]
fn tautologies_are_found() {
    for text in [
        "i > 3 || i <= 3",
        "x > 0.5 || x <= 0.5",
        "k == JobStatus.failed || k == JobStatus.stopped || k == JobStatus.succeeded",
        "b || !b",
        "o == null || o != null",
        "size(s) >= 0",
    ] {
        assert!(facts(text).always, "{text}");
    }
}

#[test]
fn what_is_not_understood_may_be_both() {
    for text in ["i % 2 == 0", "s.startsWith(\"p\") && !s.startsWith(\"p\")", "x * 2.0 > 1.0", "s < \"p\""] {
        let facts = facts(text);
        assert!(!facts.never && !facts.always && facts.holds.is_none(), "{text}");
    }
}

#[test]
fn examples_are_small() {
    let facts = facts("i > 3 && o != null && k != JobStatus.failed");
    let holds = facts.holds.unwrap();
    assert_eq!(holds["i"], Value::Int(4));
    assert_eq!(holds["o"], Value::Int(0));
    assert_eq!(holds["k"], Value::Enum(Name::new("stopped")));
    assert_eq!(facts.fails.unwrap()["i"], Value::Int(0));
}

#[test]
fn many_cases_are_joined_and_not_lost() {
    let cases: Vec<String> = (0..40).map(|n| format!("(i == {n} && x > {n}.5)")).collect();
    let (expr, types) = typed(&cases.join(" || "));
    let facts = condition_facts(&expr, &types);
    assert!(!facts.never && !facts.always);
    let (outside, _) = typed("i > 100");
    assert_eq!(disjoint(&expr, &outside, &types), Proof::Yes);
}
