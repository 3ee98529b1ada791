//! The typed expression tree: each node names its exact operation, no node is overloaded.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::types::{Name, Span, Type};

pub use crate::operations::{Node, Operation};

/// An expression with its type and its place in the source.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Expr {
    /// What it does.
    #[serde(flatten)]
    pub node: Node,
    /// The type of its value.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Where it is written.
    pub span: Span,
    /// The named conditions it was inlined from, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Via>,
}

/// A named condition that was inlined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Via {
    /// The condition's name.
    pub name: Name,
    /// Where it was used.
    pub span: Span,
}

/// One entry of a map or record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The key, or the field's name.
    pub key: Name,
    /// The value.
    pub value: Expr,
}

/// An operand.
pub type Operand = Box<Expr>;

/// `...list` in an `exec` list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// A list of strings.
    pub spread: Expr,
}

/// Text shared between nodes.
pub type Text = Arc<str>;
