//! An item's life: gates, attempts, retries, its end, and the end of its op.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::{ErrorKind, JobStatus};
use hookc_plan::{Event, Name, Op, OpState, Runs, Value};

use super::context::Scope;
use super::state::{Item, ItemRef, JobId, OpRef, Phase, Seen, Subject, Task, Timer};
use super::{Action, Machine, Todo, observers};
use crate::executor::{Failure, Kill, Start, TaskId, TaskOutcome, Values};

impl Machine {
    /// A slot is free for the item: its start gates, or its next attempt.
    pub(super) fn begin_item(&mut self, item: ItemRef) {
        let now = self.now;
        let component = self.op(item.op).is_some_and(|op| matches!(op.runs, Runs::Component(_)));
        if component {
            self.slots = self.slots.saturating_sub(1);
        }
        let Some(state) = self.item_mut(item) else { return };
        if state.phase == Phase::Retrying {
            return self.start_attempt(item);
        }
        state.phase = Phase::Gating;
        state.started = Some(now);
        if let Some(job) = self.jobs.get_mut(item.op.job) {
            job.busy += 1;
        }
        self.record_item(item);
        self.gates(Subject::Item(item), Event::Start, 0);
    }

    /// All start gates have passed.
    pub(super) fn open_item(&mut self, item: ItemRef) {
        self.fire(Subject::Item(item), &[Event::Start]);
        self.start_attempt(item);
    }

    fn start_attempt(&mut self, item: ItemRef) {
        let plan = Arc::clone(&self.plan);
        let now = self.now;
        let Some(label) = self.file_label(item.op, self.item_number(Subject::Item(item))) else {
            return;
        };
        let number = self.numbers.entry(label).or_insert(0);
        *number += 1;
        let number = *number;
        let Some(state) = self.item_mut(item) else { return };
        state.phase = Phase::Running;
        state.attempt += 1;
        state.number = number;
        state.attempt_started = Some(now);
        state.timed_out = false;
        state.failure = None;
        state.agent = None;
        state.outputs.clear();
        let (attempt, inputs) = (state.attempt, state.inputs.clone());
        self.emit_op_started(item);
        self.record_item(item);
        let Some(declared) = self.op(item.op) else { return };
        let (runs, timeout) = (declared.runs.clone(), declared.timeout_ms);
        if let Some(timeout) = timeout {
            let due = now.after(Duration::from_millis(timeout));
            self.arm(due, Timer::Attempt(item, attempt));
        }
        match runs {
            Runs::Job(key) if self.settings.test.is_some() => self.start_component(item, &key, inputs),
            Runs::Job(key) => {
                let job = self.add_job(&key, inputs, Some((item, attempt)));
                self.begin_job(job);
            }
            Runs::Component(key) => match crate::values::mocked(&inputs) {
                Some(mock) => {
                    let outputs = mock_outputs(&plan, &mock, &key);
                    self.attempt_exited(item, TaskOutcome::succeeded(outputs));
                }
                None => {
                    self.fire_waiting(item, &key);
                    self.start_component(item, &key, inputs);
                }
            },
        }
    }

    /// In a test a person is asked, and the answer is given: no other run gets here with an `ask` body yet.
    fn fire_waiting(&mut self, item: ItemRef, component: &Name) {
        let asks = |component: &hookc_plan::Component| {
            let mut bodies = component.bodies.iter();
            bodies.any(|body| matches!(body, hookc_plan::Body::Ask(_)))
        };
        if self.plan.components.get(component).is_some_and(asks) {
            self.fire(Subject::Item(item), &[Event::Waiting]);
        }
    }

    fn start_component(&mut self, item: ItemRef, component: &Name, inputs: Values) {
        let id = self.new_task(Task::Attempt(item));
        let number = self.item_number(Subject::Item(item));
        let Some(state) = self.item(item) else { return };
        let start = Start {
            id,
            component: component.clone(),
            inputs,
            op: self.op_label(item.op),
            item: number,
            attempt: state.attempt,
            number: state.number,
            hook: None,
            delivery: self.delivery(Subject::Item(item), state.attempt, "", "run"),
        };
        self.act(Action::Start(Box::new(start)));
    }

    pub(super) fn task_started(&mut self, task: TaskId, pid: u32) {
        if let Some(Task::Attempt(item)) = self.tasks.get(&task) {
            self.record_attempt(*item, Some(pid));
        }
    }

    /// The time of an attempt is up: it is ended, and fails when it has.
    pub(super) fn attempt_overtime(&mut self, item: ItemRef, attempt: u32) {
        let Some(state) = self.item_mut(item) else { return };
        if state.phase != Phase::Running || state.attempt != attempt {
            return;
        }
        state.timed_out = true;
        let task =
            self.tasks.iter().find(|(_, task)| matches!(task, Task::Attempt(of) if *of == item)).map(|(id, _)| *id);
        if let Some(task) = task {
            return self.act(Action::Kill(task, Kill::Stop));
        }
        let called = self.jobs.iter().position(|job| job.caller == Some((item, attempt)));
        if let Some(called) = called {
            self.stop_job(called);
        }
    }

    /// The job that an item called has ended.
    pub(super) fn called_job_ended(&mut self, job: JobId, item: ItemRef, attempt: u32, status: JobStatus) {
        if self.item(item).is_none_or(|state| state.phase != Phase::Running || state.attempt != attempt) {
            return;
        }
        let outputs = self.jobs.get(job).map(|job| job.outputs.clone()).unwrap_or_default();
        let failure = (status == JobStatus::Failed)
            .then(|| self.job_failure(job).unwrap_or_else(|| Failure::new(ErrorKind::Exit, "the job failed")));
        if status == JobStatus::Stopped && self.item(item).is_some_and(|state| !state.timed_out) {
            return self.finish_item(item, OpState::Stopped, None);
        }
        self.attempt_exited(item, TaskOutcome { outputs, failure });
    }

    /// An attempt has ended: on to the end gates, to the next attempt, or to the end.
    pub(super) fn attempt_exited(&mut self, item: ItemRef, ended: TaskOutcome) {
        let stopping = self.jobs.get(item.op.job).is_none_or(|job| job.stopping);
        let timeout = self.op(item.op).and_then(|op| op.timeout_ms);
        let Some(state) = self.item_mut(item) else { return };
        if state.phase != Phase::Running {
            return;
        }
        state.outputs = ended.outputs;
        let failure = if state.timed_out { Some(overtime(timeout)) } else { ended.failure };
        state.failure.clone_from(&failure);
        let timed_out = state.timed_out;
        self.record_attempt(item, None);
        match failure {
            _ if stopping && !timed_out => self.finish_item(item, OpState::Stopped, None),
            Some(failure) => self.attempt_failed(item, failure),
            None => {
                if let Some(state) = self.item_mut(item) {
                    state.phase = Phase::Ending;
                }
                self.gates(Subject::Item(item), Event::End, 0);
            }
        }
    }

    /// All end gates have passed.
    pub(super) fn close_item(&mut self, item: ItemRef) {
        self.fire(Subject::Item(item), &[Event::End]);
        self.finish_item(item, OpState::Succeeded, None);
    }

    fn attempt_failed(&mut self, item: ItemRef, failure: Failure) {
        let plan = Arc::clone(&self.plan);
        let wait = self.declared(&plan, item.op).and_then(|op| self.retry_wait(item, op, &failure));
        let Some(wait) = wait else {
            return self.finish_item(item, OpState::Failed, Some(failure));
        };
        let due = self.now.after(wait);
        let Some(state) = self.item_mut(item) else { return };
        state.phase = Phase::Retrying;
        let attempt = state.attempt;
        self.release(item.op);
        self.record_item(item);
        self.emit_op_retrying(item, failure.kind);
        self.fire(Subject::Item(item), &[Event::Retrying]);
        self.act(Action::Timer(due, Timer::Retry(item, attempt)));
    }

    fn retry_wait(&self, item: ItemRef, op: &Op, failure: &Failure) -> Option<Duration> {
        let job = self.jobs.get(item.op.job).filter(|job| !job.stopping)?;
        let state = self.item(item)?;
        let took = state.attempt_started.map(|started| self.now.since(started));
        let seen = Seen { took, ..Seen::of_item(state) };
        let subject = Subject::Item(item);
        let id = self.delivery(subject, state.attempt, "retrying", "retry");
        self.next_try(&op.retry, failure, state.attempt, &id, &Scope::hook(self, job, subject, &seen))
    }

    pub(super) fn retry_due(&mut self, item: ItemRef, attempt: u32) {
        let due = self.item(item).is_some_and(|state| state.phase == Phase::Retrying && state.attempt == attempt);
        if let Some(run) = self.op_run_mut(item.op).filter(|_| due) {
            run.queue.push_front(item.item);
            self.mark_ready(item.op);
        }
    }

    /// The item has reached a final state.
    pub(super) fn finish_item(&mut self, item: ItemRef, final_state: OpState, failure: Option<Failure>) {
        let now = self.now;
        let begun = self.begun(item);
        let Some(state) = self.item_mut(item) else { return };
        if matches!(state.phase, Phase::Final(_)) {
            return;
        }
        let active = state.phase.active();
        state.phase = Phase::Final(final_state);
        state.finished = Some(now);
        state.started = state.started.or(Some(now));
        state.failure = failure;
        if active {
            self.release(item.op);
        }
        self.record_item(item);
        self.emit_op_finished(item);
        self.fire(Subject::Item(item), &observers::final_events(final_state));
        if let Some(job) = self.jobs.get_mut(item.op.job).filter(|_| begun) {
            job.busy = job.busy.saturating_sub(1);
        }
        let Some(run) = self.op_run_mut(item.op) else { return };
        run.open = run.open.saturating_sub(1);
        if run.open == 0 {
            self.close_op(item.op);
        }
        self.todo.push_back(Todo::CheckJob(item.op.job));
    }

    /// All items are final: what the op is for the others.
    fn close_op(&mut self, op: OpRef) {
        let plan = Arc::clone(&self.plan);
        let now = self.now;
        let Some(declared) = self.declared(&plan, op) else {
            return;
        };
        let Some(run) = self.op_run_mut(op) else { return };
        let has = |state| run.items.iter().any(|item| item.phase == Phase::Final(state));
        let worst = [OpState::Failed, OpState::Stopped].into_iter().find(|state| has(*state));
        let state = worst.unwrap_or(OpState::Succeeded);
        run.state = Some(state);
        run.finished = Some(now);
        run.started = run.items.iter().filter_map(|item| item.started).min();
        run.attempts = run.items.iter().map(|item| item.attempt).max().unwrap_or(0);
        if run.fans {
            run.failure = first_failure(&run.items);
            if state == OpState::Succeeded || declared.allow_failure {
                run.outputs = declared
                    .outputs
                    .iter()
                    .map(|field| (field.name.clone(), listed(&run.items, &field.name)))
                    .collect();
            }
        } else if let Some(only) = run.items.first() {
            run.failure.clone_from(&only.failure);
            run.outputs.clone_from(&only.outputs);
        }
        if run.fans {
            self.record_whole(op);
        }
        self.op_closed(op);
    }

    /// The op is final: those that wait for it wait for one less.
    pub(super) fn op_closed(&mut self, op: OpRef) {
        let Some(job) = self.jobs.get_mut(op.job) else { return };
        job.open = job.open.saturating_sub(1);
        let dependents = Arc::clone(&job.dependents);
        for dependent in dependents.get(op.op).map(Vec::as_slice).unwrap_or_default() {
            let Some(run) = job.ops.get_mut(*dependent) else {
                continue;
            };
            run.waits = run.waits.saturating_sub(1);
            if run.waits == 0 {
                self.todo.push_back(Todo::Decide(OpRef { job: op.job, op: *dependent }));
            }
        }
        self.emit_op_closed(op);
        self.todo.push_back(Todo::CheckJob(op.job));
    }

    /// The tasks of a job's own ops and gates.
    pub(super) fn tasks_of_job(&self, id: JobId) -> Vec<TaskId> {
        let of_job = |task: &Task| match task {
            Task::Attempt(item) => item.op.job == id,
            Task::Gate(gate) => gate.subject.job() == id,
            Task::Observer(_) => false,
        };
        self.tasks.iter().filter(|(_, task)| of_job(task)).map(|(id, _)| *id).collect()
    }

    /// An op as `plan` says it, for as long as that is held.
    pub(super) fn declared<'p>(&self, plan: &'p hookc_plan::Plan, op: OpRef) -> Option<&'p Op> {
        plan.jobs.get(&self.jobs.get(op.job)?.key)?.ops.get(op.op)
    }

    /// The name of an op's item in names of files: `fit`, `fit.3`, `sub.2.fit`.
    pub(crate) fn file_label(&self, op: OpRef, item: Option<u32>) -> Option<String> {
        let job = self.jobs.get(op.job)?;
        let name = &self.op(op)?.name;
        Some(match item {
            Some(item) => format!("{}{name}.{item}", job.files),
            None => format!("{}{name}", job.files),
        })
    }

    /// The name of an op below the job that was asked for: `fit`, `sub.fit`.
    pub(super) fn op_label(&self, op: OpRef) -> String {
        let prefix = self.jobs.get(op.job).map(|job| job.prefix.as_str()).unwrap_or_default();
        format!("{prefix}{}", self.op(op).map(|op| op.name.as_str()).unwrap_or_default())
    }

    /// The id of a delivery: the same for every try of the same hook at the same moment of a run.
    pub(super) fn delivery(&self, subject: Subject, attempt: u32, trigger: &str, hook: &str) -> String {
        let Some(job) = self.jobs.get(subject.job()) else {
            return String::new();
        };
        let node = match subject.op().and_then(|op| self.op(op)) {
            Some(op) => format!("{}.{}", job.node, op.name),
            None => job.node.clone(),
        };
        let delivery = hookc_plan::Delivery {
            run: &self.settings.run,
            node: &node,
            item: self.item_number(subject),
            epoch: job.epoch,
            attempt,
            n: self.asked(subject),
            trigger,
            hook,
        };
        hookc_plan::delivery_id(&delivery)
    }
}

/// What a mock answers for a component.
pub(super) fn mock_outputs(plan: &hookc_plan::Plan, mock: &Name, component: &Name) -> Values {
    let declared = plan.components.get(component).map(|component| component.outputs.as_slice()).unwrap_or_default();
    let mut outputs = super::state::nulls(declared);
    let Some(connection) = plan.connections.get(mock) else {
        return outputs;
    };
    let hookc_plan::ConnectionValue::Mock(mock) = &connection.value else {
        return outputs;
    };
    for (name, value) in mock.outputs.get(component).into_iter().flatten() {
        let value = hookc_plan::Program::with_types(value, &plan.types).run(&[]).unwrap_or(Value::Null);
        outputs.insert(name.clone(), value);
    }
    outputs
}

fn overtime(limit: Option<u64>) -> Failure {
    let limit = Value::Duration(i64::try_from(limit.unwrap_or(0)).unwrap_or(i64::MAX).saturating_mul(1_000_000));
    let limit = limit.to_text().unwrap_or_default();
    Failure::new(ErrorKind::Timeout, format!("not ended after {limit}"))
}

/// The failure of a fan-out: that of its first failed item, which it names.
fn first_failure(items: &[Item]) -> Option<Failure> {
    items.iter().enumerate().find_map(|(number, item)| {
        let failure = item.failure.as_ref()?;
        Some(Failure { message: format!("item {number}: {}", failure.message), ..failure.clone() })
    })
}

fn listed(items: &[Item], name: &Name) -> Value {
    Value::list(items.iter().map(|item| item.outputs.get(name).cloned().unwrap_or(Value::Null)))
}
