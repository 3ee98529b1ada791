//! `docs/limits.md` held against the program: each row is compared with a constant, a plan, or what a run does.
//!
//! Times and counts that only the inside of the runtime knows, and that would take minutes to reach, are not compared.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;

use crate::cli_support::Folder;

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/limits.md")).unwrap()
}

/// The second cell of the row that begins with this cell.
#[track_caller]
fn value(name: &str) -> String {
    let start = format!("| {name} |");
    let page = page();
    let rows: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(start.as_str())).collect();
    assert_eq!(rows.len(), 1, "{name}: {rows:?}");
    rows[0].split('|').next().unwrap().trim().to_owned()
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes / 1024 / 1024)
}

fn kibibytes(bytes: u64) -> String {
    format!("{} KiB", bytes / 1024)
}

/// A number with a comma after each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
    parts.join(",")
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs())
}

#[test]
fn the_constants_are_those_of_the_page() {
    assert_eq!(value("size of a source file"), mebibytes(hookc_files::disk_loader::MAX_BYTES));
    assert_eq!(value("files of one check"), grouped(u64::try_from(hookc_compiler::sources::MAX_FILES).unwrap()));
    assert_eq!(value("steps of one evaluation"), grouped(hookc_plan::BUDGET));
    assert_eq!(value("items of a list, where its length is not known"), grouped(hookc_plan::USUAL_ITEMS));
    assert_eq!(value("bytes of a text, where its length is not known"), kibibytes(hookc_plan::USUAL_BYTES));
    assert_eq!(value("grace"), seconds(hookc_runtime::Options::new(".").grace));
}

#[test]
fn the_nesting_is_that_of_the_page() {
    let depth: usize = value("nesting").parse().unwrap();
    for (depth, code) in [(depth, 0), (depth + 1, 1)] {
        let text = format!("const x: int = {}1{}\n", "(".repeat(depth), ")".repeat(depth));
        let ran = Folder::new(&[("deep.hook", &text)]).run(&["check"]);
        assert_eq!(ran.code, code, "{depth}: {}", ran.out);
    }
}

/// A plan has every default written out.
#[test]
fn the_defaults_in_a_plan_are_those_of_the_page() {
    let folder = Folder::new(&[(
        "a.hook",
        "component r() { exec [\"true\"] }\n\njob j() {\n  op a = r() {\n    retry 2\n    on failed run r()\n  }\n}\n",
    )]);
    let compiled = folder.run(&["compile", "a.hook"]);
    let plan: Json = serde_json::from_str(&compiled.out).unwrap();
    let op = &plan["jobs"]["j"]["ops"][0];
    let delay = |retry: &Json, key: &str| Duration::from_millis(retry[key].as_u64().unwrap());
    assert_eq!(value("first pause of `retry`"), seconds(delay(&op["retry"][0], "delay_ms")));
    let longest = delay(&op["retry"][0], "max_ms").as_secs() / 60;
    assert_eq!(value("longest pause of `retry`"), format!("{longest} min"));
    let hook = &op["hooks"][0]["settings"];
    assert_eq!(hook.get("retry"), None);
    assert_eq!(value("time of one try"), seconds(Duration::from_millis(hook["timeout_ms"].as_u64().unwrap())));
}

const SIZES: &str = r#"
component noop() { exec ["true"] }

component echo(text: string) { exec ["echo", text] }

component is_set(text: string) -> (set: bool) {
  shell """
    printf '{"set": %s}' "${HOOK_INPUT_TEXT+true}${HOOK_INPUT_TEXT-false}" | sed 's/truex*/true/' > "$HOOK_OUTPUTS"
    """
}

component write(bytes: int) {
  exec ["python3", "-c", "import os, sys; open(os.environ['HOOK_OUTPUTS'], 'w').write('{}'.ljust(int(sys.argv[1])))", bytes]
}

component loud() { exec ["python3", "-c", "import sys; sys.exit('x' * 10000)"] }

component call(key: secret) {
  env { KEY: key }
  exec ["true"]
}

job items(n: int) {
  op a = noop() for i in lists.range(n)
}

job argument(n: int) {
  op a = echo(text: lists.range(n).map(i, "x").join(""))
}

job variable(n: int) -> (set: bool) {
  op a = is_set(text: lists.range(n).map(i, "x").join(""))
  outputs (set: a.set)
}

job outputs_file(n: int) {
  op a = write(bytes: n)
}

job message() {
  op a = loud()
}

job key() {
  op a = call(key: secret("LIMITS_KEY"))
}
"#;

/// The report of a job of `SIZES`.
fn report(job: &str, number: Option<usize>) -> Json {
    let folder = Folder::new(&[("a.hook", SIZES)]);
    let number = number.map(|number| format!("n={number}"));
    let mut args = vec!["run", "a.hook", job, "--format", "json"];
    args.extend(number.iter().flat_map(|number| ["-p", number.as_str()]));
    let ran = folder.run(&args);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.shown()))
}

#[test]
fn sizes_at_run_time_are_those_of_the_page() {
    let number = |text: String, unit: &str| text.replace(unit, "").replace(',', "").trim().parse::<usize>().unwrap();
    let longest = number(value("one argument of `exec`"), "KiB") * 1024;
    assert_eq!(report("argument", Some(longest))["status"], "succeeded");
    assert_eq!(report("argument", Some(longest + 1))["ops"][0]["error"]["kind"], "input");
    let longest = number(value("one variable `HOOK_INPUT_…`"), "KiB") * 1024;
    assert_eq!(report("variable", Some(longest))["outputs"]["set"], true);
    assert_eq!(report("variable", Some(longest + 1))["outputs"]["set"], false);
    let largest = number(value("outputs"), "MiB") * 1024 * 1024;
    assert_eq!(report("outputs_file", Some(largest))["status"], "succeeded");
    assert_eq!(report("outputs_file", Some(largest + 1))["ops"][0]["error"]["kind"], "output_type");
    let items = number(value("items of a fan-out"), " ");
    let refused = report("items", Some(items + 1));
    assert_eq!(refused["ops"][0]["error"]["kind"], "input");
    assert!(refused["error"].as_str().unwrap().contains(&items.to_string()), "{refused}");
    let message = report("message", None)["ops"][0]["error"]["message"].as_str().unwrap().to_owned();
    let tail = message.chars().filter(|c| *c == 'x').count();
    assert!(tail.abs_diff(number(value("`error.message`"), "KiB") * 1024) <= 2, "{tail} {}", message.len());
}

#[test]
fn the_length_of_secrets_is_that_of_the_page() {
    let length = value("length");
    let longest = length.replace(" KiB", "").parse::<usize>().unwrap() * 1024;
    let folder = Folder::new(&[("a.hook", SIZES)]);
    for (bytes, code) in [(longest, 0), (longest + 1, 2)] {
        let mut command = crate::cli_support::command();
        command.args(["run", "a.hook", "key"]).current_dir(folder.path()).env("LIMITS_KEY", "k".repeat(bytes));
        let output = command.output().unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{printed}");
        assert_eq!(code == 2, printed.contains(&length), "{printed}");
    }
}

/// The table of variables has all that a step finds, and only that.
#[test]
fn the_variables_of_a_step_are_those_of_the_page() {
    let folder = Folder::new(&[(
        "a.hook",
        r#"
component show(name: string, none: string?) {
  shell """
    env | sed -n 's/=.*//; /^HOOK_/p' | sort > "seen-$HOOK_OP-${HOOK_DELIVERY:+hook}"
    """
}

job j() {
  op fit = show(name: "x") {
    on succeeded run show(name: "y")
  }
}
"#,
    )]);
    assert_eq!(folder.run(&["run", "a.hook"]).code, 0);
    let page = page();
    let section = page.split("## The environment of a step").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: BTreeSet<&str> = section.split("\n| `").skip(1).map(|row| row.split('`').next().unwrap()).collect();
    let seen = |file: &str| folder.read(file).lines().map(str::to_owned).collect::<BTreeSet<String>>();
    let in_hook = seen("seen-fit-hook");
    assert_eq!(in_hook.iter().map(String::as_str).collect::<BTreeSet<_>>(), rows);
    let mut in_op = seen("seen-fit-");
    assert!(in_op.insert("HOOK_DELIVERY".to_owned()));
    assert_eq!(in_op, in_hook);
}

/// The folder of a run is laid out as the page says.
#[test]
fn the_folder_of_a_run_is_that_of_the_page() {
    let folder = Folder::new(&[(
        "a.hook",
        r#"
component say(text: string) -> (text: string) {
  shell """
    printf 'err\n' >&2
    printf '{"text": "%s"}' "$HOOK_INPUT_TEXT" | tee "$HOOK_OUTPUTS"
    """
}

job sub() {
  op deep = say(text: "x")
}

job j() {
  op fit = say(text: "x") {
    hook page on succeeded run say(text: "y")
  }
  op many = say(text: t) for t in ["a", "b"]
  op below = sub()
  hook last on succeeded run say(text: "z")
}
"#,
    )]);
    let ran = folder.run(&["run", "a.hook", "j", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    let report: Json = serde_json::from_str(&ran.out).unwrap();
    let run = folder.path().join(".hook/runs").join(report["run"].as_str().unwrap());
    let files = |part: &str| -> Vec<String> {
        let entries = std::fs::read_dir(run.join(part)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let tops: BTreeSet<String> = files("").into_iter().collect();
    assert_eq!(tops, ["events.jsonl", "logs", "work"].map(str::to_owned).into());
    let steps: Vec<String> = files("work");
    for (start, end) in
        [("fit", ""), ("many.0", ""), ("many.1", ""), ("below.deep", ""), ("fit.page.", "hk_"), ("last.", "hk_")]
    {
        let found = |step: &&String| {
            step.strip_prefix(start)
                .is_some_and(|rest| if end.is_empty() { rest.is_empty() } else { rest.starts_with(end) })
        };
        let step = steps.iter().find(found).unwrap_or_else(|| panic!("{start}: {steps:?}"));
        for file in ["1.inputs.json", "1.outputs.json", "1"] {
            assert!(run.join("work").join(step).join(file).exists(), "{step}: {file}");
        }
        assert!(run.join(format!("logs/{step}.1.log")).exists(), "{step}");
    }
}
