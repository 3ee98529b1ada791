//! The operations of expressions: the one table that says which there are.
//!
//! A row gives the variant of [`Node`], its word in JSON, its parts in the order of their evaluation, how it can fail
//! ([`crate::failures`]), what it costs, and how large its value is ([`crate::cost`]). The enums, the operands, the
//! reader and the JSON Schema are made of the rows. What a row cannot say is its meaning: the compiler then names the
//! places that must answer for a new row, `eval/compile.rs` first.
//!
//! No operation is overloaded: the checker has chosen the one for the types at hand.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::cost::{Size, Steps};
use crate::expr::{Entry, Expr, Operand};
use crate::failures::{self as fails, Failures};
use crate::kinds::{CompareOn, MacroKind, NumberOn, OrderOn, SortOn, TextOn, TimePart};
use crate::operands::Operands;
use crate::path::Path;
use crate::reading::{FromKey, Keys};
use crate::types::{Name, Span};
use crate::words::words;

macro_rules! operations {
    ($(
        $(#[doc = $about:literal])*
        $variant:ident = $word:literal {
            $($(#[$attribute:meta])* $part:ident $(as $key:literal)?: $ty:ty),*
        } fails $failures:expr, steps $steps:ident, size $size:ident;
    )*) => {
        words! {
            /// An operation, without its operands.
            #[expect(missing_docs, reason = "described by the rows of `Node`")]
            Operation { $($(#[doc = $about])* $variant = $word,)* }
        }

        /// The operations with their operands, which have fixed names.
        #[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
        #[serde(tag = "op")]
        #[expect(missing_docs, reason = "the groups are described at the head of each; operands are named by their role")]
        pub enum Node {
            $(
                $(#[doc = $about])*
                #[serde(rename = $word)]
                $variant { $($(#[$attribute])* $(#[serde(rename = $key)])? $part: $ty),* },
            )*
        }

        impl Node {
            /// Which operation it is.
            pub const fn operation(&self) -> Operation {
                match self { $(Node::$variant { .. } => Operation::$variant,)* }
            }

            /// Calls `f` with each operand, in the order in which they are evaluated.
            pub fn operands<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
                match self { $(Node::$variant { $($part),* } => { $($part.each(f);)* })* }
            }

            /// Calls `f` with each operand, to change it.
            pub fn operands_mut<'a>(&'a mut self, f: &mut dyn FnMut(&'a mut Expr)) {
                match self { $(Node::$variant { $($part),* } => { $($part.each_mut(f);)* })* }
            }

            /// How the operation itself can fail, whatever its operands do.
            #[expect(unused_variables, reason = "most rows fail in one way, whatever their operands are")]
            pub(crate) fn failures(&self) -> Failures {
                match self { $(Node::$variant { $($part),* } => $failures,)* }
            }

            /// Takes the parts of the operation `op` out of the keys of a JSON object.
            pub(crate) fn read<E: serde::de::Error>(op: &str, keys: &mut Keys) -> Result<Node, E> {
                match op {
                    $($word => Ok(Node::$variant {
                        $($part: FromKey::from_key(&mut keys.$part, key!($part $($key)?))?),*
                    }),)*
                    _ => Err(E::custom(format_args!("unknown operation `{}`", op.escape_debug()))),
                }
            }
        }

        impl Operation {
            /// The key and the type of each part, as they are declared.
            #[cfg(test)]
            pub(crate) const fn parts(self) -> &'static [(&'static str, &'static str)] {
                match self { $(Operation::$variant => &[$((key!($part $($key)?), stringify!($ty))),*],)* }
            }

            /// The steps of the operation itself.
            pub(crate) const fn steps(self) -> Steps {
                match self { $(Operation::$variant => Steps::$steps,)* }
            }

            /// The size of its value.
            pub(crate) const fn size(self) -> Size {
                match self { $(Operation::$variant => Size::$size,)* }
            }
        }
    };
}

/// The key of a part in JSON.
macro_rules! key {
    ($part:ident) => {
        stringify!($part)
    };
    ($part:ident $key:literal) => {
        $key
    };
}

operations! {
    // Values. A constant is JSON; enums, durations and timestamps are in their text form.
    Const = "const" { value: Json } fails fails::NEVER, steps None, size Constant;
    List = "list" { items: Vec<Expr> } fails fails::NEVER, steps None, size Count;
    Map = "map" { entries: Vec<Entry> } fails fails::NEVER, steps None, size Count;
    Record = "record" { name: Name, fields: Vec<Entry> } fails fails::NEVER, steps None, size OfType;
    /// The parts are strings.
    Template = "template" { parts: Vec<Expr> } fails fails::NEVER, steps EachText, size SumOfAll;
    /// A JSON value: the value of any type, or a list or record of such.
    Json = "json" { value: Operand } fails fails::float_in(value), steps Whole, size OfType;
    /// A JSON object whose leaves may be expressions.
    MapOf = "map_of" { entries: Vec<Entry> } fails fails::float_in_any(entries), steps EachWhole, size OfType;
    /// A secret, by name: opaque.
    Secret = "secret" { name: Name } fails fails::NEVER, steps None, size OfType;

    // Reads.
    Ctx = "ctx" { path: Path } fails fails::NEVER, steps None, size OfType;
    Local = "local" { name: Name } fails fails::NEVER, steps None, size OfType;
    Connection = "connection" { name: Name } fails fails::NEVER, steps None, size OfType;

    // Access. `index_*` fail with `index` and `key`, `get_map` gives null.
    Field = "field" { of: Operand, name: Name } fails fails::NEVER, steps None, size OfType;
    IndexList = "index_list" { of: Operand, at: Operand } fails fails::item(of, at), steps None, size OfType;
    IndexMap = "index_map" { of: Operand, key: Operand } fails fails::KEY, steps None, size OfType;
    GetMap = "get_map" { of: Operand, key: Operand } fails fails::NEVER, steps None, size OfType;

    // Null.
    IsNull = "is_null" { a: Operand } fails fails::NEVER, steps None, size OfType;
    OrElse = "or_else" { a: Operand, b: Operand } fails fails::NEVER, steps None, size Larger;
    /// `T?` read as `T`: the checker proved that it is there.
    Narrow = "narrow" { a: Operand, because: Span } fails fails::NEVER, steps None, size Same;
    /// `T` read as `T?`: no code.
    Some = "some" { a: Operand } fails fails::NEVER, steps None, size Same;

    // Logic: left to right, lazily.
    And = "and" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    Or = "or" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    Not = "not" { a: Operand } fails fails::NEVER, steps None, size OfType;
    Cond = "cond" { test as "if": Operand, a: Operand, b: Operand } fails fails::NEVER, steps None, size LargerBranch;

    // Comparison; `on` says what is compared. With `T?` on a side, null equals null alone.
    Eq = "eq" { on: CompareOn, a: Operand, b: Operand } fails fails::NEVER, steps ShorterWhole, size OfType;
    Ne = "ne" { on: CompareOn, a: Operand, b: Operand } fails fails::NEVER, steps ShorterWhole, size OfType;
    Lt = "lt" { on: OrderOn, a: Operand, b: Operand } fails fails::NEVER, steps ShorterText, size OfType;
    Le = "le" { on: OrderOn, a: Operand, b: Operand } fails fails::NEVER, steps ShorterText, size OfType;
    Gt = "gt" { on: OrderOn, a: Operand, b: Operand } fails fails::NEVER, steps ShorterText, size OfType;
    Ge = "ge" { on: OrderOn, a: Operand, b: Operand } fails fails::NEVER, steps ShorterText, size OfType;

    // Integers: checked (`overflow`, `division_by_zero`); division truncates, the remainder has the dividend's sign.
    IntAdd = "int_add" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    IntSub = "int_sub" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    IntMul = "int_mul" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    IntDiv = "int_div" { a: Operand, b: Operand } fails fails::division(b), steps None, size OfType;
    IntRem = "int_rem" { a: Operand, b: Operand } fails fails::division(b), steps None, size OfType;
    IntNeg = "int_neg" { a: Operand } fails fails::negation(a), steps None, size OfType;

    // Floats: IEEE 754.
    FloatAdd = "float_add" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    FloatSub = "float_sub" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    FloatMul = "float_mul" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    FloatDiv = "float_div" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    FloatNeg = "float_neg" { a: Operand } fails fails::NEVER, steps None, size OfType;

    // Numbers: the `math` functions. `int_abs` is checked. `greatest` and `least` fail on a NaN (`not_finite`) and on
    // an empty list (`index`). Shifts fail on a negative number of bits (`range`), and fill with zeros from both sides.
    Greatest = "greatest" { on: NumberOn, a: Operand } fails fails::extreme(*on, a), steps Items, size OfType;
    Least = "least" { on: NumberOn, a: Operand } fails fails::extreme(*on, a), steps Items, size OfType;
    IntAbs = "int_abs" { a: Operand } fails fails::OVERFLOW, steps None, size OfType;
    IntSign = "int_sign" { a: Operand } fails fails::NEVER, steps None, size OfType;
    FloatAbs = "float_abs" { a: Operand } fails fails::NEVER, steps None, size OfType;
    FloatSign = "float_sign" { a: Operand } fails fails::NEVER, steps None, size OfType;
    Ceil = "ceil" { a: Operand } fails fails::NEVER, steps None, size OfType;
    Floor = "floor" { a: Operand } fails fails::NEVER, steps None, size OfType;
    /// To the nearest; a tie away from zero.
    Round = "round" { a: Operand } fails fails::NEVER, steps None, size OfType;
    Trunc = "trunc" { a: Operand } fails fails::NEVER, steps None, size OfType;
    IsNan = "is_nan" { a: Operand } fails fails::NEVER, steps None, size OfType;
    IsInf = "is_inf" { a: Operand } fails fails::NEVER, steps None, size OfType;
    IsFinite = "is_finite" { a: Operand } fails fails::NEVER, steps None, size OfType;
    BitAnd = "bit_and" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    BitOr = "bit_or" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    BitXor = "bit_xor" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    BitNot = "bit_not" { a: Operand } fails fails::NEVER, steps None, size OfType;
    BitShiftLeft = "bit_shift_left" { a: Operand, b: Operand } fails fails::natural(Some(b)), steps None, size OfType;
    BitShiftRight = "bit_shift_right" { a: Operand, b: Operand } fails fails::natural(Some(b)), steps None, size OfType;

    // Time: checked (`overflow`, `range`).
    DurAdd = "dur_add" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    DurSub = "dur_sub" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    DurNeg = "dur_neg" { a: Operand } fails fails::OVERFLOW, steps None, size OfType;
    TsAdd = "ts_add" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    TsSub = "ts_sub" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    TsDiff = "ts_diff" { a: Operand, b: Operand } fails fails::OVERFLOW, steps None, size OfType;
    DurPart = "dur_part" { part: TimePart, a: Operand } fails fails::NEVER, steps None, size OfType;
    TsPart = "ts_part" {
        part: TimePart,
        a: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<Operand>
    } fails fails::zone(zone.as_deref()), steps None, size OfType;
    /// A duration's length in seconds, as a float.
    Seconds = "seconds" { a: Operand } fails fails::NEVER, steps None, size OfType;
    FormatTime = "format_time" { a: Operand, pattern: Name } fails fails::NEVER, steps None, size Pattern;

    // Strings, by code points.
    Concat = "concat" { a: Operand, b: Operand } fails fails::NEVER, steps BothTexts, size Sum;
    SizeString = "size_string" { a: Operand } fails fails::NEVER, steps Text, size OfType;
    Contains = "contains" { a: Operand, b: Operand } fails fails::NEVER, steps Text, size OfType;
    StartsWith = "starts_with" { a: Operand, b: Operand } fails fails::NEVER, steps Text, size OfType;
    EndsWith = "ends_with" { a: Operand, b: Operand } fails fails::NEVER, steps Text, size OfType;
    Matches = "matches" { a: Operand, pattern: Name } fails fails::NEVER, steps Pattern, size OfType;
    LowerAscii = "lower_ascii" { a: Operand } fails fails::NEVER, steps Text, size Same;
    UpperAscii = "upper_ascii" { a: Operand } fails fails::NEVER, steps Text, size Same;
    Trim = "trim" { a: Operand } fails fails::NEVER, steps Text, size Same;
    Replace = "replace" {
        a: Operand,
        from: Operand,
        to: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Operand>
    } fails fails::NEVER, steps Replaced, size Replaced;
    Split = "split" {
        a: Operand,
        by: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Operand>
    } fails fails::NEVER, steps Split, size Split;
    Join = "join" { a: Operand, by: Operand } fails fails::NEVER, steps Joined, size Joined;
    Substring = "substring" {
        a: Operand,
        from: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Operand>
    } fails fails::RANGE, steps Text, size Same;
    CharAt = "char_at" { a: Operand, at: Operand } fails fails::RANGE, steps Text, size Character;
    IndexOf = "index_of" {
        a: Operand,
        b: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Operand>
    } fails fails::natural(from.as_deref()), steps Text, size OfType;
    LastIndexOf = "last_index_of" {
        a: Operand,
        b: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Operand>
    } fails fails::natural(from.as_deref()), steps Text, size OfType;
    ReverseString = "reverse_string" { a: Operand } fails fails::NEVER, steps Text, size Same;
    /// At most `n` code points; what is longer ends in `…` within the `n`.
    Truncate = "truncate" { a: Operand, n: Operand } fails fails::natural(Some(n)), steps Text, size Truncated;
    /// Everything but the unreserved characters of RFC 3986 (section 2.3) as `%XX`, a byte each.
    UrlEncode = "url_encode" { a: Operand } fails fails::NEVER, steps Text, size PercentEncoded;

    // Collections.
    SizeList = "size_list" { a: Operand } fails fails::NEVER, steps None, size OfType;
    SizeMap = "size_map" { a: Operand } fails fails::NEVER, steps None, size OfType;
    InList = "in_list" { a: Operand, b: Operand } fails fails::NEVER, steps Search, size OfType;
    InMap = "in_map" { a: Operand, b: Operand } fails fails::NEVER, steps None, size OfType;
    ConcatList = "concat_list" { a: Operand, b: Operand } fails fails::NEVER, steps BothLists, size Sum;
    /// From one position to before another: `range` where the list has no such positions.
    Slice = "slice" { a: Operand, from: Operand, to: Operand } fails fails::RANGE, steps Items, size Same;
    /// The items of the items: one level.
    Flatten = "flatten" { a: Operand } fails fails::NEVER, steps Nested, size Nested;
    /// Each value once, at its first position.
    Distinct = "distinct" { a: Operand } fails fails::NEVER, steps Sorted, size Same;
    /// In ascending order; among floats a NaN is `not_finite`.
    Sort = "sort" { on: SortOn, a: Operand } fails fails::sort(*on), steps Sorted, size Same;
    ReverseList = "reverse_list" { a: Operand } fails fails::NEVER, steps Items, size Same;
    /// The integers from 0 to before `a`.
    Range = "range" { a: Operand } fails fails::count(a), steps Counted, size Counted;
    /// The first item; null where there is none.
    First = "first" { a: Operand } fails fails::NEVER, steps None, size OfType;
    /// The last item; null where there is none.
    Last = "last" { a: Operand } fails fails::NEVER, steps None, size OfType;
    /// `all exists exists_one map filter transformMap` over a list, or over a map's keys in sorted order.
    Macro = "macro" {
        kind: MacroKind,
        over: Operand,
        var: Name,
        /// The second variable, of a map's value (or a list's item, `var` being its index).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_var: Option<Name>,
        /// What `map` leaves out: an item for which this is false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep: Option<Operand>,
        body: Operand
    } fails fails::NEVER, steps Turns, size Same;

    // Conversions: `overflow`, `range`, `parse`.
    IntToFloat = "int_to_float" { a: Operand } fails fails::NEVER, steps None, size OfType;
    FloatToInt = "float_to_int" { a: Operand } fails fails::OVERFLOW, steps None, size OfType;
    StringToInt = "string_to_int" { a: Operand } fails fails::PARSE, steps None, size OfType;
    StringToFloat = "string_to_float" { a: Operand } fails fails::PARSE, steps None, size OfType;
    StringToBool = "string_to_bool" { a: Operand } fails fails::PARSE, steps None, size OfType;
    TimestampToInt = "timestamp_to_int" { a: Operand } fails fails::NEVER, steps None, size OfType;
    IntToTimestamp = "int_to_timestamp" { a: Operand } fails fails::OVERFLOW, steps None, size OfType;
    /// `path` and `uri` read as `string`, or a string as one of these: no code.
    Retype = "retype" { a: Operand } fails fails::NEVER, steps None, size Same;
    ToText = "to_text" { on: TextOn, a: Operand } fails fails::text_form(*on, a), steps TextForm, size TextForm;
    Fixed = "fixed" { a: Operand, digits: Operand } fails fails::fixed(digits), steps None, size Digits;
    ParseDuration = "parse_duration" { a: Operand } fails fails::parsed_duration(a), steps None, size OfType;
    ParseTimestamp = "parse_timestamp" { a: Operand } fails fails::parsed_timestamp(a), steps None, size OfType;
}
