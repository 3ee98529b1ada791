//! Observers: when they fire, what they see, how they are delivered.

use std::time::Duration;

use hookc_plan::{Body, CompareOn, Event, Hook, Node, OrderOn, Plan, Retry, TextOn, Type, VerbKind};
use hookc_runtime::{HookOutcome, Signal};
use serde_json::json;

use crate::build::*;
use crate::playing::{Play, played};

fn fired(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.ends_with("fired") && !line.ends_with("not_fired"))
        .map(|line| line.split_once("hook ").unwrap().1)
        .collect()
}

#[test]
fn a_hook_fires_once_per_state_under_the_first_event_that_fits() {
    let op = op("bad", "noop")
        .hook(tell("a", &[Event::Done, Event::Failed], text("a")))
        .hook(tell("b", &[Event::Failed, Event::Done], text("b")))
        .hook(tell("c", &[Event::Start, Event::Failed], text("c")))
        .hook(tell("d", &[Event::Succeeded], text("d")));
    let played = played(plan(job("nightly", vec![op])), json!({"ops": {"bad": [{"exit": 1}]}}));
    let text = played.text();
    assert_eq!(
        fired(&text),
        ["bad.c on start #1 fired", "bad.a on done #1 fired", "bad.b on failed #1 fired", "bad.c on failed #1 fired"]
    );
    assert_eq!(played.report.hooks[3].outcome, HookOutcome::NoEvent);
}

#[test]
fn a_condition_decides_and_a_broken_one_is_errored_beside_the_others() {
    let off = Hook {
        when: Some(cond(gt(read("outputs.loss", Type::Float), float(0.9), OrderOn::Float), "outputs.loss > 0.9")),
        ..tell("off", &[Event::Succeeded], text("x"))
    };
    let odd = Hook {
        when: Some(cond(eq(broken_int(), int(1), CompareOn::Int), "1 / 0 == 1")),
        ..tell("odd", &[Event::Succeeded], text("x"))
    };
    let arg = tell("arg", &[Event::Succeeded], to_text(broken_int(), TextOn::Int));
    let op = op("fit", "give").hook(off).hook(odd).hook(arg).hook(tell("on", &[Event::Succeeded], text("on")));
    let played = played(plan(job("nightly", vec![op])), json!({"ops": {"fit": [{"outputs": {"loss": 0.5}}]}}));
    let text = played.text();
    for line in [
        "hook fit.off on succeeded #1 not_fired",
        "hook fit.odd on succeeded #1 errored (division_by_zero)",
        "hook fit.arg on succeeded #1 errored (division_by_zero)",
        "hook fit.on on succeeded succeeded {\"text\":\"on\"}",
        "job nightly succeeded []",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let outcomes: Vec<HookOutcome> = played.report.hooks.iter().map(|hook| hook.outcome).collect();
    assert_eq!(
        outcomes,
        [HookOutcome::ConditionFalse, HookOutcome::Errored, HookOutcome::Errored, HookOutcome::Delivered]
    );
}

/// The plan of an op with a hook on success whose component has this body, and this `retry`.
fn observed(body: Body, retry: Vec<Retry>) -> Plan {
    let mut hook = tell("bad", &[Event::Succeeded], text("x"));
    hook.component = Some("sends".into());
    hook.settings.retry = retry;
    let op = op("fit", "noop").hook(hook).hook(tell("good", &[Event::Succeeded], text("y")));
    let mut plan = plan(job("nightly", vec![op]));
    plan.add("sends", component(&[("text", Type::String)], &[], body));
    plan
}

#[test]
fn without_a_written_retry_only_an_unanswered_request_is_tried_again() {
    let request = || Body::Http(Box::new(http("POST", text("https://example.org"))));
    let one = || vec![Retry { times: 1, when: None, delay_ms: 1000, max_ms: 1000 }];
    let cases = [
        (request(), vec![], "http", 4),
        (request(), vec![], "timeout", 4),
        (request(), vec![], "output_type", 1),
        (request(), one(), "http", 2),
        (shell("x"), vec![], "exit", 1),
        (shell("x"), vec![], "timeout", 1),
        (shell("x"), vec![], "spawn", 1),
        (shell("x"), one(), "exit", 2),
        (shell("x"), one(), "timeout", 2),
    ];
    for (body, retry, kind, tries) in cases {
        let case = format!("{kind} of {body:?} with {retry:?}");
        let played = played(observed(body, retry), json!({"hooks": {"nightly.fit.bad": [{"kind": kind}]}}));
        let text = played.text();
        assert!(text.contains("hook fit.good on succeeded succeeded"), "{text}");
        assert!(text.contains(&format!("hook fit.bad on succeeded failed ({kind})")), "{text}");
        let bad = &played.report.hooks[0];
        assert_eq!((bad.outcome, bad.runs[0].tries), (HookOutcome::Failed, tries), "{case}");
        assert_eq!(played.report.exit_code(), 0);
    }
}

#[test]
fn its_own_retry_lines_and_time_limit_hold() {
    let mut hook = tell("slow", &[Event::Succeeded], text("x"));
    hook.settings.timeout_ms = Some(5000);
    hook.settings.retry = vec![Retry { times: 1, when: None, delay_ms: 1000, max_ms: 1000 }];
    let played = played(
        plan(job("nightly", vec![op("fit", "noop").hook(hook)])),
        json!({"hooks": {"nightly.fit.slow": [{"sleep": "1h"}, {"sleep": "1s"}]}}),
    );
    let run = &played.report.hooks[0].runs[0];
    assert_eq!((run.tries, played.report.hooks[0].outcome), (2, HookOutcome::Delivered), "{}", played.text());
}

#[test]
fn eight_at_once_and_two_of_a_connection() {
    let mut op = op("fit", "noop");
    for n in 0..5 {
        let mut hook = tell(&format!("via{n}"), &[Event::Succeeded], text("x"));
        hook.component = Some("tell_via".into());
        hook.args.push(arg("via", connection("team")));
        op = op.hook(hook);
    }
    for n in 0..10 {
        op = op.hook(tell(&format!("plain{n}"), &[Event::Succeeded], text("x")));
    }
    let hooks: serde_json::Map<String, serde_json::Value> =
        op.hooks.iter().map(|hook| (hook.path.clone(), json!([{"sleep": "1s"}]))).collect();
    let mut plan = plan(job("nightly", vec![op]));
    plan.add(
        "tell_via",
        component(&[("text", Type::String), ("via", Type::Record("Webhook".into()))], &[], shell("true")),
    );
    plan.webhook("team", hookc_plan::FieldValue::Secret("URL".into()));
    let text = played(plan, json!({"hooks": hooks})).text();
    let at = |second: u64| {
        let ended = text
            .lines()
            .filter(|line| line.starts_with(&format!("{second} hook")) && line.contains("succeeded succeeded"));
        let via = ended.clone().filter(|line| line.contains(".via")).count();
        (ended.count(), via)
    };
    assert_eq!([at(1000), at(2000), at(3000)], [(8, 2), (6, 2), (1, 1)], "{text}");
    assert!(!text.contains("URL"), "{text}");
}

#[test]
fn the_end_waits_for_each_hook_as_long_as_its_own_limit() {
    let mut long = tell("long", &[Event::Succeeded], text("x"));
    long.settings.timeout_ms = Some(300_000);
    let op = op("fit", "noop").hook(long).hook(tell("usual", &[Event::Succeeded], text("x")));
    let played = played(
        plan(job("nightly", vec![op])),
        json!({"hooks": {"nightly.fit.long": [{"sleep": "1m2s"}], "nightly.fit.usual": [{"sleep": "1m2s"}]}}),
    );
    let text = played.text();
    assert_eq!(played.report.hooks[0].outcome, HookOutcome::Delivered, "{text}");
    assert!(text.contains("62000 hook fit.long on succeeded succeeded"), "{text}");
    assert!(text.contains("60000 hook fit.usual on succeeded failed (timeout)"), "{text}");
}

#[test]
fn after_a_signal_hooks_have_ten_seconds_and_stay_owed() {
    let mut hook = tell("slow", &[Event::Succeeded], text("x"));
    hook.settings.timeout_ms = Some(3_600_000);
    let mut play = Play::new(json!({"hooks": {"nightly.fit.slow": [{"sleep": "30m"}]}}));
    play.signals = vec![(Duration::from_secs(100), Signal::Sigint)];
    let played = play.run(plan(job("nightly", vec![op("fit", "noop").hook(hook)]))).unwrap();
    assert_eq!((played.report.hooks[0].outcome, played.report.exit_code()), (HookOutcome::Owed, 130));
}

#[test]
fn a_mocked_connection_records_and_runs_nothing() {
    let mut hook = tell("page", &[Event::Succeeded], text("x"));
    hook.component = Some("tell_via".into());
    hook.args.push(arg("via", connection("team")));
    let mut plan = plan(job(
        "nightly",
        vec![
            op("fit", "noop").hook(hook),
            op("ask", "ask_via").arg("via", connection("team")).out("answer", Type::Int),
        ],
    ));
    plan.add(
        "tell_via",
        component(&[("text", Type::String), ("via", Type::Record("Webhook".into()))], &[], shell("false")),
    );
    plan.add(
        "ask_via",
        component(&[("via", Type::Record("Webhook".into()))], &[("answer", Type::Int)], shell("false")),
    );
    plan.mock("team", &[("ask_via", "answer", int(42))]);
    let played = played(plan, json!({"hooks": {"nightly.fit.page": [{"exit": 1}]}, "ops": {"ask": [{"exit": 1}]}}));
    let text = played.text();
    assert!(
        text.contains("hook fit.page on succeeded succeeded {\"text\":\"x\",\"via\":{\"$mock\":\"team\"}} mocked"),
        "{text}"
    );
    assert!(text.contains("ended ask succeeded #1 {\"answer\":42}"), "{text}");
    assert_eq!(played.report.hooks[0].outcome, HookOutcome::Mocked);
}

/// The texts of all that `paths` read, joined with `|`.
fn reads(paths: &[(&str, Type, TextOn)]) -> hookc_plan::Expr {
    let mut parts = Vec::new();
    for (path, ty, on) in paths {
        if !parts.is_empty() {
            parts.push(text("|"));
        }
        parts.push(if *ty == Type::String { read(path, ty.clone()) } else { to_text(read(path, ty.clone()), *on) });
    }
    template(parts)
}

fn said(report: &hookc_runtime::Report, hook: usize) -> String {
    report.hooks[hook].runs[0].args["text"].as_str().unwrap().to_owned()
}

/// Reads of all that a hook of an op can see.
fn context_of_an_op() -> hookc_plan::Expr {
    let words = |name: &str| Type::Enum(name.into());
    reads(&[
        ("op.name", Type::String, TextOn::Enum),
        ("op.id", Type::String, TextOn::Enum),
        ("op.component", Type::String, TextOn::Enum),
        ("op.attempt", Type::Int, TextOn::Int),
        ("op.status", words("OpStatus"), TextOn::Enum),
        ("op.started_at", Type::Timestamp, TextOn::Timestamp),
        ("op.finished_at", Type::Timestamp, TextOn::Timestamp),
        ("op.duration", Type::Duration, TextOn::Duration),
        ("op.log", Type::Path, TextOn::Path),
        ("op.url", Type::Uri, TextOn::Uri),
        ("error.message", Type::String, TextOn::Enum),
        ("error.kind", words("ErrorKind"), TextOn::Enum),
        ("error.exit_code", Type::Int, TextOn::Int),
        ("job.name", Type::String, TextOn::Enum),
        ("job.id", Type::String, TextOn::Enum),
        ("job.source", words("Source"), TextOn::Enum),
        ("job.started_at", Type::Timestamp, TextOn::Timestamp),
        ("job.inputs.data", Type::Path, TextOn::Path),
        ("inputs.text", Type::String, TextOn::Enum),
        ("ops.first.outputs.loss", Type::Float, TextOn::Float),
        ("ops.first.status", words("OpStatus"), TextOn::Enum),
    ])
}

#[test]
fn an_ops_hook_sees_its_whole_context() {
    let second = op("second", "tell").needs("first").arg("text", text("hello")).retry(1, 1000).hook(tell(
        "page",
        &[Event::Failed],
        context_of_an_op(),
    ));
    let mut nightly = job("nightly", vec![op("first", "give").out("loss", Type::Float), second]);
    nightly.inputs = fields(&[("data", Type::Path)]);
    let scenario = json!({"ops": {"first": [{"outputs": {"loss": 0.5}, "sleep": "1s"}], "second": [{"exit": 7, "sleep": "2s", "message": "boom"}]}});
    let played = Play::new(scenario).input("data", "a b.csv").run(plan(nightly)).unwrap();
    let said = said(&played.report, 0);
    let parts: Vec<&str> = said.split('|').collect();
    let finished = played
        .trace
        .iter()
        .rev()
        .find(|event| matches!(event.kind, hookc_plan::trace::TraceKind::OpFinished(_)))
        .unwrap()
        .at
        .unwrap();
    assert_eq!(parts[..6], ["second", "r1/second", "tell", "2", "failed", "2000-01-01T00:00:01Z"]);
    assert_eq!(parts[6], finished.to_string());
    assert!(parts[7].starts_with("4."), "the first attempt, the wait and the second: {}", parts[7]);
    assert_eq!(
        parts[8..],
        [
            "/project/.hook/runs/r1/logs/second.2.log",
            "file:///project/.hook/runs/r1/logs/second.2.log",
            "boom",
            "exit",
            "7",
            "nightly",
            "r1",
            "manual",
            "2000-01-01T00:00:00Z",
            "a b.csv",
            "hello",
            "0.5",
            "succeeded",
        ]
    );
}

#[test]
fn a_jobs_hook_sees_how_it_ended() {
    let failed = read("job.failed_ops", Type::List(Box::new(Type::Record("FailedOp".into()))));
    let all = template(vec![
        reads(&[
            ("job.status", Type::Enum("JobStatus".into()), TextOn::Enum),
            ("job.error_message", Type::String, TextOn::Enum),
            ("hook.name", Type::String, TextOn::Enum),
            ("hook.path", Type::String, TextOn::Enum),
            ("job.project", Type::String, TextOn::Enum),
            ("job.duration", Type::Duration, TextOn::Duration),
            ("job.finished_at", Type::Timestamp, TextOn::Timestamp),
            ("inputs.data", Type::Path, TextOn::Path),
            ("ops.bad.status", Type::Enum("OpStatus".into()), TextOn::Enum),
        ]),
        text("|"),
        to_text(failed, TextOn::List),
    ]);
    let mut nightly = job("nightly", vec![op("meh", "noop").with(|op| op.allow_failure = true), op("bad", "noop")]);
    nightly.inputs = vec![hookc_plan::Field { default: Some(text("d.csv")), ..field("data", Type::Path) }];
    nightly.hooks = vec![
        tell("page", &[Event::Succeeded, Event::Failed], all),
        tell("began", &[Event::Start], text("go")),
        tell("all", &[Event::Done], text("end")),
    ];
    let played = played(plan(nightly), json!({"ops": {"bad": [{"exit": 1, "sleep": "3s"}], "meh": [{"exit": 2}]}}));
    assert_eq!(
        said(&played.report, 0),
        "failed|bad: exit code 1|page|nightly.page|project|3s|2000-01-01T00:00:03Z|d.csv|failed|[\
{\"allow_failure\":true,\"component\":\"noop\",\"error_message\":\"exit code 2\",\"item\":null,\"name\":\"meh\"},\
{\"allow_failure\":false,\"component\":\"noop\",\"error_message\":\"exit code 1\",\"item\":null,\"name\":\"bad\"}]"
    );
    let text = played.text();
    assert!(text.starts_with("0 job nightly by manual {\"data\":\"d.csv\"}\n0 hook began on start #0 fired"), "{text}");
    assert!(text.contains("3000 job nightly failed [\"meh\", \"bad\"]\n3000 hook page on failed #0 fired\n3000 hook all on done #0 fired"), "{text}");
}

#[test]
fn outputs_of_a_job_are_evaluated_and_may_fail_it() {
    let with = |value: hookc_plan::Expr| {
        let mut nightly = job("nightly", vec![op("fit", "give").out("loss", Type::Float)]);
        nightly.outputs = vec![arg("loss", value)];
        played(plan(nightly), json!({"ops": {"fit": [{"outputs": {"loss": 0.5}}]}})).report
    };
    assert_eq!(with(read("ops.fit.outputs.loss", Type::Float)).outputs["loss"], json!(0.5));
    let failed = with(e(Node::IntToFloat { a: b(broken_int()) }, Type::Float));
    assert_eq!(
        (failed.exit_code(), failed.error.as_deref()),
        (1, Some("cannot evaluate the output `loss`: division_by_zero"))
    );
}

#[test]
fn verbs_other_than_run_are_never_observers() {
    let op = op("fit", "noop").hook(Hook { message: Some(text("x")), ..hook("gate", VerbKind::Warn, &[Event::End]) });
    let text = played(plan(job("nightly", vec![op])), json!({})).text();
    assert!(!text.contains("hook fit.gate"), "{text}");
    assert!(text.contains("gate fit.gate on end warned"), "{text}");
}
