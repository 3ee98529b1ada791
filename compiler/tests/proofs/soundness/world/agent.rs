//! An agent at work: steps, calls of tools, and the gates between.

use hookc_plan::{Component, Event, Fields, Name, Op, Runs, Type, TypeDef, Value};

use super::values::value;
use super::{AgentSeen, Said, Seen, World};

impl World<'_> {
    /// The steps of the op's agent, if it runs one.
    pub(super) fn agent(&mut self, op: &Op, seen: &mut Seen) {
        let Runs::Component(key) = &op.runs else { return };
        let plan = self.plan;
        let component = &plan.components[key];
        if component.tools.is_empty() {
            return;
        }
        for number in 1..=self.rng.below(3) {
            seen.agent.step = self.step(number as i64);
            self.fire(op, seen, &[Event::StepStart]);
            for _ in 0..self.rng.below(3) {
                let tool = &component.tools[self.rng.below(component.tools.len())];
                self.tool_call(op, seen, tool, &plan.components[tool]);
            }
            self.fire(op, seen, &[Event::StepEnd]);
            seen.agent.steps.extend(seen.agent.step.take());
        }
        seen.agent = AgentSeen::default();
    }

    /// The record of a step; nothing where no expression reads one.
    fn step(&mut self, number: i64) -> Option<Value> {
        let plan = self.plan;
        let Some(TypeDef::Record(_)) = plan.types.get("step") else { return None };
        let Value::Record(fields) = value(self.rng, &Type::Record("step".into()), plan) else { return None };
        let numbered: Fields = fields
            .iter()
            .map(|(name, value)| (name.clone(), if name == "number" { Value::Int(number) } else { value.clone() }))
            .collect();
        Some(Value::Record(numbered))
    }

    fn tool_call(&mut self, op: &Op, seen: &mut Seen, name: &Name, tool: &Component) {
        let Some(payload) = self.kept(&tool.inputs, false) else { return };
        seen.agent.tool = Some(name.clone());
        seen.agent.payload = payload;
        if self.fire(op, seen, &[Event::ToolStart]) == Said::Pass
            && let Some(output) = self.kept(&tool.outputs, false)
        {
            seen.agent.output = output;
            self.fire(op, seen, &[Event::ToolEnd]);
        }
        seen.agent.tool = None;
        seen.agent.payload.clear();
        seen.agent.output.clear();
    }
}
