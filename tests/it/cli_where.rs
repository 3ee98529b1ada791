//! `where`: judged on what is passed, in the frame of what is called, by `run` and by `test` alike.

use crate::cli_support::{Folder, Ran};

const JOBS: &str = r#"record Order { days: int where days > 0, note: string? }

component order(days: int) -> (o: Order, all: list<Order>) {
  exec ["sh", "-c", "printf '{\"o\": {\"days\": %s}, \"all\": [{\"days\": 1}]}' \"$1\" > \"$HOOK_OUTPUTS\"", "sh", days]
}
component broken() -> (o: Order, n: int) {
  exec ["sh", "-c", "printf '{\"o\": {\"days\": 0}, \"n\": 7}' > \"$HOOK_OUTPUTS\"; exit 3"]
}
component take(o: Order) { exec ["true"] }
component small(n: int where n < 50) { exec ["true"] }
component noop() { exec ["true"] }

job sub(x: int where x < 50, z: int = 100 where z > x) -> (y: int) {
  op only = noop()
  outputs (y: x)
}

/// The caller has an `x` of its own.
job outer(x: int = 1, y: int = 99) {
  op b = sub(x: y)
}

job swapped(x: int = 99, y: int = 1) {
  op b = sub(x: y, z: x)
}

/// The caller has no `x`.
job without(n: int = 60) {
  op b = sub(x: n)
}

/// Of two arguments that are each allowed, the second is not beside the first.
job beside(x: int = 0, n: int = 40, z: int = 30) {
  op b = sub(x: n, z: z)
}

job hooked(n: int = 60) {
  op a = noop() {
    hook tells on succeeded run small(n: job_n)
    hook asks on end require small(n: 1)
  }
}

job made(days: int = -1) {
  op a = order(days: days) {
    hook later on succeeded run take(o: outputs.o)
  }
  op b = take(o: a.o)
}

job kept() {
  op a = broken() {
    hook told on failed when outputs.o == null && outputs.n == 7 run noop()
  }
}

job gives(days: int = -1) -> (o: Order) {
  op a = noop()
  outputs (o: { days: days })
}

job called(days: int = -1) {
  op g = gives(days: days)
}
"#;

fn run(job: &str, inputs: &[&str]) -> Ran {
    let jobs = JOBS.replace("small(n: job_n)", "small(n: size(op.name) * 50)");
    let mut args = vec!["run", "job.hook", job, "--format", "json"];
    args.extend(inputs.iter().flat_map(|input| ["-p", input]));
    Folder::new(&[("job.hook", &jobs)]).run(&args)
}

#[track_caller]
fn fails(job: &str, inputs: &[&str], message: &str) {
    let ran = run(job, inputs);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.contains(message), "no {message}: {}", ran.shown());
}

#[track_caller]
fn succeeds(job: &str, inputs: &[&str]) -> String {
    let ran = run(job, inputs);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    ran.out
}

#[test]
fn a_called_jobs_where_is_judged_on_its_arguments() {
    fails("outer", &[], "`x` is 99, which does not satisfy `where x < 50`");
    succeeds("outer", &["y=3"]);
    succeeds("swapped", &[]);
    fails("without", &[], "`x` is 60, which does not satisfy `where x < 50`");
    succeeds("without", &["n=3"]);
    fails("beside", &[], "`z` is 30, which does not satisfy `where z > x`");
    succeeds("beside", &["z=50"]);
}

#[test]
fn tests_judge_as_runs_do() {
    let tests = r#"
test "too large" for outer() { expect b failed }
test "well" for swapped() { given b succeeded (y: 1) expect b succeeded }
test "no such name" for without() { expect b failed }
test "small" for without(n: 3) { given b succeeded (y: 3) expect job succeeded }
test "a hook" for hooked() {
  given a succeeded
  given a.asks succeeded
  expect a.tells errored
  expect a.tells not ran
  expect a succeeded
}
"#;
    let tests = tests.replace(" { ", " {\n  ").replace(") expect", ")\n  expect").replace(" }\n", "\n}\n");
    let jobs = JOBS.replace("small(n: job_n)", "small(n: size(op.name) * 50)");
    let ran = Folder::new(&[("job.hook", &format!("{jobs}{tests}"))]).run(&["test"]);
    assert!(ran.out.ends_with("\n5 passed, 0 failed\n"), "{}", ran.shown());
}

#[test]
fn the_where_of_a_hooks_component_is_judged() {
    let out = succeeds("hooked", &[]);
    assert!(out.contains("`n` is 50, which does not satisfy `where n < 50`"), "{out}");
    let gate = JOBS.replace("require small(n: 1)", "require small(n: size(op.name) * 70)").replace("job_n", "1");
    let ran = Folder::new(&[("job.hook", &gate)]).run(&["run", "job.hook", "hooked", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.contains("gate `asks`: `n` is 70, which does not satisfy `where n < 50`"), "{}", ran.shown());
}

#[test]
fn a_record_keeps_its_rules_wherever_it_enters() {
    fails("made", &[], "`o.days` is -1, which does not satisfy `where days > 0`");
    assert!(run("made", &[]).out.contains("output_type"));
    succeeds("made", &["days=2"]);
    let kept = run("kept", &[]);
    assert_eq!(kept.code, 1, "{}", kept.shown());
    assert!(kept.out.contains("\"delivered\""), "{}", kept.shown());
    fails("gives", &[], "`o.days` is -1, which does not satisfy `where days > 0`");
    fails("called", &[], "`o.days` is -1, which does not satisfy `where days > 0`");
    succeeds("called", &["days=1"]);
}

#[test]
fn null_is_given_on_the_command_line() {
    let job = r#"component tell(note: string?, tag: string) { exec ["true"] }
job j(note: string? = "none", n: int? = 3, tag: string = "x") {
  op a = tell(note: note, tag: tag) {
    hook told on succeeded when note == null && n == null && tag == "null" run tell(note: null, tag: "t")
  }
}
"#;
    let run = |inputs: &[&str]| {
        let mut args = vec!["run", "job.hook", "--format", "json"];
        args.extend(inputs.iter().flat_map(|input| ["-p", input]));
        let ran = Folder::new(&[("job.hook", job)]).run(&args);
        assert_eq!(ran.code, 0, "{}", ran.shown());
        ran.out.contains("\"delivered\"")
    };
    assert!(run(&["note=null", "n=null", "tag=null"]));
    assert!(!run(&["n=null", "tag=null"]));
}

#[test]
fn an_input_named_by_a_reserved_word_has_rules_too() {
    let job = r#"component move(from: string where size(inputs.from) > 1) { exec ["true"] }
job j(when: int = 1 where inputs.when > 0, from: string = "ab") {
  op a = move(from: inputs.from)
}
"#;
    let run = |input: &str| Folder::new(&[("job.hook", job)]).run(&["run", "job.hook", "-p", input]);
    assert_eq!(run("when=2").code, 0, "{}", run("when=2").shown());
    assert!(run("when=0").err.contains("`when` is 0, which does not satisfy `where inputs.when > 0`"));
    assert_eq!(run("from=a").code, 1);
}
