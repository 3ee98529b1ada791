use serde_json::{Value as Json, json};

use crate::canonical::{LEFT_OUT, PlanError, canonical_json, canonical_text};
use crate::expr::{Expr, Node};
use crate::plan::Plan;
use crate::tests::notation::{expr, sample};
use crate::types::Span;
use crate::{Body, ExecItem, Runs};

#[test]
fn json_is_written_in_one_way() {
    let json = json!({"b": [1, 2.0, -0.0, 1e16, 1e-7, null, true], "a": "\"\\\n\t\u{1}\u{2028}😀/", "é": {}, "Z": [], "": {"x": "<"}});
    let wanted = "{\"\":{\"x\":\"<\"},\"Z\":[],\"a\":\"\\\"\\\\\\n\\t\\u0001\u{2028}😀/\",\"b\":[1,2.0,-0.0,1e16,1e-7,null,true],\"é\":{}}";
    assert_eq!(canonical_json(&json), wanted);
    assert_eq!(serde_json::from_str::<Json>(wanted).unwrap(), json);
}

#[test]
fn keys_are_ordered_by_code_point() {
    let json = json!({"\u{fffd}": 1, "😀": 2, "a": 3, "B": 4, "aa": 5});
    assert_eq!(canonical_json(&json), "{\"B\":4,\"a\":3,\"aa\":5,\"\u{fffd}\":1,\"😀\":2}");
}

#[test]
fn a_plan_comes_back_byte_for_byte() {
    let plan = sample();
    let text = plan.to_canonical_json();
    assert!(text.ends_with("}\n") && !text.trim_end().contains('\n'));
    let read = Plan::from_json(text.as_bytes()).unwrap();
    assert_eq!(read, plan);
    assert_eq!(read.to_canonical_json(), text);
    // However it is laid out.
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Json>(&text).unwrap()).unwrap();
    assert_eq!(Plan::from_json(pretty.as_bytes()).unwrap().to_canonical_json(), text);
}

/// The hash of the sample is written here once: a change of the form would change every plan's hash.
#[test]
fn the_hash_never_changes() {
    assert_eq!(sample().content_hash(), "6518ad9648bb1a78660d3bd07ade27069bc2950a223a4d743d392f5dbe28a913");
}

#[test]
fn the_hash_is_that_of_the_json_without_the_named_fields() {
    let plan = sample();
    let text = canonical_text(&plan, &LEFT_OUT);
    let json: Json = serde_json::from_str(&text).unwrap();
    for field in ["hash", "sources"] {
        assert!(json.get(field).is_none());
    }
    let op = &json["jobs"]["nightly"]["ops"][0];
    assert!(op.get("span").is_none() && op.get("doc").is_none());
    assert!(op["hooks"][0].get("attached").is_none());
    assert!(op["when"].get("source").is_none() && op["when"].get("expr").is_some());
    // Keys of users' maps stay, whatever they are.
    assert_eq!(json["components"]["train"]["env"].as_object().unwrap().len(), 3);
    assert!(json["types"].get("span").is_some());
    assert_eq!(json["types"]["span"]["record"][0]["name"], "doc");
    assert!(json["connections"]["ops"]["value"]["mock"]["outputs"]["slack"].get("span").is_some());
    assert!(json["connections"]["ops"]["value"]["mock"]["fields"].get("source").is_some());
    assert!(json["components"]["std/notify:slack"]["bodies"][0]["http"]["headers"].get("via").is_some());
}

fn hash_after(change: impl FnOnce(&mut Plan)) -> bool {
    let mut plan = sample();
    let before = plan.content_hash();
    change(&mut plan);
    plan.content_hash() == before
}

#[test]
fn moving_and_documenting_keep_the_hash() {
    assert!(hash_after(|plan| plan.hash = "other".into()));
    assert!(hash_after(|plan| plan.sources.clear()));
    assert!(hash_after(|plan| plan.jobs.get_mut("nightly").unwrap().doc = None));
    assert!(hash_after(|plan| plan.jobs.get_mut("nightly").unwrap().span = Span(7, 7, 7)));
    assert!(hash_after(|plan| {
        let op = &mut plan.jobs.get_mut("nightly").unwrap().ops[0];
        op.doc = Some("New.".into());
        op.args[0].value.span = Span(3, 4, 5);
        op.args[0].value.via.push(crate::Via { name: "poor".into(), span: Span(0, 0, 1) });
        op.hooks[0].attached = Span(9, 9, 9);
        op.when.as_mut().unwrap().source = "job.previous  ==  null".into();
    }));
}

#[test]
fn values_change_the_hash() {
    assert!(!hash_after(|plan| plan.project = "other".into()));
    assert!(!hash_after(|plan| plan.jobs.get_mut("nightly").unwrap().ops[0].timeout_ms = None));
    assert!(!hash_after(|plan| plan.jobs.get_mut("nightly").unwrap().ops[0].runs = Runs::Job("inner".into())));
    assert!(!hash_after(|plan| plan.jobs.get_mut("nightly").unwrap().ops[0].args[0].name = "other".into()));
    assert!(!hash_after(|plan| {
        let env = &mut plan.components.get_mut("train").unwrap().env;
        let value = env.remove("span").unwrap();
        env.insert("via".into(), value);
    }));
    assert!(!hash_after(|plan| plan.uses.clear()));
}

#[test]
fn the_keys_of_a_constant_object_count() {
    let plan_with = |value: Json| {
        let mut plan = sample();
        let body = &mut plan.components.get_mut("coder").unwrap().bodies[0];
        let constant = Expr { node: Node::Const { value }, ..expr("1") };
        *body = Body::Exec(vec![ExecItem::One(constant)]);
        plan.content_hash()
    };
    assert_ne!(plan_with(json!({"span": 1, "doc": 2})), plan_with(json!({"span": 3, "doc": 2})));
    assert_ne!(plan_with(json!({"doc": 2})), plan_with(json!({})));
    assert_ne!(plan_with(json!([{"hash": 2}])), plan_with(json!([{"hash": 1}])));
}

#[test]
fn what_is_no_plan_is_refused() {
    let text = sample().to_canonical_json();
    let error = |text: &str| Plan::from_json(text.as_bytes()).unwrap_err();
    assert!(matches!(error(""), PlanError::Shape { .. }));
    assert!(matches!(error("[]"), PlanError::Shape { .. }));
    assert!(matches!(error(&format!("{text}x")), PlanError::Shape { .. }));
    assert!(matches!(error(&text.replacen("\"jobs\"", "\"works\"", 1)), PlanError::Shape { .. }));
    assert_eq!(error(&text.replacen("hook.plan/v1", "hook.plan/v2", 1)), PlanError::Version("hook.plan/v2".into()));
    assert!(matches!(error(&text.replacen("\"iris\"", "\"rose\"", 1)), PlanError::Hash { .. }));
    let twice = text.replacen("{", "{\"pro\\u006aect\":\"rose\",", 1);
    assert_eq!(error(&twice), PlanError::Duplicate("project".into()));
    let twice = text.replacen("\"env\":{", "\"env\":{\"doc\":null,", 1);
    assert_eq!(error(&twice), PlanError::Duplicate("doc".into()));
    assert_eq!(Plan::from_json(b"{\"plan\":\"\xff\"}").unwrap_err().to_string().split(' ').next(), Some("invalid"));
}

#[test]
fn unknown_keys_are_refused_in_expressions() {
    let good = serde_json::to_value(expr("(int_add 1 2)")).unwrap();
    let mut bad = good.clone();
    bad["c"] = good.clone();
    assert!(serde_json::from_value::<Expr>(good).is_ok());
    assert!(serde_json::from_value::<Expr>(bad).is_err());
}

#[test]
fn nesting_is_bounded_by_name_not_by_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(1_000_000) + "1" + &close.repeat(1_000_000);
        assert_eq!(Plan::from_json(deep.as_bytes()), Err(PlanError::TooDeep));
        let half = open.repeat(1_000_000);
        assert_eq!(Plan::from_json(half.as_bytes()), Err(PlanError::TooDeep));
    }
    // Not brackets.
    let text = format!("{{\"plan\":\"{}\"}}", "[{\\\"".repeat(20_000));
    assert!(matches!(Plan::from_json(text.as_bytes()), Err(PlanError::Shape { .. })));
}

/// As deep as expressions may be, on a small stack.
#[test]
fn a_deep_plan_is_read_and_written() {
    let through = || {
        let mut plan = sample();
        let mut deep = expr("$inputs.a");
        for _ in 0..crate::MAX_EXPR_DEPTH {
            let node = Node::And { a: Box::new(deep), b: Box::new(expr("true")) };
            deep = Expr { node, ..expr("true") };
        }
        plan.components.get_mut("coder").unwrap().prompt = Some(deep);
        plan.hash = plan.content_hash();
        let text = plan.to_canonical_json();
        let read = Plan::from_json(text.as_bytes()).unwrap();
        assert_eq!(read.to_canonical_json(), text);
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(through).unwrap().join().unwrap();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_expression_comes_back(text in crate::tests::notation::any_expr()) {
        let written = expr(&text);
        let json = canonical_text(&written, &[]);
        let read: Expr = serde_json::from_str(&json).unwrap();
        assert_eq!(canonical_text(&read, &[]), json);
        assert_eq!(read, written);
    }
}
