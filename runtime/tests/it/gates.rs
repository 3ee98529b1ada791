//! Gates on `start` and `end`.

use hookc_plan::{Arg, CompareOn, Event, Hook, OrderOn, TextOn, Type, VerbKind};
use serde_json::json;

use crate::build::*;
use crate::playing::played;

fn fail(name: &str, on: Event, message: &str) -> Hook {
    Hook { message: Some(text(message)), ..hook(name, VerbKind::Fail, &[on]) }
}

fn asks(name: &str, verb: VerbKind, on: Event, component: &str, args: Vec<Arg>) -> Hook {
    Hook { component: Some(component.into()), args, ..hook(name, verb, &[on]) }
}

fn with_lr(mut plan: hookc_plan::Plan) -> hookc_plan::Plan {
    let mut train = component(&[("lr", Type::Float)], &[("loss", Type::Float)], shell("true"));
    train.inputs[0].constraint = Some(cond(gt(float(1.0), read("inputs.lr", Type::Float), OrderOn::Float), "lr < 1.0"));
    plan.add("train", train);
    plan.add("tune", component(&[], &[("lr", Type::Float)], shell("true")));
    plan.add("round", component(&[], &[("loss", Type::Float)], shell("true")));
    plan
}

fn train() -> hookc_plan::Op {
    op("fit", "train").arg("lr", float(0.5)).out("loss", Type::Float)
}

#[test]
fn a_refusal_fails_the_op_without_retry_and_observers_of_start_stay_silent() {
    let mut no = fail("no", Event::Start, "not today");
    no.when = Some(cond(yes(), "true"));
    let mut passes = fail("passes", Event::Start, "never said");
    passes.when = Some(cond(lit(json!(false), Type::Bool), "false"));
    let op = op("bad", "noop")
        .retry(5, 10)
        .hook(passes)
        .hook(no)
        .hook(fail("unreached", Event::Start, "no"))
        .hook(tell("began", &[Event::Start], text("began")))
        .hook(tell(
            "page",
            &[Event::Failed],
            template(vec![
                read("error.message", Type::String),
                text(" "),
                to_text(read("op.attempt", Type::Int), TextOn::Int),
            ]),
        ));
    let played = played(plan(job("nightly", vec![op])), json!({}));
    assert_eq!(
        played.text(),
        "\
0 job nightly by manual
0 gate bad.passes on start passed
0 gate bad.no on start refused
0 ended bad failed #0 (gate)
0 hook bad.page on failed #0 fired
0 job nightly failed [\"bad\"]
0 hook bad.page on failed succeeded {\"text\":\"not today 0\"}"
    );
}

#[test]
fn gates_run_in_order_and_a_modified_input_lasts_over_retries() {
    let op = train()
        .retry(1, 10)
        .hook(asks("ask", VerbKind::Require, Event::Start, "noop", vec![]))
        .hook(asks("tune", VerbKind::Modify, Event::Start, "tune", vec![]))
        .hook(Hook {
            message: Some(to_text(read("inputs.lr", Type::Float), TextOn::Float)),
            ..hook("say", VerbKind::Warn, &[Event::Start])
        });
    let played = played(
        with_lr(plan(job("nightly", vec![op]))),
        json!({
            "ops": {"fit": [{"exit": 1}, {"outputs": {"loss": 1.0}}]},
            "hooks": {"nightly.fit.ask": [{"sleep": "3s"}], "nightly.fit.tune": [{"outputs": {"lr": 0.125}}]},
        }),
    );
    let text = played.text();
    assert!(
        text.starts_with(
            "\
0 job nightly by manual
3000 gate fit.ask on start passed
3000 gate fit.tune on start modified
3000 gate fit.say on start warned
3000 fit starts #1 {\"lr\":0.125}
3000 fit retries #1 (exit)
"
        ),
        "{text}"
    );
    assert!(text.contains("fit starts #2 {\"lr\":0.125}"), "{text}");
    assert_eq!(text.matches("gate ").count(), 3, "once: {text}");
    assert_eq!(played.report.hooks[2].gates[0].message.as_deref(), Some("0.125"));
}

#[test]
fn a_modified_input_is_checked_again() {
    let op = train().hook(asks("tune", VerbKind::Modify, Event::Start, "tune", vec![]));
    let played = played(
        with_lr(plan(job("nightly", vec![op]))),
        json!({"hooks": {"nightly.fit.tune": [{"outputs": {"lr": 2.0}}]}}),
    );
    assert_eq!(played.ended(), ["fit failed #0 (gate)"]);
    let error = played.report.error.unwrap();
    assert!(error.contains("gate `tune`: `lr` is 2.0, which does not satisfy `where lr < 1.0`"), "{error}");
}

#[test]
fn end_gates_see_outputs_change_them_or_refuse() {
    let bad = cond(gt(read("outputs.loss", Type::Float), float(5.0), OrderOn::Float), "outputs.loss > 5.0");
    let diverged = Hook { when: Some(bad), ..fail("diverged", Event::End, "diverged") };
    let op = train()
        .retry(3, 10)
        .hook(diverged)
        .hook(asks("round", VerbKind::Modify, Event::End, "round", vec![]))
        .hook(tell("ended", &[Event::End], to_text(read("outputs.loss", Type::Float), TextOn::Float)));
    let plan = with_lr(plan(job("nightly", vec![op])));
    let scenario = |loss: f64| {
        json!({
            "ops": {"fit": [{"outputs": {"loss": loss}}]},
            "hooks": {"nightly.fit.round": [{"outputs": {"loss": 1.0}}]},
        })
    };
    let good = played(plan.clone(), scenario(1.25)).text();
    assert!(good.contains("gate fit.round on end modified"), "{good}");
    assert!(good.contains("ended fit succeeded #1 {\"loss\":1.0}"), "{good}");
    assert!(good.contains("hook fit.ended on end succeeded {\"text\":\"1.0\"}"), "{good}");
    let bad = played(plan, scenario(6.0)).text();
    assert!(bad.contains("gate fit.diverged on end refused\n0 ended fit failed #1 (gate) {\"loss\":6.0}"), "{bad}");
    assert!(!bad.contains("fit.ended"), "{bad}");
}

#[test]
fn a_gate_that_cannot_decide_refuses() {
    let odd = Hook {
        when: Some(cond(eq(broken_int(), int(1), CompareOn::Int), "1 / 0 == 1")),
        ..fail("odd", Event::Start, "x")
    };
    let message =
        Hook { message: Some(to_text(broken_int(), TextOn::Int)), ..hook("warned", VerbKind::Warn, &[Event::Start]) };
    let argument = asks(
        "argument",
        VerbKind::Require,
        Event::Start,
        "tell",
        vec![arg("text", to_text(broken_int(), TextOn::Int))],
    );
    for gate in [odd, message, argument] {
        let name = gate.name.clone();
        let played = played(plan(job("nightly", vec![op("bad", "noop").hook(gate)])), json!({}));
        let text = played.text();
        assert!(
            text.contains(&format!(
                "gate bad.{name} on start errored (division_by_zero)\n0 ended bad failed #0 (gate)"
            )),
            "{text}"
        );
    }
}

#[test]
fn a_required_component_that_fails_or_takes_too_long_refuses() {
    let gate = || asks("ask", VerbKind::Require, Event::Start, "noop", vec![]);
    let refused = played(
        plan(job("nightly", vec![op("bad", "noop").hook(gate())])),
        json!({"hooks": {"nightly.bad.ask": [{"exit": 2}]}}),
    );
    assert!(
        refused.text().contains("gate bad.ask on start refused (exit)\n0 ended bad failed #0 (gate)"),
        "{}",
        refused.text()
    );
    let late = played(
        plan(job("nightly", vec![op("bad", "noop").hook(gate())])),
        json!({"hooks": {"nightly.bad.ask": [{"sleep": "2h"}]}}),
    );
    assert!(
        late.text().contains("60000 gate bad.ask on start refused (timeout)\n60000 ended bad failed #0 (gate)"),
        "{}",
        late.text()
    );
    let mut again = gate();
    again.settings.retry = vec![hookc_plan::Retry { times: 1, when: None, delay_ms: 1000, max_ms: 1000 }];
    let again = played(
        plan(job("nightly", vec![op("good", "noop").hook(again)])),
        json!({"hooks": {"nightly.good.ask": [{"exit": 2}, {}]}}),
    );
    assert!(again.text().contains("ended good succeeded #1"), "{}", again.text());
}

#[test]
fn a_refused_job_runs_nothing_and_has_failed() {
    let mut nightly = job("nightly", vec![op("fit", "noop")]);
    nightly.hooks = vec![
        hookc_plan::Hook { path: "nightly.no".into(), ..fail("no", Event::Start, "not on sundays") },
        tell("began", &[Event::Start], text("began")),
        tell("page", &[Event::Failed], read("job.error_message", Type::String)),
    ];
    let played = played(plan(nightly), json!({}));
    assert_eq!(
        played.text(),
        "\
0 job nightly by manual
0 gate no on start refused
0 job nightly failed []
0 hook page on failed #0 fired
0 hook page on failed succeeded {\"text\":\"not on sundays\"}"
    );
    assert_eq!(played.report.ops[0].status.word(), "pending");
}

#[test]
fn gates_given_a_mock_are_recorded() {
    let mut plan = with_lr(plan(job(
        "nightly",
        vec![train().hook(asks(
            "tune",
            VerbKind::Modify,
            Event::Start,
            "tune_via",
            vec![arg("via", connection("team"))],
        ))],
    )));
    plan.add("tune_via", component(&[("via", Type::Record("Webhook".into()))], &[("lr", Type::Float)], shell("false")));
    plan.mock("team", &[("tune_via", "lr", float(0.25))]);
    let text = played(plan, json!({"ops": {"fit": [{"outputs": {"loss": 1.0}}]}})).text();
    assert!(text.contains("gate fit.tune on start modified\n0 fit starts #1 {\"lr\":0.25}"), "{text}");
}
