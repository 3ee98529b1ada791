//! Secrets: where they come from, where they go, where they never are.

use hookc_plan::{Event, FieldValue, Provider, Type};
use serde_json::json;

use crate::build::*;
use crate::running::Project;

const KEY: &str = "s3cr3t/+key \"q\"";

/// `fit` runs `script` with the secret `KEY` as its variable `TOKEN`.
fn with_token(script: &str, outputs: &[(&str, Type)]) -> hookc_plan::Plan {
    let mut it = component(&[("token", Type::Secret), ("n", Type::Int)], outputs, shell(script));
    it.env.insert("TOKEN".into(), read("inputs.token", Type::Secret));
    let mut plan = plan(job("nightly", vec![op("fit", "it").arg("token", secret("KEY")).arg("n", int(1))]));
    plan.add("it", it);
    plan.secret("KEY", Provider::Env);
    plan
}

#[test]
fn a_secret_goes_to_the_process_and_is_masked_everywhere_else() {
    let project = Project::new().env("KEY", KEY);
    let script = "printf %s \"$TOKEN\" > got; echo \"key is $TOKEN.\"; printf %s \"$TOKEN\" | base64 >&2; printf %s \"${KEY-gone}\" > inherited; cat \"$HOOK_INPUTS\" > inputs; exit 1";
    let done = project.run(with_token(script, &[]));
    assert_eq!(project.text("got"), KEY);
    assert_eq!(project.text("inherited"), "gone");
    assert_eq!(project.text("inputs"), "{\"n\":1}");
    assert_eq!(done.failure().0, "exit");
    assert_eq!(std::fs::read_to_string(done.folder().join("logs/fit.1.out")).unwrap(), "key is ***.\n");
    assert!(done.failure().1.contains("***"), "{}", done.failure().1);
    for form in ["s3cr3t", "czNjcjN0"] {
        assert_eq!(project.files_with(form), Vec::<std::path::PathBuf>::new());
        let told = serde_json::to_string(&done.report).unwrap() + &serde_json::to_string(&done.trace).unwrap();
        assert!(!told.contains(form), "{told}");
    }
}

#[test]
fn an_output_that_holds_a_secret_is_no_output() {
    let project = Project::new().env("KEY", KEY);
    let script = "printf %s \"$TOKEN\" | base64 | awk '{print \"{\\\"a\\\": \\\"x\" $0 \"\\\"}\"}' > \"$HOOK_OUTPUTS\"";
    let done = project.run(with_token(script, &[("a", Type::String)]));
    assert_eq!(done.failure(), ("secret", "the output `a` contains a secret".to_owned()));
    assert!(done.report.ops[0].outputs.is_empty());
    assert!(project.files_with("czNjcjN0").is_empty());
}

#[test]
fn a_missing_secret_fails_the_op_or_the_hook_by_its_name() {
    let project = Project::new();
    let done = project.run(with_token("true", &[]));
    let (kind, message) = done.failure();
    assert!(kind == "secret" && message.contains("`KEY` is missing"), "{message}");

    let mut plan = plan(job(
        "nightly",
        vec![op("fit", "noop").hook({
            let mut hook = tell("page", &[Event::Succeeded], text("x"));
            hook.component = Some("it".into());
            hook.args = vec![arg("token", secret("KEY"))];
            hook
        })],
    ));
    let mut it = component(&[("token", Type::Secret)], &[], shell("true"));
    it.env.insert("TOKEN".into(), read("inputs.token", Type::Secret));
    plan.add("it", it);
    plan.secret("KEY", Provider::Env);
    let done = project.run(plan);
    let run = &done.report.hooks[0].runs[0];
    assert_eq!((done.report.exit_code(), run.error.as_ref().unwrap().kind.word(), run.tries), (0, "secret", 1));
}

#[test]
fn python_gets_secrets_over_a_pipe_and_its_traceback_is_masked() {
    let project = Project::new().env("KEY", KEY).file(
        "work.py",
        "\
import os
def use(token, via):
    args = open('/proc/self/cmdline').read()
    open('seen', 'w').write('%s %s %s' % (token, via['url'], token in args or token in str(dict(os.environ))))
    raise ValueError('bad ' + token)
",
    );
    let webhook = Type::Record("Webhook".into());
    let mut plan =
        plan(job("nightly", vec![op("fit", "use").arg("token", secret("KEY")).arg("via", connection("team"))]));
    plan.add("use", component(&[("token", Type::Secret), ("via", webhook)], &[], python("work:use")));
    plan.secret("KEY", Provider::Env);
    plan.webhook("team", FieldValue::Secret("KEY".into()));
    let done = project.run(plan);
    assert_eq!(project.text("seen"), format!("{KEY} {KEY} False"));
    let error = done.report.ops[0].error.clone().unwrap();
    assert_eq!(error.message, "exit code 1: ValueError: bad ***");
    assert!(error.traceback.unwrap().contains("bad ***"));
    assert_eq!(project.files_with("s3cr3t"), Vec::<std::path::PathBuf>::new());
}

#[test]
fn secrets_come_from_a_file_or_a_command_and_only_when_needed() {
    let project = Project::new()
        .file(".secrets", "# ours\nOTHER=1\nKEY = \"from file\"\n")
        .file("pass", "#!/bin/sh\necho asked >> asked\n[ \"$1\" = show ] && echo \"$2 from command\"\n");
    std::process::Command::new("chmod").arg("+x").arg(project.path("pass")).status().unwrap();
    let with = |provider: Provider, unused: bool| {
        let mut plan = with_token("printf %s \"$TOKEN\" > got", &[]);
        plan.secrets[0].provider = provider;
        if unused {
            plan.components.get_mut("it").unwrap().env.clear();
        }
        project.run(plan)
    };
    with(Provider::File(".secrets".into()), false);
    assert_eq!(project.text("got"), "from file");
    let command = Provider::Exec(vec!["./pass".into(), "show".into()]);
    with(command.clone(), false);
    assert_eq!(project.text("got"), "KEY from command");
    assert_eq!(project.text("asked"), "asked\n");
    with(command, true);
    assert_eq!(project.text("asked"), "asked\n", "nobody asks for what nobody reads");
    let (kind, message) = with(Provider::Exec(vec!["false".into()]), false).failure();
    assert!(kind == "secret" && message.contains("`false` failed with"), "{message}");
}

#[test]
fn a_short_secret_is_warned_of() {
    let project = Project::new().env("KEY", "abc");
    let done = project.run(with_token("echo $TOKEN", &[]));
    assert_eq!(done.report.warnings, ["the secret `KEY` is shorter than 4 bytes and is not masked in logs"]);
    assert_eq!(done.report.inputs, serde_json::from_value(json!({})).unwrap());
}

#[test]
fn a_stop_does_not_wait_for_a_provider() {
    let project = Project::new();
    let mut plan = with_token("true", &[]);
    plan.secrets[0].provider = Provider::Exec(vec!["/bin/sh".into(), "-c".into(), "sleep 20".into()]);
    let began = std::time::Instant::now();
    let soon = std::time::Duration::from_millis(300);
    let done = project.run_signalled(plan, vec![(soon, hookc_runtime::Signal::Sigint)]);
    assert_eq!((done.report.exit_code(), done.report.ops[0].status.word()), (130, "stopped"));
    assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
}
