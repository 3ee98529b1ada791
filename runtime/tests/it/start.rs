//! What keeps a run from starting, and what a dry run shows.

use hookc_plan::{Body, Concurrency, Else, Event, Field, OrderOn, Type};
use hookc_runtime::{Options, PlayError, StartError, dry_run};
use serde_json::json;

use crate::build::*;
use crate::playing::Play;

fn refused(plan: hookc_plan::Plan, inputs: &[(&str, &str)]) -> String {
    let play = inputs.iter().fold(Play::new(json!({})), |play, (name, text)| play.input(name, text));
    match play.run(plan) {
        Err(PlayError::Start(error)) => error.to_string(),
        other => panic!("{:?}", other.map(|played| played.text())),
    }
}

fn typed() -> hookc_plan::Plan {
    let mut nightly = job("nightly", vec![op("fit", "noop")]);
    nightly.inputs = vec![
        field("data", Type::Path),
        Field { default: Some(float(0.5)), ..field("lr", Type::Float) },
        Field {
            default: Some(int(1)),
            constraint: Some(cond(gt(read("inputs.n", Type::Int), int(0), OrderOn::Int), "n > 0")),
            ..field("n", Type::Int)
        },
        field("note", Type::String.optional()),
    ];
    plan(nightly)
}

#[test]
fn inputs_are_checked_before_anything_runs() {
    let played = Play::new(json!({})).input("data", "x.csv").input("lr", "1e-3").run(typed()).unwrap();
    assert!(
        played.text().starts_with("0 job nightly by manual {\"data\":\"x.csv\",\"lr\":0.001,\"n\":1,\"note\":null}"),
        "{}",
        played.text()
    );
    let all = refused(typed(), &[("lr", "fast"), ("epochs", "3"), ("n", "1.5")]);
    assert_eq!(
        all,
        "\
the job `nightly` has no input `epochs`; it has `data`, `lr`, `n`, `note`
the input `data` of `nightly` is missing: give it with `-p data=…` (path)
the input `lr`: expected float, found fast
the input `n`: expected int, found 1.5"
    );
    assert_eq!(refused(typed(), &[("data", "x"), ("data", "y")]), "the input `data` is given twice");
    assert_eq!(
        refused(typed(), &[("data", "x"), ("n", "0")]),
        "the input `n` is 0, which does not satisfy `where n > 0`"
    );
}

#[test]
fn a_job_is_found_by_name_or_by_being_the_only_one() {
    let mut two = plan(job("nightly", vec![]));
    two.jobs.insert("other".into(), job("other", vec![]));
    assert_eq!(refused(two.clone(), &[]), "no job is named; the plan has `nightly`, `other`");
    let mut play = Play::new(json!({}));
    play.options.job = Some("other".into());
    assert_eq!(play.run(two.clone()).unwrap().report.job, "other");
    let mut play = Play::new(json!({}));
    play.options.job = Some("weekly".into());
    let error = play.run(two).err().unwrap();
    assert!(matches!(error, PlayError::Start(StartError::NoSuchJob { .. })), "{error}");
}

#[test]
fn what_cannot_run_yet_is_named_with_its_place() {
    let mut plan = plan(job(
        "nightly",
        vec![
            op("approve", "approve").hook(tell("slow", &[Event::Overdue], text("slow"))),
            op("fit", "noop").with(|op| op.cache_ms = Some(1)).when(cond(
                e(
                    hookc_plan::Node::IsNull { a: b(read("job.previous", Type::Record("Previous".into()).optional())) },
                    Type::Bool,
                ),
                "job.previous == null",
            )),
        ],
    ));
    plan.add("approve", component(&[], &[], Body::Ask(text("Sure?"))));
    plan.jobs.get_mut("nightly").unwrap().concurrency = Some(Concurrency { max: 1, otherwise: Else::Skip });
    assert_eq!(
        refused(plan, &[]),
        "\
`nightly` uses `concurrency` of a job, which `hookc run` cannot run yet (a.hook)
`nightly.approve` uses the `ask` body of `approve`, which `hookc run` cannot run yet (a.hook)
`nightly.approve.slow` uses `on overdue(…)`, which `hookc run` cannot run yet (a.hook)
`nightly.fit` uses `cache`, which `hookc run` cannot run yet (a.hook)
`nightly.fit` uses `job.previous`, which `hookc run` cannot run yet (a.hook)"
    );
}

#[test]
fn at_most_once_and_declared_triggers_are_no_obstacle() {
    let mut nightly = job("nightly", vec![op("fit", "noop").with(|op| op.at_most_once = true)]);
    nightly.triggers.push(hookc_plan::Trigger {
        name: "at_two".into(),
        kind: hookc_plan::TriggerKind::Schedule(hookc_plan::Schedule {
            cron: "0 2 * * *".into(),
            timezone: "UTC".into(),
        }),
        when: None,
        args: Vec::new(),
        span: Default::default(),
    });
    assert!(Play::new(json!({})).run(plan(nightly)).is_ok());
}

#[test]
fn a_dry_run_lists_the_ops_in_order_with_their_hooks() {
    let plan = plan(job(
        "nightly",
        vec![
            op("fit", "noop").hook(tell("page", &[Event::Failed], text("x"))),
            op("sweep", "noop").needs("fit").each("x", list(vec![int(1), int(2)], Type::Int), Type::Int),
        ],
    ));
    let listed = dry_run(&plan.shared(), &Options::new("/project")).unwrap();
    assert_eq!(
        serde_json::to_value(&listed).unwrap(),
        json!({
            "job": "nightly", "connections": [], "secrets": [], "inputs": {}, "hooks": [],
            "ops": [
                {"op": "fit", "runs": "noop", "after": [], "hooks": [{"hook": "nightly.fit.page", "on": ["failed"], "verb": "run", "component": "tell"}]},
                {"op": "sweep", "runs": "noop", "after": ["fit"], "each": [{"var": "x", "items": 2}], "hooks": []},
            ],
        })
    );
}

#[test]
fn a_plan_whose_ops_wait_for_nothing_that_is_ends() {
    let played = Play::new(json!({})).run(plan(job("nightly", vec![op("fit", "noop").needs("ghost")]))).unwrap();
    assert_eq!(played.report.exit_code(), 1);
    assert_eq!(played.report.ops[0].status.word(), "pending");
}
