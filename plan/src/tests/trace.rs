use serde_json::json;

use crate::plan::{EvalError, OpState, VerbKind};
use crate::time::Timestamp;
use crate::trace::*;

fn values(entries: serde_json::Value) -> Values {
    serde_json::from_value(entries).unwrap()
}

#[track_caller]
fn written(kind: TraceKind, wanted: serde_json::Value) {
    let event = TraceEvent { seq: 7, at: None, kind };
    let mut with_seq = wanted;
    with_seq["seq"] = json!(7);
    let json = serde_json::to_value(&event).unwrap();
    assert_eq!(json, with_seq);
    assert_eq!(serde_json::from_value::<TraceEvent>(json).unwrap(), event);
}

#[test]
fn events_of_jobs() {
    written(
        TraceKind::JobStarted(JobStarted {
            job: "nightly".into(),
            inputs: values(json!({"data": "x.csv"})),
            trigger: Source::Manual,
        }),
        json!({"event": "job_started", "job": "nightly", "inputs": {"data": "x.csv"}, "trigger": "manual"}),
    );
    written(
        TraceKind::JobFinished(JobFinished {
            job: "nightly".into(),
            status: JobStatus::Failed,
            failed_ops: vec!["nightly.fit".into()],
        }),
        json!({"event": "job_finished", "job": "nightly", "status": "failed", "failed_ops": ["nightly.fit"]}),
    );
}

#[test]
fn events_of_ops() {
    let op = || "nightly.fit".to_owned();
    written(
        TraceKind::OpStarted(OpStarted { op: op(), item: Some(3), attempt: 1, inputs: Values::new() }),
        json!({"event": "op_started", "op": "nightly.fit", "item": 3, "attempt": 1, "inputs": {}}),
    );
    written(
        TraceKind::OpRetrying(OpRetrying { op: op(), item: None, attempt: 1, kind: ErrorKind::AgentProtocol }),
        json!({"event": "op_retrying", "op": "nightly.fit", "attempt": 1, "kind": "agent_protocol"}),
    );
    written(
        TraceKind::OpWaiting(OpNode { op: op(), item: None, attempt: 1 }),
        json!({"event": "op_waiting", "op": "nightly.fit", "attempt": 1}),
    );
    written(
        TraceKind::OpOverdue(OpNode { op: op(), item: None, attempt: 0 }),
        json!({"event": "op_overdue", "op": "nightly.fit", "attempt": 0}),
    );
    written(
        TraceKind::OpFinished(OpFinished {
            undecided: std::collections::BTreeMap::new(),
            op: op(),
            item: None,
            attempt: 2,
            status: OpState::Failed,
            outputs: values(json!({"loss": null})),
            kind: Some(ErrorKind::Exit),
            exit_code: Some(1),
        }),
        json!({"event": "op_finished", "op": "nightly.fit", "attempt": 2, "status": "failed", "outputs": {"loss": null}, "kind": "exit", "exit_code": 1}),
    );
}

#[test]
fn events_of_hooks() {
    let hook = || "nightly.fit.page".to_owned();
    for (kind, word) in [(AnyKind::Eval(EvalError::Key), "key"), (AnyKind::Error(ErrorKind::Timeout), "timeout")] {
        written(
            TraceKind::Gate(Gate {
                hook: hook(),
                item: None,
                trigger: "end".into(),
                attempt: 1,
                verb: VerbKind::Require,
                decision: Decision::Errored,
                kind: Some(kind),
            }),
            json!({"event": "gate", "hook": "nightly.fit.page", "trigger": "end", "attempt": 1, "verb": "require", "decision": "errored", "kind": word}),
        );
    }
    written(
        TraceKind::HookEvaluated(HookEvaluated {
            hook: hook(),
            item: None,
            trigger: "failed".into(),
            attempt: 1,
            verdict: Verdict::NotFired,
            kind: None,
        }),
        json!({"event": "hook_evaluated", "hook": "nightly.fit.page", "trigger": "failed", "attempt": 1, "verdict": "not_fired"}),
    );
    written(
        TraceKind::HookFinished(HookFinished {
            hook: hook(),
            item: Some(0),
            trigger: "failed".into(),
            attempt: 1,
            key: "hk_0".into(),
            status: HookStatus::Succeeded,
            kind: None,
            args: values(json!({"text": "a"})),
            mocked: true,
            outputs: Values::new(),
        }),
        json!({"event": "hook_finished", "hook": "nightly.fit.page", "item": 0, "trigger": "failed", "attempt": 1, "key": "hk_0", "status": "succeeded", "args": {"text": "a"}, "mocked": true, "outputs": {}}),
    );
}

#[test]
fn events_of_agents() {
    let event = || AgentEvent {
        agent: "j.coder".into(),
        step: 2,
        tool: Some("bash".into()),
        payload: values(json!({"command": "ls"})),
    };
    let json = |word: &str| json!({"event": word, "agent": "j.coder", "step": 2, "tool": "bash", "payload": {"command": "ls"}});
    written(TraceKind::ToolStarted(event()), json("tool_started"));
    written(TraceKind::ToolFinished(event()), json("tool_finished"));
    let step = AgentEvent { agent: "j.coder".into(), step: 1, tool: None, payload: Values::new() };
    written(TraceKind::StepStarted(step.clone()), json!({"event": "step_started", "agent": "j.coder", "step": 1}));
    written(TraceKind::StepFinished(step), json!({"event": "step_finished", "agent": "j.coder", "step": 1}));
}

#[test]
fn the_time_is_rfc_3339() {
    let node = OpNode { op: "j.a".into(), item: None, attempt: 1 };
    let event = TraceEvent { seq: 0, at: Timestamp::new(1, 500_000_000), kind: TraceKind::OpWaiting(node) };
    let line = serde_json::to_string(&event).unwrap();
    assert_eq!(line, r#"{"seq":0,"at":"1970-01-01T00:00:01.5Z","event":"op_waiting","op":"j.a","attempt":1}"#);
}

#[test]
fn no_word_is_of_both_kinds() {
    assert!(EvalError::ALL.iter().all(|error| ErrorKind::from_word(error.word()).is_none()));
}
