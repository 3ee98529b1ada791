//! Triggers: what starts a job.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{Arg, Cond, OpState};
use crate::types::{Name, Span};

/// What starts a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Its name.
    pub name: Name,
    /// What it waits for.
    pub kind: TriggerKind,
    /// Whether it starts the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Cond>,
    /// The job's inputs, defaults written out.
    pub args: Vec<Arg>,
    /// Where it is declared.
    pub span: Span,
}

/// The kinds of trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    /// At times.
    Schedule(Schedule),
    /// On a request.
    Webhook(Webhook),
    /// When another job has ended.
    After(AfterJob),
    /// When a file appears or changes.
    Watch(Watch),
}

/// `schedule("0 2 * * *", timezone: "Europe/Berlin")`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Five fields of cron.
    pub cron: String,
    /// An IANA name.
    pub timezone: String,
}

/// `webhook("/path", body: Record, secret: secret("…"))`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The path of the address.
    pub path: String,
    /// The record that the body must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Name>,
    /// The secret that signs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Name>,
}

/// `after(JOB, succeeded)`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AfterJob {
    /// The job.
    pub job: Name,
    /// The states it may have ended in.
    pub states: Vec<OpState>,
}

/// `watch("data/*.csv")`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The pattern, from the project's root.
    pub glob: String,
}
