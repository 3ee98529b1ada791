//! Reads expressions in one pass.
//!
//! A derived reader would keep each node aside until it knows its operation, once more for each level around it.
//! Here every operand has a place of its own, and when the node has ended its operation takes what it needs; what is
//! left over then is an unknown key.

use serde::de::{DeserializeOwned, Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::expr::{Entry, Expr, Node, Operand, Via};
use crate::kinds::{MacroKind, TimePart};
use crate::path::Path;
use crate::types::{Name, Span, Type};

macro_rules! keys {
    ($($(#[$meta:meta])* $key:ident: $ty:ty,)*) => {
        /// The keys of all nodes.
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        struct Keys {
            op: Option<Name>,
            #[serde(rename = "type")]
            ty: Option<Type>,
            span: Option<Span>,
            via: Vec<Via>,
            $($(#[$meta])* $key: Option<$ty>,)*
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
    let op = take(&mut keys.op, "op")?;
    let node = node(&op, &mut keys)?;
    if let Some(key) = keys.left_over() {
        return Err(E::custom(format_args!("unknown field `{key}` of `{op}`")));
    }
    let ty = take(&mut keys.ty, "type")?;
    let span = take(&mut keys.span, "span")?;
    Ok(Expr { node, ty, span, via: keys.via })
}

fn take<T, E: Error>(slot: &mut Option<T>, key: &'static str) -> Result<T, E> {
    slot.take().ok_or_else(|| E::missing_field(key))
}

/// One of a list of words.
fn word<T: DeserializeOwned, E: Error>(keys: &mut Keys) -> Result<T, E> {
    T::deserialize(take(&mut keys.on, "on")?.as_str().into_deserializer())
}

/// A node that takes the keys before `;`, and those behind it where they are there.
macro_rules! made {
    ($keys:ident, $variant:ident($($key:ident),* $(; $optional:ident)*)) => {
        Ok(Node::$variant { $($key: take(&mut $keys.$key, stringify!($key))?,)* $($optional: $keys.$optional.take(),)* })
    };
}

fn node<E: Error>(op: &str, keys: &mut Keys) -> Result<Node, E> {
    match op {
        "const" => made!(keys, Const(value)),
        "list" => made!(keys, List(items)),
        "map" => made!(keys, Map(entries)),
        "record" => made!(keys, Record(name, fields)),
        "template" => made!(keys, Template(parts)),
        "json" => json(keys),
        "map_of" => made!(keys, MapOf(entries)),
        "secret" => made!(keys, Secret(name)),
        "ctx" => made!(keys, Ctx(path)),
        "local" => made!(keys, Local(name)),
        "connection" => made!(keys, Connection(name)),
        "field" => made!(keys, Field(of, name)),
        "index_list" => made!(keys, IndexList(of, at)),
        "index_map" => made!(keys, IndexMap(of, key)),
        "get_map" => made!(keys, GetMap(of, key)),
        "is_null" => made!(keys, IsNull(a)),
        "or_else" => made!(keys, OrElse(a, b)),
        "narrow" => made!(keys, Narrow(a, because)),
        "some" => made!(keys, Some(a)),
        "cond" => cond(keys),
        "and" => made!(keys, And(a, b)),
        "or" => made!(keys, Or(a, b)),
        "not" => made!(keys, Not(a)),
        "macro" => made!(keys, Macro(kind, over, var, body; value_var; keep)),
        "retype" => made!(keys, Retype(a)),
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "to_text" | "greatest" | "least" | "sort" => typed(op, keys),
        _ => number(op, keys),
    }
}

fn json<E: Error>(keys: &mut Keys) -> Result<Node, E> {
    let value = take(&mut keys.value, "value")?;
    let value = Box::<Expr>::deserialize(value).map_err(E::custom)?;
    Ok(Node::Json { value })
}

fn cond<E: Error>(keys: &mut Keys) -> Result<Node, E> {
    let test = take(&mut keys.test, "if")?;
    let (a, b) = (take(&mut keys.a, "a")?, take(&mut keys.b, "b")?);
    Ok(Node::Cond { test, a, b })
}

/// The operations that say what they are of.
fn typed<E: Error>(op: &str, keys: &mut Keys) -> Result<Node, E> {
    let a = take(&mut keys.a, "a")?;
    match op {
        "to_text" => return Ok(Node::ToText { on: word(keys)?, a }),
        "greatest" => return Ok(Node::Greatest { on: word(keys)?, a }),
        "least" => return Ok(Node::Least { on: word(keys)?, a }),
        "sort" => return Ok(Node::Sort { on: word(keys)?, a }),
        _ => {}
    }
    let b = take(&mut keys.b, "b")?;
    Ok(match op {
        "eq" => Node::Eq { on: word(keys)?, a, b },
        "ne" => Node::Ne { on: word(keys)?, a, b },
        "lt" => Node::Lt { on: word(keys)?, a, b },
        "le" => Node::Le { on: word(keys)?, a, b },
        "gt" => Node::Gt { on: word(keys)?, a, b },
        _ => Node::Ge { on: word(keys)?, a, b },
    })
}

/// Numbers, times and conversions.
fn number<E: Error>(op: &str, keys: &mut Keys) -> Result<Node, E> {
    match op {
        "int_add" => made!(keys, IntAdd(a, b)),
        "int_sub" => made!(keys, IntSub(a, b)),
        "int_mul" => made!(keys, IntMul(a, b)),
        "int_div" => made!(keys, IntDiv(a, b)),
        "int_rem" => made!(keys, IntRem(a, b)),
        "int_neg" => made!(keys, IntNeg(a)),
        "float_add" => made!(keys, FloatAdd(a, b)),
        "float_sub" => made!(keys, FloatSub(a, b)),
        "float_mul" => made!(keys, FloatMul(a, b)),
        "float_div" => made!(keys, FloatDiv(a, b)),
        "float_neg" => made!(keys, FloatNeg(a)),
        "dur_add" => made!(keys, DurAdd(a, b)),
        "dur_sub" => made!(keys, DurSub(a, b)),
        "dur_neg" => made!(keys, DurNeg(a)),
        "ts_add" => made!(keys, TsAdd(a, b)),
        "ts_sub" => made!(keys, TsSub(a, b)),
        "ts_diff" => made!(keys, TsDiff(a, b)),
        "dur_part" => made!(keys, DurPart(part, a)),
        "ts_part" => made!(keys, TsPart(part, a; zone)),
        "seconds" => made!(keys, Seconds(a)),
        "format_time" => made!(keys, FormatTime(a, pattern)),
        "int_to_float" => made!(keys, IntToFloat(a)),
        "float_to_int" => made!(keys, FloatToInt(a)),
        "string_to_int" => made!(keys, StringToInt(a)),
        "string_to_float" => made!(keys, StringToFloat(a)),
        "string_to_bool" => made!(keys, StringToBool(a)),
        "timestamp_to_int" => made!(keys, TimestampToInt(a)),
        "int_to_timestamp" => made!(keys, IntToTimestamp(a)),
        "fixed" => made!(keys, Fixed(a, digits)),
        "parse_duration" => made!(keys, ParseDuration(a)),
        "parse_timestamp" => made!(keys, ParseTimestamp(a)),
        _ => text(op, keys),
    }
}

/// Strings and collections.
fn text<E: Error>(op: &str, keys: &mut Keys) -> Result<Node, E> {
    match op {
        "concat" => made!(keys, Concat(a, b)),
        "size_string" => made!(keys, SizeString(a)),
        "contains" => made!(keys, Contains(a, b)),
        "starts_with" => made!(keys, StartsWith(a, b)),
        "ends_with" => made!(keys, EndsWith(a, b)),
        "matches" => made!(keys, Matches(a, pattern)),
        "lower_ascii" => made!(keys, LowerAscii(a)),
        "upper_ascii" => made!(keys, UpperAscii(a)),
        "trim" => made!(keys, Trim(a)),
        "replace" => made!(keys, Replace(a, from, to; limit)),
        "split" => made!(keys, Split(a, by; limit)),
        "join" => made!(keys, Join(a, by)),
        "substring" => made!(keys, Substring(a, from; to)),
        "char_at" => made!(keys, CharAt(a, at)),
        "index_of" => made!(keys, IndexOf(a, b; from)),
        "last_index_of" => made!(keys, LastIndexOf(a, b; from)),
        "reverse_string" => made!(keys, ReverseString(a)),
        "truncate" => made!(keys, Truncate(a, n)),
        "size_list" => made!(keys, SizeList(a)),
        "size_map" => made!(keys, SizeMap(a)),
        "in_list" => made!(keys, InList(a, b)),
        "in_map" => made!(keys, InMap(a, b)),
        "concat_list" => made!(keys, ConcatList(a, b)),
        "slice" => made!(keys, Slice(a, from, to)),
        "flatten" => made!(keys, Flatten(a)),
        "distinct" => made!(keys, Distinct(a)),
        "reverse_list" => made!(keys, ReverseList(a)),
        "range" => made!(keys, Range(a)),
        "first" => made!(keys, First(a)),
        "last" => made!(keys, Last(a)),
        _ => math(op, keys),
    }
}

/// The functions of numbers.
fn math<E: Error>(op: &str, keys: &mut Keys) -> Result<Node, E> {
    match op {
        "int_abs" => made!(keys, IntAbs(a)),
        "int_sign" => made!(keys, IntSign(a)),
        "float_abs" => made!(keys, FloatAbs(a)),
        "float_sign" => made!(keys, FloatSign(a)),
        "ceil" => made!(keys, Ceil(a)),
        "floor" => made!(keys, Floor(a)),
        "round" => made!(keys, Round(a)),
        "trunc" => made!(keys, Trunc(a)),
        "is_nan" => made!(keys, IsNan(a)),
        "is_inf" => made!(keys, IsInf(a)),
        "is_finite" => made!(keys, IsFinite(a)),
        "bit_and" => made!(keys, BitAnd(a, b)),
        "bit_or" => made!(keys, BitOr(a, b)),
        "bit_xor" => made!(keys, BitXor(a, b)),
        "bit_not" => made!(keys, BitNot(a)),
        "bit_shift_left" => made!(keys, BitShiftLeft(a, b)),
        "bit_shift_right" => made!(keys, BitShiftRight(a, b)),
        _ => Err(E::custom(format_args!("unknown operation `{}`", op.escape_debug()))),
    }
}
