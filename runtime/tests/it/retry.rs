//! Retries and time limits.

use hookc_plan::{CompareOn, Event, OrderOn, Retry, TextOn, Type};
use serde_json::json;

use crate::build::*;
use crate::playing::{Played, played};

fn times(played: &Played, what: &str) -> Vec<u64> {
    let lines = played.lines().into_iter().filter(|line| line.contains(what));
    lines.map(|line| line.split(' ').next().unwrap().parse().unwrap()).collect()
}

#[test]
fn attempts_follow_with_doubling_delays_and_failed_comes_last() {
    let plan = plan(job(
        "nightly",
        vec![op("bad", "noop").retry(3, 1000).hook(tell(
            "all",
            &[Event::Retrying, Event::Failed],
            to_text(read("op.attempt", Type::Int), TextOn::Int),
        ))],
    ));
    let played = played(plan, json!({"ops": {"bad": [{"exit": 1}]}}));
    let starts = times(&played, "bad starts");
    let gaps: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (gap, whole) in gaps.iter().zip([1000, 2000, 4000]) {
        assert!((whole / 2..whole).contains(gap), "{gaps:?}");
    }
    let hooks: Vec<String> = played.lines().into_iter().filter(|line| line.contains("fired")).collect();
    let hooks: Vec<&str> = hooks.iter().map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(
        hooks,
        [
            "hook bad.all on retrying #1 fired",
            "hook bad.all on retrying #2 fired",
            "hook bad.all on retrying #3 fired",
            "hook bad.all on failed #4 fired",
        ]
    );
    assert_eq!(played.report.ops[0].attempts, 4);
}

#[test]
fn only_some_kinds_are_retried() {
    for kind in ["exit", "signal", "timeout", "spawn", "http", "agent_protocol"] {
        let plan = plan(job("nightly", vec![op("bad", "noop").retry(1, 10)]));
        let played = played(plan, json!({"ops": {"bad": [{"kind": kind}, {}]}}));
        assert_eq!(played.ended(), ["bad succeeded #2"], "{kind}");
    }
    for kind in ["input", "condition", "output_type", "gate", "secret", "refused", "lost"] {
        let plan = plan(job("nightly", vec![op("bad", "noop").retry(1, 10)]));
        let played = played(plan, json!({"ops": {"bad": [{"kind": kind}, {}]}}));
        assert_eq!(played.ended(), [format!("bad failed #1 ({kind})")], "{kind}");
    }
}

fn on_exit(code: i64, times: u32) -> Retry {
    let read = read("error.exit_code", Type::Int.optional());
    Retry {
        times,
        when: Some(cond(eq(read, int(code), CompareOn::Int), "error.exit_code == …")),
        delay_ms: 10,
        max_ms: 1000,
    }
}

#[test]
fn each_failure_takes_the_first_line_that_fits() {
    let lines = vec![on_exit(75, 3), on_exit(2, 0), Retry { times: 1, when: None, delay_ms: 10, max_ms: 1000 }];
    let ended = |scenario: serde_json::Value| {
        let plan = plan(job("nightly", vec![op("bad", "noop").with(|op| op.retry = lines.clone())]));
        played(plan, json!({"ops": {"bad": scenario}})).ended()
    };
    assert_eq!(ended(json!([{"exit": 75}, {"exit": 75}, {"exit": 75}, {}])), ["bad succeeded #4"]);
    assert_eq!(ended(json!([{"exit": 2}, {}])), ["bad failed #1 (exit)"]);
    assert_eq!(ended(json!([{"exit": 9}, {"exit": 9}, {}])), ["bad failed #2 (exit)"]);
}

#[test]
fn a_retry_condition_that_errors_is_no_retry_and_it_sees_the_attempts_own_time() {
    let odd = Retry {
        times: 5,
        when: Some(cond(eq(broken_int(), int(1), CompareOn::Int), "1 / 0 == 1")),
        delay_ms: 10,
        max_ms: 10,
    };
    let made = played(
        plan(job("nightly", vec![op("bad", "noop").with(|op| op.retry = vec![odd])])),
        json!({"ops": {"bad": [{"exit": 1}]}}),
    );
    assert_eq!(made.ended(), ["bad failed #1 (exit)"]);

    let short = gt(lit(json!("2s"), Type::Duration), read("op.duration", Type::Duration), OrderOn::Duration);
    let line = Retry { times: 9, when: Some(cond(short, "op.duration < 2s")), delay_ms: 4000, max_ms: 4000 };
    let plan = plan(job("nightly", vec![op("bad", "noop").with(|op| op.retry = vec![line])]));
    let played = played(
        plan,
        json!({"ops": {"bad": [{"exit": 1, "sleep": "1s"}, {"exit": 1, "sleep": "1s"}, {"exit": 1, "sleep": "3s"}]}}),
    );
    assert_eq!(played.ended(), ["bad failed #3 (exit)"]);
}

#[test]
fn the_time_limit_is_of_one_attempt() {
    let op = op("slow", "noop").retry(1, 10).with(|op| op.timeout_ms = Some(2000));
    let played =
        played(plan(job("nightly", vec![op])), json!({"ops": {"slow": [{"sleep": "1h"}, {"sleep": "1900ms"}]}}));
    assert_eq!(times(&played, "retries #1 (timeout)"), [2000]);
    assert_eq!(played.ended(), ["slow succeeded #2"]);
    assert_eq!(played.report.ops[0].status.word(), "succeeded");
}

#[test]
fn a_slot_is_free_while_an_op_waits_for_its_retry() {
    let plan = plan(job("nightly", vec![op("bad", "noop").retry(1, 60_000), op("next", "noop")]));
    let played = crate::playing::Play::new(json!({"ops": {"bad": [{"exit": 1}, {}]}})).jobs(1).run(plan).unwrap();
    assert_eq!(times(&played, "next starts"), [0]);
}
