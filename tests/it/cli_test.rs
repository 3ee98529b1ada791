//! `hookc test`: what tests can give and expect, what is told of those that do not hold, the forms, the exit codes.

use std::sync::Arc;

use hookc_compiler::{LoadError, Loader, Project, Sources, TestOptions};

use crate::cli_support::{Folder, Ran, assert_harmless};

/// A job with gates, retries, a fan-out, a person, a called job and every kind of hook.
const JOB: &str = r#"import Webhook, slack from "std/notify"

record Chat { url: secret, channel: string }

connection team: Webhook = { url: secret("SLACK_URL") }
connection chat: Chat = { url: secret("CHAT_URL"), channel: "ml" }

component train(data: path, lr: float = 0.1) -> (loss: float, note: string?) { exec ["train", data] }
component publish(tag: string) -> (url: uri) { exec ["publish", tag] }
component approve(question: string) -> (comment: string) { ask question }
component fix(data: path) -> (data: path) { exec ["fix", data] }
component sound(data: path) { exec ["sound", data] }
component tell(via: Chat, text: string) { exec ["tell", text] }
component cleanup() { exec ["cleanup"] }

condition poor(loss: float, limit: float = 0.9) = loss > limit || loss < 0.0

job inner(x: int) -> (y: int) {
  op one = cleanup()
  outputs (y: x)
}

job nightly(data: path = "d.csv", rates: list<float> = [0.1, 0.2, 0.3]) {
  hook open on start when job.previous != null && job.previous.status == stopped fail "look at ${job.previous.id}"
  op fit = train(data: data) {
    retry 2 backoff 30s
    on start when inputs.data == "bad" fail "bad data ${inputs.data}"
    hook mend on start modify fix(data: inputs.data)
    hook sane on start require sound(data: inputs.data)
    hook diverged on end when poor(outputs.loss) fail "diverged"
    hook odd on end when outputs.note != null warn "odd: ${outputs.note}"
    hook page on failed when error.kind == exit && op.attempt > 1 && op.finished_at == op.finished_at
      run slack(via: team, text: "${op.name}: ${error.message} ${op.url} ${job.id} ${job.url} ${op.id}")
    hook again on retrying run slack(via: team, text: "again ${op.attempt}")
    hook division on succeeded when 1 / (size(inputs.data) - 5) > 0 run slack(via: team, text: "x")
  }
  op many = train(data: data, lr: rate) for rate in rates {
    hook each on succeeded run tell(via: chat, text: "${chat.channel} ${op.item ?? -1} ${inputs.lr ?? 0.0}")
  }
  op ask = approve(question: "ok?") when fit.loss < 0.5 {
    hook waits on waiting run slack(via: team, text: "${op.name} waits")
  }
  op ship = publish(tag: ask.comment)
  op called = inner(x: 3)
  op tidy = cleanup() after ship done when job.previous == null || job.previous.status == failed
  on succeeded run slack(via: team, text: "${job.started_at} ${job.duration} ${job.source} ${job.profile ?? "none"}")
  hook halted on stopped run slack(via: team, text: "stopped")
}

profile dev {
  connection team = mock
}
"#;

/// What nearly every test gives.
const USUAL: &str = r#"
  given fit.mend succeeded (data: "new.csv")
  given many succeeded (loss: 0.1)
  given ship succeeded (url: "https://x")
  given called succeeded (y: 1)
  given tidy succeeded
"#;

/// Plays one test of the job.
fn play(head: &str, lines: &str) -> Ran {
    let text = format!("{JOB}\ntest \"it\" for nightly({head} {{\n{lines}\n}}\n");
    Folder::new(&[("job.hook", &text)]).run(&["test"])
}

#[track_caller]
fn holds(head: &str, lines: &str) {
    let ran = play(head, lines);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.out.ends_with("\n1 passed, 0 failed\n"), "{}", ran.shown());
}

/// The problems of one test, as they are told, without places.
#[track_caller]
fn fails(head: &str, lines: &str) -> String {
    let ran = play(head, lines);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.shown());
    assert!(ran.out.ends_with("\n0 passed, 1 failed\n"), "{}", ran.shown());
    ran.out
}

#[test]
fn a_good_run_needs_only_outcomes() {
    let lines = r#"
      given fit succeeded (loss: 0.1)
      given ask succeeded (comment: "v1")
      expect fit modified (data: "new.csv")
      expect fit.sane ran (data: "new.csv")
      expect fit.again not ran
      expect fit.page not ran
      expect many[1].each ran (text: "ml 1 0.2")
      expect ask.waits ran (text: "ask waits")
      expect ship succeeded
      expect called succeeded
      expect tidy succeeded
      expect on_succeeded ran (text: "2000-01-01T00:00:00Z 0s webhook dev")
      expect halted not ran
      expect job succeeded
    "#;
    holds(") profile dev source webhook", &format!("{USUAL}{lines}"));
}

#[test]
fn a_failure_comes_after_every_attempt() {
    let lines = r#"
      given fit failed (message: "boom", outputs: { loss: 3.0 })
      expect fit.again ran (text: "again 1")
      expect fit.again ran (text: "again 2")
      expect fit.again not ran (text: "again 3")
      expect fit.page ran (text: "fit: boom test:nightly/fit test test:nightly test/fit")
      expect fit failed "boom"
      expect fit not refused
      expect ask upstream_failed
      expect ship upstream_failed
      expect tidy succeeded
      expect job failed
    "#;
    holds(")", &format!("{USUAL}{lines}"));
}

#[test]
fn retries_are_counted() {
    let lines =
        "given fit retrying 1 then failed (kind: exit, message: \"no\")\n  expect fit.again ran (text: \"again 1\")
      expect fit.again not ran (text: \"again 2\")\n  expect fit failed\n  expect fit.page ran";
    holds(")", &format!("{USUAL}{lines}"));
    let lines = "given fit retrying 2 then succeeded (loss: 0.7)\n  expect fit.again ran (text: \"again 2\")
      expect fit succeeded\n  expect ask skipped\n  expect ship skipped";
    holds(")", &format!("{USUAL}{lines}"));
}

#[test]
fn gates_refuse() {
    let lines =
        "expect fit refused \"bad data bad\"\n  expect fit.on_start ran \"bad data bad\"\n  expect fit.mend not ran
      expect job failed\n  expect job not refused";
    holds("data: \"bad\")", &format!("{USUAL}{lines}"));
    let lines = "given fit succeeded (loss: 3.0)\n  expect fit refused \"diverged\"\n  expect fit.diverged ran";
    holds(")", &format!("{USUAL}{lines}"));
    let lines = "given fit.sane failed (message: \"no table\")\n  expect fit refused \"gate `sane` refused: no table\"";
    holds(")", &format!("{USUAL}{lines}"));
    let lines = "given previous stopped\n  expect job refused \"look at test-previous\"\n  expect fit pending";
    holds(")", lines);
    let lines =
        "given fit succeeded (loss: 0.7, note: \"hm\")\n  expect fit.odd ran \"odd: hm\"\n  expect fit succeeded";
    holds(")", &format!("{USUAL}{lines}"));
}

#[test]
fn a_condition_that_cannot_be_decided_is_no_false() {
    let lines = "given fit succeeded (loss: 0.7)\n  given fit.mend succeeded (data: \"12345\")\n";
    let usual = USUAL.replace("given fit.mend succeeded (data: \"new.csv\")", "");
    holds(")", &format!("{usual}{lines}  expect fit.division errored\n  expect fit.division not ran"));
    let told = fails(")", &format!("{usual}{lines}  expect fit.division ran"));
    assert!(told.contains("did not run: cannot evaluate its condition: division_by_zero"), "{told}");
}

#[test]
fn a_stop_comes_when_all_else_has_ended() {
    let lines = r#"
      given fit retrying 1 then succeeded (loss: 0.1)
      given fit.mend succeeded (data: "new.csv")
      given many succeeded (loss: 0.1)
      given many[1] stopped
      given ask succeeded (comment: "v1")
      given ship succeeded (url: "https://x")
      given called succeeded (y: 1)
      given tidy skipped
      given previous failed
      expect many stopped
      expect many[0] succeeded
      expect many[1] stopped
      expect many[2] succeeded
      expect ship succeeded
      expect tidy skipped
      expect halted ran
      expect on_succeeded not ran
      expect job stopped
    "#;
    holds(")", lines);
}

#[test]
fn items_have_outcomes_of_their_own() {
    let lines = "given fit succeeded (loss: 0.7)\n  given many[1] failed (kind: timeout, message: \"slow\")
      expect many failed \"item 1: slow\"\n  expect many[1] failed \"slow\"\n  expect many[1].each not ran
      expect many[2].each ran (text: \"ml 2 0.3\")\n  expect many[0] not failed";
    holds(")", &format!("{USUAL}{lines}"));
    let told = fails(")", &format!("{USUAL}given fit succeeded (loss: 0.7)\n  given many[3] failed\n"));
    assert!(told.contains("`many` has 3 items, so `many[3]` does not exist"), "{told}");
}

#[test]
fn what_is_reached_must_be_given() {
    let told = fails(")", "given many succeeded (loss: 0.1)\n  expect job succeeded");
    for line in [
        "op `called` runs, but no outcome is given",
        "help: add `given called succeeded (y: …)`, or another outcome",
        "gate `fit.mend` runs, but no outcome is given",
        "help: add `given fit.mend succeeded (data: …)`",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(!told.contains("`job` is"), "a consequence is told too: {told}");
}

#[test]
fn a_retry_that_does_not_come_about_is_told() {
    let text = r#"component one() { exec ["one"] }
job j() {
  op a = one() { retry 2 when error.exit_code == 7 }
}
test "it" for j() { given a retrying 2 then succeeded }
test "seven" for j() {
  given a retrying 2 then failed (exit_code: 7, message: "seven")
  expect a failed "seven"
}
"#;
    let ran = Folder::new(&[("j.hook", text)]).run(&["test"]);
    assert!(ran.out.contains("✓ seven"), "{}", ran.shown());
    let told = "`a` was not retried after attempt 1: no line of its `retry` applies";
    assert!(ran.out.contains(told), "{}", ran.shown());
    assert!(ran.out.ends_with("1 passed, 1 failed\n"), "{}", ran.shown());
}

#[test]
fn what_does_not_hold_is_shown_with_its_reasons() {
    let lines = r#"
      given fit retrying 1 then succeeded (loss: 0.7)
      given many[1] failed (kind: timeout, message: "slow")
      expect fit.page ran
      expect fit.diverged ran
      expect fit.again ran (text: "again 2")
      expect fit.again not ran
      expect fit modified (data: "old.csv")
      expect fit refused "x"
      expect fit.division errored
      expect many[1].each ran
      expect many[7] failed
      expect many succeeded
      expect ask succeeded
      expect fit failed
      expect job succeeded
      expect halted ran
    "#;
    let told = fails(")", &format!("{USUAL}{lines}"));
    assert_harmless(&told);
    insta::assert_snapshot!(told);
}

#[test]
fn parts_of_macros_show_each_value() {
    let text = r#"component one(tags: list<string>) -> (sizes: list<int>) { exec ["one"] }
job j() {
  op a = one(tags: ["a", "bb", "ccc"]) {
    on end when inputs.tags.all(tag, tag != "ccc" && size(tag) < 3) && outputs.sizes.exists(n, n > 9) fail "x"
  }
}
test "it" for j() {
  given a succeeded (sizes: [1, 2, 3, 4, 5, 6, 7])
  expect a refused
}
test "wide" for j() {
  given a succeeded (sizes: [1, 2, 3, 4, 5, 6, 10])
  expect a.on_end ran
}
"#;
    let ran = Folder::new(&[("j.hook", text)]).run(&["test"]);
    insta::assert_snapshot!(ran.shown());
}

#[test]
fn jobs_of_other_files_are_tested_too() {
    let text = "import nightly from \"./job\"\ntest \"there\" for nightly() {\n  given previous stopped\n  expect open ran\n}\n";
    let folder = Folder::new(&[("job.hook", JOB), ("tests/nightly.hook", &text.replace("./job", "../job"))]);
    folder.write("hook.toml", b"name = \"n\"\n");
    let ran = folder.run(&["test", "tests", "--coverage"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    let all = folder.run(&["test", "--coverage"]);
    assert!(all.out.contains("hook  nightly.fit.page"), "{}", all.shown());
    assert!(!all.out.contains("nightly.open"), "{}", all.shown());
}

/// A job of which one test reaches some.
const SMALL: &str = r#"component one() -> (x: int) { exec ["one"] }
component two(x: int) { exec ["two"] }

job j() {
  op a = one() {
    hook big on succeeded when outputs.x > 2 warn "big"
    hook bad on failed when error.kind == timeout run two(x: 1)
  }
  op b = two(x: a.x) when a.x > 0
}

test "a <good> & \"small\" one" for j() {
  given a succeeded (x: 1)
  given b succeeded
  expect job succeeded
}

test "a bad one" for j() {
  given a failed
  expect a.bad ran
}
"#;

#[test]
fn a_gate_at_the_wrong_event_is_a_mistake_of_the_source() {
    let ran = Folder::new(&[("j.hook", SMALL)]).run(&["test"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.err.contains("H04"), "{}", ran.shown());
    assert_eq!(ran.out, "0 passed, 0 failed (1 file with errors)\n");
}

fn small() -> Folder {
    Folder::new(&[("j.hook", &SMALL.replace("big on succeeded", "big on end"))])
}

#[test]
fn coverage_lists_what_no_test_reaches() {
    let ran = small().run(&["test", "--coverage"]);
    insta::assert_snapshot!(ran.shown());
}

#[test]
fn the_filter_takes_text_of_the_title() {
    let ran = small().run(&["test", "--filter", "good"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.out.ends_with("\n1 passed, 0 failed (1 left out by the filter)\n"), "{}", ran.shown());
    let ran = small().run(&["test", "--filter", "nothing"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.shown());
    assert_eq!(ran.err, "error: no test has `nothing` in its title\n");
}

#[test]
fn json_has_a_line_for_each_test_and_the_numbers() {
    let ran = small().run(&["test", "--format", "json", "--coverage"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{}", ran.shown());
    let lines = ran.json();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events, ["test", "test", "coverage", "summary"]);
    assert_eq!(lines[0]["title"], "a <good> & \"small\" one");
    assert_eq!(lines[0]["status"], "passed");
    assert_eq!(lines[1]["line"], 18);
    let condition = &lines[1]["problems"][0]["conditions"][0];
    assert_eq!(condition["source"], "error.kind == timeout");
    assert_eq!(condition["parts"][0]["text"], "error.kind");
    assert_eq!(condition["parts"][0]["value"], "exit");
    assert_eq!(lines[3], serde_json::json!({"event": "summary", "passed": 1, "failed": 1, "left_out": 0}));
}

#[test]
fn junit_is_sound_xml() {
    let folder = small();
    folder.write("broken.hook", b"test \"x\" for nowhere() { }\n");
    let ran = folder.run(&["test", "--format", "junit"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    insta::assert_snapshot!(ran.out);
}

#[test]
fn wrong_usage_is_told_apart() {
    let ran = Folder::new(&[]).run(&["test", "gone.hook"]);
    assert_eq!(ran.code, 2, "{}", ran.shown());
    let ran = Folder::new(&[("a.hook", "const a = 1\n")]).run(&["test"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "0 passed, 0 failed\n"), "{}", ran.shown());
    assert_eq!(ran.err, "warning: no tests found\n");
}

#[test]
fn the_tests_of_the_example_hold() {
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/iris");
    let ran = Folder::new(&[]).run(&[std::ffi::OsStr::new("test"), example.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.out.ends_with("\n5 passed, 0 failed\n"), "{}", ran.shown());
}

/// One file.
struct Only(String);

impl Loader for Only {
    fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError> {
        if path == "job.hook" { Ok(Arc::from(self.0.as_str())) } else { Err(LoadError::NotFound) }
    }
}

/// A test of everything, as it is handed from the compiler to the runtime.
#[test]
fn a_lowered_test_is_data() {
    let lines = "given fit retrying 1 then failed (kind: timeout, outputs: { loss: 1.0 })\n  given many[1] stopped
      given previous failed\n  expect many[1].each not ran (text: \"x\")\n  expect job failed \"no\"";
    let text = format!("{JOB}\ntest \"it\" for nightly() profile dev source watch {{\n{USUAL}{lines}\n}}\n");
    let sources = Sources::load(&["job.hook".to_owned()], Project::default(), &mut Only(text));
    let options = TestOptions { file: sources.find("job.hook").unwrap(), every_job: true };
    let file = hookc_compiler::check_and_lower_tests(&sources, options).result.unwrap();
    let [planned] = file.tests.as_slice() else { panic!("{} tests", file.tests.len()) };
    let written = serde_json::to_string(&planned.test).unwrap();
    let read: hookc_plan::test::Test = serde_json::from_str(&written).unwrap();
    assert_eq!(read, planned.test);
    assert_eq!(read.inputs.len(), 2, "defaults are written out");
    assert_eq!(read.given.len(), 8);
    let plan = planned.plan.to_canonical_json();
    assert!(!plan.contains("\"mock\""), "connections keep their fields: {plan}");
    assert_eq!(file.jobs.unwrap().jobs.len(), 2);
}

#[test]
fn quoted_keys_are_as_bare_ones() {
    let text = r#"record Order { days: int, note: string = "" }
component order(o: Order? = null) -> (job_id: string, o: Order) { exec ["order"] }
component tell(text: string) { exec ["tell", text] }
job orders() {
  op a = order(o: { "days": 3 }) {
    hook told on failed when outputs.job_id != null && outputs.o != null run tell(text: "${outputs.job_id} ${outputs.o.days}")
  }
}
test "quoted" for orders() {
  given a failed (kind: exit, outputs: { "job_id": "j1", "o": { "days": 2 } })
  expect a.told ran (text: "j1 2")
}
test "mixed" for orders() {
  given a failed (outputs: { "job_id": "j2", o: { days: 2, "note": "x" } })
  expect a.told ran (text: "j2 2")
}
"#;
    let ran = Folder::new(&[("job.hook", text)]).run(&["test"]);
    assert!(ran.out.ends_with("\n2 passed, 0 failed\n"), "{}", ran.shown());
}
