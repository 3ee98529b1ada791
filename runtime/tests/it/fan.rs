//! Fan-out: items, their hooks, lists of outputs.

use std::sync::Arc;

use hookc_plan::trace::{TraceEvent, TraceKind};
use hookc_plan::{CompareOn, Event, Node, OpState, TextOn, Type, VerbKind};
use hookc_runtime::{MemoryJournal, Options, PlaySettings, Progress, RunListener, Scenario, play};
use serde_json::json;

use crate::build::*;
use crate::playing::{START, played};

fn ints(values: &[i64]) -> hookc_plan::Expr {
    list(values.iter().map(|value| int(*value)).collect(), Type::Int)
}

fn say_item() -> hookc_plan::Expr {
    let item = e(Node::OrElse { a: b(read("op.item", Type::Int.optional())), b: b(int(-1)) }, Type::Int);
    to_text(item, TextOn::Int)
}

fn sweep(over: hookc_plan::Expr) -> hookc_plan::Op {
    op("sweep", "of")
        .each("x", over, Type::Int)
        .arg("x", local("x", Type::Int))
        .out("loss", Type::List(Box::new(Type::Float)))
}

fn with_of(mut plan: hookc_plan::Plan) -> hookc_plan::Plan {
    plan.add("of", component(&[("x", Type::Int)], &[("loss", Type::Float)], shell("true")));
    plan.add("pair", component(&[("x", Type::Int), ("y", Type::Int)], &[], shell("true")));
    plan
}

#[test]
fn every_combination_the_last_fastest() {
    let op = op("grid", "pair")
        .each("x", ints(&[1, 2]), Type::Int)
        .each("y", ints(&[10, 20]), Type::Int)
        .arg("x", local("x", Type::Int))
        .arg("y", local("y", Type::Int));
    let played = played(with_of(plan(job("nightly", vec![op]))), json!({}));
    let starts: Vec<String> = played.lines().into_iter().filter(|line| line.contains("starts")).collect();
    assert_eq!(
        starts,
        [
            "0 grid[0] starts #1 {\"x\":1,\"y\":10}",
            "0 grid[1] starts #1 {\"x\":1,\"y\":20}",
            "0 grid[2] starts #1 {\"x\":2,\"y\":10}",
            "0 grid[3] starts #1 {\"x\":2,\"y\":20}",
        ]
    );
}

#[test]
fn outputs_are_lists_in_order_whoever_ends_first() {
    let losses = read("ops.sweep.outputs.loss", Type::List(Box::new(Type::Float)));
    let ops =
        vec![sweep(ints(&[1, 2, 3])), op("say", "tell").needs("sweep").arg("text", to_text(losses, TextOn::List))];
    let played = played(
        with_of(plan(job("nightly", ops))),
        json!({"ops": {
            "sweep[0]": [{"outputs": {"loss": 0.1}, "sleep": "3s"}],
            "sweep[1]": [{"outputs": {"loss": 0.2}, "sleep": "2s"}],
            "sweep[2]": [{"outputs": {"loss": 0.3}, "sleep": "1s"}],
        }}),
    );
    assert!(played.text().contains("3000 say starts #1 {\"text\":\"[0.1,0.2,0.3]\"}"), "{}", played.text());
}

#[test]
fn it_fails_when_all_have_ended_and_each_item_has_its_hooks() {
    let losses = read("ops.sweep.outputs.loss", Type::List(Box::new(Type::Float)).optional());
    let hook = tell("page", &[Event::Failed, Event::Succeeded], say_item());
    let ops = vec![
        sweep(ints(&[1, 2, 3])).hook(hook),
        op("next", "noop").needs("sweep"),
        op("say", "tell").after("sweep", &DONE).arg("text", to_text(losses, TextOn::List)),
    ];
    let scenario = json!({"ops": {"sweep[1]": [{"exit": 4}], "sweep": [{"sleep": "1s", "outputs": {"loss": 1.0}}]}});
    let played = played(with_of(plan(job("nightly", ops.clone()))), scenario.clone());
    let text = played.text();
    assert!(text.contains("0 hook sweep.page[1] on failed #1 fired"), "{text}");
    assert!(text.contains("1000 hook sweep.page[2] on succeeded #1 fired"), "{text}");
    assert!(text.contains("1000 ended next upstream_failed #0"), "{text}");
    assert!(text.contains("say starts #1 {\"text\":\"null\"}"), "a failed one has no outputs: {text}");
    assert_eq!(played.report.error.as_deref(), Some("sweep: item 1: exit code 4"));

    let mut allowed = ops;
    allowed[0].allow_failure = true;
    let played = crate::playing::played(with_of(plan(job("nightly", allowed))), scenario);
    assert!(played.text().contains("say starts #1 {\"text\":\"[1.0,null,1.0]\"}"), "{}", played.text());
    assert!(played.text().contains("job nightly succeeded [\"sweep\"]"));
}

#[test]
fn an_empty_one_succeeds_and_fires_nothing_and_a_skipped_one_fires_once() {
    let losses = read("ops.sweep.outputs.loss", Type::List(Box::new(Type::Float)));
    let ops = vec![
        sweep(ints(&[])).hook(tell("ok", &[Event::Succeeded], say_item())),
        op("say", "tell").needs("sweep").arg("text", to_text(losses, TextOn::List)),
        sweep(ints(&[1, 2]))
            .with(|op| op.name = "off".into())
            .when(cond(lit(json!(false), Type::Bool), "false"))
            .hook(tell("skip", &[Event::Skipped], say_item())),
    ];
    let text = played(with_of(plan(job("nightly", ops))), json!({})).text();
    assert!(text.contains("ended sweep succeeded #0 {\"loss\":[]}"), "{text}");
    assert!(!text.contains("hook sweep.ok"), "{text}");
    assert!(text.contains("say starts #1 {\"text\":\"[]\"}"), "{text}");
    assert_eq!(text.matches("hook off.skip on skipped #0 fired").count(), 1, "{text}");
}

#[test]
fn more_than_ten_thousand_items_are_refused() {
    let many: Vec<i64> = (0..101).collect();
    let op = op("grid", "pair")
        .each("x", ints(&many), Type::Int)
        .each("y", ints(&many), Type::Int)
        .arg("x", local("x", Type::Int))
        .arg("y", local("y", Type::Int));
    let played = played(with_of(plan(job("nightly", vec![op]))), json!({}));
    assert_eq!(played.ended(), ["grid failed #0 (input)"]);
    assert!(played.report.error.unwrap().contains("more than 10000 items"));
}

#[test]
fn ten_thousand_items_end_soon() {
    let many: Vec<i64> = (0..100).collect();
    let hook = tell("ok", &[Event::Succeeded], say_item());
    let op = op("grid", "pair")
        .each("x", ints(&many), Type::Int)
        .each("y", ints(&many), Type::Int)
        .arg("x", local("x", Type::Int))
        .arg("y", local("y", Type::Int))
        .hook(hook);
    let began = std::time::Instant::now();
    let played = played(with_of(plan(job("nightly", vec![op]))), json!({"ops": {"grid": [{"sleep": "1s"}]}}));
    assert_eq!(played.ended().len(), 10_000);
    assert_eq!(played.report.hooks[0].runs.len(), 10_000);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn concurrency_limits_the_items() {
    let op = sweep(ints(&[1, 2, 3, 4])).with(|op| op.concurrency = Some(1));
    let other = op_other();
    let played = played(with_of(plan(job("nightly", vec![op, other]))), json!({"ops": {"sweep": [{"sleep": "1s"}]}}));
    let starts: Vec<String> = played.lines().into_iter().filter(|line| line.contains("starts")).collect();
    assert_eq!(
        starts,
        [
            "0 sweep[0] starts #1 {\"x\":1}",
            "0 other starts #1",
            "1000 sweep[1] starts #1 {\"x\":2}",
            "2000 sweep[2] starts #1 {\"x\":3}",
            "3000 sweep[3] starts #1 {\"x\":4}",
        ]
    );
}

fn op_other() -> hookc_plan::Op {
    op("other", "noop")
}

#[test]
fn an_item_whose_argument_fails_leaves_the_others() {
    let division = e(Node::IntDiv { a: b(int(10)), b: b(local("x", Type::Int)) }, Type::Int);
    let op = op("sweep", "of")
        .each("x", ints(&[1, 0, 2]), Type::Int)
        .arg("x", division)
        .out("loss", Type::List(Box::new(Type::Float)));
    let played =
        played(with_of(plan(job("nightly", vec![op]))), json!({"ops": {"sweep": [{"outputs": {"loss": 1.0}}]}}));
    assert_eq!(
        played.ended(),
        ["sweep[1] failed #0 (input)", "sweep[0] succeeded #1 {\"loss\":1.0}", "sweep[2] succeeded #1 {\"loss\":1.0}"]
    );
    assert_eq!(
        played.report.ops[0].items.iter().map(|item| item.status).collect::<Vec<_>>(),
        [OpState::Succeeded, OpState::Failed, OpState::Succeeded]
    );
}

#[test]
fn retries_are_each_items_own() {
    let op = sweep(ints(&[1, 2])).retry(1, 1000);
    let played = played(
        with_of(plan(job("nightly", vec![op]))),
        json!({"ops": {"sweep[1]": [{"exit": 1}, {"outputs": {"loss": 2.0}}]}}),
    );
    let text = played.text();
    assert!(text.contains("0 sweep[1] retries #1 (exit)"), "{text}");
    assert!(text.contains("ended sweep[1] succeeded #2 {\"loss\":2.0}"), "{text}");
    assert!(text.contains("ended sweep[0] succeeded #1"), "{text}");
}

/// What a person is shown: the number of items, and each line of the trace by its node.
#[derive(Default)]
struct Shown(Vec<String>);

impl RunListener for Shown {
    fn event(&mut self, event: &TraceEvent) {
        match &event.kind {
            TraceKind::OpStarted(it) => self.0.push(format!("{} {:?} starts", it.op, it.item)),
            TraceKind::OpFinished(it) => self.0.push(format!("{} {:?} is final", it.op, it.item)),
            _ => {}
        }
    }

    fn progress(&mut self, progress: &Progress) {
        if let Progress::Items { op, count } = progress {
            self.0.push(format!("{op} has {count} items"));
        }
    }
}

#[test]
fn the_number_of_items_is_told_right_before_the_first_of_them() {
    let first = op("first", "of").arg("x", int(1));
    let swept = sweep(ints(&[1, 2])).after("first", &[OpState::Succeeded]);
    let plan = with_of(plan(job("nightly", vec![first, swept])));
    let mut shown = Shown::default();
    let mut journal = MemoryJournal::new();
    let script = PlaySettings {
        run: "r1",
        start: START,
        scenario: Scenario::default(),
        signals: Vec::new(),
        journal: &mut journal,
    };
    play(Arc::new(plan), &Options::new("/project"), script, &mut shown).unwrap();
    let first_lines: Vec<&str> = shown.0.iter().map(String::as_str).take(4).collect();
    assert_eq!(
        first_lines,
        [
            "nightly.first None starts",
            "nightly.first None is final",
            "nightly.sweep has 2 items",
            "nightly.sweep Some(0) starts",
        ]
    );
}

#[test]
fn hooks_and_gates_of_an_item_read_its_variables() {
    let x = || local("x", Type::Int);
    let is_two = || cond(eq(x(), int(2), CompareOn::Int), "x == 2");
    let mut told = tell("told", &[Event::Succeeded], to_text(x(), TextOn::Int));
    told.when = Some(is_two());
    let mut warned = hook("warned", VerbKind::Warn, &[Event::End]);
    warned.when = Some(is_two());
    warned.message = Some(to_text(x(), TextOn::Int));
    let ops = vec![sweep(ints(&[1, 2])).hook(warned).hook(told)];
    let scenario = json!({"ops": {"sweep": [{"outputs": {"loss": 1.0}}]}});
    let text = played(with_of(plan(job("nightly", ops))), scenario).text();
    assert!(text.contains("hook sweep.told[1] on succeeded #1 fired"), "{text}");
    assert!(text.contains("hook sweep.told[0] on succeeded #1 not_fired"), "{text}");
    assert!(text.contains("gate sweep.warned[1] on end warned"), "{text}");
    assert!(text.contains("{\"text\":\"2\"}"), "{text}");
}

#[test]
fn a_jobs_hook_sees_each_failed_item_and_the_messages_of_all_ops() {
    let failed = read("job.failed_ops", Type::List(Box::new(Type::Record("FailedOp".into()))));
    let message = read("job.error_message", Type::String);
    let mut nightly = job("nightly", vec![sweep(ints(&[1, 2, 3])), op("bad", "noop")]);
    nightly.hooks =
        vec![tell("items", &[Event::Failed], to_text(failed, TextOn::List)), tell("why", &[Event::Failed], message)];
    let scenario = json!({"ops": {"sweep[0]": [{"exit": 4}], "sweep[2]": [{"exit": 5}], "bad": [{"exit": 1}]}});
    let played = played(with_of(plan(nightly)), scenario);
    let hooks = &played.report.hooks;
    let said = |at: usize| hooks[at].runs[0].args["text"].as_str().unwrap().to_owned();
    let row = |name: &str, item: &str, code: u8| {
        let component = if name == "bad" { "noop" } else { "of" };
        format!(
            "{{\"allow_failure\":false,\"component\":\"{component}\",\"error_message\":\"exit code {code}\",\"item\":{item},\"name\":\"{name}\"}}"
        )
    };
    assert_eq!(said(0), format!("[{},{},{}]", row("sweep", "0", 4), row("sweep", "2", 5), row("bad", "null", 1)));
    assert_eq!(said(1), "sweep: item 0: exit code 4\nbad: exit code 1");
}
