//! A job's run from its begin to its end, called by an op or not.

use std::sync::Arc;
use std::time::Duration;

use hookc_plan::trace::{ErrorKind, JobStatus, Source};
use hookc_plan::{Event, Job, Name, OpState, Value};

use super::context::Scope;
use super::state::{ItemRef, JobId, JobRun, OpRef, OpRun, Phase, Subject, Timer};
use super::{Action, Machine, Todo};
use crate::executor::{Failure, Kill, Values};

/// How long the end of a run waits for its hooks, and after a stop.
const HOOKS_WAIT: Duration = Duration::from_secs(60);
const HOOKS_WAIT_STOPPED: Duration = Duration::from_secs(10);

impl Machine {
    /// Adds a run of the job `key`; the caller begins it.
    pub(super) fn add_job(&mut self, key: &Name, inputs: Values, caller: Option<(ItemRef, u32)>) -> JobId {
        let id = self.jobs.len();
        let plan = Arc::clone(&self.plan);
        let Some(job) = plan.jobs.get(key) else { return id };
        let mut run = JobRun {
            key: key.clone(),
            node: job.name.to_string(),
            prefix: String::new(),
            files: String::new(),
            id: self.settings.run.clone(),
            source: self.settings.source,
            caller,
            epoch: 0,
            order: Vec::new(),
            inputs,
            ops: job.ops.iter().map(|op| OpRun { waits: waits(op), ..OpRun::default() }).collect(),
            dependents: Arc::new(dependents(job)),
            started: None,
            finished: None,
            status: None,
            failure: None,
            outputs: Values::new(),
            open: job.ops.len(),
            busy: 0,
            stopping: self.stopping,
        };
        if let Some((item, _)) = caller {
            self.place_below(&mut run, item);
        }
        self.jobs.push(run);
        id
    }

    /// Names a job's run after the item that calls it.
    fn place_below(&mut self, run: &mut JobRun, caller: ItemRef) {
        let number = self.item_number(Subject::Item(caller));
        let Some(outer) = self.jobs.get(caller.op.job) else {
            return;
        };
        let Some(op) = self.op(caller.op) else { return };
        let item = number.map(|number| format!("[{number}]")).unwrap_or_default();
        run.node = format!("{}.{}{item}", outer.node, op.name);
        run.prefix = format!("{}{}{item}.", outer.prefix, op.name);
        run.files = match number {
            Some(number) => format!("{}{}.{number}.", outer.files, op.name),
            None => format!("{}{}.", outer.files, op.name),
        };
        run.id = self.node_id(outer, caller.op, number);
        run.source = Source::Job;
        run.order.clone_from(&outer.order);
        run.order.extend([place(caller.op.op), place(caller.item)]);
        let begun = self.begun.entry(run.files.clone()).or_insert(0);
        run.epoch = *begun;
        *begun += 1;
    }

    /// Begins a job: its start gates first.
    pub(super) fn begin_job(&mut self, id: JobId) {
        let now = self.now;
        let Some(job) = self.jobs.get_mut(id) else { return };
        job.started = Some(now);
        self.emit_job_started(id);
        self.gates(Subject::Job(id), Event::Start, 0);
    }

    /// All start gates have passed.
    pub(super) fn open_job(&mut self, id: JobId) {
        self.fire(Subject::Job(id), &[Event::Start]);
        let Some(job) = self.jobs.get(id) else { return };
        let free = job.ops.iter().enumerate().filter(|(_, op)| op.waits == 0).map(|(op, _)| OpRef { job: id, op });
        self.todo.extend(free.map(Todo::Decide).collect::<Vec<_>>());
        self.todo.push_back(Todo::CheckJob(id));
    }

    /// A start gate has refused.
    pub(super) fn refuse_job(&mut self, id: JobId, failure: Failure) {
        if let Some(job) = self.jobs.get_mut(id) {
            job.failure = Some(failure);
        }
        self.end_job(id);
    }

    /// Ends the job when nothing of it is left.
    pub(super) fn check_job(&mut self, id: JobId) {
        let Some(job) = self.jobs.get(id) else { return };
        if job.status.is_none() && (job.open == 0 || (job.stopping && job.busy == 0)) {
            self.end_job(id);
        }
    }

    fn end_job(&mut self, id: JobId) {
        self.close_broken_off(id);
        let status = self.job_verdict(id);
        let now = self.now;
        let Some(job) = self.jobs.get_mut(id) else { return };
        job.status = Some(status);
        job.finished = Some(now);
        self.record_run(id);
        self.emit_job_finished(id);
        let event = match status {
            JobStatus::Succeeded => Event::Succeeded,
            JobStatus::Failed => Event::Failed,
            JobStatus::Stopped => Event::Stopped,
        };
        self.fire(Subject::Job(id), &[event, Event::Done]);
        match self.jobs.get(id).and_then(|job| job.caller) {
            Some((item, attempt)) => self.called_job_ended(id, item, attempt, status),
            None => self.arm_hooks_deadline(),
        }
    }

    /// Fan-outs of which a stop left items that never began have ended too.
    fn close_broken_off(&mut self, id: JobId) {
        let now = self.now;
        let Some(job) = self.jobs.get_mut(id) else { return };
        for op in job.ops.iter_mut().filter(|op| op.state.is_none()) {
            let has = |state| op.items.iter().any(|item| item.phase == Phase::Final(state));
            let state = [OpState::Failed, OpState::Stopped].into_iter().find(|state| has(*state));
            if state.is_some() || has(OpState::Succeeded) {
                op.state = state.or(Some(OpState::Stopped));
                op.started = op.items.iter().filter_map(|item| item.started).min();
                op.finished = Some(now);
                op.failure = op.items.iter().find_map(|item| item.failure.clone());
            }
        }
    }

    fn job_verdict(&mut self, id: JobId) -> JobStatus {
        let plan = Arc::clone(&self.plan);
        let Some(job) = self.jobs.get(id) else {
            return JobStatus::Failed;
        };
        let Some(declared) = plan.jobs.get(&job.key) else {
            return JobStatus::Failed;
        };
        let failed =
            |(op, run): (&hookc_plan::Op, &OpRun)| matches!(run.state, Some(OpState::Failed)) && !op.allow_failure;
        if job.failure.is_some() || declared.ops.iter().zip(&job.ops).any(failed) {
            return JobStatus::Failed;
        }
        if job.ops.iter().any(|op| matches!(op.state, None | Some(OpState::Stopped))) {
            return JobStatus::Stopped;
        }
        let (outputs, broken) = self.arguments(&declared.outputs, &Scope::job(self, job));
        let failure = broken.map(|(name, error)| {
            Failure::new(ErrorKind::OutputType, format!("output `{name}` cannot be evaluated: {error}"))
        });
        let Some(job) = self.jobs.get_mut(id) else {
            return JobStatus::Failed;
        };
        job.outputs = outputs;
        job.failure = failure;
        if job.failure.is_some() { JobStatus::Failed } else { JobStatus::Succeeded }
    }

    /// From the end of the run on hooks have a while.
    pub(super) fn arm_hooks_deadline(&mut self) {
        if self.jobs.first().is_some_and(|job| job.status.is_some()) {
            let wait = if self.stopping { HOOKS_WAIT_STOPPED } else { HOOKS_WAIT };
            self.act(Action::Timer(self.now.after(wait), Timer::Hooks));
        }
    }

    /// Lets nothing of the job begin any more, and ends what runs.
    pub(super) fn stop_job(&mut self, id: JobId) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        if job.status.is_some() {
            return;
        }
        job.stopping = true;
        self.ready.retain(|_, op| op.job != id);
        self.ready_jobs.retain(|_, op| op.job != id);
        for task in self.tasks_of_job(id) {
            self.act(Action::Kill(task, Kill::Stop));
        }
        for gate in self.take_waiting_gates(id) {
            self.gate_stopped(gate.subject, gate.on);
        }
        for item in self.items_in(id, Phase::Retrying) {
            self.finish_item(item, OpState::Stopped, None);
        }
        let called = |job: &JobRun| job.status.is_none() && job.caller.is_some_and(|(item, _)| item.op.job == id);
        let below: Vec<JobId> = self.jobs.iter().enumerate().filter(|(_, job)| called(job)).map(|(id, _)| id).collect();
        for job in below {
            self.stop_job(job);
        }
        self.todo.push_back(Todo::CheckJob(id));
    }

    fn items_in(&self, id: JobId, phase: Phase) -> Vec<ItemRef> {
        let Some(job) = self.jobs.get(id) else {
            return Vec::new();
        };
        let ops = job.ops.iter().enumerate();
        ops.flat_map(|(op, run)| {
            let items = run.items.iter().enumerate().filter(|(_, item)| item.phase == phase);
            items.map(move |(item, _)| ItemRef { op: OpRef { job: id, op }, item }).collect::<Vec<_>>()
        })
        .collect()
    }

    /// The job's name, as its hooks see it.
    pub(super) fn job_name<'m>(&'m self, job: &'m JobRun) -> &'m Name {
        self.plan.jobs.get(&job.key).map_or(&job.key, |declared| &declared.name)
    }

    /// Why a job has failed: its own failure, or its first failed op's.
    pub(crate) fn job_failure(&self, id: JobId) -> Option<Failure> {
        let job = self.jobs.get(id)?;
        let own = job.failure.clone();
        own.or_else(|| self.counted_failures(job).next().map(|(_, failure)| failure.clone()))
    }

    pub(crate) fn job_message(&self, job: &JobRun) -> String {
        if let Some(failure) = &job.failure {
            return failure.message.clone();
        }
        let first = self.counted_failures(job).next();
        first.map(|(name, failure)| format!("`{name}` failed: {}", failure.message)).unwrap_or_default()
    }

    /// The failed ops that make the job fail, in plan order.
    fn counted_failures<'m>(&'m self, job: &'m JobRun) -> impl Iterator<Item = (&'m Name, &'m Failure)> {
        let declared = self.plan.jobs.get(&job.key).map(|job| job.ops.as_slice()).unwrap_or_default();
        declared.iter().zip(&job.ops).filter_map(|(op, run)| {
            let counts = run.state == Some(OpState::Failed) && !op.allow_failure;
            Some((&op.name, run.failure.as_ref().filter(|_| counts)?))
        })
    }

    /// `job.failed_ops`
    pub(super) fn failed_ops_value(&self, job: &JobRun) -> Value {
        let declared = self.plan.jobs.get(&job.key).map(|job| job.ops.as_slice()).unwrap_or_default();
        let failed = declared.iter().zip(&job.ops).filter(|(_, run)| run.state == Some(OpState::Failed));
        Value::list(failed.map(|(op, run)| {
            let message = run.failure.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
            Value::record([
                ("name".into(), Value::Str(op.name.clone())),
                ("component".into(), Value::Str(super::runs_name(&op.runs).clone())),
                ("error_message".into(), Value::text(message)),
                ("allow_failure".into(), Value::Bool(op.allow_failure)),
            ])
        }))
    }

    /// The id of an op's run: `RUN/fit` or `RUN/fit.3`.
    pub(super) fn node_id(&self, job: &JobRun, op: OpRef, item: Option<u32>) -> String {
        let name = self.op(op).map(|op| op.name.as_str()).unwrap_or_default();
        match item {
            Some(item) => format!("{}/{name}.{item}", job.id),
            None => format!("{}/{name}", job.id),
        }
    }
}

/// A number in an order of readiness.
pub(super) fn place(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// How many ops `op` waits for; several edges may name one.
fn waits(op: &hookc_plan::Op) -> usize {
    let mut names: Vec<&Name> = op.edges.iter().map(|edge| &edge.op).collect();
    names.sort();
    names.dedup();
    names.len()
}

fn dependents(job: &Job) -> Vec<Vec<usize>> {
    let places: std::collections::BTreeMap<&Name, usize> =
        job.ops.iter().enumerate().map(|(place, op)| (&op.name, place)).collect();
    let mut dependents = vec![Vec::new(); job.ops.len()];
    for (place, op) in job.ops.iter().enumerate() {
        for edge in &op.edges {
            let list = places.get(&edge.op).and_then(|needed| dependents.get_mut(*needed));
            if let Some(list) = list.filter(|list: &&mut Vec<usize>| list.last() != Some(&place)) {
                list.push(place);
            }
        }
    }
    dependents
}
