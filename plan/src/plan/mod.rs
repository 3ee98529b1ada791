//! The plan itself: everything resolved, in the shape of `hook.plan/v1`.
//!
//! Maps are sorted by key, lists keep the order that has a meaning (ops: dependency order, then source order).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::feature::Feature;
use crate::types::{Name, Span, TypeDef};

mod component;
mod condition;
mod hook;
mod job;
mod trigger;

pub use component::{
    Accept, Body, Component, ComponentKind, Connection, ConnectionValue, Engine, ExecItem, External, FieldValue, Http,
    Mock, OutputsFrom, Provider, Python, Secret,
};
pub use condition::{Cond, EvalError, Read};
pub use hook::{Event, EventOn, From, Hook, HookSettings, VerbKind};
pub use job::{Arg, Concurrency, Edge, Else, Fan, Job, Op, OpState, Placement, Retry, Runs, Shape};
pub use trigger::{AfterJob, Schedule, Trigger, TriggerKind, Watch, Webhook};

/// The version of the plan's shape.
pub const VERSION: &str = "hook.plan/v1";

/// A whole plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`VERSION`].
    pub plan: String,
    /// SHA-256 (hex) of the canonical JSON without positions and documentation: see [`Plan::content_hash`].
    pub hash: String,
    /// The project's name.
    pub project: String,
    /// The profile it was compiled for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Name>,
    /// Whether the profile lets `http` reach private addresses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_private: bool,
    /// The source files, by id.
    pub sources: Vec<Source>,
    /// The enums and records that are used.
    pub types: BTreeMap<Name, TypeDef>,
    /// The components and agents that are used.
    pub components: BTreeMap<Name, Component>,
    /// The connections that are used.
    pub connections: BTreeMap<Name, Connection>,
    /// The secrets that are used, by name.
    pub secrets: Vec<Secret>,
    /// The requested jobs, and those that they call.
    pub jobs: BTreeMap<Name, Job>,
    /// Every feature that an engine must know, one row for each place.
    pub uses: Vec<Use>,
}

/// A source file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The first number of spans.
    pub id: u32,
    /// Its path from the project's root, with `/`; `std/…` for the built-in library.
    pub path: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// A feature that an engine must know, and where it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// The feature, as in `body.exec` or `op.retry`.
    pub feature: Feature,
    /// The plan's path, as in `nightly.fit`.
    pub at: String,
    /// Where it is written.
    pub span: Span,
}
