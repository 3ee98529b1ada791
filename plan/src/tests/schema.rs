use serde_json::{Value as Json, json};

use crate::expr::Operation;
use crate::schema::*;
use crate::tests::notation::{any_expr, expr, sample};

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&json_schema()).unwrap()
}

fn sample_json() -> Json {
    serde_json::from_str(&sample().to_canonical_json()).unwrap()
}

#[test]
fn the_schema_says_what_it_is() {
    let schema = json_schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], "hook.plan/v1");
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
}

#[test]
fn plans_are_of_the_schema() {
    let errors: Vec<String> = validator()
        .iter_errors(&sample_json())
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn other_documents_are_not() {
    let validator = validator();
    let changed = |pointer: &str, value: Json| {
        let mut plan = sample_json();
        *plan.pointer_mut(pointer).unwrap() = value;
        plan
    };
    let wrong = [
        json!({}),
        json!([]),
        changed("/jobs/nightly/shape", json!("round")),
        changed("/jobs/nightly/ops/0/edges/0/states/0", json!("done")),
        changed("/jobs/nightly/ops/0/hooks/0/verb", json!("runs")),
        changed("/jobs/nightly/ops/0/timeout_ms", json!(-1)),
        changed("/jobs/nightly/ops/0/when/expr/op", json!("plus")),
        changed("/jobs/nightly/ops/0/when/expr/a", json!(1)),
        changed("/jobs/nightly/ops/0/when/expr/span", json!([0, 1])),
        changed("/types/Tier", json!({"enums": []})),
        changed("/components/train/bodies/0", json!({"exec": [], "shell": ""})),
        changed("/connections/team/value", json!({"fields": {"url": {"text": "x"}}})),
    ];
    for plan in wrong {
        assert!(!validator.is_valid(&plan));
    }
    let mut unknown = sample_json();
    unknown["jobs"]["nightly"]["ops"][0]["priority"] = json!(1);
    assert!(!validator.is_valid(&unknown));
    let mut unknown = sample_json();
    unknown["jobs"]["nightly"]["ops"][0]["when"]["expr"]["c"] = json!(1);
    assert!(!validator.is_valid(&unknown));
}

#[test]
fn every_operation_is_in_the_schema() {
    let schema = json_schema().to_string();
    for operation in Operation::ALL {
        assert!(schema.contains(&format!("\"const\":\"{operation}\"")), "{operation}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_expression_is_of_the_schema(texts in proptest::collection::vec(any_expr(), 8)) {
        let validator = validator();
        let mut plan = sample_json();
        for text in texts {
            plan["components"]["coder"]["prompt"] = serde_json::to_value(expr(&text)).unwrap();
            assert!(validator.is_valid(&plan), "{text}");
        }
    }
}

/// A validator needs no more time for a deep expression than for a long one.
#[test]
fn deep_expressions_are_validated_in_time() {
    let mut text = "true".to_owned();
    for _ in 0..40 {
        text = format!("(and {text} true)");
    }
    let mut plan = sample_json();
    plan["components"]["coder"]["prompt"] = serde_json::to_value(expr(&text)).unwrap();
    assert!(validator().is_valid(&plan));
}
