//! What an expression reads at a given moment: the typed contexts of ops, jobs and hooks.
//!
//! Takes for granted that the checker let nothing be read that its event lacks: what is absent all the same is null.

use hookc_plan::trace::JobStatus;
use hookc_plan::{Context, ErrorField, JobField, Name, OpField, OpState, Path, Slot, Value};

use super::state::{Asks, Item, JobRun, OpRef, OpRun, Seen, Step, Subject};
use super::{Machine, agents};
use crate::executor::{Failure, Values};
use crate::values;

/// The place an expression is evaluated at.
pub(crate) struct Scope<'m> {
    machine: &'m Machine,
    job: &'m JobRun,
    subject: Option<(Subject, &'m Seen)>,
    locals: &'m [(Name, Value)],
    component: Option<&'m Values>,
}

impl<'m> Scope<'m> {
    /// In a job: arguments, `when`, `for` lists, `outputs`.
    pub(crate) fn job(machine: &'m Machine, job: &'m JobRun) -> Scope<'m> {
        Scope { machine, job, subject: None, locals: &[], component: None }
    }

    /// With the variables of a fan-out.
    pub(crate) fn with_locals(self, locals: &'m [(Name, Value)]) -> Scope<'m> {
        Scope { locals, ..self }
    }

    /// In a `where`: `inputs.X` are these.
    pub(crate) fn with_inputs(self, inputs: &'m Values) -> Scope<'m> {
        Scope { component: Some(inputs), ..self }
    }

    /// In a hook.
    pub(crate) fn hook(machine: &'m Machine, job: &'m JobRun, subject: Subject, seen: &'m Seen) -> Scope<'m> {
        Scope { machine, job, subject: Some((subject, seen)), locals: &[], component: None }
    }

    fn path(&self, path: &Path) -> Value {
        match path {
            Path::JobInput(name) => get(&self.job.inputs, name),
            Path::Input(name) => self.input(name),
            Path::Output(name) => self.subject.map_or(Value::Null, |(_, seen)| get(&seen.outputs, name)),
            Path::Op(field) => self.op_field(*field),
            Path::Error(field) => error_field(self.subject.and_then(|(_, seen)| seen.failure.as_ref()), *field),
            Path::Job(field) => self.job_field(*field),
            Path::OpOutput(op, name) => self.op(op).map_or(Value::Null, |op| get(&op.outputs, name)),
            Path::OpStatus(op) => {
                let state = self.op(op).and_then(|op| op.state).unwrap_or(OpState::Pending);
                Value::Enum(state.word().into())
            }
            Path::Payload(name) => self.asks().map_or(Value::Null, |asks| get(&asks.payload, name)),
            Path::ToolOutput(name) => self.asks().map_or(Value::Null, |asks| get(&asks.output, name)),
            Path::ToolName => {
                let tool = self.asks().and_then(|asks| asks.tool.as_ref());
                tool.map_or(Value::Null, |tool| Value::Str(agents::tool_name(tool)))
            }
            Path::Step => self.steps().last().map_or(Value::Null, agents::step_value),
            Path::Steps => Value::list(self.steps().iter().map(agents::step_value)),
            // Nothing begins a session yet, and triggers start nothing.
            Path::SessionId | Path::UserId | Path::Event(_) => Value::Null,
        }
    }

    fn asks(&self) -> Option<&'m Asks> {
        self.subject.and_then(|(_, seen)| seen.agent.as_ref()?.asks.as_ref())
    }

    fn steps(&self) -> &'m [Step] {
        let agent = self.subject.and_then(|(_, seen)| seen.agent.as_ref());
        agent.map(|agent| agent.steps.as_slice()).unwrap_or_default()
    }

    fn input(&self, name: &Name) -> Value {
        match (self.component, self.subject) {
            (Some(inputs), _) => get(inputs, name),
            (None, Some((Subject::Job(_), _)) | None) => get(&self.job.inputs, name),
            (None, Some((_, seen))) => get(&seen.inputs, name),
        }
    }

    fn op(&self, name: &Name) -> Option<&'m OpRun> {
        self.job.ops.get(self.machine.op_index(self.job, name)?)
    }

    fn op_field(&self, field: OpField) -> Value {
        let Some((subject, seen)) = self.subject else {
            return Value::Null;
        };
        let Some(op) = subject.op() else { return Value::Null };
        let Some(declared) = self.machine.op(op) else {
            return Value::Null;
        };
        let item = self.machine.item_number(subject);
        match field {
            OpField::Name => Value::Str(declared.name.clone()),
            OpField::Id => Value::text(self.machine.node_id(self.job, op, item)),
            OpField::Component => Value::Str(super::runs_name(&declared.runs).clone()),
            OpField::Attempt => Value::Int(i64::from(seen.attempt)),
            OpField::Item => item.map_or(Value::Null, |item| Value::Int(i64::from(item))),
            OpField::Url => Value::text(self.machine.op_url(subject)),
            OpField::Log => Value::text(self.machine.op_log(subject)),
            OpField::Status => seen.state.map_or(Value::Null, |state| Value::Enum(state.word().into())),
            OpField::StartedAt => seen.started.map_or(Value::Null, values::timestamp),
            OpField::FinishedAt => seen.finished.map_or(Value::Null, values::timestamp),
            OpField::Duration => match (seen.took, seen.started, seen.finished) {
                (Some(took), _, _) => Value::Duration(took),
                (None, Some(started), Some(finished)) => Value::Duration(finished.since(started)),
                _ => Value::Null,
            },
        }
    }

    fn job_field(&self, field: JobField) -> Value {
        let job = self.job;
        match field {
            JobField::Name => Value::Str(self.machine.job_name(job).clone()),
            JobField::Id => Value::text(&job.id),
            JobField::Source => Value::Enum(job.source.word().into()),
            JobField::Profile => self.machine.plan.profile.clone().map_or(Value::Null, Value::Str),
            JobField::StartedAt => job.started.map_or(Value::Null, values::timestamp),
            JobField::Url => Value::text(self.machine.job_url()),
            JobField::Status => job.status.map_or(Value::Null, |status| Value::Enum(status.word().into())),
            JobField::ErrorMessage => match job.status {
                Some(JobStatus::Failed) => Value::text(self.machine.job_message(job)),
                _ => Value::Null,
            },
            JobField::FailedOps => self.machine.failed_ops_value(job),
            JobField::FinishedAt => job.finished.map_or(Value::Null, values::timestamp),
            JobField::Duration => match (job.started, job.finished) {
                (Some(started), Some(finished)) => Value::Duration(finished.since(started)),
                _ => Value::Null,
            },
            JobField::Previous => self.machine.previous(),
        }
    }
}

impl Context for Scope<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        match slot {
            Slot::Ctx(path) => Some(self.path(path)),
            Slot::Local(name) => {
                let seen = self.subject.map_or(&[][..], |(_, seen)| &seen.locals);
                let local = self.locals.iter().rev().chain(seen).find(|(local, _)| local == name);
                Some(local.map_or(Value::Null, |(_, value)| value.clone()))
            }
            Slot::Connection(name) => self.machine.connections.get(name).cloned(),
        }
    }
}

impl Seen {
    /// What a hook of `item` sees now.
    pub(crate) fn of_item(item: &Item) -> Seen {
        let state = match item.phase {
            super::state::Phase::Final(state) => Some(state),
            _ => None,
        };
        Seen {
            state,
            attempt: item.attempt,
            locals: item.locals.clone(),
            inputs: item.inputs.clone(),
            outputs: item.outputs.clone(),
            failure: item.failure.clone(),
            started: item.started,
            finished: item.finished,
            took: None,
            agent: item.agent.clone(),
        }
    }

    /// What a hook of an op sees of which no item ran.
    pub(crate) fn of_whole(op: &OpRun) -> Seen {
        Seen {
            state: op.state,
            outputs: op.outputs.clone(),
            failure: op.failure.clone(),
            started: op.started,
            finished: op.finished,
            ..Seen::default()
        }
    }
}

impl Machine {
    /// The place of an op in its job, by name.
    pub(crate) fn op_index(&self, job: &JobRun, name: &Name) -> Option<usize> {
        self.places.get(&job.key)?.get(name).copied()
    }

    /// What a hook of `subject` sees now.
    pub(crate) fn seen(&self, subject: Subject) -> Seen {
        match subject {
            Subject::Job(_) => Seen::default(),
            Subject::Item(item) => self.item(item).map(Seen::of_item).unwrap_or_default(),
            Subject::Whole(op) => self.op_run(op).map(Seen::of_whole).unwrap_or_default(),
        }
    }

    /// The number of the item that `subject` is, in a fan-out.
    pub(crate) fn item_number(&self, subject: Subject) -> Option<u32> {
        match subject {
            Subject::Item(item) if self.op_run(item.op)?.fans => u32::try_from(item.item).ok(),
            _ => None,
        }
    }

    fn op_url(&self, subject: Subject) -> String {
        self.test_url(subject).unwrap_or_else(|| crate::run_id::file_uri(&self.op_log(subject)))
    }

    fn op_log(&self, subject: Subject) -> String {
        let log = match subject {
            Subject::Item(item) => self.item(item).filter(|item| item.number > 0).and_then(|state| {
                let label = self.file_label(item.op, self.item_number(subject))?;
                Some(self.folder.log(&label, state.number, "out"))
            }),
            _ => None,
        };
        log.unwrap_or_else(|| self.folder.run()).to_string_lossy().into_owned()
    }

    fn job_url(&self) -> String {
        let test = self.test_url(Subject::Job(0));
        test.unwrap_or_else(|| crate::run_id::file_uri(&self.folder.run().to_string_lossy()))
    }

    /// Whether an op is final, and how.
    pub(crate) fn op_state(&self, op: OpRef) -> Option<OpState> {
        self.op_run(op)?.state
    }
}

fn get(values: &Values, name: &Name) -> Value {
    values.get(name).cloned().unwrap_or(Value::Null)
}

fn error_field(failure: Option<&Failure>, field: ErrorField) -> Value {
    let Some(failure) = failure else { return Value::Null };
    match field {
        ErrorField::Message => Value::text(&failure.message),
        ErrorField::Kind => Value::Enum(failure.kind.word().into()),
        ErrorField::ExitCode => failure.exit_code.map_or(Value::Null, |code| Value::Int(code.into())),
        ErrorField::Traceback => failure.traceback.as_ref().map_or(Value::Null, Value::text),
    }
}
