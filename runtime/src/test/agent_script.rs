//! The actions of an agent in a test: read from its lines, and requested one after the other.

use std::collections::VecDeque;

use hookc_plan::test::Given as Line;
use hookc_plan::{EvalError, Event, Name, Plan, Span, Value};

use super::constants::constants;
use super::report::Problem;
use crate::task::{AgentAnswer, AgentRequest, TaskOutcome};
use crate::values::Values;

/// One line.
#[derive(Clone, Debug)]
pub(super) struct ScriptedAction {
    event: Event,
    tool: Option<Name>,
    values: Values,
    span: Span,
}

/// The action that a line gives; `None` for a line of another kind.
pub(super) fn scripted_action(plan: &Plan, line: &Line) -> Result<Option<ScriptedAction>, (Name, EvalError)> {
    let Some(event) = &line.event else { return Ok(None) };
    let values = constants(plan, &line.values)?;
    Ok(Some(ScriptedAction { event: event.event, tool: event.tool.clone(), values, span: line.span }))
}

/// An agent's attempt in the middle of its lines.
#[derive(Debug)]
pub(super) struct AgentScript {
    actions: VecDeque<ScriptedAction>,
    /// The calls without an answer, and whether a gate refused them.
    open: Vec<Call>,
    calls: u32,
    /// The request that waits for its answer.
    asked: Option<Event>,
    /// Whether a gate refused the step that the next lines belong to.
    refused_step: bool,
    /// How the attempt ends after them; `None`: it runs on.
    pub(super) end: Option<TaskOutcome>,
    /// Lines that could not happen, and why.
    pub(super) unplayed: Vec<Problem>,
}

#[derive(Debug)]
struct Call {
    id: String,
    tool: Name,
    refused: bool,
}

impl AgentScript {
    pub(super) fn new(actions: &[ScriptedAction], end: Option<TaskOutcome>) -> AgentScript {
        AgentScript {
            actions: actions.iter().cloned().collect(),
            open: Vec::new(),
            calls: 0,
            asked: None,
            refused_step: false,
            end,
            unplayed: Vec::new(),
        }
    }

    /// The next request; `None`: there are no more lines.
    pub(super) fn next(&mut self) -> Option<AgentRequest> {
        while let Some(action) = self.actions.pop_front() {
            let (event, span) = (action.event, action.span);
            if self.refused_step && event != Event::StepStart {
                self.cannot_happen(event, span, "its step was refused");
                continue;
            }
            match self.request(action) {
                Ok(request) => {
                    self.asked = Some(event);
                    return Some(request);
                }
                Err(reason) => self.cannot_happen(event, span, reason),
            }
        }
        None
    }

    /// Receives the answer to the last request.
    pub(super) fn receive(&mut self, answer: &AgentAnswer) {
        let refused = matches!(answer, AgentAnswer::Refuse(_));
        match self.asked.take() {
            Some(Event::StepStart) => self.refused_step = refused,
            Some(Event::ToolStart) => {
                if let Some(call) = self.open.last_mut() {
                    call.refused = refused;
                }
            }
            _ => {}
        }
    }

    fn cannot_happen(&mut self, event: Event, span: Span, reason: &str) {
        self.unplayed.push(Problem::new(span, format!("`{event}` does not happen: {reason}")));
    }

    fn request(&mut self, action: ScriptedAction) -> Result<AgentRequest, &'static str> {
        let text = |name: &str| action.values.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(match (action.event, action.tool) {
            (Event::ToolStart, Some(tool)) => {
                self.calls += 1;
                let call = format!("c{}", self.calls);
                self.open.push(Call { id: call.clone(), tool: tool.clone(), refused: false });
                AgentRequest::ToolStart { call, tool, payload: action.values }
            }
            (Event::ToolEnd, tool) => {
                let at = self.open.iter().rposition(|call| Some(&call.tool) == tool.as_ref());
                let call = at.map(|at| self.open.remove(at)).ok_or("there is no open call of this tool")?;
                if call.refused {
                    return Err("its call was refused");
                }
                AgentRequest::ToolEnd { call: call.id, output: action.values }
            }
            (Event::StepEnd, _) => AgentRequest::StepEnd { text: text("text") },
            _ => AgentRequest::StepStart {
                number: match action.values.get("number") {
                    Some(Value::Int(number)) => Some(*number),
                    _ => None,
                },
            },
        })
    }
}
