//! The facts agree with the evaluator on random conditions over small sets of constants, in every relevant context.

use hookc_plan::{Context, Expr, Name, Program, Slot, Timestamp, TypeDef, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lints::{ConditionFacts, Example, Proof, condition_facts, disjoint, implies};
use crate::{LoadError, Loader, LowerOptions, Project, Sources, check_expr};

const VARIABLES: [(&str, &str); 9] = [
    ("i", "int"),
    ("o", "int?"),
    ("x", "float"),
    ("s", "string"),
    ("b", "bool"),
    ("d", "duration"),
    ("k", "JobStatus"),
    ("l", "list<string>"),
    ("t", "timestamp"),
];

fn typed(text: &str) -> (Expr, BTreeMap<Name, TypeDef>) {
    let variables: Vec<(String, String)> =
        VARIABLES.iter().map(|(name, ty)| (name.to_string(), ty.to_string())).collect();
    let checked = check_expr(text, &variables).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    (checked.expr, checked.types)
}

/// Values of the variables. A variable without a given value has the first value of its kind.
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

/// An example, with values for the other variables.
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
        ("l", Value::list(texts.into_iter().take(s % 4).map(Value::text))),
        ("t", Value::Timestamp(Timestamp::from_unix_nanos(i128::from(i + 3) * 40_000_000_000_000_000).unwrap())),
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

fn comparison() -> impl Strategy<Value = String> {
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
        (order(), -1..4i64).prop_map(|(op, n)| format!("size(l) {op} {n}")),
        (order(), 0..13i64).prop_map(|(op, n)| format!("t.getMonth() {op} {n}")),
        Just("\"p\" in l".to_owned()),
        Just("l.exists(y, y == s)".to_owned()),
        (-1..3i64).prop_map(|n| format!("i % 3 == {n}")),
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
    comparison().prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn facts_agree_with_the_evaluator(text in condition(), contexts in prop::collection::vec(contexts(), 12)) {
        let (expr, types) = typed(&text);
        let facts = condition_facts(&expr, &types);
        for values in &contexts {
            let value = holds(&expr, values);
            prop_assert!(!(facts.never && value), "{text} is said never to hold");
            prop_assert!(!facts.always || value, "{text} is said always to hold");
            // If the analysis understands a condition, it finds an example whenever one exists. The search ends after some
            // tries, so conditions that read many values are left out.
            let is_small = hookc_plan::Program::new(&expr).slots().len() <= 4;
            if is_small && ["l.", "in l", "%", "startsWith"].iter().all(|opaque| !text.contains(opaque)) {
                prop_assert!(!value || facts.holds.is_some(), "{text} has no example, and holds with {values:?}");
                prop_assert!(value || facts.fails.is_some(), "{text} has no counterexample, and fails with {values:?}");
            }
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
        assert!(!facts.never && !facts.always, "{text}");
    }
    assert_eq!(facts("s.startsWith(\"p\") && !s.startsWith(\"p\")").holds, None);
}

/// The evaluator also finds examples of conditions that the analysis does not understand.
#[test]
fn examples_are_found_beyond_comparisons() {
    for (text, holds) in [
        ("size(l) > 2", "l = [\"\",\"\",\"\"]"),
        ("size(s) == 3 && i > 1", "i = 2, s = \"xxx\""),
        ("t.getHours() == 5 && t.getMonth() == 1", "t = 2000-02-01T05:00:00Z"),
        ("t.getFullYear() > 2020", "t = 2021-01-01T00:00:00Z"),
        ("i % 2 == 1 && x * 2.0 > 1.0", "i = 1, x = 2.0"),
        ("s.startsWith(\"p\") && s != \"p\"", "s = \"px\""),
        ("\"p\" in l && size(l) == 1", "l = [\"p\"]"),
        ("l.exists(y, y == \"q\")", "l = [\"q\"]"),
        ("s.matches(\"^abc$\")", "s = \"abc\""),
        ("o == null || o > 3", "o = null"),
    ] {
        assert_eq!(shown(facts(text).holds), holds, "{text}");
        assert!(facts(text).fails.is_some(), "{text}");
    }
}

fn shown(example: Option<Example>) -> String {
    let values = example.unwrap_or_default().into_iter().map(|(name, value)| match value {
        Value::Timestamp(time) => format!("{name} = {time}"),
        value => format!("{name} = {}", value.to_json().unwrap()),
    });
    values.collect::<Vec<_>>().join(", ")
}

/// A read of a record's field needs the whole record.
#[test]
fn examples_of_records_are_records() {
    let text = r#"record Inner { rate: float, tier: JobStatus }
record Config { name: string, inner: Inner, note: string? }
component a(config: Config) { exec ["a"] }
job j(config: Config) {
  op one = a(config: config) {
    on succeeded when inputs.config.inner.rate > 3.0 && inputs.config.inner.tier == stopped run a(config: inputs.config)
  }
}
"#;
    let (expr, types) = condition_of(text);
    let holds = condition_facts(&expr, &types).holds.unwrap();
    let config = holds["inputs.config"].to_json().unwrap();
    assert_eq!(config["inner"]["tier"], "stopped");
    assert!(config["inner"]["rate"].as_f64().unwrap() > 3.0, "{config}");
}

/// The first condition of a hook of the only op.
fn condition_of(text: &str) -> (Expr, BTreeMap<Name, TypeDef>) {
    struct Only<'t>(&'t str);
    impl Loader for Only<'_> {
        fn read(&mut self, _: &str) -> Result<Arc<str>, LoadError> {
            Ok(Arc::from(self.0))
        }
    }
    let sources = Sources::load(&["main.hook".to_owned()], Project::default(), &mut Only(text));
    let options = LowerOptions { file: sources.find("main.hook").unwrap(), job: None, profile: None };
    let plan = crate::check_and_lower(&sources, &options).result.unwrap();
    let hook = &plan.jobs.values().next().unwrap().ops[0].hooks[0];
    (hook.when.as_ref().unwrap().expr.clone(), plan.types.clone())
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
