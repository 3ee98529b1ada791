//! Observers: decided when their event happens, delivered on their own, and never in the way of what they observe.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::{ErrorKind, Verdict};
use hookc_plan::{Body, EvalError, Event, Hook, OpState, Retry};

use super::agent_state::is_event_of;
use super::hook_tasks::{self, HookTry, is_gate, time_limit};
use super::naming;
use super::recording::Firing;
use super::run::Run;
use super::state::{ObserverRun, RunState, Snapshot, Subject, declared_hooks};
use super::step::{Action, Timer};
use super::tasks::TaskPurpose;
use crate::records::{DecisionResult, HookState};
use crate::task::{Failure, Kill, TaskOutcome};
use crate::values::{Values, mock_in, mock_outputs};

/// The further tries of an observer's request where no `retry` is written.
const REQUEST_RETRY: [Retry; 1] = [Retry { times: 3, when: None, delay_ms: 1_000, max_ms: 600_000 }];

/// The events of a final state.
pub(super) fn final_events(state: OpState) -> Vec<Event> {
    let event = match state {
        OpState::Succeeded => Event::Succeeded,
        OpState::Failed => Event::Failed,
        OpState::Stopped => Event::Stopped,
        OpState::Skipped => Event::Skipped,
        OpState::UpstreamFailed => Event::UpstreamFailed,
        OpState::Pending => return Vec::new(),
    };
    vec![event, Event::Done]
}

/// Decides the observers of `subject` for a state that it has reached; each of `events` is a name of that state.
pub(super) fn fire(run: &mut Run, subject: Subject, events: &[Event]) {
    let plan = Arc::clone(&run.state.plan);
    let hooks = declared_hooks(&plan, &run.state, subject);
    if hooks.iter().all(|hook| trigger(&run.state, subject, hook, events).is_none()) {
        return;
    }
    let on = events.first().copied().unwrap_or(Event::Done);
    let snapshot = Arc::new(run.state.snapshot(subject, on));
    for (index, hook) in hooks.iter().enumerate() {
        if let Some(trigger) = trigger(&run.state, subject, hook, events) {
            decide(run, subject, (index, hook), trigger, &snapshot);
        }
    }
}

/// The first of an observer's events that is one of `events`.
fn trigger(state: &RunState, subject: Subject, hook: &Hook, events: &[Event]) -> Option<Event> {
    let mut written = hook.on.iter().filter(|_| !is_gate(hook.verb));
    let found = written.find(|written| events.iter().any(|event| is_event_of(state, subject, written, *event)));
    found.map(|written| written.event)
}

fn decide(run: &mut Run, subject: Subject, (index, hook): (usize, &Hook), trigger: Event, snapshot: &Arc<Snapshot>) {
    let Some(context) = run.hook_context(subject, snapshot) else { return };
    let context = context.with_hook(hook);
    let condition = run.trace(hook.when.as_ref(), &context);
    let evaluated = evaluate(run, subject, hook, &context);
    let result = match &evaluated {
        Ok(None) => DecisionResult::False,
        Ok(Some(args)) => DecisionResult::True(args.clone(), None),
        Err((_, message)) => DecisionResult::Errored(message.clone()),
    };
    run.record_hook_decision(subject, (hook, trigger), result, condition);
    let path = naming::hook_path(&run.state, subject, hook);
    let firing = Firing { subject, path: &path, trigger, attempt: snapshot.attempt };
    let (verdict, error) = match &evaluated {
        Ok(None) => (Verdict::NotFired, None),
        Ok(Some(_)) => (Verdict::Fired, None),
        Err((error, _)) => (Verdict::Errored, *error),
    };
    run.recording.observer_evaluated(&run.state, &firing, verdict, error);
    match evaluated {
        Ok(None) => run.tallies.add_not_fired(path),
        Ok(Some(args)) => {
            let firing = ObserverRun {
                connections: run.evaluator.connections_in(&hook.args),
                args,
                ..observer_run(&run.state, &firing, index, snapshot)
            };
            owe(run, firing, hook);
        }
        Err((_, message)) => {
            let (state, eval_error) = (HookState::Errored, Some(message));
            let errored = ObserverRun { state, eval_error, ..observer_run(&run.state, &firing, index, snapshot) };
            add(run, errored);
        }
    }
}

/// The arguments of an observer that fires; `None` if its condition is false. Otherwise what cannot be evaluated, or the
/// `where` that an argument does not satisfy.
fn evaluate(
    run: &Run,
    subject: Subject,
    hook: &Hook,
    context: &super::context::EvalContext<'_>,
) -> Result<Option<Values>, (Option<EvalError>, String)> {
    match run.evaluator.is_true_or_absent(hook.when.as_ref(), context) {
        Err(error) => return Err((Some(error), format!("cannot evaluate its condition: {error}"))),
        Ok(false) => return Ok(None),
        Ok(true) => {}
    }
    let (args, failed) = run.evaluator.arguments(&hook.args, context);
    if let Some((name, error)) = failed {
        return Err((Some(error), format!("cannot evaluate its argument `{name}`: {error}")));
    }
    match run.hook_violation(subject, hook, &args) {
        Some(violation) => Err((None, violation)),
        None => Ok(Some(args)),
    }
}

fn observer_run(state: &RunState, firing: &Firing<'_>, index: usize, snapshot: &Arc<Snapshot>) -> ObserverRun {
    let Firing { subject, path, trigger, attempt } = *firing;
    ObserverRun {
        id: naming::delivery(state, subject, attempt, trigger.word(), path),
        path: path.to_owned(),
        hook: index,
        subject,
        item: state.item_number(subject),
        trigger,
        attempt,
        state: HookState::Owed,
        tries: 0,
        args: Values::new(),
        connections: Vec::new(),
        outputs: Values::new(),
        failure: None,
        eval_error: None,
        snapshot: Arc::clone(snapshot),
        timed_out: false,
    }
}

/// Records an observer that has fired: it waits to be delivered, or a mock answers for it.
fn owe(run: &mut Run, mut firing: ObserverRun, hook: &Hook) {
    if let Some((mock, component)) = mock_in(&firing.args).zip(hook.component.as_ref()) {
        firing.state = HookState::Mocked;
        firing.outputs = mock_outputs(&run.state.plan, &mock, component);
        run.recording.observer_row(&firing);
        run.recording.observer_finished(&run.state, &firing);
        return run.observers.add(firing);
    }
    add(run, firing);
}

fn add(run: &mut Run, firing: ObserverRun) {
    run.recording.observer_row(&firing);
    run.observers.add(firing);
}

/// Starts the component of an observer.
pub(super) fn start(run: &mut Run, number: usize) {
    let plan = Arc::clone(&run.state.plan);
    let Some(firing) = run.observers.get_mut(number) else { return };
    run.hook_capacity.take(&firing.connections);
    firing.state = HookState::Running;
    firing.tries += 1;
    firing.timed_out = false;
    run.recording.observer_row(firing);
    let hook_try = HookTry {
        subject: firing.subject,
        number: firing.tries,
        delivery: firing.id.clone(),
        inputs: firing.args.clone(),
    };
    let Some(hook) = declared_hooks(&plan, &run.state, firing.subject).get(firing.hook) else {
        return;
    };
    let Some(component) = hook.component.clone() else { return };
    let id = run.tasks.add(TaskPurpose::Observer(number));
    let start = hook_tasks::start(&run.state, id, hook, component, hook_try);
    run.recording.act(Action::Start(Box::new(start)));
    run.recording.set_time_limit(run.state.now, time_limit(&hook.settings), Timer::HookTask(id));
}

/// The component of an observer has ended.
pub(super) fn exited(run: &mut Run, number: usize, outcome: TaskOutcome) {
    let plan = Arc::clone(&run.state.plan);
    let Some(firing) = run.observers.get_mut(number) else { return };
    run.hook_capacity.release(&firing.connections);
    let Some(hook) = declared_hooks(&plan, &run.state, firing.subject).get(firing.hook) else {
        return;
    };
    firing.outputs = outcome.outputs;
    firing.failure = match firing.timed_out {
        true => Some(Failure::timed_out(time_limit(&hook.settings))),
        false => outcome.failure,
    };
    let wait = wait(run, number, hook);
    let abandoned = run.observers.is_abandoned();
    let Some(firing) = run.observers.get_mut(number) else { return };
    firing.state = match firing.failure {
        None => HookState::Delivered,
        Some(_) if abandoned || wait.is_some() => HookState::Owed,
        Some(_) => HookState::Failed,
    };
    run.recording.observer_row(firing);
    if firing.state != HookState::Owed {
        run.recording.observer_finished(&run.state, firing);
        run.observers.close();
    } else if let Some(wait) = wait {
        run.recording.set_timer(run.state.now.after(wait), Timer::Observer(number));
    }
}

fn wait(run: &Run, number: usize, hook: &Hook) -> Option<Duration> {
    let firing = run.observers.get(number).filter(|_| !run.observers.is_abandoned())?;
    let snapshot = Snapshot { failure: firing.failure.clone(), ..Snapshot::clone(&firing.snapshot) };
    let policy = match hook.settings.retry.as_slice() {
        [] if is_temporary(run, hook, firing.failure.as_ref()?) => &REQUEST_RETRY,
        written => written,
    };
    let id = format!("{}.{}", firing.id, firing.tries);
    run.retry_wait(policy, (firing.tries, &id), firing.subject, &snapshot).unwrap_or_default()
}

/// Whether a request got no answer, or one that asks to try again. Anything else may have had its effect.
fn is_temporary(run: &Run, hook: &Hook, failure: &Failure) -> bool {
    let component = hook.component.as_ref().and_then(|key| run.state.plan.components.get(key));
    let sends = component.is_some_and(|component| component.bodies.iter().any(|body| matches!(body, Body::Http(_))));
    sends && (failure.temporary || failure.kind == ErrorKind::Timeout)
}

/// The run stops waiting for hooks: what runs is ended, what is owed stays owed.
pub(super) fn abandon(run: &mut Run) {
    if !run.state.has_ended() || run.observers.is_done() {
        return;
    }
    run.observers.abandon();
    for task in run.tasks.all() {
        run.recording.act(Action::Kill(task, Kill::Now));
    }
}
