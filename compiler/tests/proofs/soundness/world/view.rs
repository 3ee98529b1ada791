//! What an expression reads.

use std::collections::BTreeMap;

use hookc_plan::{
    Context, ErrorField, Event, EventField, Expr, JobField, Name, OpField, OpState, Path, Slot, Timestamp, Value,
};

use super::values::{Values, connection};
use super::{Seen, World};
use crate::soundness::judge::Looked;

/// Where an expression stands.
pub(super) struct View<'v> {
    pub(super) world: &'v World<'v>,
    pub(super) seen: Option<&'v Seen>,
    pub(super) job_event: Option<Event>,
    pub(super) locals: &'v [(Name, Value)],
    /// In a component: its inputs.
    pub(super) inputs: Option<&'v Values>,
    /// In the rules of a job: its inputs.
    pub(super) job_inputs: Option<&'v Values>,
    pub(super) event: Option<&'v BTreeMap<EventField, Value>>,
}

impl<'v> View<'v> {
    pub(super) fn of_job(world: &'v World<'v>) -> View<'v> {
        View { world, seen: None, job_event: None, locals: &[], inputs: None, job_inputs: None, event: None }
    }

    /// The value of an expression, and what it reads.
    pub(super) fn value(&self, expr: &Expr) -> Looked {
        Looked::new(expr, self, self.world.plan)
    }

    fn op_field(&self, field: OpField) -> Value {
        let Some(seen) = self.seen else { return Value::Null };
        let moment = |there: bool| if there { self::moment() } else { Value::Null };
        match field {
            OpField::Name | OpField::Id | OpField::Component | OpField::Url | OpField::Log => Value::text("x"),
            OpField::Attempt => Value::Int(seen.attempt),
            OpField::Item => seen.item.map_or(Value::Null, Value::Int),
            OpField::Status => seen.state.map_or(Value::Null, |state| Value::Enum(state.word().into())),
            OpField::StartedAt => moment(seen.started),
            OpField::FinishedAt => moment(seen.state.is_some()),
            // In `retry … when` it is the attempt's.
            OpField::Duration if seen.started && (seen.state.is_some() || seen.error.is_some()) => Value::Duration(1),
            OpField::Duration => Value::Null,
        }
    }

    fn error_field(&self, field: ErrorField) -> Value {
        let Some(kind) = self.seen.and_then(|seen| seen.error.clone()) else {
            return Value::Null;
        };
        match field {
            ErrorField::Message => Value::text("exit code 1"),
            ErrorField::Kind => kind,
            ErrorField::ExitCode if kind.as_str() == Some("exit") => Value::Int(1),
            ErrorField::ExitCode | ErrorField::Traceback | ErrorField::Type => Value::Null,
        }
    }

    fn job_field(&self, field: JobField) -> Value {
        let event = self.job_event.filter(|_| self.seen.is_none());
        let ended = matches!(event, Some(Event::Succeeded | Event::Failed | Event::Stopped));
        match field {
            JobField::Name | JobField::Id | JobField::Url | JobField::Project => Value::text("main"),
            JobField::Source => Value::Enum("manual".into()),
            JobField::Profile => self.world.profile.clone(),
            JobField::StartedAt => moment(),
            JobField::Previous => self.world.previous.clone(),
            JobField::Status if ended => Value::Enum(event.map_or("", Event::word).into()),
            JobField::ErrorMessage if event == Some(Event::Failed) => Value::text("it failed"),
            JobField::FailedOps if ended => Value::list([]),
            JobField::FinishedAt if ended => moment(),
            JobField::Duration if ended => Value::Duration(1),
            _ => Value::Null,
        }
    }

    fn path(&self, path: &Path) -> Value {
        let of = |values: &Values, name: &Name| values.get(name).cloned().unwrap_or(Value::Null);
        let agent = self.seen.map(|seen| &seen.agent);
        match path {
            Path::JobInput(name) => of(self.job_inputs.unwrap_or(&self.world.inputs), name),
            Path::Input(name) => {
                let inputs = self.inputs.or(self.seen.map(|seen| &seen.inputs));
                inputs.map_or(Value::Null, |inputs| of(inputs, name))
            }
            Path::Output(name) => self.seen.map_or(Value::Null, |seen| of(&seen.outputs, name)),
            Path::Op(field) => self.op_field(*field),
            Path::Error(field) => self.error_field(*field),
            Path::Job(field) => self.job_field(*field),
            Path::OpOutput(op, name) => self.world.ops.get(op).map_or(Value::Null, |ended| of(&ended.outputs, name)),
            Path::OpStatus(op) => {
                let state = self.world.ops.get(op).map_or(OpState::Pending, |ended| ended.state);
                Value::Enum(state.word().into())
            }
            Path::Payload(name) => agent.map_or(Value::Null, |agent| of(&agent.payload, name)),
            Path::ToolOutput(name) => agent.map_or(Value::Null, |agent| of(&agent.output, name)),
            Path::ToolName => agent.and_then(|agent| agent.tool.clone()).map_or(Value::Null, Value::Str),
            Path::Step => agent.and_then(|agent| agent.step.clone()).unwrap_or(Value::Null),
            Path::Steps => agent.map_or(Value::Null, |agent| Value::list(agent.steps.iter().cloned())),
            Path::Hook(_) => Value::text("hook"),
            Path::Agent(_) => Value::Null,
            Path::SessionId => Value::text("session"),
            Path::UserId => Value::Null,
            Path::Event(field) => self.event.and_then(|event| event.get(field).cloned()).unwrap_or(Value::Null),
        }
    }
}

impl Context for View<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        Some(match slot {
            Slot::Ctx(path) => self.path(path),
            Slot::Local(name) => {
                self.locals.iter().find(|(local, _)| local == name).map_or(Value::Null, |local| local.1.clone())
            }
            Slot::Connection(name) => connection(self.world.plan, name),
        })
    }
}

pub(super) fn moment() -> Value {
    Timestamp::new(1_000_000, 0).map_or(Value::Null, Value::Timestamp)
}
