//! Whether an op runs, and with what: edges, `when`, fan-out, arguments; and who is next when a slot is free.

use std::sync::Arc;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Edge, EvalError, Fan, Name, Op, OpState, Runs, Value};

use super::context::Scope;
use super::jobs::place;
use super::state::{Item, ItemRef, JobRun, OpRef, Phase};
use super::{Machine, state};
use crate::executor::{Failure, Values};

/// The most items of a fan-out.
const MOST_ITEMS: usize = 10_000;

/// The variables of one item.
type Locals = Vec<(Name, Value)>;

impl Machine {
    /// All that the op waits for is final.
    pub(super) fn decide(&mut self, op: OpRef) {
        let plan = Arc::clone(&self.plan);
        let Some(job) = self.jobs.get(op.job) else { return };
        if job.stopping || job.status.is_some() || self.op_state(op).is_some() {
            return;
        }
        let Some(declared) = plan.jobs.get(&job.key).and_then(|job| job.ops.get(op.op)) else {
            return;
        };
        if let Some(state) = self.edges_verdict(job, &declared.edges) {
            return self.end_whole(op, state, None);
        }
        if self.is_given_skipped(declared) {
            return self.end_whole(op, OpState::Skipped, None);
        }
        let runs = declared.when.as_ref().map_or(Ok(true), |when| self.holds(when, &Scope::job(self, job)));
        let looked = self.look(declared.when.as_ref(), &Scope::job(self, job));
        self.watch_when(declared, &runs, looked);
        match runs {
            Ok(true) => self.fan_out(op, declared),
            Ok(false) => self.end_whole(op, OpState::Skipped, None),
            Err(error) => {
                let failure = Failure::new(ErrorKind::Condition, format!("`when` cannot be decided: {error}"));
                self.end_whole(op, OpState::Failed, Some(failure));
            }
        }
    }

    /// Whether the states of other ops keep this one from running. A failure upstream wins over a skip.
    fn edges_verdict(&self, job: &JobRun, edges: &[Edge]) -> Option<OpState> {
        let verdict = |edge: &Edge| {
            let state = self.op_index(job, &edge.op).and_then(|place| job.ops.get(place)?.state)?;
            let failed = matches!(state, OpState::Failed | OpState::UpstreamFailed);
            match edge.states.contains(&state) {
                true => None,
                false if failed && edge.states.contains(&OpState::Succeeded) => Some(OpState::UpstreamFailed),
                false => Some(OpState::Skipped),
            }
        };
        let worst = |verdicts: &mut dyn Iterator<Item = OpState>| {
            verdicts.reduce(|a, b| if a == OpState::UpstreamFailed { a } else { b })
        };
        let mut groups: Vec<u32> = edges.iter().filter_map(|edge| edge.any).collect();
        groups.sort_unstable();
        groups.dedup();
        let any = groups.into_iter().filter_map(|group| {
            let mut of_group = edges.iter().filter(|edge| edge.any == Some(group)).map(verdict);
            // One that holds is enough; then there is no verdict against the op.
            let all: Option<Vec<OpState>> = of_group.by_ref().collect();
            worst(&mut all?.into_iter())
        });
        worst(&mut edges.iter().filter(|edge| edge.any.is_none()).filter_map(verdict).chain(any))
    }

    fn fan_out(&mut self, op: OpRef, declared: &Op) {
        let Some(job) = self.jobs.get(op.job) else { return };
        let items = match self.combinations(job, &declared.each) {
            Ok(items) => items,
            Err(failure) => return self.end_whole(op, OpState::Failed, Some(failure)),
        };
        if items.is_empty() {
            if let Some(run) = self.op_run_mut(op) {
                run.outputs = declared.outputs.iter().map(|field| (field.name.clone(), Value::list([]))).collect();
                run.fans = true;
            }
            return self.end_whole(op, OpState::Succeeded, None);
        }
        self.add_items(op, declared, items);
    }

    /// Every combination of the lists, the last varying fastest. Without lists there is one, of nothing.
    fn combinations(&self, job: &JobRun, fans: &[Fan]) -> Result<Vec<Locals>, Failure> {
        let input = |message: String| Failure::new(ErrorKind::Input, message);
        let mut all: Vec<Locals> = vec![Vec::new()];
        for fan in fans {
            let value = self.value(&fan.over, &Scope::job(self, job));
            let value =
                value.map_err(|error| input(format!("the list of `{}` cannot be evaluated: {error}", fan.var)))?;
            let Value::List(values) = value else {
                return Err(input(format!("the list of `{}` is not there", fan.var)));
            };
            if all.len().saturating_mul(values.len()) > MOST_ITEMS {
                return Err(input(format!("more than {MOST_ITEMS} items")));
            }
            let with = |locals: &Locals, value: &Value| {
                let mut locals = locals.clone();
                locals.push((fan.var.clone(), value.clone()));
                locals
            };
            all = all.iter().flat_map(|locals| values.iter().map(move |value| with(locals, value))).collect();
        }
        Ok(all)
    }

    fn add_items(&mut self, op: OpRef, declared: &Op, items: Vec<Locals>) {
        let Some(job) = self.jobs.get(op.job) else { return };
        let prepared: Vec<(Values, Option<Failure>)> =
            items.iter().map(|locals| self.prepare(job, declared, locals)).collect();
        let count = prepared.len();
        let Some(run) = self.op_run_mut(op) else { return };
        run.fans = !declared.each.is_empty();
        run.open = count;
        run.items = prepared
            .iter()
            .zip(items)
            .map(|((inputs, _), locals)| Item { locals: locals.into(), inputs: inputs.clone(), ..Item::default() })
            .collect();
        if run.fans {
            self.emit_items(op, count);
        }
        for (item, (_, failure)) in prepared.into_iter().enumerate() {
            let item = ItemRef { op, item };
            match failure {
                Some(failure) => self.finish_item(item, OpState::Failed, Some(failure)),
                None => {
                    if let Some(run) = self.op_run_mut(op) {
                        run.queue.push_back(item.item);
                    }
                }
            }
        }
        self.mark_ready(op);
    }

    /// The inputs of an item, and what is wrong with them.
    fn prepare(&self, job: &JobRun, declared: &Op, locals: &Locals) -> (Values, Option<Failure>) {
        let (inputs, broken) = self.arguments(&declared.args, &Scope::job(self, job).with_locals(locals));
        let message = match broken {
            Some((name, error)) => Some(argument_message(&name, error)),
            None => {
                let fields = match &declared.runs {
                    Runs::Component(key) => self.plan.components.get(key).map(|component| &component.inputs),
                    Runs::Job(key) => self.plan.jobs.get(key).map(|job| &job.inputs),
                };
                fields.and_then(|fields| self.broken_where(job, fields, &inputs))
            }
        };
        (inputs, message.map(|message| Failure::new(ErrorKind::Input, message)))
    }

    /// Lets the op's items begin as slots and its `concurrency` allow.
    pub(super) fn mark_ready(&mut self, op: OpRef) {
        let Some((key, is_job, limit)) = self.readiness(op) else {
            return;
        };
        let waits = self.op_run(op).is_some_and(|run| !run.queue.is_empty() && run.active < limit);
        let stopping = self.jobs.get(op.job).is_none_or(|job| job.stopping);
        let list = if is_job { &mut self.ready_jobs } else { &mut self.ready };
        if waits && !stopping {
            list.insert(key, op);
        } else {
            list.remove(&key);
        }
    }

    fn readiness(&self, op: OpRef) -> Option<(Vec<u32>, bool, usize)> {
        let declared = self.op(op)?;
        let mut key = self.jobs.get(op.job)?.order.clone();
        key.push(place(op.op));
        let limit = declared.concurrency.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        Some((key, matches!(declared.runs, Runs::Job(_)), limit))
    }

    /// Begins what may begin; says whether anything did.
    pub(super) fn start_ready(&mut self) -> bool {
        let mut began = false;
        while let Some(op) = self.next_ready() {
            let Some(item) = self.op_run_mut(op).and_then(|run| run.queue.pop_front()) else {
                self.mark_ready(op);
                continue;
            };
            if let Some(run) = self.op_run_mut(op) {
                run.active += 1;
            }
            self.mark_ready(op);
            self.begin_item(ItemRef { op, item });
            began = true;
        }
        began
    }

    fn next_ready(&self) -> Option<OpRef> {
        let job = self.ready_jobs.first_key_value().map(|(_, op)| *op);
        job.or_else(|| self.ready.first_key_value().map(|(_, op)| *op).filter(|_| self.slots > 0))
    }

    /// Gives back what an active item holds.
    pub(super) fn release(&mut self, op: OpRef) {
        if let Some(run) = self.op_run_mut(op) {
            run.active = run.active.saturating_sub(1);
        }
        if self.op(op).is_some_and(|op| matches!(op.runs, Runs::Component(_))) {
            self.slots += 1;
        }
        self.mark_ready(op);
    }

    /// An op that ends without any item having run.
    fn end_whole(&mut self, op: OpRef, state: OpState, failure: Option<Failure>) {
        let now = self.now;
        let Some(run) = self.op_run_mut(op) else { return };
        run.state = Some(state);
        run.finished = Some(now);
        run.started = matches!(state, OpState::Succeeded | OpState::Failed).then_some(now);
        run.failure = failure;
        self.record_whole(op);
        self.emit_whole_finished(op);
        self.fire(state::Subject::Whole(op), &super::observers::final_events(state));
        self.op_closed(op);
    }

    /// Whether an item has begun and not ended.
    pub(super) fn begun(&self, item: ItemRef) -> bool {
        self.item(item).is_some_and(|item| !matches!(item.phase, Phase::Pending | Phase::Final(_)))
    }
}

fn argument_message(name: &Name, error: EvalError) -> String {
    format!("the argument `{name}` cannot be evaluated: {error}")
}
