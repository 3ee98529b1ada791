//! Edges: needs, `after`, `any`, `when`.

use hookc_plan::{CompareOn, Event, OpState, TextOn, Type};
use serde_json::json;

use crate::build::*;
use crate::playing::{Play, played};

use OpState::{Failed, Skipped, Succeeded, UpstreamFailed};

fn never() -> hookc_plan::Cond {
    cond(lit(json!(false), Type::Bool), "false")
}

#[test]
fn a_failure_stops_only_what_needs_it() {
    let plan = plan(job(
        "nightly",
        vec![
            op("bad", "noop"),
            op("skipped", "noop").when(never()),
            op("fine", "noop"),
            op("child", "noop").needs("bad"),
            op("grandchild", "noop").needs("child"),
            op("of_skipped", "noop").needs("skipped"),
            op("of_both", "noop").needs("bad").needs("skipped"),
            op("other", "noop").needs("fine"),
        ],
    ));
    let played = played(plan, json!({"ops": {"bad": [{"exit": 3}]}}));
    let mut ended = played.ended();
    ended.sort();
    assert_eq!(
        ended,
        [
            "bad failed #1 (exit)",
            "child upstream_failed #0",
            "fine succeeded #1",
            "grandchild upstream_failed #0",
            "of_both upstream_failed #0",
            "of_skipped skipped #0",
            "other succeeded #1",
            "skipped skipped #0",
        ]
    );
    assert_eq!(played.lines().last().unwrap(), "0 job nightly failed [\"bad\"]");
    assert_eq!(played.report.error.as_deref(), Some("bad: exit code 3"));
    assert_eq!(played.report.exit_code(), 1);
}

#[test]
fn after_asks_for_an_event() {
    let plan = plan(job(
        "nightly",
        vec![
            op("bad", "noop"),
            op("fine", "noop"),
            op("none", "noop").when(never()),
            op("if_failed", "noop").after("bad", &[Failed]),
            op("if_fine_failed", "noop").after("fine", &[Failed]),
            op("if_bad_succeeded", "noop").after("bad", &[Succeeded]),
            op("if_skipped", "noop").after("none", &[Skipped]),
            op("if_upstream", "noop").after("if_bad_succeeded", &[UpstreamFailed]),
            op("always", "noop").after("bad", &DONE).after("none", &DONE),
        ],
    ));
    let played = played(plan, json!({"ops": {"bad": [{"exit": 1}]}}));
    let ended = played.ended().join("\n");
    for line in [
        "if_failed succeeded",
        "if_fine_failed skipped",
        "if_bad_succeeded upstream_failed",
        "if_skipped succeeded",
        "if_upstream succeeded",
        "always succeeded",
    ] {
        assert!(ended.contains(line), "{line} in\n{ended}");
    }
}

#[test]
fn any_wants_one_and_waits_for_all() {
    let plan = plan(job(
        "nightly",
        vec![
            op("quick", "noop"),
            op("slow", "noop"),
            op("bad", "noop"),
            op("one", "noop").any(1, "quick", &[Succeeded]).any(1, "slow", &[Succeeded]).any(1, "bad", &[Succeeded]),
            op("nobody", "noop").any(1, "quick", &[Failed]).any(1, "slow", &[Failed]),
            op("lost", "noop").any(1, "bad", &[Succeeded]),
        ],
    ));
    let played = played(plan, json!({"ops": {"slow": [{"sleep": "2s"}], "bad": [{"exit": 1}]}}));
    let text = played.text();
    assert!(text.contains("2000 one starts #1"), "{text}");
    assert!(text.contains("2000 ended nobody skipped #0"), "{text}");
    assert!(text.contains("0 ended lost upstream_failed #0"), "{text}");
}

#[test]
fn a_guarded_read_sees_null_and_the_status_of_what_failed() {
    let loss = read("ops.bad.outputs.loss", Type::Float.optional());
    let guarded = e(hookc_plan::Node::OrElse { a: b(loss), b: b(float(9.0)) }, Type::Float);
    let status = read("ops.bad.status", Type::Enum("OpStatus".into()));
    let plan = plan(job(
        "nightly",
        vec![
            op("bad", "give").out("loss", Type::Float).with(|op| op.allow_failure = true),
            op("say", "tell")
                .with(|op| op.edges.push(edge("bad", &DONE, false)))
                .arg("text", template(vec![to_text(guarded, TextOn::Float), text(" "), to_text(status, TextOn::Enum)])),
        ],
    ));
    let failed = played(plan.clone(), json!({"ops": {"bad": [{"exit": 1}]}}));
    assert!(failed.text().contains("say starts #1 {\"text\":\"9.0 failed\"}"), "{}", failed.text());
    assert!(failed.text().contains("job nightly succeeded [\"bad\"]"), "{}", failed.text());
    // What was well typed is kept after a failure.
    let kept = played(plan, json!({"ops": {"bad": [{"exit": 1, "outputs": {"loss": 0.25}}]}}));
    assert!(kept.text().contains("say starts #1 {\"text\":\"0.25 failed\"}"), "{}", kept.text());
}

#[test]
fn when_that_cannot_be_decided_fails_the_op() {
    let when = cond(eq(broken_int(), int(1), CompareOn::Int), "1 / 0 == 1");
    let plan = plan(job(
        "nightly",
        vec![
            op("odd", "noop").when(when).hook(tell("page", &[Event::Failed], read("error.message", Type::String))),
            op("next", "noop").needs("odd"),
        ],
    ));
    let played = played(plan, json!({}));
    assert_eq!(
        played.text(),
        "\
0 job nightly by manual
0 ended odd failed #0 (condition)
0 hook odd.page on failed #0 fired
0 ended next upstream_failed #0
0 job nightly failed [\"odd\"]
0 hook odd.page on failed succeeded {\"text\":\"cannot evaluate `when`: division_by_zero\"}"
    );
}

#[test]
fn an_argument_that_fails_fails_the_op_with_what_it_had() {
    let plan = {
        let mut plan = plan(job(
            "nightly",
            vec![op("odd", "two").arg("a", int(1)).arg("b", broken_int()).hook(tell(
                "page",
                &[Event::Done],
                template(vec![
                    read("error.message", Type::String.optional()),
                    text(" a="),
                    to_text(read("inputs.a", Type::Int.optional()), TextOn::Int),
                ]),
            ))],
        ));
        plan.add("two", component(&[("a", Type::Int), ("b", Type::Int)], &[], shell("true")));
        plan
    };
    let text = played(plan, json!({})).text();
    assert!(text.contains("ended odd failed #0 (input)"), "{text}");
    assert!(text.contains("{\"text\":\"cannot evaluate the argument `b`: division_by_zero a=1\"}"), "{text}");
}

#[test]
fn where_is_checked_before_the_op_runs() {
    let mut plan = plan(job("nightly", vec![op("odd", "small").arg("n", int(7))]));
    let mut small = component(&[("n", Type::Int)], &[], shell("true"));
    small.inputs[0].constraint = Some(cond(gt(int(5), read("inputs.n", Type::Int), hookc_plan::OrderOn::Int), "n < 5"));
    plan.add("small", small);
    let played = played(plan, json!({}));
    assert!(played.text().contains("ended odd failed #0 (input)"));
    assert_eq!(played.report.error.as_deref(), Some("odd: `n` is 7, which does not satisfy `where n < 5`"));
}

#[test]
fn one_slot_keeps_the_order_of_the_plan() {
    let plan =
        plan(job("nightly", vec![op("c", "noop"), op("a", "noop"), op("b", "noop").needs("c"), op("d", "noop")]));
    let scenario = json!({"ops": {"c": [{"sleep": "1s"}], "a": [{"sleep": "1s"}], "b": [{"sleep": "1s"}]}});
    let played = Play::new(scenario).jobs(1).run(plan).unwrap();
    let starts: Vec<String> = played.lines().into_iter().filter(|line| line.contains("starts")).collect();
    assert_eq!(starts, ["0 c starts #1", "1000 a starts #1", "2000 b starts #1", "3000 d starts #1"]);
}

#[test]
fn a_long_chain_of_skips_needs_no_deep_stack() {
    let mut ops = vec![op("o0", "noop").when(never())];
    ops.extend((1..20_000).map(|n| op(&format!("o{n}"), "noop").needs(&format!("o{}", n - 1))));
    let played = played(plan(job("nightly", ops)), json!({}));
    assert_eq!(played.ended().len(), 20_000);
    assert!(played.text().ends_with("job nightly succeeded []"));
}
