//! What a test lets an agent do: read from its lines, and asked for one after the other.

use std::collections::VecDeque;

use hookc_plan::test::Given as Line;
use hookc_plan::{EvalError, Event, Name, Plan, Span, Value};

use super::Problem;
use super::value::constants;
use crate::executor::{Answer, Ended, Request, Values};

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    event: Event,
    tool: Option<Name>,
    values: Values,
    span: Span,
}

/// What an agent does; nothing where the line is of another kind.
pub(super) fn deed(plan: &Plan, line: &Line) -> Result<Option<Deed>, (Name, EvalError)> {
    let Some(event) = &line.event else { return Ok(None) };
    let values = constants(plan, &line.values)?;
    Ok(Some(Deed { event: event.event, tool: event.tool.clone(), values, span: line.span }))
}

/// An agent's attempt in the middle of its lines.
#[derive(Debug)]
pub(super) struct Acting {
    deeds: VecDeque<Deed>,
    /// The calls without an answer, and whether a gate refused them.
    open: Vec<Call>,
    calls: u32,
    /// What waits for its answer.
    asked: Option<Event>,
    /// Whether a gate refused the step that the next lines are of.
    refused_step: bool,
    /// How the attempt ends then; nothing: it goes on.
    pub(super) end: Option<Ended>,
    /// Lines that could not happen, and why.
    pub(super) unplayed: Vec<Problem>,
}

#[derive(Debug)]
struct Call {
    id: String,
    tool: Name,
    refused: bool,
}

impl Acting {
    pub(super) fn new(deeds: &[Deed], end: Option<Ended>) -> Acting {
        Acting {
            deeds: deeds.iter().cloned().collect(),
            open: Vec::new(),
            calls: 0,
            asked: None,
            refused_step: false,
            end,
            unplayed: Vec::new(),
        }
    }

    /// What it asks next; nothing: its lines are over.
    pub(super) fn next(&mut self) -> Option<Request> {
        while let Some(deed) = self.deeds.pop_front() {
            let (event, span) = (deed.event, deed.span);
            if self.refused_step && event != Event::StepStart {
                self.cannot_happen(event, span, "its step was refused");
                continue;
            }
            match self.request(deed) {
                Ok(request) => {
                    self.asked = Some(event);
                    return Some(request);
                }
                Err(reason) => self.cannot_happen(event, span, reason),
            }
        }
        None
    }

    /// Hears what became of what it asked.
    pub(super) fn hear(&mut self, answer: &Answer) {
        let refused = matches!(answer, Answer::Refuse(_));
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

    fn request(&mut self, deed: Deed) -> Result<Request, &'static str> {
        let text = |name: &str| deed.values.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(match (deed.event, deed.tool) {
            (Event::ToolStart, Some(tool)) => {
                self.calls += 1;
                let call = format!("c{}", self.calls);
                self.open.push(Call { id: call.clone(), tool: tool.clone(), refused: false });
                Request::ToolStart { call, tool, payload: deed.values }
            }
            (Event::ToolEnd, tool) => {
                let at = self.open.iter().rposition(|call| Some(&call.tool) == tool.as_ref());
                let call = at.map(|at| self.open.remove(at)).ok_or("there is no call that it answers")?;
                if call.refused {
                    return Err("its call was refused");
                }
                Request::ToolEnd { call: call.id, output: deed.values }
            }
            (Event::StepEnd, _) => Request::StepEnd { text: text("text") },
            _ => Request::StepStart {
                number: match deed.values.get("number") {
                    Some(Value::Int(number)) => Some(*number),
                    _ => None,
                },
            },
        })
    }
}
