//! Whether an op runs, and with what: its edges, its `when`, its fan-out, its arguments.

use std::sync::Arc;

use hookc_plan::trace::ErrorKind;
use hookc_plan::{Edge, Fan, Name, Op, OpState, Value};

use super::context::EvalContext;
use super::endings::{finish_item, finish_without_items};
use super::run::Run;
use super::state::{Item, ItemRef, JobRun, OpRef, RunState, declared_op};
use crate::task::Failure;
use crate::values::Values;

/// The maximum number of items of a fan-out.
const MAX_ITEMS: usize = 10_000;

/// The variables of one item.
type Locals = Vec<(Name, Value)>;

/// Everything that the op waits for is final.
pub(super) fn decide(run: &mut Run, op: OpRef) {
    let plan = Arc::clone(&run.state.plan);
    let Some(declared) = declared_op(&plan, &run.state, op).filter(|_| may_start(&run.state, op)) else {
        return;
    };
    match blocking_state(run, op, declared) {
        Ok(None) => fan_out(run, op, declared),
        Ok(Some(state)) => finish_without_items(run, op, state, None),
        Err(failure) => finish_without_items(run, op, OpState::Failed, Some(failure)),
    }
}

fn may_start(state: &RunState, op: OpRef) -> bool {
    let Some(job) = state.jobs.get(op.job) else {
        return false;
    };
    !job.stopping && job.status.is_none() && state.op_run(op).is_some_and(|run| run.state.is_none())
}

/// The state of an op that does not run: because of its edges, because a test says so, or because of its `when`.
fn blocking_state(run: &mut Run, op: OpRef, declared: &Op) -> Result<Option<OpState>, Failure> {
    let Some(job) = run.state.jobs.get(op.job) else {
        return Ok(None);
    };
    if let Some(state) = edges_verdict(&run.state, job, &declared.edges) {
        return Ok(Some(state));
    }
    if run.state.settings.is_skipped(&declared.name) {
        return Ok(Some(OpState::Skipped));
    }
    let context = EvalContext::of_job(&run.state, job);
    let runs = run.evaluator.is_true_or_absent(declared.when.as_ref(), &context);
    let condition = run.trace(declared.when.as_ref(), &context);
    run.record_op_decision(&declared.name, runs, condition);
    match runs {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(OpState::Skipped)),
        Err(error) => Err(Failure::new(ErrorKind::Condition, format!("cannot evaluate `when`: {error}"))),
    }
}

/// Whether the states of other ops keep this one from running. A failure upstream wins over a skip.
fn edges_verdict(state: &RunState, job: &JobRun, edges: &[Edge]) -> Option<OpState> {
    let verdict = |edge: &Edge| {
        let needed = state.op_index(job, &edge.op).and_then(|index| job.ops.get(index)?.state)?;
        edge_verdict(edge, needed)
    };
    let mut groups: Vec<u32> = edges.iter().filter_map(|edge| edge.any).collect();
    groups.sort_unstable();
    groups.dedup();
    let of_groups = groups.into_iter().filter_map(|group| {
        let of_group = edges.iter().filter(|edge| edge.any == Some(group));
        // One that holds is enough; then there is no verdict against the op.
        let all: Option<Vec<OpState>> = of_group.map(verdict).collect();
        worst(all?.into_iter())
    });
    worst(edges.iter().filter(|edge| edge.any.is_none()).filter_map(verdict).chain(of_groups))
}

/// What the state of a needed op makes of the op that needs it; `None` if it may run.
fn edge_verdict(edge: &Edge, needed: OpState) -> Option<OpState> {
    let failed = matches!(needed, OpState::Failed | OpState::UpstreamFailed);
    match edge.states.contains(&needed) {
        true => None,
        false if failed && edge.states.contains(&OpState::Succeeded) => Some(OpState::UpstreamFailed),
        false => Some(OpState::Skipped),
    }
}

fn worst(verdicts: impl Iterator<Item = OpState>) -> Option<OpState> {
    verdicts.reduce(|a, b| if a == OpState::UpstreamFailed { a } else { b })
}

fn fan_out(run: &mut Run, op: OpRef, declared: &Op) {
    let Some(job) = run.state.jobs.get(op.job) else { return };
    match combinations(run, job, &declared.each) {
        Err(failure) => finish_without_items(run, op, OpState::Failed, Some(failure)),
        Ok(items) if items.is_empty() => finish_empty(run, op, declared),
        Ok(items) => add_items(run, op, declared, items),
    }
}

fn finish_empty(run: &mut Run, op: OpRef, declared: &Op) {
    if let Some(state) = run.state.op_run_mut(op) {
        state.outputs = declared.outputs.iter().map(|field| (field.name.clone(), Value::list([]))).collect();
        state.is_fan_out = true;
    }
    finish_without_items(run, op, OpState::Succeeded, None);
}

/// Every combination of the lists, the last varying fastest. Without lists there is one, of nothing.
fn combinations(run: &Run, job: &JobRun, fans: &[Fan]) -> Result<Vec<Locals>, Failure> {
    let mut all: Vec<Locals> = vec![Vec::new()];
    for fan in fans {
        let values = fan_values(run, job, fan)?;
        if all.len().saturating_mul(values.len()) > MAX_ITEMS {
            return Err(input(format!("the fan-out has more than {MAX_ITEMS} items")));
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

fn fan_values(run: &Run, job: &JobRun, fan: &Fan) -> Result<Arc<[Value]>, Failure> {
    match run.evaluator.value(&fan.over, &EvalContext::of_job(&run.state, job)) {
        Ok(Value::List(values)) => Ok(values),
        Ok(_) => Err(input(format!("the list of `{}` is null", fan.var))),
        Err(error) => Err(input(format!("cannot evaluate the list of `{}`: {error}", fan.var))),
    }
}

fn add_items(run: &mut Run, op: OpRef, declared: &Op, items: Vec<Locals>) {
    let Some(job) = run.state.jobs.get(op.job) else { return };
    let count = items.len();
    let mut failures = Vec::with_capacity(count);
    let mut prepared = Vec::with_capacity(count);
    for locals in items {
        let (inputs, failure) = prepare(run, job, declared, &locals);
        failures.push(failure);
        prepared.push(Item { locals: locals.into(), inputs, ..Item::default() });
    }
    let Some(state) = run.state.op_run_mut(op) else { return };
    state.is_fan_out = !declared.each.is_empty();
    state.open = count;
    state.items = prepared;
    if !declared.each.is_empty() {
        run.recording.items_counted(&run.state, op, count);
    }
    for (item, failure) in failures.into_iter().enumerate() {
        match failure {
            Some(failure) => finish_item(run, ItemRef { op, item }, OpState::Failed, Some(failure)),
            None => run.state.op_run_mut(op).into_iter().for_each(|state| state.queue.push_back(item)),
        }
    }
    run.admission.update(&run.state, op);
}

/// The inputs of an item, and what is wrong with them.
fn prepare(run: &Run, job: &JobRun, declared: &Op, locals: &Locals) -> (Values, Option<Failure>) {
    let context = EvalContext::of_job(&run.state, job).with_locals(locals);
    let (inputs, failed) = run.evaluator.arguments(&declared.args, &context);
    let message = match failed {
        Some((name, error)) => Some(format!("cannot evaluate the argument `{name}`: {error}")),
        None => run.input_violation(job, &declared.runs, &inputs),
    };
    (inputs, message.map(input))
}

fn input(message: String) -> Failure {
    Failure::new(ErrorKind::Input, message)
}
