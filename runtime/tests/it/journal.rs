//! Commit, then publish, then act.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use hookc_plan::trace::TraceEvent;
use hookc_plan::{Event, OpState, Type, Value};
use hookc_runtime::{
    HookState, Journal, JournalError, Options, Phase, PlayError, PlaySettings, Record, RunListener, Scenario, play,
};
use serde_json::json;

use crate::build::*;
use crate::playing::START;

#[derive(Default)]
struct Seen {
    batches: Vec<Vec<Record>>,
    committed: usize,
    published: Vec<u64>,
}

/// Commits one batch at every third look, and fails at the batch `broken`.
struct Slow {
    seen: Rc<RefCell<Seen>>,
    looks: u32,
    broken: Option<usize>,
}

impl Journal for Slow {
    fn commit(&mut self, batch: Vec<Record>) {
        self.seen.borrow_mut().batches.push(batch);
    }

    fn poll_committed(&mut self, known: u64, context: &mut Context<'_>) -> Poll<Result<u64, JournalError>> {
        let mut seen = self.seen.borrow_mut();
        self.looks += 1;
        if self.broken == Some(seen.committed) && seen.committed < seen.batches.len() {
            return Poll::Ready(Err(JournalError("no space left".into())));
        }
        if self.looks.is_multiple_of(3) && seen.committed < seen.batches.len() {
            seen.committed += 1;
        }
        if seen.committed as u64 > known {
            return Poll::Ready(Ok(seen.committed as u64));
        }
        if seen.committed < seen.batches.len() {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

struct Check(Rc<RefCell<Seen>>);

impl RunListener for Check {
    fn event(&mut self, event: &TraceEvent) {
        let mut seen = self.0.borrow_mut();
        let committed = seen.batches[..seen.committed].iter().flatten();
        let known = committed.filter_map(|record| match record {
            Record::Event(event) => Some(event.seq),
            _ => None,
        });
        assert!(known.into_iter().any(|seq| seq == event.seq), "published before it was committed: {event:?}");
        seen.published.push(event.seq);
    }
}

fn plan_of_two() -> hookc_plan::Plan {
    plan(job(
        "nightly",
        vec![
            op("fit", "give").out("loss", Type::Float).hook(tell("page", &[Event::Failed], text("x"))),
            op("next", "noop").after("fit", &DONE),
        ],
    ))
}

fn run(broken: Option<usize>) -> (Rc<RefCell<Seen>>, Result<hookc_runtime::Report, PlayError>) {
    let seen = Rc::new(RefCell::new(Seen::default()));
    let mut journal = Slow { seen: Rc::clone(&seen), looks: 0, broken };
    let scenario: Scenario = serde_json::from_value(json!({"ops": {"fit": [{"exit": 1, "sleep": "1s"}]}})).unwrap();
    let script = PlaySettings { run: "r1", start: START, scenario, signals: Vec::new(), journal: &mut journal };
    let report = play(Arc::new(plan_of_two()), &Options::new("/project"), script, &mut Check(Rc::clone(&seen)));
    (seen, report)
}

#[test]
fn nothing_is_published_before_it_is_committed_and_nothing_is_lost() {
    let (seen, report) = run(None);
    assert_eq!(report.unwrap().exit_code(), 1);
    let seen = seen.borrow();
    let all: Vec<u64> = (0..seen.published.len() as u64).collect();
    assert_eq!(seen.published, all);
    assert_eq!(seen.committed, seen.batches.len());
}

#[test]
fn a_final_state_and_the_hooks_it_owes_are_one_batch() {
    let (seen, _) = run(None);
    let seen = seen.borrow();
    let batch = seen.batches.iter().find(|batch| {
        batch.iter().any(|record| matches!(record, Record::Op(op) if op.node == "nightly.fit" && op.phase == Phase::Final(OpState::Failed)))
    });
    let owed = batch.unwrap().iter().find_map(|record| match record {
        Record::Hook(hook) => Some((hook.hook.as_str(), hook.state, hook.args["text"].clone())),
        _ => None,
    });
    assert_eq!(owed, Some(("nightly.fit.page", HookState::Owed, Value::text("x"))));
}

#[test]
fn a_journal_that_fails_ends_the_run_and_publishes_nothing_more() {
    let (seen, report) = run(Some(2));
    assert!(matches!(report, Err(PlayError::Journal(_))));
    assert_eq!(seen.borrow().committed, 2);
}
