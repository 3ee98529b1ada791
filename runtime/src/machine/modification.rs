//! `modify`: a gate replaces inputs or outputs of what it guards, as far as their refinements allow.

use std::sync::Arc;

use hookc_plan::{Event, Field, Plan, Runs};

use super::agent_state::is_agent_event;
use super::refinements;
use super::run::Run;
use super::state::{Item, ItemRef, PendingRequest, RunState, Subject};
use crate::values::Values;

/// Applies `changes`; if the result violates a refinement, nothing changes and the violation is returned.
pub(super) fn apply(run: &mut Run, subject: Subject, on: Event, changes: &Values) -> Option<String> {
    let Subject::Item(item) = subject else { return None };
    let plan = Arc::clone(&run.state.plan);
    let (fields, mut values) = match is_agent_event(on) {
        true => of_request(&plan, run.state.agent(subject)?.pending.as_ref()?)?,
        false => of_item(&plan, &run.state, item, on)?,
    };
    values.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
    let job = run.state.jobs.get(item.op.job)?;
    let violation = refinements::violation(&run.state, &run.evaluator, job, fields, &values);
    if violation.is_none() {
        replace(run, item, on, values);
    }
    violation
}

/// What a tool is given, or its answer.
fn of_request<'p>(plan: &'p Plan, request: &PendingRequest) -> Option<(&'p [Field], Values)> {
    let tool = plan.components.get(request.tool.as_ref()?)?;
    let fields = if request.on == Event::ToolEnd { &tool.outputs } else { &tool.inputs };
    Some((fields, request.values().clone()))
}

/// The inputs of an item at its start, or its outputs at its end.
fn of_item<'p>(plan: &'p Plan, state: &RunState, item: ItemRef, on: Event) -> Option<(&'p [Field], Values)> {
    let values = values_of(state.item(item)?, on).clone();
    let fields = match (&state.declared(item.op)?.runs, on) {
        (Runs::Component(key), Event::End) => &plan.components.get(key)?.outputs,
        (Runs::Component(key), _) => &plan.components.get(key)?.inputs,
        // The outputs of a job are expressions: they have no refinements.
        (Runs::Job(_), Event::End) => return Some((&[], values)),
        (Runs::Job(key), _) => &plan.jobs.get(key)?.inputs,
    };
    Some((fields, values))
}

fn values_of(item: &Item, on: Event) -> &Values {
    if on == Event::End { &item.outputs } else { &item.inputs }
}

fn replace(run: &mut Run, item: ItemRef, on: Event, values: Values) {
    let Some(state) = run.state.item_mut(item) else { return };
    match state.agent.as_mut().and_then(|agent| agent.pending.as_mut()).filter(|_| is_agent_event(on)) {
        Some(request) => request.modify(values),
        None if on == Event::End => state.outputs = values,
        None => state.inputs = values,
    }
}
