//! Reads expressions in one pass.
//!
//! A derived reader would keep each node aside until it knows its operation, once more for each level around it.
//! Here every key is read into its own field. When the object has ended, its operation takes the keys that it needs. A key
//! that is left is unknown.

use serde::de::{DeserializeOwned, Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::expr::{Entry, Expr, Node, Operand, Via};
use crate::kinds::{CompareOn, MacroKind, NumberOn, OrderOn, SortOn, TextOn, TimePart};
use crate::path::Path;
use crate::types::{Name, Span, Type};

macro_rules! keys {
    ($($(#[$meta:meta])* $key:ident: $ty:ty,)*) => {
        /// The keys of all operations, and what is read for each.
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct Keys {
            op: Option<Name>,
            #[serde(rename = "type")]
            ty: Option<Type>,
            span: Option<Span>,
            via: Vec<Via>,
            $($(#[$meta])* pub(crate) $key: Option<$ty>,)*
        }

        impl Keys {
            /// A key that the operation did not take.
            fn left_over(&self) -> Option<&'static str> {
                $(if self.$key.is_some() {
                    return Some(stringify!($key));
                })*
                None
            }
        }
    };
}

keys! {
    a: Operand,
    at: Operand,
    b: Operand,
    because: Span,
    body: Operand,
    by: Operand,
    digits: Operand,
    entries: Vec<Entry>,
    fields: Vec<Entry>,
    from: Operand,
    items: Vec<Expr>,
    keep: Operand,
    key: Operand,
    kind: MacroKind,
    limit: Operand,
    n: Operand,
    name: Name,
    of: Operand,
    on: Name,
    over: Operand,
    part: TimePart,
    parts: Vec<Expr>,
    path: Path,
    pattern: Name,
    #[serde(rename = "if")]
    test: Operand,
    to: Operand,
    #[serde(deserialize_with = "present")]
    value: Json,
    value_var: Name,
    var: Name,
    zone: Operand,
}

/// A value that is there even when it is null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Expr, D::Error> {
        finish(Box::<Keys>::deserialize(deserializer)?)
    }
}

fn finish<E: Error>(mut keys: Box<Keys>) -> Result<Expr, E> {
    let op: Name = FromKey::from_key(&mut keys.op, "op")?;
    let node = Node::read(&op, &mut keys)?;
    if let Some(key) = keys.left_over() {
        return Err(E::custom(format_args!("unknown field `{key}` of `{op}`")));
    }
    let ty = FromKey::from_key(&mut keys.ty, "type")?;
    let span = FromKey::from_key(&mut keys.span, "span")?;
    Ok(Expr { node, ty, span, via: keys.via })
}

/// A part of an operation, made of what was read for its key.
pub(crate) trait FromKey<T>: Sized {
    /// Takes what was read.
    fn from_key<E: Error>(read: &mut Option<T>, key: &'static str) -> Result<Self, E>;
}

impl<T> FromKey<T> for T {
    fn from_key<E: Error>(read: &mut Option<T>, key: &'static str) -> Result<T, E> {
        read.take().ok_or_else(|| E::missing_field(key))
    }
}

impl<T> FromKey<T> for Option<T> {
    fn from_key<E: Error>(read: &mut Option<T>, _: &'static str) -> Result<Option<T>, E> {
        Ok(read.take())
    }
}

/// The operand of `json` has the key under which a constant has its value.
impl FromKey<Json> for Operand {
    fn from_key<E: Error>(read: &mut Option<Json>, key: &'static str) -> Result<Operand, E> {
        let value: Json = FromKey::from_key(read, key)?;
        Box::<Expr>::deserialize(value).map_err(E::custom)
    }
}

/// The word of `on`, whose list depends on the operation.
macro_rules! words_of_on {
    ($($ty:ty),*) => {
        $(impl FromKey<Name> for $ty {
            fn from_key<E: Error>(read: &mut Option<Name>, key: &'static str) -> Result<$ty, E> {
                word(&Name::from_key(read, key)?)
            }
        })*
    };
}

words_of_on!(CompareOn, NumberOn, OrderOn, SortOn, TextOn);

fn word<T: DeserializeOwned, E: Error>(word: &str) -> Result<T, E> {
    T::deserialize(word.into_deserializer())
}
