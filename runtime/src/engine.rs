//! Drives the state machine: one loop owns all state. Commit, then publish, then act.
//!
//! A step's records go to the journal; only when they are committed are the events among them published and its
//! actions done. Steps go on meanwhile, but what they lead to keeps its place behind.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::trace::{TraceEvent, TraceKind};

use crate::clock::{Clock, Moment};
use crate::executor::{Executor, Kill, Message};
use crate::journal::{Journal, JournalError, Record};
use crate::listener::{EventsFile, Progress, RunListener};
use crate::machine::state::Timer;
use crate::machine::{Action, Event, Machine};
use crate::report::{Report, Signal};
use crate::signals::Signals;

/// How long a second signal waits for what it has killed.
const KILLED_WITHIN: Duration = Duration::from_secs(2);

/// What a run is driven by.
pub(crate) struct Parts<'a> {
    pub(crate) journal: &'a mut dyn Journal,
    pub(crate) executor: &'a mut dyn Executor,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) signals: &'a mut dyn Signals,
    pub(crate) listener: &'a mut dyn RunListener,
    pub(crate) events: Option<EventsFile>,
}

/// What has happened outside.
enum Outside {
    Committed(u64),
    Message(Message),
    Signal(Signal),
    Time,
}

/// What waits for a batch to be committed.
struct Waiting {
    batch: u64,
    events: Vec<TraceEvent>,
    actions: Vec<Action>,
}

struct Engine<'a> {
    machine: Machine,
    parts: Parts<'a>,
    timers: BinaryHeap<Reverse<(Moment, u64, Timer)>>,
    next_timer: u64,
    batches: u64,
    committed: u64,
    waiting: VecDeque<Waiting>,
    signal: Option<Signal>,
}

/// Runs the machine to its end.
pub(crate) async fn drive(machine: Machine, parts: Parts<'_>) -> Result<Report, JournalError> {
    let mut engine = Engine::new(machine, parts);
    engine.finish().await?;
    Ok(engine.report())
}

/// Runs the machine to its end, and gives it back as it is then.
pub(crate) async fn drive_machine(machine: Machine, parts: Parts<'_>) -> Result<Machine, JournalError> {
    let mut engine = Engine::new(machine, parts);
    engine.finish().await?;
    Ok(engine.machine)
}

impl<'a> Engine<'a> {
    fn new(machine: Machine, parts: Parts<'a>) -> Engine<'a> {
        Engine {
            machine,
            parts,
            timers: BinaryHeap::new(),
            next_timer: 0,
            batches: 0,
            committed: 0,
            waiting: VecDeque::new(),
            signal: None,
        }
    }

    async fn finish(&mut self) -> Result<(), JournalError> {
        let driven = self.run().await;
        if driven.is_err() {
            self.kill_all().await;
        }
        driven
    }

    async fn run(&mut self) -> Result<(), JournalError> {
        self.step(Event::Begin);
        while !(self.machine.done() && self.waiting.is_empty()) {
            self.end_if_stuck();
            match self.next().await? {
                Outside::Committed(batches) => self.release(batches)?,
                Outside::Message(Message::Started(task, pid)) => self.step(Event::Started(task, pid)),
                Outside::Message(Message::Exited(task, ended)) => self.step(Event::Exited(task, ended)),
                Outside::Message(Message::Asked(task, request)) => self.step(Event::Asked(task, request)),
                Outside::Signal(signal) if self.signal.is_none() => {
                    self.signal = Some(signal);
                    self.step(Event::Stop);
                }
                Outside::Signal(_) => {
                    self.kill_all().await;
                    break;
                }
                Outside::Time => self.timer(),
            }
        }
        self.flush()
    }

    /// A plan whose ops wait for each other, or for none that there is, has no end of its own.
    fn end_if_stuck(&mut self) {
        let idle = self.machine.running().is_empty() && self.timers.is_empty() && self.waiting.is_empty();
        if idle && !self.machine.stopping {
            let warning = "the run was ended: some ops wait for what never comes".to_owned();
            self.parts.listener.progress(&Progress::Warning(warning));
            self.step(Event::Stop);
        }
    }

    fn step(&mut self, event: Event) {
        let output = self.machine.step(self.parts.clock.now(), event);
        let events = output.records.iter().filter_map(|record| match record {
            Record::Event(event) => Some(event.clone()),
            _ => None,
        });
        let events = events.collect();
        if !output.records.is_empty() {
            self.batches += 1;
            self.parts.journal.commit(output.records);
        }
        self.waiting.push_back(Waiting { batch: self.batches, events, actions: output.actions });
    }

    /// What happens next. What is committed comes first, what has ended before what was overdue at the same moment.
    async fn next(&mut self) -> Result<Outside, JournalError> {
        let first = self.waiting.front().map(|waiting| waiting.batch);
        if first.is_some_and(|batch| batch <= self.committed) {
            return Ok(Outside::Committed(self.committed));
        }
        let now = self.parts.clock.now();
        let timer = self.timers.peek().map(|Reverse((at, _, _))| *at);
        let due = [timer, self.parts.executor.due(), self.parts.signals.due()].into_iter().flatten().min();
        // Made before anything is asked: a virtual clock must not move while there is something to do.
        if let Some(outside) = poll_fn(|context| Poll::Ready(self.poll(now, context))).await {
            return outside;
        }
        let clock = self.parts.clock;
        let mut sleep = due.map(|at| clock.sleep_until(at));
        poll_fn(|context| {
            if let Some(outside) = self.poll(now, context) {
                return Poll::Ready(outside);
            }
            match sleep.as_mut().map(|sleep| sleep.as_mut().poll(context)) {
                Some(Poll::Ready(())) => Poll::Ready(Ok(Outside::Time)),
                _ => Poll::Pending,
            }
        })
        .await
    }

    fn poll(&mut self, now: Moment, context: &mut Context<'_>) -> Option<Result<Outside, JournalError>> {
        if let Poll::Ready(committed) = self.parts.journal.poll_committed(self.committed, context) {
            return Some(committed.map(Outside::Committed));
        }
        if let Poll::Ready(message) = self.parts.executor.poll(context) {
            return Some(Ok(Outside::Message(message)));
        }
        match self.parts.signals.poll(now, context) {
            Poll::Ready(signal) => Some(Ok(Outside::Signal(signal))),
            Poll::Pending => None,
        }
    }

    /// Publishes and does what was waiting for these batches.
    fn release(&mut self, committed: u64) -> Result<(), JournalError> {
        self.committed = committed;
        while self.waiting.front().is_some_and(|waiting| waiting.batch <= committed) {
            let Some(waiting) = self.waiting.pop_front() else { break };
            let (mut counts, rest): (VecDeque<Action>, VecDeque<Action>) = waiting
                .actions
                .into_iter()
                .partition(|action| matches!(action, Action::Progress(Progress::Items { .. })));
            for event in &waiting.events {
                let told = counts.iter().position(|action| counts_items_of(action, event));
                if let Some(count) = told.and_then(|at| counts.remove(at)) {
                    self.act(count);
                }
                self.publish(event)?;
            }
            counts.into_iter().chain(rest).for_each(|action| self.act(action));
        }
        self.flush()
    }

    fn publish(&mut self, event: &TraceEvent) -> Result<(), JournalError> {
        if let Some(events) = &mut self.parts.events {
            events.write(event).map_err(|error| JournalError(error.to_string()))?;
        }
        self.parts.listener.event(event);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), JournalError> {
        match &mut self.parts.events {
            Some(events) => events.flush().map_err(|error| JournalError(error.to_string())),
            None => Ok(()),
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Start(start) => self.parts.executor.start(*start),
            Action::Kill(task, how) => self.parts.executor.kill(task, how),
            Action::Answer(task, answer) => self.parts.executor.answer(task, answer),
            Action::Timer(at, timer) => {
                self.next_timer += 1;
                self.timers.push(Reverse((at, self.next_timer, timer)));
            }
            Action::Progress(progress) => self.parts.listener.progress(&progress),
        }
    }

    /// Hands on the timers that are due.
    fn timer(&mut self) {
        let now = self.parts.clock.now();
        let due = self.parts.executor.due().is_some_and(|at| at <= now)
            || self.parts.signals.due().is_some_and(|at| at <= now);
        if due {
            // What ends at this moment is heard before its time is up.
            return;
        }
        if let Some(Reverse((at, _, timer))) = self.timers.peek().copied()
            && at <= now
        {
            self.timers.pop();
            self.step(Event::Timer(timer));
        }
    }

    /// Kills what runs, and waits a moment for it to be gone.
    async fn kill_all(&mut self) {
        let mut left = self.machine.running();
        for task in &left {
            self.parts.executor.kill(*task, Kill::Now);
        }
        let clock = self.parts.clock;
        let mut sleep = clock.sleep_until(clock.now().after(KILLED_WITHIN));
        while !left.is_empty() {
            let ended = poll_fn(|context| match self.parts.executor.poll(context) {
                Poll::Ready(message) => Poll::Ready(Some(message)),
                Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
            });
            match ended.await {
                Some(Message::Exited(task, _)) => left.retain(|other| *other != task),
                Some(Message::Started(..) | Message::Asked(..)) => {}
                None => return,
            }
        }
    }

    fn report(&mut self) -> Report {
        let mut report = self.machine.report();
        report.signal = self.signal;
        report.warnings = self.parts.executor.warnings();
        for warning in &report.warnings {
            self.parts.listener.progress(&Progress::Warning(warning.clone()));
        }
        report
    }
}

/// Whether an action says how many items the op has that an event tells of: it is worth knowing before the first of them.
fn counts_items_of(action: &Action, event: &TraceEvent) -> bool {
    let node = match &event.kind {
        TraceKind::OpStarted(it) => &it.op,
        TraceKind::OpRetrying(it) => &it.op,
        TraceKind::OpWaiting(it) | TraceKind::OpOverdue(it) => &it.op,
        TraceKind::OpFinished(it) => &it.op,
        TraceKind::Gate(it) => &it.hook,
        TraceKind::HookEvaluated(it) => &it.hook,
        TraceKind::HookFinished(it) => &it.hook,
        TraceKind::JobStarted(it) => &it.job,
        TraceKind::JobFinished(it) => &it.job,
        TraceKind::ToolStarted(it)
        | TraceKind::ToolFinished(it)
        | TraceKind::StepStarted(it)
        | TraceKind::StepFinished(it) => &it.agent,
    };
    match action {
        Action::Progress(Progress::Items { op, .. }) => {
            node.strip_prefix(op.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        }
        _ => false,
    }
}
