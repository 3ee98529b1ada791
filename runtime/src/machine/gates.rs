//! Gates: decided in order, once, before their subject proceeds.
//!
//! A gate that refuses, errors or does not end in time stops its subject. Only `require` and `modify` run a component, and
//! only these are tried again, where that is written.

use std::sync::Arc;

use hookc_plan::trace::{AnyKind, Decision, ErrorKind};
use hookc_plan::{EvalError, Event, Hook, OpState, VerbKind};

use super::agent_state::{is_agent_event, is_event_of};
use super::hook_tasks::{self, HookTry, is_gate, time_limit};
use super::run::Run;
use super::state::{GateRun, Snapshot, Subject, declared_hooks};
use super::step::{Action, Timer};
use super::tasks::TaskPurpose;
use super::transitions::{Check, Transition};
use super::{endings, modification, naming};
use crate::records::DecisionResult;
use crate::report::GateReport;
use crate::task::{Failure, TaskOutcome};
use crate::values::{Values, mock_in, mock_outputs};

/// What a gate decides before a component is asked.
enum Verdict {
    /// Its condition is false.
    NotConcerned,
    /// It warns, perhaps with a message.
    Warns(Option<String>),
    /// It refuses, with a message.
    Refuses(String),
    /// Its component decides, with these inputs.
    RunsComponent(Values),
    /// Something of it cannot be evaluated, or its component does not accept its inputs.
    Errors(AnyKind, String),
}

/// Asks the gates of `subject`, from the index `from` on. When all have passed, the subject proceeds.
pub(super) fn ask(run: &mut Run, subject: Subject, on: Event, from: usize) {
    let plan = Arc::clone(&run.state.plan);
    for (index, hook) in declared_hooks(&plan, &run.state, subject).iter().enumerate().skip(from) {
        let concerned = is_gate(hook.verb) && hook.on.iter().any(|event| is_event_of(&run.state, subject, event, on));
        if concerned && decide(run, subject, on, (index, hook)).is_break() {
            return;
        }
    }
    run.transitions.follow(Transition::GatesPassed(subject, on));
}

/// Decides one gate; breaks where the next gate has to wait, or is not asked at all.
fn decide(run: &mut Run, subject: Subject, on: Event, (index, hook): (usize, &Hook)) -> std::ops::ControlFlow<()> {
    use std::ops::ControlFlow::{Break, Continue};

    let snapshot = run.state.snapshot(subject, on);
    let Some(context) = run.hook_context(subject, &snapshot) else {
        return Continue(());
    };
    let context = context.with_hook(hook);
    let condition = run.trace(hook.when.as_ref(), &context);
    let verdict = evaluate(run, subject, hook, &context);
    run.record_hook_decision(subject, (hook, on), decision_result(&verdict), condition);
    match verdict {
        Verdict::NotConcerned => {
            record(run, subject, on, hook, Decision::Passed, None, None);
            Continue(())
        }
        Verdict::Warns(message) => {
            record(run, subject, on, hook, Decision::Warned, None, message);
            Continue(())
        }
        Verdict::Refuses(message) => {
            record(run, subject, on, hook, Decision::Refused, None, Some(message.clone()));
            refuse(run, subject, on, index, message);
            Break(())
        }
        Verdict::Errors(kind, message) => {
            record(run, subject, on, hook, Decision::Errored, Some(kind), Some(message.clone()));
            refuse(run, subject, on, index, message);
            Break(())
        }
        Verdict::RunsComponent(inputs) => {
            run_component(run, subject, on, (index, hook), inputs);
            Break(())
        }
    }
}

fn evaluate(run: &Run, subject: Subject, hook: &Hook, context: &super::context::EvalContext<'_>) -> Verdict {
    let errors = |what: &str, error: EvalError| {
        Verdict::Errors(AnyKind::Eval(error), format!("gate `{}`: cannot evaluate {what}: {error}", hook.name))
    };
    match run.evaluator.is_true_or_absent(hook.when.as_ref(), context) {
        Err(error) => return errors("its condition", error),
        Ok(false) => return Verdict::NotConcerned,
        Ok(true) => {}
    }
    let message = match hook.message.as_ref().map(|message| run.evaluator.value(message, context)).transpose() {
        Err(error) => return errors("its message", error),
        Ok(message) => message.map(|message| message.to_text().unwrap_or_default().to_string()),
    };
    match hook.verb {
        VerbKind::Fail => Verdict::Refuses(message.unwrap_or_else(|| format!("refused by `{}`", hook.name))),
        VerbKind::Warn | VerbKind::Run => Verdict::Warns(message),
        VerbKind::Require | VerbKind::Modify => match run.evaluator.arguments(&hook.args, context) {
            (inputs, None) => match run.hook_violation(subject, hook, &inputs) {
                None => Verdict::RunsComponent(inputs),
                Some(violation) => {
                    Verdict::Errors(AnyKind::Error(ErrorKind::Input), format!("gate `{}`: {violation}", hook.name))
                }
            },
            (_, Some((name, error))) => errors(&format!("its argument `{name}`"), error),
        },
    }
}

fn decision_result(verdict: &Verdict) -> DecisionResult {
    match verdict {
        Verdict::NotConcerned => DecisionResult::False,
        Verdict::Warns(message) => DecisionResult::True(Values::new(), message.clone()),
        Verdict::Refuses(message) => DecisionResult::True(Values::new(), Some(message.clone())),
        Verdict::RunsComponent(inputs) => DecisionResult::True(inputs.clone(), None),
        Verdict::Errors(_, message) => DecisionResult::Errored(message.clone()),
    }
}

fn record(
    run: &mut Run,
    subject: Subject,
    on: Event,
    hook: &Hook,
    decision: Decision,
    kind: Option<AnyKind>,
    message: Option<String>,
) {
    run.recording.gate_decided(&run.state, subject, on, hook, decision, kind);
    let path = naming::hook_path(&run.state, subject, hook);
    let item = run.state.item_number(subject);
    run.tallies.add_gate(path, GateReport { item, trigger: on, decision, message });
}

/// The gate with this index refuses: those after it are not asked.
fn refuse(run: &mut Run, subject: Subject, on: Event, index: usize, message: String) {
    let plan = Arc::clone(&run.state.plan);
    for hook in declared_hooks(&plan, &run.state, subject).iter().skip(index + 1) {
        if is_gate(hook.verb) && hook.on.iter().any(|event| is_event_of(&run.state, subject, event, on)) {
            run.tallies.add_not_reached(naming::hook_path(&run.state, subject, hook));
        }
    }
    let failure = Failure::new(ErrorKind::Gate, message);
    run.transitions.follow(Transition::GateRefused(subject, on, failure));
}

fn run_component(run: &mut Run, subject: Subject, on: Event, (index, hook): (usize, &Hook), inputs: Values) {
    let path = naming::hook_path(&run.state, subject, hook);
    let gate = GateRun {
        subject,
        on,
        hook: index,
        tries: 0,
        delivery: naming::delivery(&run.state, subject, run.state.attempt_on(subject, on), on.word(), &path),
        connections: run.evaluator.connections_in(&hook.args),
        inputs,
        timed_out: false,
    };
    match (mock_in(&gate.inputs), &hook.component) {
        (Some(mock), Some(component)) => {
            let outputs = mock_outputs(&run.state.plan, &mock, component);
            answered(run, &gate, hook, Ok(outputs));
        }
        _ => run.gate_queue.push(gate),
    }
}

/// Starts the component of a gate.
pub(super) fn start(run: &mut Run, mut gate: GateRun) {
    let plan = Arc::clone(&run.state.plan);
    let Some(hook) = declared_hooks(&plan, &run.state, gate.subject).get(gate.hook) else {
        return;
    };
    let Some(component) = hook.component.clone() else { return };
    run.hook_capacity.take(&gate.connections);
    gate.tries += 1;
    gate.timed_out = false;
    let hook_try = HookTry {
        subject: gate.subject,
        number: gate.tries,
        delivery: gate.delivery.clone(),
        inputs: gate.inputs.clone(),
    };
    let id = run.tasks.add(TaskPurpose::Gate(gate));
    let start = hook_tasks::start(&run.state, id, hook, component, hook_try);
    run.recording.act(Action::Start(Box::new(start)));
    run.recording.set_time_limit(run.state.now, time_limit(&hook.settings), Timer::HookTask(id));
}

/// The component of a gate has ended.
pub(super) fn exited(run: &mut Run, gate: GateRun, outcome: TaskOutcome) {
    run.hook_capacity.release(&gate.connections);
    if run.state.is_subject_stopping(gate.subject) {
        return interrupted(run, gate.subject, gate.on);
    }
    let plan = Arc::clone(&run.state.plan);
    let Some(hook) = declared_hooks(&plan, &run.state, gate.subject).get(gate.hook) else {
        return;
    };
    let failure = match gate.timed_out {
        true => Some(Failure::timed_out(time_limit(&hook.settings))),
        false => outcome.failure,
    };
    let Some(failure) = failure else {
        return answered(run, &gate, hook, Ok(outcome.outputs));
    };
    match wait(run, &gate, hook, &failure) {
        Some(wait) => {
            let number = run.gate_queue.delay(gate);
            run.recording.set_timer(run.state.now.after(wait), Timer::Gate(number));
        }
        None => answered(run, &gate, hook, Err(failure)),
    }
}

fn wait(run: &Run, gate: &GateRun, hook: &Hook, failure: &Failure) -> Option<std::time::Duration> {
    let snapshot = Snapshot { failure: Some(failure.clone()), ..run.state.snapshot(gate.subject, gate.on) };
    let id = format!("{}.{}", gate.delivery, gate.tries);
    run.retry_wait(&hook.settings.retry, (gate.tries, &id), gate.subject, &snapshot).unwrap_or_default()
}

/// A gate's component has answered, or failed for good.
fn answered(run: &mut Run, gate: &GateRun, hook: &Hook, answer: Result<Values, Failure>) {
    let (subject, on) = (gate.subject, gate.on);
    let modifies = hook.verb == VerbKind::Modify;
    let (decision, kind, message) = match answer {
        Ok(_) if !modifies => (Decision::Passed, None, None),
        Ok(outputs) => match modification::apply(run, subject, on, &outputs) {
            None => (Decision::Modified, None, None),
            Some(violation) => {
                (Decision::Errored, Some(ErrorKind::Input), Some(format!("gate `{}`: {violation}", hook.name)))
            }
        },
        Err(failure) => {
            let (decision, verb) =
                if modifies { (Decision::Errored, "failed") } else { (Decision::Refused, "refused") };
            (decision, Some(failure.kind), Some(format!("gate `{}` {verb}: {}", hook.name, failure.message)))
        }
    };
    record(run, subject, on, hook, decision, kind.map(AnyKind::Error), message.clone());
    match message {
        Some(message) => refuse(run, subject, on, gate.hook, message),
        None => ask(run, subject, on, gate.hook + 1),
    }
}

/// Ends the gates that wait to run, of what `is_stopped` names.
pub(super) fn stop_waiting(run: &mut Run, is_stopped: impl Fn(Subject) -> bool) {
    for gate in run.gate_queue.take_where(is_stopped) {
        interrupted(run, gate.subject, gate.on);
    }
}

/// The run was stopped while a gate was asked.
fn interrupted(run: &mut Run, subject: Subject, on: Event) {
    match subject {
        Subject::Job(job) => run.transitions.check(Check::Job(job)),
        // The agent itself is ended, and its end counts.
        Subject::Item(_) if is_agent_event(on) => {}
        Subject::Item(item) => endings::finish_item(run, item, OpState::Stopped, None),
        Subject::WholeOp(_) => {}
    }
}
