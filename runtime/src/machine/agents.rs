//! An agent's steps and calls of tools: gates first, then observers, then its answer.
//!
//! A refusal is answered to the agent, whose attempt goes on. An agent makes one request at a time: its executor passes on
//! the next one when the one before is answered.

use hookc_plan::Event;

use super::observers::fire;
use super::run::Run;
use super::state::{ItemRef, PendingRequest, Subject};
use super::step::Action;
use super::{gates, state};
use crate::records::Phase;
use crate::task::{AgentAnswer, AgentRequest, TaskId};
use crate::values::Values;

/// An agent asks whether it may go on.
pub(super) fn asked(run: &mut Run, task: TaskId, request: AgentRequest) {
    let Some(item) = run.tasks.item_of(task) else { return };
    let Some(state) = run.state.item_mut(item).filter(|state| state.phase == Phase::Running) else {
        return;
    };
    match state.agent.get_or_insert_default().receive(request) {
        Some(on) => gates::ask(run, Subject::Item(item), on, 0),
        None => {
            let answer = AgentAnswer::Refuse("there is no open call with this id".to_owned());
            run.recording.act(Action::Answer(task, answer));
        }
    }
}

/// All gates of a request have passed.
pub(super) fn proceed(run: &mut Run, item: ItemRef) {
    let Some((agent, request)) = pending(run, item) else { return };
    agent.proceed(&request);
    let values = match request.on {
        Event::ToolStart | Event::ToolEnd => request.values().clone(),
        _ => Values::new(),
    };
    run.recording.agent_proceeded(&run.state, item, &request);
    fire(run, Subject::Item(item), &[request.on]);
    run.recording.agent_action(&run.state, item, &request, None);
    answer(run, item, AgentAnswer::Proceed(values));
}

/// A gate has refused a request.
pub(super) fn refuse(run: &mut Run, item: ItemRef, message: String) {
    let Some((agent, request)) = pending(run, item) else { return };
    agent.refuse(&request);
    run.recording.agent_action(&run.state, item, &request, Some(message.clone()));
    answer(run, item, AgentAnswer::Refuse(message));
}

fn pending(run: &mut Run, item: ItemRef) -> Option<(&mut state::AgentRun, PendingRequest)> {
    let agent = run.state.agent_mut(item)?;
    let request = agent.pending.clone()?;
    Some((agent, request))
}

fn answer(run: &mut Run, item: ItemRef, answer: AgentAnswer) {
    if let Some(agent) = run.state.agent_mut(item) {
        agent.pending = None;
    }
    if let Some(task) = run.tasks.attempt_of(item) {
        run.recording.act(Action::Answer(task, answer));
    }
}
