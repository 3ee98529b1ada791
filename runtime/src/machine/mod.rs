//! The scheduler as a pure state machine: `step(event)` changes the state and gives what to record, publish and do.
//!
//! It reads no clock and touches no file. Whoever drives it commits the records first, then publishes the notices, and only
//! then does the actions. A final state of an op and the hooks that it owes, their arguments evaluated, are always records
//! of one step.
//!
//! This file dispatches events and transitions to the flows. Imports go one way: flows (`jobs`, `ops`, `attempts`, `gates`,
//! `observers`, `agents`) use `run`, which is the sum of the parts, and parts use `state`, which is plain data.

mod admission;
mod agent_state;
mod agents;
mod attempts;
mod context;
mod endings;
mod evaluation;
mod failures;
mod gate_queue;
mod gates;
mod hook_tallies;
mod hook_tasks;
mod jobs;
mod modification;
mod naming;
mod observer_queue;
mod observers;
mod ops;
mod recording;
mod refinements;
mod report;
pub(crate) mod retry;
mod run;
mod settings;
pub(crate) mod state;
mod step;
mod tasks;
mod transitions;

use std::sync::Arc;

use hookc_plan::{Event, Field, Name, OpState, Plan, Runs};

pub(crate) use agent_state::tool_name;
pub(crate) use failures::{job_failure, job_message};
pub(crate) use hook_tallies::HookTallies;
pub(crate) use hook_tasks::is_gate;
pub(crate) use settings::{Settings, TestSettings};
pub(crate) use step::{Action, MachineEvent, Notice, StepOutput, Timer};

use crate::clock::Moment;
use crate::report::Report;
use crate::run_folder::RunFolder;
use crate::task::{Failure, Kill, TaskId, TaskOutcome};
use crate::values::Values;
use agent_state::is_agent_event;
use run::Run;
use state::{JobId, RunState, Subject, declared_hooks};
use tasks::TaskPurpose;
use transitions::{Check, Transition};

/// A run that can take the next step.
pub(crate) struct Machine {
    run: Run,
}

impl Machine {
    /// A run of the job `key`, not started.
    pub(crate) fn new(plan: Arc<Plan>, key: &Name, inputs: Values, settings: Settings, folder: RunFolder) -> Machine {
        let mut run = Run::new(plan, settings, folder);
        jobs::add(&mut run.state, key, inputs, None);
        Machine { run }
    }

    /// Takes one event.
    pub(crate) fn step(&mut self, now: Moment, event: MachineEvent) -> StepOutput {
        let run = &mut self.run;
        run.state.now = run.state.settings.time(now);
        match event {
            MachineEvent::Begin => jobs::begin(run, 0),
            MachineEvent::Started(task, pid) => attempts::process_started(run, task, pid),
            MachineEvent::Exited(task, outcome) => task_exited(run, task, outcome),
            MachineEvent::Asked(task, request) => agents::asked(run, task, request),
            MachineEvent::Timer(timer) => timer_expired(run, timer),
            MachineEvent::Stop => jobs::stop_all(run),
        }
        settle(run);
        let mut output = run.recording.take();
        let read = std::mem::take(run.state.read_logs.get_mut());
        // A log exists before something starts that may read it.
        output.actions.splice(0..0, read.into_iter().map(Action::CreateLog));
        output
    }

    /// The first `where` that is false for an input of the requested job, as a message.
    pub(crate) fn input_violation(&self, fields: &[Field], inputs: &Values) -> Option<String> {
        let run = &self.run;
        refinements::violation(&run.state, &run.evaluator, run.state.jobs.first()?, fields, inputs)
    }

    /// Whether nothing is left to wait for.
    pub(crate) fn is_done(&self) -> bool {
        let hooks_done = self.run.observers.is_done() || self.run.observers.is_abandoned();
        self.run.state.has_ended() && hooks_done && self.run.tasks.is_empty()
    }

    /// Whether the run was asked to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.run.state.stopping
    }

    /// The tasks that have not ended.
    pub(crate) fn running(&self) -> Vec<TaskId> {
        self.run.tasks.all()
    }

    pub(crate) fn state(&self) -> &RunState {
        &self.run.state
    }

    /// What gates have decided.
    pub(crate) fn tallies(&self) -> &HookTallies {
        &self.run.tallies
    }

    /// The report, once the run is done.
    pub(crate) fn report(&self) -> Report {
        report::report(&self.run)
    }
}

fn timer_expired(run: &mut Run, timer: Timer) {
    match timer {
        Timer::HookTask(task) => hook_time_limit_reached(run, task),
        Timer::Attempt(item, attempt) => attempts::time_limit_reached(run, item, attempt),
        Timer::Retry(item, attempt) => attempts::retry_due(run, item, attempt),
        Timer::Observer(number) => run.observers.retry(number),
        Timer::Gate(number) => run.gate_queue.delay_over(number),
        Timer::HooksDeadline => observers::abandon(run),
    }
}

fn task_exited(run: &mut Run, task: TaskId, outcome: TaskOutcome) {
    let purpose = run.tasks.remove(task);
    let outcome = match purpose.as_ref().and_then(|purpose| component_of(run, purpose)) {
        Some((job, component)) => run.checked_outcome(job, &component, outcome),
        None => outcome,
    };
    match purpose {
        Some(TaskPurpose::Attempt(item)) => attempts::ended(run, item, outcome),
        Some(TaskPurpose::Gate(gate)) => gates::exited(run, gate, outcome),
        Some(TaskPurpose::Observer(number)) => observers::exited(run, number, outcome),
        None => {}
    }
}

/// The component that a task runs, and the job in which it does.
fn component_of(run: &Run, purpose: &TaskPurpose) -> Option<(JobId, Name)> {
    let (subject, hook) = match purpose {
        TaskPurpose::Attempt(item) => {
            return match &run.state.declared(item.op)?.runs {
                Runs::Component(component) => Some((item.op.job, component.clone())),
                Runs::Job(_) => None,
            };
        }
        TaskPurpose::Gate(gate) => (gate.subject, gate.hook),
        TaskPurpose::Observer(number) => {
            let firing = run.observers.get(*number)?;
            (firing.subject, firing.hook)
        }
    };
    let hooks = declared_hooks(&run.state.plan, &run.state, subject);
    Some((subject.job(), hooks.get(hook)?.component.clone()?))
}

fn hook_time_limit_reached(run: &mut Run, task: TaskId) {
    match run.tasks.get_mut(task) {
        Some(TaskPurpose::Gate(gate)) => gate.timed_out = true,
        Some(TaskPurpose::Observer(number)) => {
            if let Some(firing) = run.observers.get_mut(*number) {
                firing.timed_out = true;
            }
        }
        Some(TaskPurpose::Attempt(_)) | None => return,
    }
    run.recording.act(Action::Kill(task, Kill::Stop));
}

/// Goes on until nothing more follows, and nothing more may start.
fn settle(run: &mut Run) {
    loop {
        follow_transitions(run);
        while let Some(check) = run.transitions.take_check() {
            match check {
                Check::Op(op) => ops::decide(run, op),
                Check::Job(job) => jobs::check(run, job),
            }
            follow_transitions(run);
        }
        if !start_items(run) && !start_hooks(run) && run.transitions.is_empty() {
            return;
        }
    }
}

/// Does what follows at once.
fn follow_transitions(run: &mut Run) {
    while let Some(transition) = run.transitions.take_next() {
        match transition {
            Transition::GatesPassed(subject, on) => gates_passed(run, subject, on),
            Transition::GateRefused(subject, on, failure) => gate_refused(run, subject, on, failure),
            Transition::OpStopped(op) => jobs::stop_op(run, op),
            Transition::JobStopped(job) => jobs::stop(run, job),
            Transition::CalledJobEnded(job) => attempts::called_job_ended(run, job),
        }
    }
}

fn gates_passed(run: &mut Run, subject: Subject, on: Event) {
    match (subject, on) {
        (Subject::Job(job), _) => jobs::open(run, job),
        (Subject::Item(item), Event::End) => attempts::close_item(run, item),
        (Subject::Item(item), on) if is_agent_event(on) => agents::proceed(run, item),
        (Subject::Item(item), _) => attempts::open_item(run, item),
        (Subject::WholeOp(_), _) => {}
    }
}

fn gate_refused(run: &mut Run, subject: Subject, on: Event, failure: Failure) {
    match subject {
        Subject::Job(job) => jobs::refuse(run, job, failure),
        Subject::Item(item) if is_agent_event(on) => agents::refuse(run, item, failure.message),
        Subject::Item(item) => endings::finish_item(run, item, OpState::Failed, Some(failure)),
        Subject::WholeOp(_) => {}
    }
}

/// Starts the items that may start; whether there was one.
fn start_items(run: &mut Run) -> bool {
    let mut started = false;
    while let Some(item) = run.admission.admit(&mut run.state) {
        attempts::begin_item(run, item);
        follow_transitions(run);
        started = true;
    }
    started
}

/// Starts the components of hooks that may start, gates first; whether there was one.
fn start_hooks(run: &mut Run) -> bool {
    let mut started = false;
    while !run.hook_capacity.is_full() && !run.observers.is_abandoned() {
        if let Some(gate) = run.gate_queue.take_next(&run.hook_capacity) {
            gates::start(run, gate);
        } else if let Some(number) = run.observers.take_next(&run.hook_capacity) {
            observers::start(run, number);
        } else {
            break;
        }
        started = true;
    }
    started
}
