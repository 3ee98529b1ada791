//! Components and what they are given: bodies, connections, secrets.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, Spread};
use crate::types::{Field, Name, Span};
use crate::words::words;

words! {
    /// The two kinds of component.
    ComponentKind {
        /// Runs once and answers.
        Component = "component",
        /// Lives in steps and calls tools.
        Agent = "agent",
    }
}

words! {
    /// Where an `exec` or `shell` body leaves its outputs.
    OutputsFrom {
        /// In the file `$HOOK_OUTPUTS`.
        File = "file",
        /// In the last line of its standard output that is not blank.
        Stdout = "stdout",
    }
}

/// A component or an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Which of the two.
    pub kind: ComponentKind,
    /// Its inputs in written order.
    pub inputs: Vec<Field>,
    /// Its outputs in written order.
    pub outputs: Vec<Field>,
    /// One body for each place it can run; none for a tool that the agent runs itself.
    pub bodies: Vec<Body>,
    /// The container image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Expr>,
    /// Variables of the process. The one place, with `http` and `python`, where a secret may be read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<Name, Expr>,
    /// The working folder, from the project's root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<Expr>,
    /// Where its outputs are read.
    pub outputs_from: OutputsFrom,
    /// An agent's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Expr>,
    /// An agent's prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Expr>,
    /// An agent's tools: keys of [`crate::Plan::components`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Name>,
    /// Its documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Where it is declared.
    pub span: Span,
}

/// What a component does. Expressions read `inputs.X`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A program and its arguments; no shell in between.
    Exec(Vec<ExecItem>),
    /// A script for `/bin/sh -e`, as it is written.
    Shell(String),
    /// A Python function.
    Python(Python),
    /// A request.
    Http(Box<Http>),
    /// A person answers; the question.
    Ask(Expr),
    /// What only one engine has.
    External(External),
}

/// One or more arguments of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ExecItem {
    /// As many arguments as the list has items.
    Spread(Spread),
    /// One argument: a string.
    One(Expr),
}

/// `python "module:function"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Python {
    /// The module.
    pub module: String,
    /// The function in it.
    pub function: String,
}

words! {
    /// The engines that an `external` body can be for.
    #[expect(missing_docs, reason = "named after the engines")]
    Engine {
        Airflow = "airflow",
        Argo = "argo",
        Dagster = "dagster",
        Kfp = "kfp",
        Polos = "polos",
        Polyaxon = "polyaxon",
        Prefect = "prefect",
        Stroem = "stroem",
        Zenml = "zenml",
    }
}

/// `external polyaxon "acme/slack:1.2"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// The engine.
    pub engine: Engine,
    /// The engine's own reference.
    #[serde(rename = "ref")]
    pub target: String,
}

/// `http METHOD url { … }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// `GET`, `POST`, …
    pub method: String,
    /// The address; may read secrets.
    pub url: Expr,
    /// The headers; may read secrets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<Name, Expr>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Expr>,
    /// The secret that signs the request (Standard Webhooks 1.0.0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Expr>,
    /// The answers that are a success.
    pub accept: Accept,
}

/// A range of HTTP status codes, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accept(pub u32, pub u32);

/// A connection as the profile binds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Its record type.
    #[serde(rename = "type")]
    pub ty: Name,
    /// Its value.
    pub value: ConnectionValue,
}

/// The value of a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionValue {
    /// Its fields.
    Fields(BTreeMap<Name, FieldValue>),
    /// A component that is given it is recorded, not run.
    Mock(Mock),
}

/// What components answer that are given a mock.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mock {
    /// The outputs by component and name; a component that is not named answers null for each.
    pub outputs: BTreeMap<Name, BTreeMap<Name, Expr>>,
    /// The plain fields of its declared value, for tests.
    pub fields: BTreeMap<Name, FieldValue>,
}

/// One field of a connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// A constant.
    Const(Expr),
    /// A secret, by name.
    Secret(Name),
}

/// A secret: its name and where it comes from, never its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its name.
    pub name: Name,
    /// Where it comes from.
    pub provider: Provider,
    /// The plan's paths that read it, sorted.
    pub used_by: Vec<String>,
}

/// Where secrets come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The environment variable of its name.
    Env,
    /// A file of `NAME=value` lines.
    File(String),
    /// A command; the name is appended, its standard output is the value.
    Exec(Vec<String>),
}
