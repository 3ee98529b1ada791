//! Gates: in order, once, before what they guard proceeds.
//!
//! A gate that refuses, errors or is not done in time keeps back what it guards; only `require` and `modify` run a
//! component, and only they are tried again, where that is written.

use std::sync::Arc;

use hookc_plan::trace::{Decision, ErrorKind};
use hookc_plan::{EvalError, Event, Hook, Plan, Runs, VerbKind};

use super::agents::is_agents;
use super::context::Scope;
use super::decisions::Fate;
use super::state::{GateRun, ItemRef, JobId, OpRef, Seen, Subject, Task, Timer};
use super::{Action, Machine, Todo, attempts};
use crate::executor::{Failure, HookTask, Start, TaskOutcome, Values};

/// What a gate said, or that its component has to be asked.
enum Said {
    Pass,
    Ask(Values),
    Refuse(Failure),
}

impl Machine {
    /// Asks the gates of `subject` from the place `from` on; what they guard follows when all have passed.
    pub(super) fn gates(&mut self, subject: Subject, on: Event, from: usize) {
        let plan = Arc::clone(&self.plan);
        for (place, hook) in self.hooks_of(&plan, subject).iter().enumerate().skip(from) {
            if hook.verb == VerbKind::Run || !hook.on.iter().any(|written| self.is_meant(subject, written, on)) {
                continue;
            }
            match self.gate(subject, on, hook) {
                Said::Pass => {}
                Said::Refuse(failure) => return self.gates_refused(subject, on, failure),
                Said::Ask(inputs) => return self.ask_gate(subject, on, place, hook, inputs),
            }
        }
        self.gates_passed(subject, on);
    }

    fn gates_passed(&mut self, subject: Subject, on: Event) {
        match (subject, on) {
            (Subject::Job(job), _) => self.open_job(job),
            (Subject::Item(item), Event::End) => self.close_item(item),
            (Subject::Item(item), on) if is_agents(on) => self.agent_goes_on(item),
            (Subject::Item(item), _) => self.open_item(item),
            (Subject::Whole(_), _) => {}
        }
    }

    fn gates_refused(&mut self, subject: Subject, on: Event, failure: Failure) {
        match subject {
            Subject::Job(job) => self.refuse_job(job, failure),
            Subject::Item(item) if is_agents(on) => self.agent_refused(item, failure.message),
            Subject::Item(item) => self.finish_item(item, hookc_plan::OpState::Failed, Some(failure)),
            Subject::Whole(_) => {}
        }
    }

    /// A stop came while a gate was asked.
    pub(super) fn gate_stopped(&mut self, subject: Subject, on: Event) {
        match subject {
            Subject::Job(job) => self.todo.push_back(Todo::CheckJob(job)),
            // The agent itself is ended, and its end counts.
            Subject::Item(_) if is_agents(on) => {}
            Subject::Item(item) => self.finish_item(item, hookc_plan::OpState::Stopped, None),
            Subject::Whole(_) => {}
        }
    }

    fn gate(&mut self, subject: Subject, on: Event, hook: &Hook) -> Said {
        let seen = self.seen_on(subject, on);
        let Some(job) = self.jobs.get(subject.job()) else {
            return Said::Pass;
        };
        let scope = || Scope::hook(self, job, subject, &seen);
        let errored = |what: &str, error: EvalError| {
            let message = format!("gate `{}`: {what} cannot be evaluated: {error}", hook.name);
            Err((error, Failure::new(ErrorKind::Gate, message)))
        };
        let looked = self.look(hook.when.as_ref(), &scope());
        let said = match hook.when.as_ref().map_or(Ok(true), |when| self.holds(when, &scope())) {
            Err(error) => errored("its condition", error),
            Ok(false) => Ok((Decision::Passed, None, Said::Pass)),
            Ok(true) => match (hook.verb, &hook.message) {
                (VerbKind::Fail | VerbKind::Warn, Some(message)) => match self.value(message, &scope()) {
                    Err(error) => errored("its message", error),
                    Ok(text) => Ok(spoken(hook.verb, text.to_text().unwrap_or_default().to_string())),
                },
                (VerbKind::Fail, None) => Ok(spoken(VerbKind::Fail, format!("refused by `{}`", hook.name))),
                (VerbKind::Require | VerbKind::Modify, _) => match self.arguments(&hook.args, &scope()) {
                    (inputs, None) => {
                        self.watch_hook(subject, on, hook, Fate::Ran(inputs.clone(), None), looked);
                        return Said::Ask(inputs);
                    }
                    (_, Some((name, error))) => errored(&format!("its argument `{name}`"), error),
                },
                (VerbKind::Warn | VerbKind::Run, _) => Ok((Decision::Warned, None, Said::Pass)),
            },
        };
        match said {
            Ok((decision, message, said)) => {
                let fate = match decision {
                    Decision::Passed => Fate::Not,
                    _ => Fate::Ran(Values::new(), message.clone()),
                };
                self.watch_hook(subject, on, hook, fate, looked);
                self.gate_decided(subject, on, hook, decision, None, message);
                said
            }
            Err((error, failure)) => {
                let message = Some(failure.message.clone());
                self.watch_hook(subject, on, hook, Fate::Errored(failure.message.clone()), looked);
                self.gate_decided(subject, on, hook, Decision::Errored, Some(error.word()), message);
                Said::Refuse(failure)
            }
        }
    }

    fn gate_decided(
        &mut self,
        subject: Subject,
        on: Event,
        hook: &Hook,
        decision: Decision,
        kind: Option<&str>,
        message: Option<String>,
    ) {
        self.emit_gate(subject, on, hook, decision, kind);
        let path = self.hook_path(subject, hook);
        let item = self.item_number(subject);
        self.tallies.gate(path, item, on, decision, message);
    }

    fn ask_gate(&mut self, subject: Subject, on: Event, place: usize, hook: &Hook, inputs: Values) {
        let seen = self.seen_on(subject, on);
        let gate = GateRun {
            subject,
            on,
            hook: place,
            tries: 0,
            delivery: self.delivery(subject, seen.attempt, on.word(), &self.hook_path(subject, hook)),
            connections: self.connections_of(hook),
            inputs,
            timed_out: false,
        };
        match (crate::values::mocked(&gate.inputs), &hook.component) {
            (Some(mock), Some(component)) => {
                let outputs = attempts::mock_outputs(&self.plan, &mock, component);
                self.gate_answered(&gate, Ok(outputs));
            }
            _ => self.gate_queue.push_back(gate),
        }
    }

    /// Starts the component of a gate.
    pub(super) fn start_gate(&mut self, mut gate: GateRun) {
        let plan = Arc::clone(&self.plan);
        let Some(hook) = self.hooks_of(&plan, gate.subject).get(gate.hook) else {
            return;
        };
        let Some(component) = hook.component.clone() else {
            return;
        };
        gate.tries += 1;
        gate.timed_out = false;
        let (op, item, path) = self.hook_place(gate.subject, hook);
        let task = HookTask { path, name: hook.name.clone() };
        let (tries, delivery, inputs) = (gate.tries, gate.delivery.clone(), gate.inputs.clone());
        let id = self.new_task(Task::Gate(gate));
        let start =
            Start { id, component, inputs, op, item, attempt: tries, number: tries, hook: Some(task), delivery };
        self.act(Action::Start(Box::new(start)));
        let due = self.now.after(super::observers::time_limit(&hook.settings));
        self.arm(due, Timer::Task(id));
    }

    pub(super) fn gate_exited(&mut self, gate: GateRun, ended: TaskOutcome) {
        self.free_hook(&gate.connections);
        if self.jobs.get(gate.subject.job()).is_none_or(|job| job.stopping) {
            return self.gate_stopped(gate.subject, gate.on);
        }
        let plan = Arc::clone(&self.plan);
        let Some(hook) = self.hooks_of(&plan, gate.subject).get(gate.hook) else {
            return;
        };
        let failure = match gate.timed_out {
            true => Some(super::observers::overtime(&hook.settings)),
            false => ended.failure,
        };
        let Some(failure) = failure else {
            return self.gate_answered(&gate, Ok(ended.outputs));
        };
        match self.gate_wait(&gate, hook, &failure) {
            Some(wait) => {
                let number = self.next_gate;
                self.next_gate += 1;
                self.gates_waiting.insert(number, gate);
                self.act(Action::Timer(self.now.after(wait), Timer::Gate(number)));
            }
            None => self.gate_answered(&gate, Err(failure)),
        }
    }

    fn gate_wait(&self, gate: &GateRun, hook: &Hook, failure: &Failure) -> Option<std::time::Duration> {
        let job = self.jobs.get(gate.subject.job())?;
        let seen = Seen { failure: Some(failure.clone()), ..self.seen_on(gate.subject, gate.on) };
        let scope = Scope::hook(self, job, gate.subject, &seen);
        let id = format!("{}.{}", gate.delivery, gate.tries);
        self.next_try(&hook.settings.retry, failure, gate.tries, &id, &scope)
    }

    pub(super) fn gate_due(&mut self, number: u64) {
        if let Some(gate) = self.gates_waiting.remove(&number) {
            self.gate_queue.push_back(gate);
        }
    }

    /// The gates of a job's own and its ops' that wait for a place or a time.
    pub(super) fn take_waiting_gates(&mut self, id: JobId) -> Vec<GateRun> {
        let (taken, kept) =
            std::mem::take(&mut self.gate_queue).into_iter().partition(|gate: &GateRun| gate.subject.job() == id);
        self.gate_queue = kept;
        let mut taken: Vec<GateRun> = Vec::from(taken);
        let waiting: Vec<u64> =
            self.gates_waiting.iter().filter(|(_, gate)| gate.subject.job() == id).map(|(n, _)| *n).collect();
        taken.extend(waiting.iter().filter_map(|number| self.gates_waiting.remove(number)));
        taken
    }

    /// A gate's component has answered, or failed for good.
    fn gate_answered(&mut self, gate: &GateRun, answer: Result<Values, Failure>) {
        let plan = Arc::clone(&self.plan);
        let Some(hook) = self.hooks_of(&plan, gate.subject).get(gate.hook) else {
            return;
        };
        let modifies = hook.verb == VerbKind::Modify;
        let (decision, kind, broken) = match answer {
            Ok(outputs) if modifies => match self.modify(gate.subject, gate.on, &outputs) {
                None => (Decision::Modified, None, None),
                Some(broken) => {
                    (Decision::Errored, Some(ErrorKind::Input.word()), Some(format!("gate `{}`: {broken}", hook.name)))
                }
            },
            Ok(_) => (Decision::Passed, None, None),
            Err(failure) => {
                let decision = if modifies { Decision::Errored } else { Decision::Refused };
                let verb = if modifies { "failed" } else { "refused" };
                (decision, Some(failure.kind.word()), Some(format!("gate `{}` {verb}: {}", hook.name, failure.message)))
            }
        };
        self.gate_decided(gate.subject, gate.on, hook, decision, kind, broken.clone());
        match broken {
            Some(message) => self.gates_refused(gate.subject, gate.on, Failure::new(ErrorKind::Gate, message)),
            None => self.gates(gate.subject, gate.on, gate.hook + 1),
        }
    }

    /// Replaces inputs or outputs; says what is wrong with the result, which is not taken then.
    fn modify(&mut self, subject: Subject, on: Event, by: &Values) -> Option<String> {
        let Subject::Item(item) = subject else { return None };
        if is_agents(on) {
            return self.modify_asked(item, by);
        }
        let plan = Arc::clone(&self.plan);
        let state = self.item(item)?;
        let mut changed = if on == Event::End { state.outputs.clone() } else { state.inputs.clone() };
        changed.extend(by.iter().map(|(name, value)| (name.clone(), value.clone())));
        let fields = match (&self.declared(&plan, item.op)?.runs, on) {
            (Runs::Component(key), Event::End) => &plan.components.get(key)?.outputs,
            (Runs::Component(key), _) => &plan.components.get(key)?.inputs,
            (Runs::Job(_), Event::End) => return self.replace(item, on, changed),
            (Runs::Job(key), _) => &plan.jobs.get(key)?.inputs,
        };
        let broken = self.broken_where(self.jobs.get(item.op.job)?, fields, &changed);
        if broken.is_none() {
            self.replace(item, on, changed);
        }
        broken
    }

    fn replace(&mut self, item: ItemRef, on: Event, values: Values) -> Option<String> {
        let state = self.item_mut(item)?;
        if on == Event::End {
            state.outputs = values;
        } else {
            state.inputs = values;
        }
        None
    }

    /// The hooks of `subject`, as `plan` says them.
    pub(super) fn hooks_of<'p>(&self, plan: &'p Plan, subject: Subject) -> &'p [Hook] {
        let hooks = match subject.op() {
            Some(op) => self.declared(plan, op).map(|op| &op.hooks),
            None => self.jobs.get(subject.job()).and_then(|job| plan.jobs.get(&job.key)).map(|job| &job.hooks),
        };
        hooks.map(Vec::as_slice).unwrap_or_default()
    }

    /// What a hook sees on `on`; at `start` the attempt is the one that begins.
    pub(super) fn seen_on(&self, subject: Subject, on: Event) -> Seen {
        let seen = self.seen(subject);
        match (subject, on) {
            (Subject::Item(_), Event::Start) => Seen { attempt: seen.attempt.max(1), ..seen },
            _ => seen,
        }
    }

    /// The op, the item and the path of a hook's run.
    pub(super) fn hook_place(&self, subject: Subject, hook: &Hook) -> (String, Option<u32>, String) {
        let op = subject.op().map(|op: OpRef| self.op_label(op)).unwrap_or_default();
        (op, self.item_number(subject), self.hook_path(subject, hook))
    }

    /// A hook's path; of a called job it begins with the caller's.
    pub(super) fn hook_path(&self, subject: Subject, hook: &Hook) -> String {
        match self.jobs.get(subject.job()) {
            Some(job) if job.caller.is_some() => match subject.op().and_then(|op| self.op(op)) {
                Some(op) => format!("{}.{}.{}", job.node, op.name, hook.name),
                None => format!("{}.{}", job.node, hook.name),
            },
            _ => hook.path.clone(),
        }
    }
}

fn spoken(verb: VerbKind, message: String) -> (Decision, Option<String>, Said) {
    if verb == VerbKind::Warn {
        return (Decision::Warned, Some(message), Said::Pass);
    }
    let failure = Failure::new(ErrorKind::Gate, message.clone());
    (Decision::Refused, Some(message), Said::Refuse(failure))
}
