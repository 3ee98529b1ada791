//! Drives the state machine. One loop owns all state: it commits, then publishes, then acts.
//!
//! The records of a step go to the journal. Its notices are published, and its actions done, only when they are committed.
//! Further steps are taken meanwhile, but their notices and actions keep their place in the order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use hookc_plan::trace::TraceEvent;

use crate::clock::{Clock, Moment};
use crate::executor::Executor;
use crate::journal::{Journal, JournalError};
use crate::listener::{EventsFile, Progress, RunListener};
use crate::machine::{Action, Machine, MachineEvent, Notice, Timer};
use crate::report::{Report, Signal};
use crate::signals::Signals;
use crate::task::{ExecutorEvent, Kill};

/// How long a second signal waits for the tasks that it has killed.
const KILL_WAIT: Duration = Duration::from_secs(2);

/// What a run is driven by.
pub(crate) struct Interfaces<'a> {
    pub(crate) journal: &'a mut dyn Journal,
    pub(crate) executor: &'a mut dyn Executor,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) signals: &'a mut dyn Signals,
    pub(crate) listener: &'a mut dyn RunListener,
    pub(crate) events: Option<EventsFile>,
}

/// What has happened outside.
enum ExternalEvent {
    Committed(u64),
    Executor(ExecutorEvent),
    Signal(Signal),
    /// A moment was reached that something waits for.
    Due,
}

/// What waits for a batch to be committed.
struct Waiting {
    batch: u64,
    notices: Vec<Notice>,
    actions: Vec<Action>,
}

struct Engine<'a> {
    machine: Machine,
    outside: Interfaces<'a>,
    timers: BinaryHeap<Reverse<(Moment, u64, Timer)>>,
    next_timer: u64,
    batches: u64,
    committed: u64,
    waiting: VecDeque<Waiting>,
    signal: Option<Signal>,
}

/// Runs the machine to its end, and gives its report.
pub(crate) async fn drive(machine: Machine, outside: Interfaces<'_>) -> Result<Report, JournalError> {
    let mut engine = Engine::new(machine, outside);
    engine.finish().await?;
    Ok(engine.report())
}

/// Runs the machine to its end, and returns it in its final state.
pub(crate) async fn drive_machine(machine: Machine, outside: Interfaces<'_>) -> Result<Machine, JournalError> {
    let mut engine = Engine::new(machine, outside);
    engine.finish().await?;
    Ok(engine.machine)
}

impl<'a> Engine<'a> {
    fn new(machine: Machine, outside: Interfaces<'a>) -> Engine<'a> {
        Engine {
            machine,
            outside,
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
        self.step(MachineEvent::Begin);
        while !(self.machine.is_done() && self.waiting.is_empty()) {
            self.end_if_stuck();
            match self.next().await? {
                ExternalEvent::Committed(batches) => self.release(batches)?,
                ExternalEvent::Executor(event) => self.step(machine_event(event)),
                ExternalEvent::Signal(signal) if self.signal.is_none() => {
                    self.signal = Some(signal);
                    self.step(MachineEvent::Stop);
                }
                ExternalEvent::Signal(_) => {
                    self.kill_all().await;
                    break;
                }
                ExternalEvent::Due => self.timer_due(),
            }
        }
        self.flush()
    }

    /// A plan whose ops wait for each other, or for none of its ops, would never end.
    fn end_if_stuck(&mut self) {
        let idle = self.machine.running().is_empty() && self.timers.is_empty() && self.waiting.is_empty();
        if idle && !self.machine.is_stopping() {
            let warning = "the run was stopped: some ops wait for something that never happens".to_owned();
            self.outside.listener.progress(&Progress::Warning(warning));
            self.step(MachineEvent::Stop);
        }
    }

    fn step(&mut self, event: MachineEvent) {
        let output = self.machine.step(self.outside.clock.now(), event);
        if !output.records.is_empty() {
            self.batches += 1;
            self.outside.journal.commit(output.records);
        }
        self.waiting.push_back(Waiting { batch: self.batches, notices: output.notices, actions: output.actions });
    }

    /// What happens next. What is committed comes first, and a task that has ended before a timer of the same moment.
    async fn next(&mut self) -> Result<ExternalEvent, JournalError> {
        let first = self.waiting.front().map(|waiting| waiting.batch);
        if first.is_some_and(|batch| batch <= self.committed) {
            return Ok(ExternalEvent::Committed(self.committed));
        }
        let now = self.outside.clock.now();
        let timer = self.timers.peek().map(|Reverse((at, _, _))| *at);
        let due = [timer, self.outside.executor.due(), self.outside.signals.due()].into_iter().flatten().min();
        // Polled before the sleep is created: a virtual clock must not move while there is something to do.
        if let Some(event) = poll_fn(|context| Poll::Ready(self.poll(now, context))).await {
            return event;
        }
        let clock = self.outside.clock;
        let mut sleep = due.map(|at| clock.sleep_until(at));
        poll_fn(|context| {
            if let Some(event) = self.poll(now, context) {
                return Poll::Ready(event);
            }
            match sleep.as_mut().map(|sleep| sleep.as_mut().poll(context)) {
                Some(Poll::Ready(())) => Poll::Ready(Ok(ExternalEvent::Due)),
                _ => Poll::Pending,
            }
        })
        .await
    }

    fn poll(&mut self, now: Moment, context: &mut Context<'_>) -> Option<Result<ExternalEvent, JournalError>> {
        if let Poll::Ready(committed) = self.outside.journal.poll_committed(self.committed, context) {
            return Some(committed.map(ExternalEvent::Committed));
        }
        if let Poll::Ready(event) = self.outside.executor.poll(context) {
            return Some(Ok(ExternalEvent::Executor(event)));
        }
        match self.outside.signals.poll(now, context) {
            Poll::Ready(signal) => Some(Ok(ExternalEvent::Signal(signal))),
            Poll::Pending => None,
        }
    }

    /// Publishes and does what waited for these batches.
    fn release(&mut self, committed: u64) -> Result<(), JournalError> {
        self.committed = committed;
        while self.waiting.front().is_some_and(|waiting| waiting.batch <= committed) {
            let Some(waiting) = self.waiting.pop_front() else { break };
            for notice in &waiting.notices {
                self.publish(notice)?;
            }
            waiting.actions.into_iter().for_each(|action| self.act(action));
        }
        self.flush()
    }

    fn publish(&mut self, notice: &Notice) -> Result<(), JournalError> {
        match notice {
            Notice::Event(event) => self.publish_event(event)?,
            Notice::Progress(progress) => self.outside.listener.progress(progress),
        }
        Ok(())
    }

    fn publish_event(&mut self, event: &TraceEvent) -> Result<(), JournalError> {
        if let Some(events) = &mut self.outside.events {
            events.write(event).map_err(|error| JournalError(error.to_string()))?;
        }
        self.outside.listener.event(event);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), JournalError> {
        match &mut self.outside.events {
            Some(events) => events.flush().map_err(|error| JournalError(error.to_string())),
            None => Ok(()),
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Start(start) => self.outside.executor.start(*start),
            Action::Kill(task, how) => self.outside.executor.kill(task, how),
            Action::Answer(task, answer) => self.outside.executor.answer(task, answer),
            Action::CreateLog(path) => self.outside.executor.create_log(&path),
            Action::Timer(at, timer) => {
                self.next_timer += 1;
                self.timers.push(Reverse((at, self.next_timer, timer)));
            }
        }
    }

    /// Passes on the next timer, if it is due.
    fn timer_due(&mut self) {
        let now = self.outside.clock.now();
        let others = [self.outside.executor.due(), self.outside.signals.due()];
        if others.into_iter().flatten().any(|at| at <= now) {
            // What ends at this moment is heard before its time limit is reached.
            return;
        }
        if let Some(Reverse((at, _, timer))) = self.timers.peek().copied()
            && at <= now
        {
            self.timers.pop();
            self.step(MachineEvent::Timer(timer));
        }
    }

    /// Kills what runs, and waits a moment until it has ended.
    async fn kill_all(&mut self) {
        let mut left = self.machine.running();
        for task in &left {
            self.outside.executor.kill(*task, Kill::Now);
        }
        let clock = self.outside.clock;
        let mut sleep = clock.sleep_until(clock.now().after(KILL_WAIT));
        while !left.is_empty() {
            let ended = poll_fn(|context| match self.outside.executor.poll(context) {
                Poll::Ready(event) => Poll::Ready(Some(event)),
                Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
            });
            match ended.await {
                Some(ExecutorEvent::Exited(task, _)) => left.retain(|other| *other != task),
                Some(ExecutorEvent::Started(..) | ExecutorEvent::Asked(..)) => {}
                None => return,
            }
        }
    }

    fn report(&mut self) -> Report {
        let mut report = self.machine.report();
        report.signal = self.signal;
        report.warnings = self.outside.executor.warnings();
        for warning in &report.warnings {
            self.outside.listener.progress(&Progress::Warning(warning.clone()));
        }
        report
    }
}

fn machine_event(event: ExecutorEvent) -> MachineEvent {
    match event {
        ExecutorEvent::Started(task, pid) => MachineEvent::Started(task, pid),
        ExecutorEvent::Exited(task, outcome) => MachineEvent::Exited(task, outcome),
        ExecutorEvent::Asked(task, request) => MachineEvent::Asked(task, request),
    }
}
