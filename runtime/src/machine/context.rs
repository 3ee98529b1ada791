//! What an expression reads at a given moment: the typed contexts of ops, jobs and hooks.
//!
//! The checker lets no expression read what its event lacks. What is absent all the same is null.

use hookc_plan::trace::JobStatus;
use hookc_plan::{
    AgentField, Context, ErrorField, Hook, HookField, JobField, Name, OpField, OpState, Path, Program, Runs, Slot,
    Value,
};

use super::state::{AgentRun, JobRun, OpRun, PendingRequest, RunState, Snapshot, Subject, runs_name};
use super::{agent_state, failures, naming};
use crate::task::Failure;
use crate::values::{Values, timestamp};

/// Where an expression is evaluated.
pub(crate) struct EvalContext<'s> {
    state: &'s RunState,
    job: &'s JobRun,
    subject: Option<(Subject, &'s Snapshot)>,
    locals: &'s [(Name, Value)],
    inputs: Option<&'s Values>,
    hook: Option<&'s Hook>,
}

impl<'s> EvalContext<'s> {
    /// In a job: arguments, `when`, `for` lists, `outputs`.
    pub(super) fn of_job(state: &'s RunState, job: &'s JobRun) -> EvalContext<'s> {
        EvalContext { state, job, subject: None, locals: &[], inputs: None, hook: None }
    }

    /// In a hook of `subject`.
    pub(super) fn of_hook(
        state: &'s RunState,
        job: &'s JobRun,
        subject: Subject,
        snapshot: &'s Snapshot,
    ) -> EvalContext<'s> {
        EvalContext { subject: Some((subject, snapshot)), ..EvalContext::of_job(state, job) }
    }

    /// Of this hook.
    pub(super) fn with_hook(self, hook: &'s Hook) -> EvalContext<'s> {
        EvalContext { hook: Some(hook), ..self }
    }

    /// With the variables of a fan-out, or the fields of a record.
    pub(super) fn with_locals(self, locals: &'s [(Name, Value)]) -> EvalContext<'s> {
        EvalContext { locals, ..self }
    }

    /// In a `where`: the inputs of the component or job are these, whoever calls it.
    pub(super) fn with_inputs(self, inputs: &'s Values) -> EvalContext<'s> {
        EvalContext { inputs: Some(inputs), ..self }
    }

    fn path(&self, path: &Path) -> Value {
        match path {
            Path::JobInput(name) => get(self.inputs.unwrap_or(&self.job.inputs), name),
            Path::Input(name) => self.input(name),
            Path::Output(name) => self.snapshot().map_or(Value::Null, |snapshot| get(&snapshot.outputs, name)),
            Path::Op(field) => self.op_field(*field).unwrap_or(Value::Null),
            Path::Error(field) => error_field(self.snapshot().and_then(|snapshot| snapshot.failure.as_ref()), *field),
            Path::Job(field) => self.job_field(*field).unwrap_or(Value::Null),
            Path::OpOutput(op, name) => self.op(op).map_or(Value::Null, |op| get(&op.outputs, name)),
            Path::OpStatus(op) => {
                let state = self.op(op).and_then(|op| op.state).unwrap_or(OpState::Pending);
                Value::Enum(state.word().into())
            }
            Path::Payload(name) => self.pending_request().map_or(Value::Null, |request| get(&request.payload, name)),
            Path::ToolOutput(name) => self.pending_request().map_or(Value::Null, |request| get(&request.output, name)),
            Path::Hook(HookField::Name) => self.hook.map_or(Value::Null, |hook| Value::Str(hook.name.clone())),
            Path::Hook(HookField::Path) => self.hook.map_or(Value::Null, |hook| Value::text(&hook.path)),
            Path::Agent(field) => self.agent_setting(*field).unwrap_or(Value::Null),
            Path::ToolName => {
                let tool = self.pending_request().and_then(|request| request.tool.as_ref());
                tool.map_or(Value::Null, |tool| Value::Str(agent_state::tool_name(tool)))
            }
            Path::Step => {
                let last = self.agent().and_then(|agent| agent.steps.last());
                last.map_or(Value::Null, agent_state::step_value)
            }
            Path::Steps => {
                let steps = self.agent().map(|agent| agent.steps.as_slice()).unwrap_or_default();
                Value::list(steps.iter().map(agent_state::step_value))
            }
            // Nothing begins a session yet, and triggers start nothing.
            Path::SessionId | Path::UserId | Path::Event(_) => Value::Null,
        }
    }

    fn snapshot(&self) -> Option<&'s Snapshot> {
        self.subject.map(|(_, snapshot)| snapshot)
    }

    fn agent(&self) -> Option<&'s AgentRun> {
        self.snapshot()?.agent.as_deref()
    }

    fn pending_request(&self) -> Option<&'s PendingRequest> {
        self.agent()?.pending.as_ref()
    }

    /// What the agent's component says, over the inputs of the op.
    fn agent_setting(&self, field: AgentField) -> Option<Value> {
        let Runs::Component(key) = &self.state.declared(self.subject?.0.op()?)?.runs else { return None };
        let component = self.state.plan.components.get(key)?;
        let setting = match field {
            AgentField::Model => component.model.as_ref()?,
            AgentField::Prompt => component.prompt.as_ref()?,
            // No agent names its provider yet.
            AgentField::Provider => return None,
        };
        let inputs = &self.snapshot()?.inputs;
        let context = EvalContext::of_job(self.state, self.job).with_inputs(inputs);
        Program::with_types(setting, &self.state.plan.types).run_with(&context).ok()
    }

    fn input(&self, name: &Name) -> Value {
        match (self.inputs, self.subject) {
            (Some(inputs), _) => get(inputs, name),
            (None, Some((Subject::Job(_), _)) | None) => get(&self.job.inputs, name),
            (None, Some((_, snapshot))) => get(&snapshot.inputs, name),
        }
    }

    fn op(&self, name: &Name) -> Option<&'s OpRun> {
        self.job.ops.get(self.state.op_index(self.job, name)?)
    }

    fn op_field(&self, field: OpField) -> Option<Value> {
        let (subject, snapshot) = self.subject?;
        let op = subject.op()?;
        let declared = self.state.declared(op)?;
        let item = self.state.item_number(subject);
        Some(match field {
            OpField::Name => Value::Str(declared.name.clone()),
            OpField::Id => Value::text(naming::node_id(self.state, self.job, op, item)),
            OpField::Component => Value::Str(runs_name(&declared.runs).clone()),
            OpField::Attempt => Value::Int(i64::from(snapshot.attempt)),
            OpField::Item => Value::Int(i64::from(item?)),
            OpField::Url => Value::text(naming::op_url(self.state, subject)),
            OpField::Log => Value::text(naming::read_log(self.state, subject)?),
            OpField::Status => Value::Enum(snapshot.state?.word().into()),
            OpField::StartedAt => timestamp(snapshot.started?),
            OpField::FinishedAt => timestamp(snapshot.finished?),
            OpField::Duration => match snapshot.duration {
                Some(duration) => Value::Duration(duration),
                None => Value::Duration(snapshot.finished?.since(snapshot.started?)),
            },
        })
    }

    fn job_field(&self, field: JobField) -> Option<Value> {
        let job = self.job;
        Some(match field {
            JobField::Name => Value::Str(naming::job_name(self.state, job).clone()),
            JobField::Id => Value::text(&job.id),
            JobField::Source => Value::Enum(job.source.word().into()),
            JobField::SourceId => Value::text(job.source_id.as_ref()?),
            JobField::Project => Value::text(&self.state.settings.project),
            JobField::Profile => Value::Str(self.state.plan.profile.clone()?),
            JobField::StartedAt => timestamp(job.started?),
            JobField::Url => Value::text(naming::job_url(self.state)),
            JobField::Status => Value::Enum(job.status?.word().into()),
            JobField::ErrorMessage if job.status? == JobStatus::Failed => {
                Value::text(failures::job_message(self.state, job))
            }
            JobField::ErrorMessage => Value::Null,
            JobField::FailedOps => failures::failed_ops(self.state, job),
            JobField::FinishedAt => timestamp(job.finished?),
            JobField::Duration => Value::Duration(job.finished?.since(job.started?)),
            JobField::Previous => self.state.settings.previous(),
        })
    }
}

impl Context for EvalContext<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        match slot {
            Slot::Ctx(path) => Some(self.path(path)),
            Slot::Local(name) => {
                let outer = self.snapshot().map_or(&[][..], |snapshot| &snapshot.locals);
                let local = self.locals.iter().rev().chain(outer).find(|(local, _)| local == name);
                Some(local.map_or(Value::Null, |(_, value)| value.clone()))
            }
            Slot::Connection(name) => self.state.connections.get(name).cloned(),
        }
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
        ErrorField::Type => failure.error_type.as_ref().map_or(Value::Null, Value::text),
        ErrorField::Traceback => failure.traceback.as_ref().map_or(Value::Null, Value::text),
    }
}
