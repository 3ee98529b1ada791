//! What a condition or an argument can read: the closed list of context paths.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::types::Name;
use crate::words::{word_families, words};

/// A read of the context, written as in source text: `outputs.loss`, `ops.fit.outputs.loss`, `op.name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Path {
    /// `op.FIELD`: of the op a hook watches.
    Op(OpField),
    /// `inputs.X`: of the component, in its body, in `where` and in hooks.
    Input(Name),
    /// `job.inputs.X`
    JobInput(Name),
    /// `outputs.X`: of the op a hook watches.
    Output(Name),
    /// `error.FIELD`
    Error(ErrorField),
    /// `job.FIELD`
    Job(JobField),
    /// `ops.NAME.outputs.X`
    OpOutput(Name, Name),
    /// `ops.NAME.status`
    OpStatus(Name),
    /// `payload.X`: the inputs of a tool.
    Payload(Name),
    /// `output.X`: the outputs of a tool.
    ToolOutput(Name),
    /// `hook.FIELD`: of the hook itself.
    Hook(HookField),
    /// `agent.FIELD`: of the agent a hook watches.
    Agent(AgentField),
    /// `tool.name`
    ToolName,
    /// `step`: the agent's present step.
    Step,
    /// `steps`: the number of the agent's steps so far.
    Steps,
    /// `session.id`
    SessionId,
    /// `user.id`
    UserId,
    /// `event.FIELD`: of a trigger.
    Event(EventField),
}

words! {
    /// The fields of `op`.
    OpField {
        /// The op's name in its job.
        Name = "name",
        /// The run's id of this op.
        Id = "id",
        /// The component's name.
        Component = "component",
        /// The number of the attempt, from 1; 0 where none was made.
        Attempt = "attempt",
        /// The item's number in a fan-out, from 0.
        Item = "item",
        /// Where a person can look at it.
        Url = "url",
        /// The file with its output.
        Log = "log",
        /// The final state.
        Status = "status",
        /// When it left `pending`.
        StartedAt = "started_at",
        /// When it ended.
        FinishedAt = "finished_at",
        /// From `started_at` to `finished_at`.
        Duration = "duration",
    }
}

words! {
    /// The fields of `error`.
    ErrorField {
        /// What went wrong, for a person.
        Message = "message",
        /// Its kind: an `ErrorKind`.
        Kind = "kind",
        /// The process's exit code.
        ExitCode = "exit_code",
        /// The traceback of a `python` body.
        Traceback = "traceback",
        /// The class of the exception of a `python` body.
        Type = "type",
    }
}

words! {
    /// The fields of `hook`.
    HookField {
        /// The hook's name.
        Name = "name",
        /// The hook's path: `JOB.OP.NAME`.
        Path = "path",
    }
}

words! {
    /// The fields of `agent`.
    AgentField {
        /// The model that it is to use.
        Model = "model",
        /// Who serves the model.
        Provider = "provider",
        /// What it is asked to do.
        Prompt = "prompt",
    }
}

words! {
    /// The fields of `job`.
    JobField {
        /// The job's name.
        Name = "name",
        /// The run's id.
        Id = "id",
        /// What started it: a `Source`.
        Source = "source",
        /// The name of the trigger, or the id of the run, that started it.
        SourceId = "source_id",
        /// The project's name.
        Project = "project",
        /// The profile's name.
        Profile = "profile",
        /// When it began.
        StartedAt = "started_at",
        /// Where a person can look at it.
        Url = "url",
        /// The final state: a `JobStatus`.
        Status = "status",
        /// Why it failed.
        ErrorMessage = "error_message",
        /// The ops that failed.
        FailedOps = "failed_ops",
        /// When it ended.
        FinishedAt = "finished_at",
        /// From its start to its end.
        Duration = "duration",
        /// The run before.
        Previous = "previous",
    }
}

words! {
    /// The fields of `event`, by kind of trigger.
    EventField {
        /// `schedule`: the moment it was due.
        ScheduledAt = "scheduled_at",
        /// `watch`: the file.
        Path = "path",
        /// `webhook`: the body, a record.
        Body = "body",
        /// `after`: the name of the job that ended.
        JobName = "job.name",
        /// `after`: the id of its run.
        JobId = "job.id",
        /// `after`: how it ended.
        JobStatus = "job.status",
    }
}

word_families! {
    /// What is read, without the names that a user chose.
    PathKind {
        words {
            /// An input of the component.
            Input = "inputs",
            /// An input of the job.
            JobInput = "job.inputs",
            /// An output of the op that a hook watches.
            Output = "outputs",
            /// An output of another op.
            OpOutput = "ops.outputs",
            /// How another op ended.
            OpStatus = "ops.status",
            /// An input of a tool.
            Payload = "payload",
            /// An output of a tool.
            ToolOutput = "output",
            /// The name of a tool.
            ToolName = "tool.name",
            /// The agent's present step.
            Step = "step",
            /// The number of the agent's steps so far.
            Steps = "steps",
            /// The session of the run.
            SessionId = "session.id",
            /// The user of the run.
            UserId = "user.id",
        }
        families {
            /// A field of the op that a hook watches.
            Op(OpField) = "op",
            /// A field of the error.
            Error(ErrorField) = "error",
            /// A field of the job.
            Job(JobField) = "job",
            /// A field of the hook itself.
            Hook(HookField) = "hook",
            /// A field of the agent that a hook watches.
            Agent(AgentField) = "agent",
            /// A field of a trigger's event.
            Event(EventField) = "event",
        }
    }
}

impl Path {
    /// What is read, without the names that a user chose.
    pub fn kind(&self) -> PathKind {
        match self {
            Path::Op(field) => PathKind::Op(*field),
            Path::Input(_) => PathKind::Input,
            Path::JobInput(_) => PathKind::JobInput,
            Path::Output(_) => PathKind::Output,
            Path::Error(field) => PathKind::Error(*field),
            Path::Job(field) => PathKind::Job(*field),
            Path::OpOutput(..) => PathKind::OpOutput,
            Path::OpStatus(_) => PathKind::OpStatus,
            Path::Payload(_) => PathKind::Payload,
            Path::ToolOutput(_) => PathKind::ToolOutput,
            Path::Hook(field) => PathKind::Hook(*field),
            Path::Agent(field) => PathKind::Agent(*field),
            Path::ToolName => PathKind::ToolName,
            Path::Step => PathKind::Step,
            Path::Steps => PathKind::Steps,
            Path::SessionId => PathKind::SessionId,
            Path::UserId => PathKind::UserId,
            Path::Event(field) => PathKind::Event(*field),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Op(field) => write!(f, "op.{field}"),
            Path::Input(name) => write!(f, "inputs.{name}"),
            Path::JobInput(name) => write!(f, "job.inputs.{name}"),
            Path::Output(name) => write!(f, "outputs.{name}"),
            Path::Error(field) => write!(f, "error.{field}"),
            Path::Job(field) => write!(f, "job.{field}"),
            Path::OpOutput(op, name) => write!(f, "ops.{op}.outputs.{name}"),
            Path::OpStatus(op) => write!(f, "ops.{op}.status"),
            Path::Payload(name) => write!(f, "payload.{name}"),
            Path::ToolOutput(name) => write!(f, "output.{name}"),
            Path::Hook(field) => write!(f, "hook.{field}"),
            Path::Agent(field) => write!(f, "agent.{field}"),
            Path::ToolName => f.write_str("tool.name"),
            Path::Step => f.write_str("step"),
            Path::Steps => f.write_str("steps"),
            Path::SessionId => f.write_str("session.id"),
            Path::UserId => f.write_str("user.id"),
            Path::Event(field) => write!(f, "event.{field}"),
        }
    }
}

/// A text that is not a context path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePathError(String);

impl fmt::Display for ParsePathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a context path", self.0)
    }
}

impl std::error::Error for ParsePathError {}

impl FromStr for Path {
    type Err = ParsePathError;

    fn from_str(text: &str) -> Result<Path, ParsePathError> {
        parse(text).ok_or_else(|| ParsePathError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Path> {
    let Some((root, rest)) = text.split_once('.') else {
        return match text {
            "step" => Some(Path::Step),
            "steps" => Some(Path::Steps),
            _ => None,
        };
    };
    Some(match root {
        "op" => Path::Op(OpField::from_word(rest)?),
        "inputs" => Path::Input(rest.into()),
        "outputs" => Path::Output(rest.into()),
        "error" => Path::Error(ErrorField::from_word(rest)?),
        "job" => match rest.strip_prefix("inputs.") {
            Some(name) => Path::JobInput(name.into()),
            None => Path::Job(JobField::from_word(rest)?),
        },
        "ops" => match rest.split_once('.')? {
            (op, "status") => Path::OpStatus(op.into()),
            (op, output) => Path::OpOutput(op.into(), output.strip_prefix("outputs.")?.into()),
        },
        "payload" => Path::Payload(rest.into()),
        "output" => Path::ToolOutput(rest.into()),
        "hook" => Path::Hook(HookField::from_word(rest)?),
        "agent" => Path::Agent(AgentField::from_word(rest)?),
        "tool" if rest == "name" => Path::ToolName,
        "session" if rest == "id" => Path::SessionId,
        "user" if rest == "id" => Path::UserId,
        "event" => Path::Event(EventField::from_word(rest)?),
        _ => return None,
    })
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Path, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The paths with a name of the user in them, as in documentation: `X` and `NAME` stand for one.
const NAMED: [&str; 7] =
    ["inputs.X", "job.inputs.X", "outputs.X", "ops.NAME.outputs.X", "ops.NAME.status", "payload.X", "output.X"];

/// The paths without such a name.
fn fixed_paths() -> Vec<Path> {
    let ops = OpField::ALL.iter().copied().map(Path::Op);
    let errors = ErrorField::ALL.iter().copied().map(Path::Error);
    let jobs = JobField::ALL.iter().copied().map(Path::Job);
    let events = EventField::ALL.iter().copied().map(Path::Event);
    let hooks = HookField::ALL.iter().copied().map(Path::Hook);
    let of_agents = AgentField::ALL.iter().copied().map(Path::Agent);
    let agents = [Path::ToolName, Path::Step, Path::Steps, Path::SessionId, Path::UserId];
    ops.chain(errors).chain(jobs).chain(hooks).chain(events).chain(of_agents).chain(agents).collect()
}

impl JsonSchema for Path {
    fn schema_name() -> Cow<'static, str> {
        "Path".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let fixed: Vec<String> = fixed_paths().iter().map(Path::to_string).collect();
        let mut forms = vec![serde_json::json!({ "enum": fixed })];
        forms.extend(NAMED.iter().map(|form| {
            let pattern = form.replace('.', r"\.").replace("NAME", r"[^.]+").replace('X', r"[^.]+");
            serde_json::json!({ "title": form, "pattern": format!("^{pattern}$") })
        }));
        json_schema!({
            "description": "A context path, as in `outputs.loss`.",
            "type": "string",
            "anyOf": forms,
        })
    }
}
