//! `docs/library.md`: the crates as a library. What the page shows stands here, and runs.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::task::{Context, Poll};

use hookc_compiler::{LoadError, Loader, LowerOptions, Project, Sources};
use hookc_plan::trace::{ErrorKind, JobStatus, TraceEvent};
use hookc_plan::{Plan, Value};
use hookc_runtime::{
    Executor, ExecutorEvent, Failure, Kill, MemoryJournal, Moment, Options, PlaySettings, Report, Scenario, TaskId,
    TaskOutcome, TaskStart,
};

const SALES: &str = r#"
component add_up(table: path) -> (total: float) { exec ["python3", "total.py", table] }

component keep(line: string) { exec ["./keep.sh", line] }

job sales(data: path = "orders.csv") -> (total: float) {
  op sum = add_up(table: data) {
    retry 1 backoff 1ms
    on succeeded when outputs.total > 1000.0 run keep(line: "${op.name}: ${fixed(outputs.total, 2)}")
  }
  outputs (total: sum.total)
}
"#;

/// Files that are not on the disk.
struct Memory(BTreeMap<String, String>);

impl Loader for Memory {
    fn read(&mut self, path: &str) -> Result<Arc<str>, LoadError> {
        self.0.get(path).map(|text| Arc::from(text.as_str())).ok_or(LoadError::NotFound)
    }
}

fn load(text: &str) -> Sources {
    let mut files = Memory(BTreeMap::from([("sales.hook".to_owned(), text.to_owned())]));
    Sources::load(&["sales.hook".to_owned()], Project::default(), &mut files)
}

/// Every mistake, as one line.
fn mistakes(sources: &Sources) -> Vec<String> {
    let checked = hookc_compiler::check(sources);
    let line = |found: &hookc_compiler::Diagnostic| {
        let file = sources.file(found.file());
        let line = file.text[..found.span().start as usize].lines().count().max(1);
        format!("{}:{line}: {} {}", file.path, found.code.id, found.message)
    };
    checked.diagnostics.iter().map(line).collect()
}

fn plan(sources: &Sources) -> Plan {
    let file = sources.find("sales.hook").expect("it was loaded");
    let options = LowerOptions { file, job: None, profile: None };
    hookc_compiler::check_and_lower(sources, &options).result.expect("it has no errors")
}

/// Runs components without any process.
#[derive(Default)]
struct Functions {
    ended: VecDeque<(TaskId, TaskOutcome)>,
    seen: Vec<String>,
}

impl Executor for Functions {
    fn start(&mut self, task: TaskStart) {
        self.seen.push(format!("{} {}", task.component, task.attempt));
        let outcome = match (task.component.as_str(), task.attempt) {
            ("add_up", 1) => TaskOutcome::failed(Failure::new(ErrorKind::Exit, "not yet")),
            ("add_up", _) => TaskOutcome::succeeded([("total".into(), Value::Float(1500.0))].into()),
            _ => TaskOutcome::succeeded(BTreeMap::new()),
        };
        self.ended.push_back((task.id, outcome));
    }

    // Nothing here takes any time, so there is nothing to end.
    fn kill(&mut self, _: TaskId, _: Kill) {}

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ExecutorEvent> {
        match self.ended.pop_front() {
            Some((task, outcome)) => Poll::Ready(ExecutorEvent::Exited(task, outcome)),
            None => Poll::Pending,
        }
    }
}

fn run_functions(plan: Plan, functions: &mut Functions) -> Report {
    let options = Options::new(".");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Nothing listens, and nothing asks it to stop.
    let (mut listener, mut signals) = ((), ());
    let run = hookc_runtime::run_with(Arc::new(plan), &options, functions, &mut listener, &mut signals);
    runtime.block_on(run).expect("it starts")
}

fn play(plan: Plan) -> (Report, Vec<TraceEvent>) {
    let scenario: Scenario = serde_json::from_str(
        r#"{ "ops": { "sum": [{ "exit": 1, "sleep": "2h" }, { "outputs": { "total": 12.5 } }] } }"#,
    )
    .unwrap();
    let settings = PlaySettings {
        run: "played",
        start: Moment(0),
        scenario,
        signals: Vec::new(),
        journal: &mut MemoryJournal::new(),
    };
    let mut trace = Vec::new();
    let report = hookc_runtime::play(Arc::new(plan), &Options::new("."), settings, &mut trace).expect("it fits");
    (report, trace)
}

#[test]
fn mistakes_are_found_without_a_disk() {
    assert_eq!(mistakes(&load(SALES)), Vec::<String>::new());
    let wrong = SALES.replace("sum.total", "sum.totl");
    let found = mistakes(&load(&wrong));
    assert!(found.len() == 1 && found[0].starts_with("sales.hook:11: H0201 "), "{found:?}");
}

#[test]
fn a_plan_is_written_and_read() {
    let plan = plan(&load(SALES));
    let json = plan.to_canonical_json();
    let read = Plan::from_json(json.as_bytes()).unwrap();
    assert_eq!(read.hash, plan.hash);
    assert_eq!(plan.jobs["sales"].ops[0].name, "sum");
}

#[test]
fn an_executor_of_ones_own_runs_the_ops_and_hooks() {
    let mut functions = Functions::default();
    let report = run_functions(plan(&load(SALES)), &mut functions);
    assert_eq!(report.status, JobStatus::Succeeded);
    assert_eq!(report.outputs["total"], 1500.0);
    assert_eq!(functions.seen, ["add_up 1", "add_up 2", "keep 1"]);
    assert!(!Path::new(".hook/runs").join(&report.run).exists());
}

#[test]
fn hours_are_played_in_no_time() {
    let (report, trace) = play(plan(&load(SALES)));
    assert_eq!(report.status, JobStatus::Succeeded);
    assert!(report.duration.as_deref().is_some_and(|time| time.starts_with("2h")), "{report:?}");
    assert!(trace.len() > 4);
}

/// Each fence of the page stands in this file, line by line.
#[test]
fn the_page_shows_this_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/library.md")).unwrap();
    let file = std::fs::read_to_string(root.join("tests/it/library.rs")).unwrap();
    let fences: Vec<&str> = page.split("\n```rust\n").skip(1).map(|rest| rest.split("```\n").next().unwrap()).collect();
    assert!(fences.len() >= 5);
    for fence in fences {
        assert!(file.contains(fence), "not in this file:\n{fence}");
    }
}
