//! The kinds of triggers, and the fields of `event` for each.

use hookc_plan::EventField;

use crate::declare::Builtins;
use crate::ids::RecordId;
use crate::ty::Ty;

/// What a trigger waits for, which determines the fields of `event`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    Schedule,
    Watch,
    Webhook(Option<RecordId>),
    After,
    /// Unknown, and already reported.
    Unknown,
}

impl EventKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            EventKind::Schedule => "schedule",
            EventKind::Watch => "watch",
            EventKind::Webhook(_) => "webhook",
            EventKind::After => "after",
            EventKind::Unknown => "unknown",
        }
    }

    /// The type of a field of `event`.
    pub(crate) fn field(self, builtins: &Builtins, field: EventField) -> Option<Ty> {
        Some(match (self, field) {
            (EventKind::Unknown, _) => Ty::Error,
            (EventKind::Schedule, EventField::ScheduledAt) => Ty::Timestamp,
            (EventKind::Watch, EventField::Path) => Ty::Path,
            (EventKind::Webhook(Some(record)), EventField::Body) => Ty::Record(record),
            (EventKind::After, EventField::JobName | EventField::JobId) => Ty::String,
            (EventKind::After, EventField::JobStatus) => Ty::Enum(builtins.job_status),
            _ => return None,
        })
    }

    pub(crate) fn fields(self) -> &'static str {
        match self {
            EventKind::Schedule => "`event.scheduled_at`",
            EventKind::Watch => "`event.path`",
            EventKind::Webhook(Some(_)) => "`event.body`",
            EventKind::Webhook(None) => "nothing (add a `body` to the webhook)",
            EventKind::After => "`event.job.name`, `event.job.id` and `event.job.status`",
            EventKind::Unknown => "nothing",
        }
    }
}
