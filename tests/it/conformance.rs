//! The scenarios of `tests/conformance`: what any engine must make of a plan. `hookc run` and the example backend meet all of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use hookc_plan::{Delivery, delivery_id};
use serde_json::Value;

use crate::cli_support::{Folder, Ran};

/// What the example backend refuses, with the feature that it names.
const REFUSED: [(&str, &str); 1] = [("gate_modifies", "verb.modify")];

/// How many runs at once: most of the time of one is the start of processes.
const AT_ONCE: usize = 4;

/// A job and what must come of it.
struct Scenario {
    name: String,
    job: String,
    profile: Option<String>,
    exit: i32,
}

#[test]
fn every_scenario_says_what_it_expects() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 20, "{}", scenarios.len());
    let expectations = files("json");
    let names: Vec<&String> = scenarios.iter().map(|scenario| &scenario.name).collect();
    assert_eq!(expectations.iter().collect::<Vec<_>>(), names);
}

#[test]
fn scenarios_are_in_canonical_form() {
    let folder = Folder::new(&[]);
    let formatted = folder.run(&["fmt", "--check", folder_of_scenarios().to_str().unwrap()]);
    assert_eq!(formatted.code, 0, "{}", formatted.shown());
}

#[test]
fn hookc_meets_every_scenario() {
    each_scenario(|scenario, folder| {
        let mut args = vec!["run", "scenario.hook", &scenario.job];
        args.extend(scenario.profile.iter().flat_map(|profile| ["--profile", profile]));
        let ran = folder.run(&args);
        assert_eq!(ran.code, scenario.exit, "{}: {}", scenario.name, ran.shown());
        compare(scenario, folder);
    });
}

#[test]
fn the_example_backend_meets_every_scenario() {
    each_scenario(|scenario, folder| {
        let output = backend(folder, &plan(scenario, folder), &[]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        if let Some((_, feature)) = REFUSED.iter().find(|(name, _)| *name == scenario.name) {
            assert_eq!(output.status.code(), Some(2), "{}: {error}", scenario.name);
            assert!(error.contains(feature), "{}: {error}", scenario.name);
            assert!(!folder.path().join(".hook").exists(), "{}", scenario.name);
            return;
        }
        assert_eq!(output.status.code(), Some(scenario.exit), "{}: {error}", scenario.name);
        compare(scenario, folder);
    });
}

/// As the page of the example says.
#[test]
fn the_example_backend_runs_iris() {
    let folder = crate::docs::iris();
    let plan = write_plan(&folder, &folder.run(&["compile", "nightly.hook"]));
    let well = backend(&folder, &plan, &[]);
    let printed = String::from_utf8_lossy(&well.stdout).into_owned();
    assert_eq!(well.status.code(), Some(0), "{printed}{}", String::from_utf8_lossy(&well.stderr));
    for line in [
        "succeeded        nightly.ship",
        "  hook succeeded   nightly.fit.hardly[0]",
        "  hook not_fired   nightly.fit.hardly[1]",
    ] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
    assert!(folder.path().join("published/model.json").exists());
    let failed = backend(&folder, &plan, &["-p", "data=missing.csv"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&failed.stdout).contains("upstream_failed  nightly.fit"));
}

/// A plan that asks for more than the backend can do is refused before anything runs, each feature with its place.
#[test]
fn the_example_backend_refuses_by_name() {
    let source = "component a(token: secret) -> (at: timestamp) {\n  env { TOKEN: token }\n  exec [\"a\"]\n}\n\njob j() {\n  \
                  op one = a(token: secret(\"TOKEN\")) {\n    cache 1h\n    queue \"q\"\n    on overdue(1h) run b()\n  }\n}\n\n\
                  component b() { http POST \"https://example.com\" {} }\n";
    let folder = Folder::new(&[("scenario.hook", source)]);
    let output = backend(&folder, &write_plan(&folder, &folder.run(&["compile", "scenario.hook"])), &[]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{error}");
    for refused in [
        "type.secret at a",
        "type.timestamp at a",
        "op.cache at j.one",
        "op.queue at j.one",
        "on.overdue.op at j.one.on_overdue",
        "body.http at b",
    ] {
        assert!(error.contains(refused), "{refused}: {error}");
    }
    assert!(!folder.path().join(".hook").exists());
}

fn folder_of_scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// The names of the scenarios' files that end so, sorted.
fn files(extension: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder_of_scenarios()).unwrap().map(|entry| entry.unwrap().path());
    let wanted = entries.filter(|path| path.extension().is_some_and(|found| found == extension));
    let mut names: Vec<String> = wanted.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn scenarios() -> Vec<Scenario> {
    let read = |name: String| {
        let text = std::fs::read_to_string(folder_of_scenarios().join(format!("{name}.json"))).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let word = |key: &str| json[key].as_str().map(str::to_owned);
        Scenario {
            job: word("job").unwrap(),
            profile: word("profile"),
            exit: json["exit"].as_i64().unwrap() as i32,
            name,
        }
    };
    files("hook").into_iter().map(read).collect()
}

/// The texts of all scenarios.
pub(crate) fn sources() -> Vec<String> {
    scenarios().iter().map(source).collect()
}

fn source(scenario: &Scenario) -> String {
    std::fs::read_to_string(folder_of_scenarios().join(format!("{}.hook", scenario.name))).unwrap()
}

/// Calls `run` with each scenario in a folder of its own.
fn each_scenario(run: impl Fn(&Scenario, &Folder) + Sync) {
    let scenarios = scenarios();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(scenario, &Folder::new(&[("scenario.hook", &source(scenario))]));
                }
            });
        }
    });
}

fn plan(scenario: &Scenario, folder: &Folder) -> PathBuf {
    let mut args = vec!["compile", "scenario.hook", "--job", &scenario.job];
    args.extend(scenario.profile.iter().flat_map(|profile| ["--profile", profile]));
    write_plan(folder, &folder.run(&args))
}

fn write_plan(folder: &Folder, compiled: &Ran) -> PathBuf {
    assert_eq!(compiled.code, 0, "{}", compiled.shown());
    folder.write("plan.json", compiled.out.as_bytes())
}

fn backend(folder: &Folder, plan: &Path, args: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/backend/backend.py");
    Command::new("python3").arg(script).arg(plan).args(args).current_dir(folder.path()).output().unwrap()
}

/// Holds the trace of the one run in the folder against the scenario.
fn compare(scenario: &Scenario, folder: &Folder) {
    let mut runs = std::fs::read_dir(folder.path().join(".hook/runs")).unwrap();
    let run = runs.next().unwrap().unwrap().path();
    let trace = run.join("events.jsonl");
    let script = folder_of_scenarios().join("compare.py");
    let expected = folder_of_scenarios().join(format!("{}.json", scenario.name));
    let output = Command::new("python3").arg(script).arg(expected).arg(&trace).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {printed}{error}", scenario.name);
    delivery_ids(&scenario.name, &std::fs::read_to_string(trace).unwrap(), run.file_name().unwrap().to_str().unwrap());
}

/// The id of each delivery is that of its formula. How often a called job was begun is not in the trace: no more than twice.
fn delivery_ids(name: &str, trace: &str, run: &str) {
    let lines = trace.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    for line in lines.filter(|line| line["event"] == "hook_finished") {
        let hook = line["hook"].as_str().unwrap();
        let number = |key: &str| line[key].as_u64().map(|number| u32::try_from(number).unwrap());
        let id = |epoch| {
            delivery_id(&Delivery {
                run,
                node: hook.rsplit_once('.').unwrap().0,
                item: number("item"),
                epoch,
                attempt: number("attempt").unwrap(),
                n: 0,
                trigger: line["trigger"].as_str().unwrap(),
                hook,
            })
        };
        assert!((0..2).any(|epoch| line["key"] == id(epoch)), "{name}: {line}");
    }
}
