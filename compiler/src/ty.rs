//! Types in the checker: like the plan's, with ids for names and two of its own for what is unknown.

use std::sync::Arc;

use crate::ids::{EnumId, RecordId};

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ty {
    /// Unknown because of a mistake that is already reported: fits everything.
    Error,
    /// The type of what is not there: the items of `[]`.
    Never,
    /// The type of `null`.
    Null,
    Bool,
    Int,
    Float,
    String,
    Duration,
    Timestamp,
    Path,
    Uri,
    Secret,
    Json,
    List(Arc<Ty>),
    Map(Arc<Ty>),
    Optional(Arc<Ty>),
    Enum(EnumId),
    Record(RecordId),
}

impl Ty {
    /// `list<T>`
    pub(crate) fn list(self) -> Ty {
        Ty::List(Arc::new(self))
    }

    /// `T?`; what takes `null` already stays as it is.
    pub(crate) fn optional(self) -> Ty {
        match self {
            Ty::Optional(_) | Ty::Null | Ty::Error => self,
            other => Ty::Optional(Arc::new(other)),
        }
    }

    /// The type without its `?`.
    pub(crate) fn required(&self) -> &Ty {
        match self {
            Ty::Optional(inner) => inner,
            other => other,
        }
    }

    /// Whether `null` is one of its values.
    pub(crate) fn takes_null(&self) -> bool {
        matches!(self, Ty::Optional(_) | Ty::Null | Ty::Error)
    }

    /// Whether it is a secret, or a list or map of secrets.
    pub(crate) fn is_secrets(&self) -> bool {
        match self {
            Ty::Secret => true,
            Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => inner.is_secrets(),
            _ => false,
        }
    }

    /// Whether a mistake that is already reported lies in it.
    pub(crate) fn is_error(&self) -> bool {
        match self {
            Ty::Error => true,
            Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => inner.is_error(),
            _ => false,
        }
    }

    /// Whether it is not known what is in it: an empty list or map, by itself or in another.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Ty::Never => true,
            Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) => inner.is_open(),
            _ => false,
        }
    }

    /// Whether it reads as text in conditions: `string`, `path`, `uri`.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Ty::String | Ty::Path | Ty::Uri)
    }

    /// The simple type of this name.
    pub(crate) fn simple(name: &str) -> Option<Ty> {
        Some(match name {
            "bool" => Ty::Bool,
            "int" => Ty::Int,
            "float" => Ty::Float,
            "string" => Ty::String,
            "duration" => Ty::Duration,
            "timestamp" => Ty::Timestamp,
            "path" => Ty::Path,
            "uri" => Ty::Uri,
            "secret" => Ty::Secret,
            "json" => Ty::Json,
            _ => return None,
        })
    }
}

/// The names of the simple types, and of the two that take arguments.
pub(crate) const TYPE_NAMES: &[&str] =
    &["bool", "int", "float", "string", "duration", "timestamp", "path", "uri", "secret", "json", "list", "map"];
