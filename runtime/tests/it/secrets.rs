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
    assert_eq!(
        std::fs::read_to_string(done.folder().join("logs/fit.1.log")).unwrap().replace("key is ***.\n", "").trim(),
        "***"
    );
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

/// `fit` with a hook on success that needs the secret `KEY` through the component `it`.
fn hook_with_key(via: Option<&str>) -> hookc_plan::Plan {
    let mut hook = tell("page", &[Event::Succeeded], text("x"));
    hook.component = Some("it".into());
    hook.args = vec![arg("token", secret("KEY"))];
    hook.args.extend(via.map(|name| arg("via", connection(name))));
    let mut plan = plan(job("nightly", vec![op("fit", "noop").hook(hook)]));
    let mut it = component(&[("token", Type::Secret)], &[], shell("true"));
    it.env.insert("TOKEN".into(), read("inputs.token", Type::Secret));
    it.env.extend(via.map(|_| ("URL".into(), read("inputs.via", Type::Secret))));
    plan.add("it", it);
    plan.secret("KEY", Provider::Env);
    plan
}

#[test]
fn a_missing_secret_of_an_op_or_a_hook_is_found_before_anything_starts() {
    let project = Project::new();
    let missing =
        |at: &str| format!("the secret `KEY` is missing: there is no such environment variable; `{at}` needs it");
    assert_eq!(project.refusal(with_token("true", &[])), missing("nightly.fit"));
    assert_eq!(project.refusal(hook_with_key(None)), missing("nightly.fit.page"));
    let mut by_connection = hook_with_key(Some("team"));
    by_connection.webhook("team", FieldValue::Secret("URL".into()));
    by_connection.secret("URL", Provider::File(".secrets".to_owned()));
    let both = project.refusal(by_connection);
    assert!(both.starts_with(&missing("nightly.fit.page")), "{both}");
    assert!(both.contains("the secret `URL` is missing: cannot read `.secrets`"), "{both}");
}

#[test]
fn what_only_a_mocked_component_would_need_is_not_looked_up() {
    let mut plan = hook_with_key(Some("team"));
    plan.mock("team", &[]);
    assert_eq!(Project::new().run(plan).report.exit_code(), 0);
}

#[test]
fn the_secrets_of_other_jobs_are_not_looked_up() {
    let mut plan = hook_with_key(None);
    plan.jobs.insert("other".into(), job("other", vec![op("fit", "noop")]));
    let mut project = Project::new();
    project.options.job = Some("other".into());
    assert_eq!(project.run(plan).report.exit_code(), 0);
}

#[test]
fn a_dry_run_shows_each_secret_as_present_or_missing_and_each_mock() {
    let mut plan = hook_with_key(None);
    let again = plan.jobs["nightly"].ops[0].hooks[0].clone();
    let mut mocked = again.clone();
    mocked.args.push(arg("via", connection("team")));
    mocked.args[0] = arg("token", secret("OTHER"));
    let mut other = again;
    other.args[0] = arg("token", secret("HERE"));
    let op = &mut plan.jobs.get_mut("nightly").unwrap().ops[0];
    op.hooks.extend([mocked, other]);
    plan.mock("team", &[]);
    plan.secret("HERE", Provider::Env);
    plan.secret("OTHER", Provider::Env);
    plan.profile = Some("dev".into());
    let project = Project::new().env("HERE", "a value");
    let listed = serde_json::to_value(hookc_runtime::dry_run(&plan.shared(), &project.options).unwrap()).unwrap();
    assert_eq!(listed["profile"], "dev");
    assert_eq!(listed["connections"], json!([{"connection": "team", "mock": true}]));
    assert_eq!(
        listed["secrets"],
        json!([
            {"secret": "HERE", "present": true, "at": "nightly.fit.page"},
            {
                "secret": "KEY",
                "present": false,
                "why": "is missing: there is no such environment variable",
                "at": "nightly.fit.page",
            },
        ])
    );
    assert!(!project.path(".hook").exists());
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
    let planned = |provider: Provider, unused: bool| {
        let mut plan = with_token("printf %s \"$TOKEN\" > got", &[]);
        plan.secrets[0].provider = provider;
        if unused {
            plan.components.get_mut("it").unwrap().env.clear();
        }
        plan
    };
    let with = |provider: Provider, unused: bool| project.run(planned(provider, unused));
    with(Provider::File(".secrets".into()), false);
    assert_eq!(project.text("got"), "from file");
    let command = Provider::Exec(vec!["./pass".into(), "show".into()]);
    with(command.clone(), false);
    assert_eq!(project.text("got"), "KEY from command");
    assert_eq!(project.text("asked"), "asked\n");
    with(command, true);
    assert_eq!(project.text("asked"), "asked\n", "nobody asks for what nobody reads");
    let message = Project::new().refusal(planned(Provider::Exec(vec!["false".into()]), false));
    assert!(message.contains("`false` failed with"), "{message}");
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
    let stopped = project.not_started(plan, soon, hookc_runtime::Signal::Sigint);
    assert_eq!(stopped.exit_code(), 130);
    assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
}
