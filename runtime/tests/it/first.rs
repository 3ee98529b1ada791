//! A plan of three ops and an observer, played and run.

use hookc_plan::{Event, OrderOn, Type};
use hookc_runtime::{HookOutcome, Options, run};
use serde_json::json;

use crate::build::*;
use crate::playing::played;

fn three() -> hookc_plan::Plan {
    let mut plan = plan(job(
        "nightly",
        vec![
            op("fit", "give").out("loss", Type::Float),
            op("score", "double").needs("fit").arg("of", read("ops.fit.outputs.loss", Type::Float)).hook({
                let mut hook = tell(
                    "warn",
                    &[Event::Succeeded],
                    template(vec![
                        text("twice: "),
                        to_text(read("outputs.twice", Type::Float), hookc_plan::TextOn::Float),
                    ]),
                );
                hook.when = Some(cond(
                    gt(read("outputs.twice", Type::Float), float(0.9), OrderOn::Float),
                    "outputs.twice > 0.9",
                ));
                hook
            }),
            op("tidy", "noop").after("score", &DONE),
        ],
    ));
    plan.add("double", component(&[("of", Type::Float)], &[("twice", Type::Float)], python("work:double")));
    plan
}

#[test]
fn three_ops_and_an_observer_are_played() {
    let played = played(
        three(),
        json!({"ops": {
            "fit": [{"outputs": {"loss": 0.5}, "sleep": "1s"}],
            "score": [{"outputs": {"twice": 1.0}}],
        }}),
    );
    assert_eq!(
        played.text(),
        "\
0 job nightly by manual
0 fit starts #1
1000 ended fit succeeded #1 {\"loss\":0.5}
1000 score starts #1 {\"of\":0.5}
1000 ended score succeeded #1 {\"twice\":1.0}
1000 hook score.warn on succeeded #1 fired
1000 tidy starts #1
1000 ended tidy succeeded #1
1000 job nightly succeeded []
1000 hook score.warn on succeeded succeeded {\"text\":\"twice: 1.0\"}"
    );
    assert_eq!(played.report.hooks[0].outcome, HookOutcome::Delivered);
}

#[test]
fn three_ops_and_an_observer_are_run() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("work.py"), "def double(of):\n    return {'twice': of * 2}\n").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut trace = Vec::new();
    let report = runtime.block_on(run(three().shared(), &Options::new(root.path()), &mut trace, &mut ())).unwrap();
    assert_eq!(report.exit_code(), 0, "{report:#?}");
    assert_eq!(std::fs::read_to_string(root.path().join("told")).unwrap(), "twice: 1.0\n");
    let events = std::fs::read_to_string(std::path::Path::new(&report.folder).join("events.jsonl")).unwrap();
    assert_eq!(events.lines().count(), trace.len());
}
