//! The context at each event: the types of what can be read. What exists at which event is in `event_facts`.
//!
//! With several events, a name that is not available on some of them is `T?`. A name that is available on none is an error.

use hookc_plan::{ErrorField, Event, JobField, OpField};

use crate::check::hooks::event_facts::{Presence, facts};
use crate::check::jobs::job_scope::JobScope;
use crate::check::jobs::op_parts::OpParts;
use crate::check::typed::Local;
use crate::declare::{Builtins, Params};
use crate::ty::Ty;

/// The context of a hook on an op, or of `retry … when`.
pub(crate) struct OpContext<'a, 's> {
    /// The events, with `done` replaced by its five states.
    pub(crate) events: Vec<Event>,
    pub(crate) inputs: &'a Params<'s>,
    pub(crate) outputs: &'a Params<'s>,
    /// What is known about the op's arguments, if the hook is on an op.
    pub(crate) parts: Option<&'a OpParts>,
    /// The job and the op, if the hook is in one.
    pub(crate) job: Option<(&'a JobScope<'a, 's>, usize)>,
    /// The variables of the fan-out.
    pub(crate) fan: Vec<Local>,
    /// The inputs and outputs of the agent's tools, if the hook is on an agent.
    pub(crate) tools: Option<ToolContext<'a, 's>>,
    /// Whether this is `retry … when`, where the attempt's duration is known.
    pub(crate) retry: bool,
}

/// The common parameters of the tools that a hook watches.
pub(crate) struct ToolContext<'a, 's> {
    pub(crate) payload: std::borrow::Cow<'a, Params<'s>>,
    pub(crate) output: std::borrow::Cow<'a, Params<'s>>,
}

/// The context of a hook on a job.
pub(crate) struct JobContext<'a, 's> {
    pub(crate) events: Vec<Event>,
    pub(crate) inputs: &'a Params<'s>,
    /// The job, if the hook is in one.
    pub(crate) job: Option<&'a JobScope<'a, 's>>,
}

/// The availability of a name over a hook's events.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Available {
    /// It is available on none.
    Never,
    /// It is available on some, or may be missing: `T?`.
    Sometimes(Ty),
    /// It is available on all.
    Always(Ty),
}

/// The availability over all events. `f` returns the type at one event, or `None` if the name is not available.
pub(crate) fn over(events: &[Event], f: impl Fn(Event) -> Option<Ty>) -> Available {
    let types: Vec<Option<Ty>> = events.iter().map(|event| f(*event)).collect();
    let Some(some) =
        types.iter().flatten().find(|ty| matches!(ty, Ty::Optional(_))).or_else(|| types.iter().flatten().next())
    else {
        return Available::Never;
    };
    if types.iter().any(Option::is_none) {
        Available::Sometimes(some.clone().optional())
    } else {
        Available::Always(some.clone())
    }
}

/// The type of `op.FIELD` at an event.
///
/// `of_items` is whether the op is certain to be a fan-out: then its events are those of items. What is skipped, or fails
/// before there are items, has none.
pub(crate) fn op_field(
    builtins: &Builtins,
    field: OpField,
    event: Event,
    (retry, of_items): (bool, bool),
) -> Option<Ty> {
    let facts = facts(event);
    Some(match field {
        OpField::Name | OpField::Id | OpField::Component => Ty::String,
        OpField::Attempt => Ty::Int,
        OpField::Item => {
            if of_items && !facts.of_whole {
                Ty::Int
            } else {
                Ty::Int.optional()
            }
        }
        OpField::Url => Ty::Uri,
        OpField::Log if facts.attempted => Ty::Path,
        OpField::Log => Ty::Path.optional(),
        OpField::Status if facts.is_final => Ty::Enum(builtins.op_status),
        OpField::StartedAt => Ty::Timestamp.present(facts.begun)?,
        OpField::FinishedAt if facts.is_final => Ty::Timestamp,
        OpField::Duration if retry || facts.ran => Ty::Duration,
        _ => return None,
    })
}

/// The type of `error.FIELD` at an event.
pub(crate) fn error_field(builtins: &Builtins, field: ErrorField, event: Event) -> Option<Ty> {
    if !facts(event).error {
        return None;
    }
    Some(match field {
        ErrorField::Message => Ty::String,
        ErrorField::Kind => Ty::Enum(builtins.error_kind),
        ErrorField::ExitCode => Ty::Int.optional(),
        ErrorField::Traceback | ErrorField::Type => Ty::String.optional(),
    })
}

/// The type of `job.FIELD`; `event` is the job's own event in a job's hook, `None` in an op's.
pub(crate) fn job_field(builtins: &Builtins, field: JobField, event: Option<Event>) -> Option<Ty> {
    let ended = event.is_some_and(|event| facts(event).is_final);
    Some(match field {
        JobField::Name | JobField::Id | JobField::Project => Ty::String,
        JobField::Source => Ty::Enum(builtins.source),
        JobField::Profile | JobField::SourceId => Ty::String.optional(),
        JobField::StartedAt => Ty::Timestamp,
        JobField::Url => Ty::Uri,
        JobField::Previous => Ty::Record(builtins.previous).optional(),
        JobField::Status if ended => Ty::Enum(builtins.job_status),
        JobField::ErrorMessage if event == Some(Event::Failed) => Ty::String,
        JobField::ErrorMessage if event == Some(Event::Stopped) => Ty::String.optional(),
        JobField::FailedOps if ended => Ty::Record(builtins.failed_op).list(),
        JobField::FinishedAt if ended => Ty::Timestamp,
        JobField::Duration if ended => Ty::Duration,
        _ => return None,
    })
}

/// The fields of `job` that an op's arguments, `when` and a trigger can read.
pub(crate) const EARLY_JOB_FIELDS: [JobField; 9] = [
    JobField::Name,
    JobField::Id,
    JobField::Source,
    JobField::SourceId,
    JobField::Project,
    JobField::Profile,
    JobField::StartedAt,
    JobField::Url,
    JobField::Previous,
];

impl Presence {
    /// The same, but present where it may be missing only for a reason that does not hold.
    fn unless(self, can_fail: impl FnOnce() -> bool) -> Presence {
        if self == Presence::Perhaps && !can_fail() { Presence::Always } else { self }
    }
}

impl Ty {
    /// The type where it is present; `None` where it never is.
    fn present(self, presence: Presence) -> Option<Ty> {
        match presence {
            Presence::Never => None,
            Presence::Perhaps => Some(self.optional()),
            Presence::Always => Some(self),
        }
    }
}

impl OpContext<'_, '_> {
    /// Whether the hook stands in the block of a fan-out, whose items it watches.
    pub(crate) fn is_fan_out(&self) -> bool {
        !self.fan.is_empty()
    }

    /// Whether `inputs.X` exists at an event.
    pub(crate) fn input(&self, name: &str, event: Event) -> Option<Ty> {
        let ty = self.inputs.get(name)?.ty.clone();
        let can_fail = || self.parts.is_some_and(|parts| parts.fallible().iter().any(|fallible| fallible == name));
        ty.present(facts(event).inputs.unless(can_fail))
    }

    /// Whether `outputs.X` exists at an event.
    pub(crate) fn output(&self, name: &str, event: Event) -> Option<Ty> {
        self.outputs.get(name)?.ty.clone().present(facts(event).outputs)
    }

    /// The loop variable at an event.
    pub(crate) fn fan_variable(&self, local: &Local, event: Event) -> Option<Ty> {
        let can_fail = || self.parts.is_some_and(|parts| parts.list_can_fail() || parts.when_can_fail());
        local.ty.clone().present(facts(event).inputs.unless(can_fail))
    }
}
