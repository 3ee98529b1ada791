//! Requests to stop.

use hookc_plan::{Event, Type};
use hookc_runtime::{HookOutcome, Signal};
use serde_json::json;

use crate::build::*;
use crate::playing::Play;

fn stopped(name: &str) -> hookc_plan::Hook {
    tell(name, &[Event::Stopped], text("stopped"))
}

#[test]
fn what_runs_is_stopped_and_what_has_not_begun_stays_pending() {
    let mut nightly = job(
        "nightly",
        vec![
            op("done", "noop"),
            op("runs", "noop").hook(stopped("s")).hook(tell("d", &[Event::Done], text("d"))),
            op("again", "noop").retry(1, 3_600_000).hook(stopped("s")),
            op("waits", "noop").needs("runs").hook(tell("d", &[Event::Done], text("never"))),
        ],
    );
    nightly.hooks = vec![stopped("job_stopped")];
    let scenario = json!({"ops": {"runs": [{"sleep": "1h"}], "again": [{"exit": 1}]}});
    let played = Play::new(scenario).signal(2000, Signal::Sigint).run(plan(nightly)).unwrap();
    let text = played.text();
    for line in [
        "2000 ended again stopped #1",
        "2000 ended runs stopped #1",
        "hook runs.s on stopped #1 fired",
        "hook runs.d on done #1 fired",
        "hook again.s on stopped #1 fired",
        "2000 job nightly stopped []",
        "hook job_stopped on stopped #0 fired",
        "hook job_stopped on stopped succeeded",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("waits"), "{text}");
    let states: Vec<&str> = played.report.ops.iter().map(|op| op.status.word()).collect();
    assert_eq!(states, ["succeeded", "stopped", "stopped", "pending"]);
    assert_eq!(played.report.exit_code(), 130);
}

#[test]
fn a_job_with_a_failure_has_failed_and_after_does_not_help() {
    let nightly = job("nightly", vec![op("bad", "noop"), op("runs", "noop"), op("tidy", "noop").after("runs", &DONE)]);
    let scenario = json!({"ops": {"bad": [{"exit": 1}], "runs": [{"sleep": "1h"}]}});
    let played = Play::new(scenario).signal(1000, Signal::Sigterm).run(plan(nightly)).unwrap();
    assert!(played.text().ends_with("1000 job nightly failed [\"bad\"]"), "{}", played.text());
    assert_eq!(played.report.exit_code(), 143);
}

#[test]
fn hooks_have_ten_seconds_after_a_stop() {
    let nightly = job("nightly", vec![op("runs", "noop").hook(stopped("s"))]);
    let scenario = json!({"ops": {"runs": [{"sleep": "1h"}]}, "hooks": {"nightly.runs.s": [{"sleep": "11s"}]}});
    let played = Play::new(scenario).signal(1000, Signal::Sigint).run(plan(nightly)).unwrap();
    assert_eq!(played.report.hooks[0].outcome, HookOutcome::Owed);
}

#[test]
fn a_second_request_ends_at_once() {
    let nightly = job("nightly", vec![op("runs", "noop").hook(stopped("s"))]);
    let scenario = json!({"ops": {"runs": [{"sleep": "1h"}]}, "hooks": {"nightly.runs.s": [{"sleep": "5s"}]}});
    let played =
        Play::new(scenario).signal(1000, Signal::Sigint).signal(2000, Signal::Sigint).run(plan(nightly)).unwrap();
    assert_eq!(played.report.hooks[0].outcome, HookOutcome::Owed);
    assert_eq!(played.report.exit_code(), 130);
}

#[test]
fn a_fan_out_is_stopped_as_a_whole_and_a_called_job_too() {
    let mut inner = job("inner", vec![op("long", "noop")]);
    inner.hooks = vec![stopped("s")];
    let nightly = job(
        "nightly",
        vec![
            op("sweep", "noop").each("x", list((0..6).map(int).collect(), Type::Int), Type::Int).hook(stopped("s")),
            op("sub", "").with(|op| op.runs = hookc_plan::Runs::Job("inner".into())),
        ],
    );
    let mut plan = plan(nightly);
    plan.jobs.insert("inner".into(), inner);
    let scenario = json!({"ops": {"sweep": [{"sleep": "1h"}], "sweep[0]": [{}], "sub.long": [{"sleep": "1h"}]}});
    let played = Play::new(scenario).jobs(3).signal(1000, Signal::Sigint).run(plan).unwrap();
    let text = played.text();
    assert!(text.contains("job nightly.sub stopped []"), "{text}");
    assert!(text.contains("ended sub stopped #1"), "{text}");
    let items: Vec<&str> = played.report.ops[0].items.iter().map(|item| item.status.word()).collect();
    assert_eq!(items[..2], ["succeeded", "stopped"], "{text}");
    assert!(items.contains(&"pending"), "{text}");
    assert_eq!(played.report.ops[0].status.word(), "stopped");
}

#[test]
fn a_gate_that_is_asked_is_given_up() {
    let mut gate = hook("ask", hookc_plan::VerbKind::Require, &[Event::Start]);
    gate.component = Some("noop".into());
    let nightly = job("nightly", vec![op("fit", "noop").hook(gate).hook(stopped("s"))]);
    let scenario = json!({"hooks": {"nightly.fit.ask": [{"sleep": "50s"}]}});
    let played = Play::new(scenario).signal(1000, Signal::Sigint).run(plan(nightly)).unwrap();
    assert!(played.text().contains("1000 ended fit stopped #0"), "{}", played.text());
    assert!(!played.text().contains("starts"), "{}", played.text());
}
