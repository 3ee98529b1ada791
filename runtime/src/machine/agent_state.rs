//! What an agent's requests change in its own state: its steps, its open calls, and the request that is being decided.

use std::sync::Arc;

use hookc_plan::{Event, EventOn, Name, Value};

use super::state::{AgentRun, OpenCall, PendingRequest, RunState, Step, Subject};
use crate::task::AgentRequest;
use crate::values::Values;

impl AgentRun {
    /// Takes a request, which is pending from now on. `None` for the answer to a call that is not open.
    pub(super) fn receive(&mut self, request: AgentRequest) -> Option<Event> {
        self.requests += 1;
        let pending = self.read(request)?;
        let on = pending.on;
        self.pending = Some(pending);
        Some(on)
    }

    fn read(&mut self, request: AgentRequest) -> Option<PendingRequest> {
        Some(match request {
            AgentRequest::StepStart { number } => {
                self.begin_step(number.unwrap_or_else(|| self.next_step_number()));
                PendingRequest::of_step(Event::StepStart)
            }
            AgentRequest::StepEnd { text } => {
                if let Some(step) = self.step() {
                    step.text = text;
                }
                PendingRequest::of_step(Event::StepEnd)
            }
            AgentRequest::ToolStart { call, tool, payload } => {
                self.step();
                PendingRequest::of_call(Event::ToolStart, OpenCall { id: call, tool, payload }, Values::new())
            }
            AgentRequest::ToolEnd { call, output } => {
                let open = self.open_calls.iter().find(|open| open.id == call)?.clone();
                PendingRequest::of_call(Event::ToolEnd, open, output)
            }
        })
    }

    /// The pending request has passed its gates.
    pub(super) fn proceed(&mut self, request: &PendingRequest) {
        let (Some(id), Some(tool)) = (&request.call, &request.tool) else { return };
        if request.on == Event::ToolStart {
            self.open_calls.push(OpenCall { id: id.clone(), tool: tool.clone(), payload: request.payload.clone() });
            if let Some(step) = self.step() {
                step.calls.push((id.clone(), tool.clone()));
            }
        } else {
            self.open_calls.retain(|open| open.id != *id);
        }
    }

    /// A gate has refused the pending request.
    pub(super) fn refuse(&mut self, request: &PendingRequest) {
        if request.on == Event::StepStart {
            Arc::make_mut(&mut self.steps).pop();
        }
    }

    /// The number of the present step.
    pub(super) fn step_number(&self) -> u32 {
        self.steps.last().map_or(1, |step| u32::try_from(step.number).unwrap_or(u32::MAX))
    }

    fn next_step_number(&self) -> i64 {
        self.steps.last().map_or(1, |step| step.number.saturating_add(1))
    }

    fn begin_step(&mut self, number: i64) {
        Arc::make_mut(&mut self.steps).push(Step { number, text: None, calls: Vec::new() });
    }

    /// The present step. An agent that reports no steps is in its first.
    fn step(&mut self) -> Option<&mut Step> {
        if self.steps.is_empty() {
            self.begin_step(1);
        }
        Arc::make_mut(&mut self.steps).last_mut()
    }
}

impl PendingRequest {
    fn of_step(on: Event) -> PendingRequest {
        PendingRequest { on, call: None, tool: None, payload: Values::new(), output: Values::new(), modified: false }
    }

    fn of_call(on: Event, call: OpenCall, output: Values) -> PendingRequest {
        let (call, tool, payload) = (Some(call.id), Some(call.tool), call.payload);
        PendingRequest { on, call, tool, payload, output, modified: false }
    }

    /// The values of its event: the tool's outputs at `tool_end`, its inputs at `tool_start`.
    pub(super) fn values(&self) -> &Values {
        if self.on == Event::ToolEnd { &self.output } else { &self.payload }
    }

    /// Replaces these values.
    pub(super) fn modify(&mut self, values: Values) {
        self.modified = true;
        if self.on == Event::ToolEnd {
            self.output = values;
        } else {
            self.payload = values;
        }
    }
}

/// Whether `on` is an event of agents.
pub(super) fn is_agent_event(on: Event) -> bool {
    matches!(on, Event::StepStart | Event::StepEnd | Event::ToolStart | Event::ToolEnd)
}

/// Whether a hook's event is `on`; if it names tools, whether the call is of one of them.
pub(super) fn is_event_of(state: &RunState, subject: Subject, written: &EventOn, on: Event) -> bool {
    if written.event != on || written.tools.is_empty() {
        return written.event == on;
    }
    let request = state.agent(subject).and_then(|agent| agent.pending.as_ref());
    request.and_then(|request| request.tool.as_ref()).is_some_and(|tool| written.tools.contains(tool))
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
