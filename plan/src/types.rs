//! Types of values, as the plan writes them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::words::words;
use crate::{Cond, Expr};

/// A name: of an op, a component, a type, a field.
pub type Name = SmolStr;

/// Where in the sources something is written: `[source, start, end]`, the source's id and a byte range in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span(pub u32, pub u32, pub u32);

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A signed integer of 64 bits.
    Int,
    /// An IEEE 754 double.
    Float,
    /// Unicode text.
    String,
    /// A signed length of time in nanoseconds.
    Duration,
    /// A moment between the years 0001 and 9999, in UTC.
    Timestamp,
    /// The name of a file or folder.
    Path,
    /// A resource's address.
    Uri,
    /// A secret: opaque, passed on and never shown.
    Secret,
    /// Any JSON value: passed on, never looked into.
    Json,
    /// The type of `null` alone.
    Null,
    /// A list.
    List(Box<Type>),
    /// A map from text to values.
    Map(Box<Type>),
    /// A value or `null`.
    Optional(Box<Type>),
    /// An enum, by its key in [`crate::Plan::types`].
    Enum(Name),
    /// A record, by its key in [`crate::Plan::types`].
    Record(Name),
}

words! {
    /// A type without the types and names in it.
    #[expect(missing_docs, reason = "named after the types")]
    TypeKind {
        Bool = "bool",
        Int = "int",
        Float = "float",
        String = "string",
        Duration = "duration",
        Timestamp = "timestamp",
        Path = "path",
        Uri = "uri",
        Secret = "secret",
        Json = "json",
        Null = "null",
        List = "list",
        Map = "map",
        Optional = "optional",
        Enum = "enum",
        Record = "record",
    }
}

impl Type {
    /// The type without the types and names in it.
    pub const fn kind(&self) -> TypeKind {
        match self {
            Type::Bool => TypeKind::Bool,
            Type::Int => TypeKind::Int,
            Type::Float => TypeKind::Float,
            Type::String => TypeKind::String,
            Type::Duration => TypeKind::Duration,
            Type::Timestamp => TypeKind::Timestamp,
            Type::Path => TypeKind::Path,
            Type::Uri => TypeKind::Uri,
            Type::Secret => TypeKind::Secret,
            Type::Json => TypeKind::Json,
            Type::Null => TypeKind::Null,
            Type::List(_) => TypeKind::List,
            Type::Map(_) => TypeKind::Map,
            Type::Optional(_) => TypeKind::Optional,
            Type::Enum(_) => TypeKind::Enum,
            Type::Record(_) => TypeKind::Record,
        }
    }

    /// `T?`; a type that already takes `null` stays as it is.
    pub fn optional(self) -> Type {
        match self {
            Type::Optional(_) | Type::Null => self,
            other => Type::Optional(Box::new(other)),
        }
    }

    /// The type without its `?`.
    pub fn required(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner,
            other => other,
        }
    }
}

/// As it is written in source text: `list<int>?`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Float => f.write_str("float"),
            Type::String => f.write_str("string"),
            Type::Duration => f.write_str("duration"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Path => f.write_str("path"),
            Type::Uri => f.write_str("uri"),
            Type::Secret => f.write_str("secret"),
            Type::Json => f.write_str("json"),
            Type::Null => f.write_str("null"),
            Type::List(of) => write!(f, "list<{of}>"),
            Type::Map(of) => write!(f, "map<string, {of}>"),
            Type::Optional(of) => write!(f, "{of}?"),
            Type::Enum(name) | Type::Record(name) => f.write_str(name),
        }
    }
}

/// What a named type is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeDef {
    /// The values of an enum in written order.
    Enum(Vec<Name>),
    /// The fields of a record in written order.
    Record(Vec<Field>),
}

/// An input, an output or a record's field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// The value it has when none is given; a constant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Expr>,
    /// What must hold of it. Reads `inputs.X` of the same component (or `local` names of the same record).
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Cond>,
    /// Its documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Where it is declared.
    pub span: Span,
}
