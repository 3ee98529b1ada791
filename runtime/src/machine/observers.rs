//! Observers: decided when the state is reached, delivered on their own, never in the way of what they watch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::{ErrorKind, Verdict};
use hookc_plan::{Event, EventOn, Hook, HookSettings, Name, OpState, Retry, Slot, Value, VerbKind};

use super::context::Scope;
use super::decisions::Fate;
use super::state::{HookRow, HookState, Seen, Subject, Task, Timer};
use super::{Action, Machine, attempts};
use crate::executor::{Failure, HookTask, Kill, Start, TaskOutcome, Values};

/// How many hooks run at once, and how many of one connection.
const AT_ONCE: usize = 8;
const PER_CONNECTION: usize = 2;
/// The time of one try.
const TIME_MS: u64 = 60_000;
/// The tries after the first, where none are written.
const RETRIES: Retry = Retry { times: 3, when: None, delay_ms: 1_000, max_ms: 600_000 };

/// Hooks that wait, by the connections they use, oldest first.
pub(super) type HookQueue = BTreeMap<Vec<Name>, VecDeque<usize>>;

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

/// The time of one try of a hook's component.
pub(super) fn time_limit(settings: &HookSettings) -> Duration {
    Duration::from_millis(settings.timeout_ms.unwrap_or(TIME_MS))
}

/// The failure of a try that took longer.
pub(super) fn overtime(settings: &HookSettings) -> Failure {
    let limit = i64::try_from(time_limit(settings).as_nanos()).unwrap_or(i64::MAX);
    let limit = Value::Duration(limit).to_text().unwrap_or_default();
    Failure::new(ErrorKind::Timeout, format!("not ended after {limit}"))
}

impl Machine {
    /// Decides the observers of `subject` for a state that it reached; each of `events` is a name of that state.
    pub(super) fn fire(&mut self, subject: Subject, events: &[Event]) {
        let plan = Arc::clone(&self.plan);
        let hooks = self.hooks_of(&plan, subject);
        if hooks.iter().all(|hook| self.trigger(subject, hook, events).is_none()) {
            return;
        }
        let on = events.first().copied().unwrap_or(Event::Done);
        let seen = Arc::new(self.seen_on(subject, on));
        for (place, hook) in hooks.iter().enumerate() {
            if let Some(trigger) = self.trigger(subject, hook, events) {
                self.decide_hook(subject, place, hook, trigger, &seen);
            }
        }
    }

    /// The first of an observer's events that fits.
    fn trigger(&self, subject: Subject, hook: &Hook, events: &[Event]) -> Option<Event> {
        if hook.verb != VerbKind::Run {
            return None;
        }
        let fits = |written: &&EventOn| events.iter().any(|event| self.is_meant(subject, written, *event));
        hook.on.iter().find(fits).map(|written| written.event)
    }

    fn decide_hook(&mut self, subject: Subject, place: usize, hook: &Hook, trigger: Event, seen: &Arc<Seen>) {
        let Some(job) = self.jobs.get(subject.job()) else {
            return;
        };
        let scope = || Scope::hook(self, job, subject, seen);
        let looked = self.look(hook.when.as_ref(), &scope());
        let decided = match hook.when.as_ref().map_or(Ok(true), |when| self.holds(when, &scope())) {
            Err(error) => Err((error, format!("its condition cannot be decided: {error}"))),
            Ok(false) => {
                let path = self.hook_path(subject, hook);
                self.tallies.not_fired(path);
                self.watch_hook(subject, trigger, hook, Fate::Not, looked);
                return self.emit_hook_evaluated(subject, hook, trigger, seen.attempt, Verdict::NotFired, None);
            }
            Ok(true) => match self.arguments(&hook.args, &scope()) {
                (args, None) => Ok(args),
                (_, Some((name, error))) => Err((error, format!("its argument `{name}` cannot be evaluated: {error}"))),
            },
        };
        let path = self.hook_path(subject, hook);
        let mut row = HookRow {
            id: self.delivery(subject, seen.attempt, trigger.word(), &path),
            path,
            hook: place,
            subject,
            item: self.item_number(subject),
            trigger,
            attempt: seen.attempt,
            state: HookState::Owed,
            tries: 0,
            args: Values::new(),
            connections: Vec::new(),
            outputs: Values::new(),
            failure: None,
            eval_error: None,
            seen: Arc::clone(seen),
            timed_out: false,
        };
        match decided {
            Err((error, message)) => {
                row.state = HookState::Errored;
                self.watch_hook(subject, trigger, hook, Fate::Errored(message.clone()), looked);
                row.eval_error = Some(message);
                self.emit_hook_evaluated(subject, hook, trigger, seen.attempt, Verdict::Errored, Some(error));
            }
            Ok(args) => {
                self.watch_hook(subject, trigger, hook, Fate::Ran(args.clone(), None), looked);
                row.args = args;
                row.connections = self.connections_of(hook);
                self.emit_hook_evaluated(subject, hook, trigger, seen.attempt, Verdict::Fired, None);
            }
        }
        self.owe(row, hook);
    }

    /// Records a hook that has fired, and lines it up.
    fn owe(&mut self, mut row: HookRow, hook: &Hook) {
        let number = self.hooks.len();
        let mock = crate::values::mocked(&row.args).zip(hook.component.as_ref());
        if let Some((mock, component)) = &mock {
            row.state = HookState::Mocked;
            row.outputs = attempts::mock_outputs(&self.plan, mock, component);
        }
        let state = row.state;
        let connections = row.connections.clone();
        self.hooks.push(row);
        self.record_hook(number);
        match state {
            HookState::Owed => {
                self.hooks_open += 1;
                self.hook_queue.entry(connections).or_default().push_back(number);
            }
            HookState::Mocked => self.emit_hook_finished(number),
            _ => {}
        }
    }

    /// The connections that a hook's arguments name.
    pub(super) fn connections_of(&self, hook: &Hook) -> Vec<Name> {
        let mut names = Vec::new();
        for arg in &hook.args {
            for slot in self.slots_of(&arg.value) {
                if let Slot::Connection(name) = slot {
                    names.push(name);
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// Starts the components of hooks as far as their numbers allow, gates first; says whether any was started.
    pub(super) fn start_hooks(&mut self) -> bool {
        let mut started = false;
        while self.hooks_running < AT_ONCE && !self.gave_up {
            if let Some(gate) = self.next_gate_run() {
                self.take_place(&gate.connections.clone());
                self.start_gate(gate);
            } else if let Some(row) = self.next_hook() {
                let connections = self.hooks.get(row).map(|row| row.connections.clone()).unwrap_or_default();
                self.take_place(&connections);
                self.start_hook(row);
            } else {
                break;
            }
            started = true;
        }
        started
    }

    fn next_gate_run(&mut self) -> Option<super::state::GateRun> {
        let place = self.gate_queue.iter().position(|gate| self.has_place(&gate.connections))?;
        self.gate_queue.remove(place)
    }

    fn next_hook(&mut self) -> Option<usize> {
        let open = self.hook_queue.iter().filter(|(connections, _)| self.has_place(connections));
        let (connections, _) = open.min_by_key(|(_, rows)| rows.front().copied())?;
        let connections = connections.clone();
        let rows = self.hook_queue.get_mut(&connections)?;
        let row = rows.pop_front();
        if rows.is_empty() {
            self.hook_queue.remove(&connections);
        }
        row
    }

    fn has_place(&self, connections: &[Name]) -> bool {
        connections.iter().all(|name| self.busy_connections.get(name).is_none_or(|busy| *busy < PER_CONNECTION))
    }

    fn take_place(&mut self, connections: &[Name]) {
        self.hooks_running += 1;
        for name in connections {
            *self.busy_connections.entry(name.clone()).or_insert(0) += 1;
        }
    }

    /// The component of a hook has ended.
    pub(super) fn free_hook(&mut self, connections: &[Name]) {
        self.hooks_running = self.hooks_running.saturating_sub(1);
        for name in connections {
            if let Some(busy) = self.busy_connections.get_mut(name) {
                *busy = busy.saturating_sub(1);
            }
        }
    }

    fn start_hook(&mut self, number: usize) {
        let plan = Arc::clone(&self.plan);
        let Some(row) = self.hooks.get_mut(number) else { return };
        row.state = HookState::Running;
        row.tries += 1;
        row.timed_out = false;
        let (subject, tries, place) = (row.subject, row.tries, row.hook);
        let (delivery, inputs) = (row.id.clone(), row.args.clone());
        self.record_hook(number);
        let Some(hook) = self.hooks_of(&plan, subject).get(place) else {
            return;
        };
        let Some(component) = hook.component.clone() else {
            return;
        };
        let id = self.new_task(Task::Observer(number));
        let (op, item, path) = self.hook_place(subject, hook);
        let task = HookTask { path, name: hook.name.clone() };
        let start =
            Start { id, component, inputs, op, item, attempt: tries, number: tries, hook: Some(task), delivery };
        self.act(Action::Start(Box::new(start)));
        self.arm(self.now.after(time_limit(&hook.settings)), Timer::Task(id));
    }

    pub(super) fn hook_exited(&mut self, number: usize, ended: TaskOutcome) {
        let plan = Arc::clone(&self.plan);
        let gave_up = self.gave_up;
        let Some(row) = self.hooks.get_mut(number) else { return };
        let (subject, place, connections) = (row.subject, row.hook, row.connections.clone());
        row.outputs = ended.outputs;
        row.failure = ended.failure;
        let timed_out = row.timed_out;
        self.free_hook(&connections);
        let Some(hook) = self.hooks_of(&plan, subject).get(place) else {
            return;
        };
        if timed_out && let Some(row) = self.hooks.get_mut(number) {
            row.failure = Some(overtime(&hook.settings));
        }
        let wait = self.hook_wait(number, hook);
        let Some(row) = self.hooks.get_mut(number) else { return };
        row.state = match (&row.failure, wait) {
            (None, _) => HookState::Delivered,
            (Some(_), Some(_)) => HookState::Owed,
            (Some(_), None) if gave_up => HookState::Owed,
            (Some(_), None) => HookState::Failed,
        };
        let state = row.state;
        self.record_hook(number);
        if state != HookState::Owed {
            self.hooks_open = self.hooks_open.saturating_sub(1);
            self.emit_hook_finished(number);
        } else if let Some(wait) = wait {
            self.act(Action::Timer(self.now.after(wait), Timer::Hook(number)));
        }
    }

    fn hook_wait(&self, number: usize, hook: &Hook) -> Option<Duration> {
        let row = self.hooks.get(number)?;
        let failure = row.failure.as_ref().filter(|_| !self.gave_up)?;
        let job = self.jobs.get(row.subject.job())?;
        let seen = Seen { failure: Some(failure.clone()), ..Seen::clone(&row.seen) };
        let scope = Scope::hook(self, job, row.subject, &seen);
        let default = [RETRIES];
        let lines = if hook.settings.retry.is_empty() { &default } else { hook.settings.retry.as_slice() };
        self.next_try(lines, failure, row.tries, &format!("{}.{}", row.id, row.tries), &scope)
    }

    pub(super) fn hook_due(&mut self, number: usize) {
        let Some(row) = self.hooks.get(number).filter(|row| row.state == HookState::Owed) else {
            return;
        };
        let connections = row.connections.clone();
        self.hook_queue.entry(connections).or_default().push_back(number);
    }

    /// Nobody waits for hooks any longer: what runs is ended, what is owed stays owed.
    pub(super) fn give_up(&mut self) {
        if self.jobs.first().is_none_or(|job| job.status.is_none()) || self.hooks_open == 0 {
            return;
        }
        self.gave_up = true;
        self.hook_queue.clear();
        for task in self.tasks.keys().copied().collect::<Vec<_>>() {
            self.act(Action::Kill(task, Kill::Now));
        }
    }
}
