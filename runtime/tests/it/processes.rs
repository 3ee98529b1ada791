//! Real processes: `exec`, `shell`, `python`, their outputs, their ends.

use std::time::{Duration, Instant};

use hookc_plan::{Body, ExecItem, Expr, OutputsFrom, Spread, TextOn, Type};
use hookc_runtime::Signal;
use serde_json::json;

use crate::build::*;
use crate::running::{Done, Project};

/// A plan of the one op `fit`, which runs this component with these arguments.
fn one(component: hookc_plan::Component, args: Vec<(&str, Expr)>) -> hookc_plan::Plan {
    let outputs = component.outputs.clone();
    let mut op = op("fit", "it").with(|op| op.outputs = outputs);
    for (name, value) in args {
        op = op.arg(name, value);
    }
    let mut plan = plan(job("nightly", vec![op]));
    plan.add("it", component);
    plan
}

fn sh(project: &Project, outputs: &[(&str, Type)], script: &str) -> Done {
    project.run(one(component(&[], outputs, shell(script)), Vec::new()))
}

#[test]
fn exec_gives_each_element_as_one_argument() {
    let words = read("inputs.words", Type::List(Box::new(Type::String)));
    let items = vec![
        ExecItem::One(text("/bin/sh")),
        ExecItem::One(text("-c")),
        ExecItem::One(text("for a in \"$@\"; do echo \"[$a]\"; done > seen; printf %s \"$HOOK_OP $HOOK_RUN\" > who")),
        ExecItem::One(text("sh")),
        ExecItem::One(to_text(read("inputs.lr", Type::Float), TextOn::Float)),
        ExecItem::Spread(Spread { spread: words }),
        ExecItem::One(text("$(touch pwned); `id`")),
    ];
    let component =
        component(&[("lr", Type::Float), ("words", Type::List(Box::new(Type::String)))], &[], Body::Exec(items));
    let project = Project::new();
    let done = project
        .run(one(component, vec![("lr", float(1e-5)), ("words", list(vec![text("a b"), text("")], Type::String))]));
    assert_eq!(done.report.exit_code(), 0, "{:#?}", done.report);
    assert_eq!(project.text("seen"), "[1e-5]\n[a b]\n[]\n[$(touch pwned); `id`]\n");
    assert_eq!(project.text("who"), format!("fit {}", done.report.run));
    assert!(!project.path("pwned").exists());
}

#[test]
fn an_element_that_is_too_long_or_has_a_nul_is_refused() {
    for bad in ["x".repeat(96 * 1024 + 1), "a\0b".to_owned()] {
        let echo = || exec(vec![text("/bin/echo"), read("inputs.text", Type::String)]);
        let project = Project::new();
        let done = project.run(one(component(&[("text", Type::String)], &[], echo()), vec![("text", text(&bad))]));
        assert_eq!(done.failure().0, "input");
    }
    let project = Project::new();
    let done = project.run(one(
        component(&[("text", Type::String)], &[("n", Type::Int)], shell("n=$(wc -c < \"$HOOK_INPUTS\"); [ -z \"$HOOK_INPUT_TEXT\" ]; echo \"{\\\"n\\\": $n}\" > \"$HOOK_OUTPUTS\"")),
        vec![("text", text(&"x".repeat(200_000)))],
    ));
    assert_eq!(done.report.ops[0].outputs["n"], json!(200_011), "the inputs file has it: {:#?}", done.report);
}

#[test]
fn a_shell_gets_inputs_as_variables_and_stops_at_the_first_failure() {
    let project = Project::new().only_env(&[("HOME", "/h"), ("HOOK_INPUT_STALE", "1"), ("HOOK_DELIVERY", "old")]);
    let inputs = [
        ("data", Type::Path),
        ("when", Type::Duration),
        ("tags", Type::List(Box::new(Type::String))),
        ("none", Type::String.optional()),
    ];
    let script = "printf '%s|%s|%s|%s|%s|%s|%s' \"$HOOK_INPUT_DATA\" \"$HOOK_INPUT_WHEN\" \"$HOOK_INPUT_TAGS\" \"${HOOK_INPUT_NONE-unset}\" \"$HOME\" \"${HOOK_INPUT_STALE-unset}\" \"${HOOK_DELIVERY-unset}\" > seen\ncat > stdin\nstat -c %a \"$HOOK_INPUTS\" > mode\nfalse\ntouch unreached";
    let done = project.run(one(
        component(&inputs, &[], shell(script)),
        vec![
            ("data", text("a b.csv")),
            ("when", lit(json!("90m"), Type::Duration)),
            ("tags", list(vec![text("x\"; touch pwned; #")], Type::String)),
            ("none", lit(json!(null), Type::String.optional())),
        ],
    ));
    assert_eq!(done.failure(), ("exit", "exit code 1".to_owned()));
    let data = project.path("a b.csv");
    assert_eq!(
        project.text("seen"),
        format!("{}|1h30m|[\"x\\\"; touch pwned; #\"]|unset|/h|unset|unset", data.display())
    );
    assert_eq!(project.text("stdin"), "");
    assert_eq!(project.text("mode"), "600\n");
    assert!(!project.path("unreached").exists() && !project.path("pwned").exists());
}

#[test]
fn outputs_are_checked_with_path_wanted_and_got() {
    let outputs = [("loss", Type::Float), ("tags", Type::List(Box::new(Type::String)))];
    let cases = [
        ("{\"loss\": 1, \"tags\": [\"a\"]}", None),
        ("{\"loss\": \"x\", \"tags\": []}", Some("`outputs.loss`: expected `float`, found \"x\"")),
        ("{\"loss\": 1.0, \"tags\": [\"a\", 2]}", Some("`outputs.tags[1]`: expected `string`, found 2")),
        ("{\"loss\": 1.0}", Some("`outputs.tags`")),
        ("{\"loss\": 1.0, \"tags\": [], \"more\": 1}", Some("the unknown key \"more\"")),
        ("{\"loss\": 1.0, \"tags\": [], \"loss\": 2.0}", Some("the key \"loss\" twice")),
        ("[1]", Some("expected a JSON object")),
        ("{\"loss\": NaN, \"tags\": []}", Some("expected a JSON object")),
        ("", Some("expected a JSON object")),
    ];
    let project = Project::new();
    for (json, wrong) in cases {
        let done = sh(&project, &outputs, &format!("cat > \"$HOOK_OUTPUTS\" <<'END'\n{json}\nEND"));
        match wrong {
            None => assert_eq!(done.report.ops[0].outputs["loss"], json!(1.0), "{:#?}", done.report),
            Some(wrong) => {
                let (kind, message) = done.failure();
                assert_eq!(kind, "output_type", "{json}: {message}");
                assert!(message.contains(wrong), "{json}: {message}");
            }
        }
    }
}

#[test]
fn outputs_are_a_regular_utf8_file_of_at_most_a_mebibyte() {
    let project = Project::new();
    for (script, wrong) in [
        ("mkfifo \"$HOOK_OUTPUTS\"", "not a regular file"),
        ("ln -s /etc/passwd \"$HOOK_OUTPUTS\"", "not a regular file"),
        ("mkdir \"$HOOK_OUTPUTS\"", "not a regular file"),
        ("printf '{\"a\":\"\\377\"}' > \"$HOOK_OUTPUTS\"", "not UTF-8"),
        ("head -c 1048577 /dev/zero > \"$HOOK_OUTPUTS\"", "longer than 1 MiB"),
        (":", "`outputs.a`"),
    ] {
        let (kind, message) = sh(&project, &[("a", Type::String)], script).failure();
        assert!(kind == "output_type" && message.contains(wrong), "{script}: {kind} {message}");
    }
    assert_eq!(sh(&project, &[("a", Type::String.optional())], ":").report.ops[0].outputs["a"], json!(null));
}

#[test]
fn the_last_line_that_is_not_blank_is_the_result_when_that_is_said() {
    let project = Project::new();
    let run = |script: &str| {
        let mut it = component(&[], &[("a", Type::Int)], shell(script));
        it.outputs_from = OutputsFrom::Stdout;
        project.run(one(it, Vec::new()))
    };
    assert_eq!(run("echo noise; echo '{\"a\": 3}'; echo; echo '  '").report.ops[0].outputs["a"], json!(3));
    assert!(run("true").failure().1.contains("found nothing"));
    assert!(run("head -c 1100000 /dev/zero | tr '\\0' x").failure().1.contains("longer than 1 MiB"));
}

#[test]
fn a_failure_keeps_what_is_well_typed_and_tells_the_tail_of_stderr() {
    let project = Project::new();
    let done = sh(
        &project,
        &[("a", Type::Int), ("b", Type::Int)],
        "echo '{\"a\": 1, \"b\": \"x\"}' > \"$HOOK_OUTPUTS\"; seq 1 3000 >&2; echo the end >&2; exit 7",
    );
    let (kind, message) = done.failure();
    assert!(
        kind == "exit" && message.starts_with("exit code 7: ") && message.ends_with("\n3000\nthe end"),
        "{message}"
    );
    assert!(message.len() <= 4200, "{}", message.len());
    assert_eq!(done.report.ops[0].error.as_ref().unwrap().exit_code, Some(7));
    assert_eq!(done.report.ops[0].outputs, serde_json::from_value(json!({"a": 1})).unwrap());
    assert!(std::fs::read_to_string(done.folder().join("logs/fit.1.log")).unwrap().starts_with("1\n2\n"));
}

#[test]
fn signals_and_programs_that_are_not_there_have_their_kinds() {
    let project = Project::new();
    assert_eq!(sh(&project, &[], "kill -9 $$").failure(), ("signal", "ended by signal 9".to_owned()));
    let missing = project.run(one(component(&[], &[], exec(vec![text("no-such-program")])), Vec::new()));
    let (kind, message) = missing.failure();
    assert!(kind == "spawn" && message.contains("cannot start `no-such-program`"), "{message}");
    let mut elsewhere = component(&[], &[], shell("true"));
    elsewhere.cwd = Some(text("not/there"));
    assert!(project.run(one(elsewhere, Vec::new())).failure().1.contains("does not exist"));
}

#[test]
fn paths_of_outputs_must_be_there_and_are_kept_in_the_attempts_folder() {
    let project = Project::new();
    let script = "mkdir -p made/in; echo one > made/in/f; ln -s f made/in/link; echo two > \"$HOOK_WORK/own\"; \
        echo '{\"folder\": \"made\", \"own\": \"'\"$HOOK_WORK\"'/own\", \"list\": [\"made/in/f\", \"made/../made/in/f\"]}' > \"$HOOK_OUTPUTS\"";
    let outputs = [("folder", Type::Path), ("own", Type::Path), ("list", Type::List(Box::new(Type::Path)))];
    let done = sh(&project, &outputs, script);
    assert_eq!(done.report.exit_code(), 0, "{:#?}", done.report);
    let work = done.folder().join("work/fit/1");
    let outputs = &done.report.ops[0].outputs;
    let work_text = |name: &str| json!(work.join(name).to_str().unwrap());
    assert_eq!(outputs["folder"], work_text("folder/made"));
    assert_eq!(outputs["own"], work_text("own"));
    assert_eq!(outputs["list"], json!([work_text("list/f"), work_text("list/1/f")]));
    std::fs::write(project.path("made/in/f"), "changed later").unwrap();
    assert_eq!(std::fs::read_to_string(work.join("folder/made/in/link")).unwrap(), "one\n");
    let (kind, message) =
        sh(&project, &[("p", Type::Path)], "echo '{\"p\": \"nowhere\"}' > \"$HOOK_OUTPUTS\"").failure();
    assert!(kind == "output_type" && message.contains("`outputs.p`") && message.contains("nowhere"), "{message}");
}

#[test]
fn python_is_called_by_name_and_its_failures_are_told() {
    let project = Project::new().file("work.py", "\
import sys
def ok(n, tags, none): print('hi'); return {'twice': n * 2, 'tags': tags + [str(none)], 'argv': str(len(sys.argv)) + sys.stdin.read()}
def bad(n, tags, none): raise ValueError('no\\nmore')
def odd(n, tags, none): return [1]
def nan(n, tags, none): return {'twice': float('nan')}
def leave(n, tags, none): sys.exit(3)
");
    let run = |function: &str| {
        let inputs = [("n", Type::Int), ("tags", Type::List(Box::new(Type::String))), ("none", Type::Int.optional())];
        let outputs = [("twice", Type::Int), ("tags", Type::List(Box::new(Type::String))), ("argv", Type::String)];
        project.run(one(
            component(&inputs, &outputs, python(&format!("work:{function}"))),
            vec![
                ("n", int(1 << 60)),
                ("tags", list(vec![text("é\n")], Type::String)),
                ("none", lit(json!(null), Type::Int.optional())),
            ],
        ))
    };
    let done = run("ok");
    assert_eq!(
        serde_json::to_value(&done.report.ops[0].outputs).unwrap(),
        json!({"twice": 1_i64 << 61, "tags": ["é\n", "None"], "argv": "1"}),
        "{:#?}",
        done.report
    );
    assert_eq!(std::fs::read_to_string(done.folder().join("logs/fit.1.log")).unwrap(), "hi\n");
    let bad = run("bad");
    let error = bad.report.ops[0].error.clone().unwrap();
    assert_eq!(
        (error.kind.word(), error.message.as_str(), error.exit_code),
        ("exit", "exit code 1: ValueError: no\nmore", Some(1))
    );
    assert!(error.traceback.unwrap().contains("in bad"));
    assert_eq!(error.error_type.as_deref(), Some("ValueError"));
    assert_eq!(
        run("odd").failure(),
        ("output_type", "`work:odd` did not return JSON: expected a dict, got list".to_owned())
    );
    assert_eq!(run("nan").failure().0, "output_type");
    assert_eq!(run("leave").report.ops[0].error.as_ref().unwrap().exit_code, Some(3));
    assert!(run("missing").failure().1.contains("AttributeError"));
}

fn alive(pid_file: &std::path::Path) -> bool {
    let pid = std::fs::read_to_string(pid_file).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

#[test]
fn a_time_limit_ends_the_whole_group_even_one_that_does_not_want_to() {
    let project = Project::new();
    let script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > child; while :; do sleep 0.1; done' & while :; do sleep 0.1; done";
    let mut plan = one(component(&[], &[], shell(script)), Vec::new());
    plan.jobs.get_mut("nightly").unwrap().ops[0].timeout_ms = Some(400);
    let began = Instant::now();
    let done = project.run(plan);
    assert_eq!(done.failure(), ("timeout", "timed out after 0.4s".to_owned()));
    assert!(began.elapsed() > Duration::from_millis(1000), "it had its grace time");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!alive(&project.path("child")));
}

#[test]
fn what_an_op_leaves_behind_ends_with_it_and_its_pipes_do_not_hold_the_run() {
    let project = Project::new();
    let began = Instant::now();
    let done = sh(&project, &[], "sleep 60 & echo $! > child; echo started");
    assert_eq!(done.report.exit_code(), 0, "{:#?}", done.report);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!alive(&project.path("child")));
    assert_eq!(std::fs::read_to_string(done.folder().join("logs/fit.1.log")).unwrap(), "started\n");
}

#[test]
fn ctrl_c_ends_what_runs_and_fires_the_hooks() {
    let project = Project::new();
    let mut plan = one(
        component(
            &[],
            &[],
            shell("echo $$ > child; trap 'echo asked > asked; exit 0' TERM; while :; do sleep 0.05; done"),
        ),
        Vec::new(),
    );
    let ops = &mut plan.jobs.get_mut("nightly").unwrap().ops;
    ops[0] = ops[0].clone().hook(tell("s", &[hookc_plan::Event::Stopped], text("it was stopped")));
    let done = project.run_signalled(plan, vec![(Duration::from_millis(400), Signal::Sigint)]);
    assert_eq!((done.report.exit_code(), done.report.ops[0].status.word()), (130, "stopped"));
    assert_eq!(project.text("asked"), "asked\n");
    assert_eq!(project.text("told"), "it was stopped\n");
    assert!(!alive(&project.path("child")));
}

#[test]
fn a_second_ctrl_c_kills_at_once() {
    let mut project = Project::new();
    project.options.grace = Duration::from_secs(60);
    let plan =
        one(component(&[], &[], shell("echo $$ > child; trap '' TERM; while :; do sleep 0.05; done")), Vec::new());
    let began = Instant::now();
    let soon = Duration::from_millis(300);
    let done = project.run_signalled(plan, vec![(soon, Signal::Sigterm), (soon, Signal::Sigterm)]);
    assert_eq!(done.report.exit_code(), 143);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert!(!alive(&project.path("child")));
}

#[test]
fn much_output_is_read_and_costs_no_memory() {
    let project = Project::new();
    let done = sh(&project, &[], "head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2");
    assert_eq!(done.report.exit_code(), 0);
    assert_eq!(std::fs::metadata(done.folder().join("logs/fit.1.log")).unwrap().len(), 40_000_000);
}

#[test]
fn logs_and_folders_of_items_and_hooks_have_names_of_their_own() {
    let project = Project::new();
    let op = op("sweep", "tell")
        .each("x", list(vec![text("a"), text("b")], Type::String), Type::String)
        .arg("text", local("x", Type::String))
        .hook(tell("log", &[hookc_plan::Event::Succeeded], text("done")));
    let mut plan = plan(job("nightly", vec![op]));
    plan.add(
        "tell",
        component(
            &[("text", Type::String)],
            &[],
            shell("echo \"$HOOK_INPUT_TEXT ${HOOK_DELIVERY:-none}\"; pwd > \"$HOOK_WORK/here\""),
        ),
    );
    let done = project.run(plan);
    let logs = done.folder().join("logs");
    assert_eq!(std::fs::read_to_string(logs.join("sweep.1.1.log")).unwrap(), "b none\n");
    let key = &done.report.hooks[0].runs[0].key;
    assert_eq!(
        std::fs::read_to_string(logs.join(format!("sweep.0.log.{key}.1.log"))).unwrap(),
        format!("done {key}\n")
    );
    assert!(done.folder().join("work/sweep.0/1/here").exists());
    let events = std::fs::read_to_string(done.folder().join("events.jsonl")).unwrap();
    assert_eq!(events.lines().count(), done.trace.len());
}
