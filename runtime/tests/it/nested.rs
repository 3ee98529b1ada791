//! Jobs called as ops.

use hookc_plan::{Event, Hook, Runs, TextOn, Type, VerbKind};
use serde_json::json;

use crate::build::*;
use crate::playing::{Play, played};

fn calls(name: &str) -> hookc_plan::Op {
    op(name, "").with(|op| op.runs = Runs::Job("inner".into())).arg("n", int(3)).out("loss", Type::Float)
}

fn with_inner(mut plan: hookc_plan::Plan) -> hookc_plan::Plan {
    let mut inner = job("inner", vec![op("fit", "give").out("loss", Type::Float), op("check", "noop").needs("fit")]);
    inner.inputs = fields(&[("n", Type::Int)]);
    inner.outputs = vec![arg("loss", read("ops.fit.outputs.loss", Type::Float))];
    inner.hooks = vec![tell(
        "inner_done",
        &[Event::Done],
        template(vec![
            read("job.name", Type::String),
            text(" "),
            read("job.id", Type::String),
            text(" "),
            to_text(read("job.source", Type::Enum("Source".into())), TextOn::Enum),
            text(" "),
            to_text(read("job.inputs.n", Type::Int), TextOn::Int),
        ]),
    )];
    plan.jobs.insert("inner".into(), inner);
    plan
}

#[test]
fn it_runs_inside_its_caller_under_the_callers_names() {
    let ops = vec![
        calls("sub"),
        op("say", "tell").needs("sub").arg("text", to_text(read("ops.sub.outputs.loss", Type::Float), TextOn::Float)),
    ];
    let played = Play::new(json!({"ops": {"sub.fit": [{"outputs": {"loss": 0.5}, "sleep": "1s"}]}}))
        .jobs(1)
        .run(with_inner(plan(job("nightly", ops))))
        .unwrap();
    assert_eq!(
        played.text(),
        "\
0 job nightly by manual
0 sub starts #1 {\"n\":3}
0 job nightly.sub by job {\"n\":3}
0 sub.fit starts #1
1000 ended sub.fit succeeded #1 {\"loss\":0.5}
1000 sub.check starts #1
1000 ended sub.check succeeded #1
1000 job nightly.sub succeeded []
1000 hook sub.inner_done on done #0 fired
1000 ended sub succeeded #1 {\"loss\":0.5}
1000 say starts #1 {\"text\":\"0.5\"}
1000 ended say succeeded #1
1000 job nightly succeeded []
1000 hook sub.inner_done on done succeeded {\"text\":\"inner r1/sub job 3\"}"
    );
}

#[test]
fn its_failure_is_the_ops() {
    let ops = vec![calls("sub"), op("next", "noop").needs("sub")];
    let played = played(
        with_inner(plan(job("nightly", ops))),
        json!({"ops": {"sub.check": [{"exit": 9, "message": "no"}], "sub.fit": [{"outputs": {"loss": 0.5}}]}}),
    );
    let text = played.text();
    assert!(text.contains("ended sub failed #1 (exit)"), "{text}");
    assert!(text.contains("ended next upstream_failed #0"), "{text}");
    assert!(text.contains("job nightly.sub failed [\"check\"]"), "{text}");
    assert_eq!(played.report.error.as_deref(), Some("sub: no"));
}

#[test]
fn a_time_limit_stops_it_and_a_retry_begins_it_anew() {
    let op = calls("sub").retry(1, 1000).with(|op| op.timeout_ms = Some(5000));
    let played = played(
        with_inner(plan(job("nightly", vec![op]))),
        json!({"ops": {"sub.fit": [{"sleep": "1h"}], "sub.check": [{}]}}),
    );
    let text = played.text();
    assert!(text.contains("5000 ended sub.fit stopped #1"), "{text}");
    assert!(text.contains("5000 job nightly.sub stopped []"), "{text}");
    assert!(text.contains("5000 sub retries #1 (timeout)"), "{text}");
    assert_eq!(text.matches("sub.fit starts #1").count(), 2, "{text}");
    assert!(text.contains("ended sub failed #2 (timeout)"), "{text}");
    let keys: Vec<&str> = played.report.hooks.iter().flat_map(|hook| &hook.runs).map(|run| run.key.as_str()).collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1], "each begin of a job has its own deliveries");
}

#[test]
fn many_at_once_need_no_slot_of_their_own() {
    let each = calls("sub").each("x", list(vec![int(1), int(2), int(3)], Type::Int), Type::Int);
    let played = Play::new(json!({"ops": {"sub[1].fit": [{"outputs": {"loss": 2.0}}], "sub[0].fit": [{"outputs": {"loss": 1.0}}], "sub[2].fit": [{"exit": 1}]}}))
        .jobs(1)
        .run(with_inner(plan(job("nightly", vec![each]))))
        .unwrap();
    let text = played.text();
    assert!(text.contains("ended sub[0] succeeded #1 {\"loss\":1.0}"), "{text}");
    assert!(text.contains("ended sub[1] succeeded #1 {\"loss\":2.0}"), "{text}");
    assert!(text.contains("ended sub[2] failed #1 (exit)"), "{text}");
}

#[test]
fn its_start_gate_fails_the_op_by_gate() {
    let mut plan = with_inner(plan(job("nightly", vec![calls("sub")])));
    let gate = Hook { message: Some(text("closed")), ..hook("closed", VerbKind::Fail, &[Event::Start]) };
    plan.jobs.get_mut("inner").unwrap().hooks.insert(0, gate);
    let text = played(plan, json!({})).text();
    assert!(text.contains("gate sub.closed on start refused"), "{text}");
    assert!(text.contains("ended sub failed #1 (gate)"), "{text}");
}
