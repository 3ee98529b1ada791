//! An agent's steps and calls of tools: gates first, then observers, then its answer.
//!
//! A refusal is answered to the agent, whose attempt goes on. Takes for granted that an agent asks one thing at a time:
//! whoever runs it hands on the next when the one before is answered.

use std::sync::Arc;

use hookc_plan::{Event, EventOn, Name, Value};

use super::state::{Asks, ItemRef, OpenCall, Phase, Step, Subject, Task};
use super::{Action, Machine};
use crate::executor::{Answer, Request, TaskId, Values};

impl Machine {
    /// An agent asks whether it may go on.
    pub(super) fn agent_asked(&mut self, task: TaskId, request: Request) {
        let Some(Task::Attempt(item)) = self.tasks.get(&task) else {
            return;
        };
        let item = *item;
        let Some(state) = self.item_mut(item).filter(|state| state.phase == Phase::Running) else {
            return;
        };
        let agent = state.agent.get_or_insert_default();
        agent.asked += 1;
        let Some(asks) = agent.taken(request) else {
            return self.act(Action::Answer(task, Answer::Refuse("there is no such call".to_owned())));
        };
        let on = asks.on;
        agent.asks = Some(asks);
        self.gates(Subject::Item(item), on, 0);
    }

    /// All gates have passed.
    pub(super) fn agent_goes_on(&mut self, item: ItemRef) {
        let Some(agent) = self.item_mut(item).and_then(|state| state.agent.as_mut()) else {
            return;
        };
        let Some(asks) = agent.asks.clone() else { return };
        let values = match asks.on {
            Event::ToolStart => asks.payload.clone(),
            Event::ToolEnd => asks.output.clone(),
            _ => Values::new(),
        };
        agent.go_on(&asks);
        self.emit_agent(item, &asks);
        self.fire(Subject::Item(item), &[asks.on]);
        self.record_agent_action(item, &asks, None);
        self.answer_agent(item, Answer::Go(values));
    }

    /// A gate has refused.
    pub(super) fn agent_refused(&mut self, item: ItemRef, message: String) {
        let Some(agent) = self.item_mut(item).and_then(|state| state.agent.as_mut()) else {
            return;
        };
        let Some(asks) = agent.asks.clone() else { return };
        if asks.on == Event::StepStart {
            Arc::make_mut(&mut agent.steps).pop();
        }
        self.record_agent_action(item, &asks, Some(message.clone()));
        self.answer_agent(item, Answer::Refuse(message));
    }

    fn answer_agent(&mut self, item: ItemRef, answer: Answer) {
        if let Some(agent) = self.item_mut(item).and_then(|state| state.agent.as_mut()) {
            agent.asks = None;
        }
        let task = self.tasks.iter().find(|(_, task)| matches!(task, Task::Attempt(of) if *of == item));
        if let Some(task) = task.map(|(id, _)| *id) {
            self.act(Action::Answer(task, answer));
        }
    }

    /// Replaces what a tool is given, or its answer; says what is wrong with the result, which is not taken then.
    pub(super) fn modify_asked(&mut self, item: ItemRef, by: &Values) -> Option<String> {
        let plan = Arc::clone(&self.plan);
        let asks = self.item(item)?.agent.as_ref()?.asks.as_ref()?;
        let tool = plan.components.get(asks.tool.as_ref()?)?;
        let answers = asks.on == Event::ToolEnd;
        let (fields, values) = if answers { (&tool.outputs, &asks.output) } else { (&tool.inputs, &asks.payload) };
        let mut changed = values.clone();
        changed.extend(by.iter().map(|(name, value)| (name.clone(), value.clone())));
        let broken = self.broken_where(self.jobs.get(item.op.job)?, fields, &changed);
        if broken.is_some() {
            return broken;
        }
        let asks = self.item_mut(item)?.agent.as_mut()?.asks.as_mut()?;
        asks.modified = true;
        if answers {
            asks.output = changed;
        } else {
            asks.payload = changed;
        }
        None
    }

    /// Whether an event that a hook names is this one; of a tool's, whether it is of a tool that it names.
    pub(super) fn is_meant(&self, subject: Subject, written: &EventOn, on: Event) -> bool {
        if written.event != on || written.tools.is_empty() {
            return written.event == on;
        }
        let Subject::Item(item) = subject else { return false };
        let asks = self.item(item).and_then(|state| state.agent.as_ref()?.asks.as_ref());
        asks.and_then(|asks| asks.tool.as_ref()).is_some_and(|tool| written.tools.contains(tool))
    }

    /// The number of what an agent asks; 0 where it asks nothing.
    pub(super) fn asked(&self, subject: Subject) -> u64 {
        let Subject::Item(item) = subject else { return 0 };
        let agent = self.item(item).and_then(|state| state.agent.as_ref());
        agent.filter(|agent| agent.asks.is_some()).map_or(0, |agent| agent.asked)
    }
}

impl super::state::AgentRun {
    /// What hooks see of a request; `None` for the answer to a call that is not open.
    fn taken(&mut self, request: Request) -> Option<Asks> {
        let (payload, output) = (Values::new(), Values::new());
        let mut asks = Asks { on: Event::StepStart, call: None, tool: None, payload, output, modified: false };
        match request {
            Request::StepStart { number } => {
                let number =
                    number.unwrap_or_else(|| self.steps.last().map_or(1, |step| step.number.saturating_add(1)));
                self.begin_step(number);
            }
            Request::StepEnd { text } => {
                asks.on = Event::StepEnd;
                if let Some(step) = self.step() {
                    step.text = text;
                }
            }
            Request::ToolStart { call, tool, payload } => {
                self.step();
                asks = Asks { on: Event::ToolStart, call: Some(call), tool: Some(tool), payload, ..asks };
            }
            Request::ToolEnd { call, output } => {
                let open = self.open.iter().find(|open| open.id == call)?.clone();
                let (tool, payload) = (Some(open.tool), open.payload);
                asks = Asks { on: Event::ToolEnd, call: Some(call), tool, payload, output, ..asks };
            }
        }
        Some(asks)
    }

    /// What has become of the calls when a request was let pass.
    fn go_on(&mut self, asks: &Asks) {
        let (Some(id), Some(tool)) = (&asks.call, &asks.tool) else { return };
        if asks.on == Event::ToolStart {
            self.open.push(OpenCall { id: id.clone(), tool: tool.clone(), payload: asks.payload.clone() });
            if let Some(step) = self.step() {
                step.calls.push((id.clone(), tool.clone()));
            }
        } else {
            self.open.retain(|open| open.id != *id);
        }
    }

    fn begin_step(&mut self, number: i64) {
        Arc::make_mut(&mut self.steps).push(Step { number, text: None, calls: Vec::new() });
    }

    /// The present step; an agent that tells of none is in its first.
    fn step(&mut self) -> Option<&mut Step> {
        if self.steps.is_empty() {
            self.begin_step(1);
        }
        Arc::make_mut(&mut self.steps).last_mut()
    }
}

/// Whether only agents have the event.
pub(super) fn is_agents(on: Event) -> bool {
    matches!(on, Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd)
}

/// The name that a tool is declared by.
pub(crate) fn tool_name(key: &Name) -> Name {
    key.rsplit_once(':').map_or_else(|| key.clone(), |(_, name)| name.into())
}

/// A step as hooks read it.
pub(super) fn step_value(step: &Step) -> Value {
    let call = |(id, tool): &(String, Name)| {
        Value::record([("id".into(), Value::text(id)), ("tool".into(), Value::Str(tool_name(tool)))])
    };
    Value::record([
        ("number".into(), Value::Int(step.number)),
        ("text".into(), step.text.as_ref().map_or(Value::Null, Value::text)),
        ("calls".into(), Value::list(step.calls.iter().map(call))),
    ])
}
