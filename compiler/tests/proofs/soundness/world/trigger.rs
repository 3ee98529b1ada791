//! What starts a job: the events of its triggers, their conditions and what they give.

use std::collections::BTreeMap;

use hookc_plan::{EventField, Expr, Trigger, TriggerKind, Type, Value};

use super::values::value;
use super::view::{View, moment};
use super::{Place, World};

impl World<'_> {
    pub(super) fn triggers(&mut self) {
        for trigger in &self.job.triggers {
            let event = self.event(trigger);
            let place = Place::new(&trigger.name, "trigger");
            let holds = trigger.when.as_ref().is_none_or(|when| self.of_event(&when.expr, &event, &place));
            for arg in trigger.args.iter().filter(|_| holds) {
                self.of_event(&arg.value, &event, &place);
            }
        }
    }

    /// Looks at an expression of a trigger; whether it is true.
    fn of_event(&mut self, expr: &Expr, event: &BTreeMap<EventField, Value>, place: &Place) -> bool {
        let view = View { event: Some(event), ..self.view() };
        let looked = view.value(expr);
        let holds = looked.result == Ok(Value::Bool(true));
        self.judge.look(expr, looked, place, self.plan);
        holds
    }

    fn event(&mut self, trigger: &Trigger) -> BTreeMap<EventField, Value> {
        let plan = self.plan;
        match &trigger.kind {
            TriggerKind::Schedule(_) => BTreeMap::from([(EventField::ScheduledAt, moment())]),
            TriggerKind::Watch(_) => BTreeMap::from([(EventField::Path, Value::text("in/a.csv"))]),
            TriggerKind::Webhook(webhook) => webhook
                .body
                .iter()
                .map(|record| (EventField::Body, value(self.rng, &Type::Record(record.clone()), plan)))
                .collect(),
            TriggerKind::After(_) => BTreeMap::from([
                (EventField::JobName, Value::text("first")),
                (EventField::JobId, Value::text("1")),
                (EventField::JobStatus, Value::Enum(self.rng.pick(&["succeeded", "failed", "stopped"]).into())),
            ]),
        }
    }
}
