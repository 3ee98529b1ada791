//! The typed expression tree: each node names its exact operation, no node is overloaded.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kinds::{CompareOn, MacroKind, NumberOn, OrderOn, SortOn, TextOn, TimePart};
use crate::path::Path;
use crate::types::{Name, Span, Type};

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

/// The operations. Operands stand under fixed names.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema, strum::IntoStaticStr)]
#[serde(tag = "op", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the groups and their semantics stand in the head of each group; operands are named by their role"
)]
pub enum Node {
    // Values. A constant is JSON; enums, durations and timestamps are in their text form, `null` is null.
    Const {
        value: serde_json::Value,
    },
    List {
        items: Vec<Expr>,
    },
    Map {
        entries: Vec<Entry>,
    },
    Record {
        name: Name,
        fields: Vec<Entry>,
    },
    /// The parts are strings.
    Template {
        parts: Vec<Expr>,
    },
    /// A JSON value: the value of any type, or a list or record of such.
    Json {
        value: Operand,
    },
    /// A JSON object whose leaves may be expressions.
    MapOf {
        entries: Vec<Entry>,
    },
    /// A secret, by name: opaque.
    Secret {
        name: Name,
    },

    // Reads.
    Ctx {
        path: Path,
    },
    Local {
        name: Name,
    },
    Connection {
        name: Name,
    },

    // Access. `index_*` fail with `index` and `key`, `get_map` gives null.
    Field {
        of: Operand,
        name: Name,
    },
    IndexList {
        of: Operand,
        at: Operand,
    },
    IndexMap {
        of: Operand,
        key: Operand,
    },
    GetMap {
        of: Operand,
        key: Operand,
    },

    // Null.
    IsNull {
        a: Operand,
    },
    OrElse {
        a: Operand,
        b: Operand,
    },
    /// `T?` read as `T`: the checker proved that it is there.
    Narrow {
        a: Operand,
        because: Span,
    },
    /// `T` read as `T?`: no code.
    Some {
        a: Operand,
    },

    // Logic: left to right, lazily.
    And {
        a: Operand,
        b: Operand,
    },
    Or {
        a: Operand,
        b: Operand,
    },
    Not {
        a: Operand,
    },
    Cond {
        #[serde(rename = "if")]
        test: Operand,
        a: Operand,
        b: Operand,
    },

    // Comparison; `on` says what is compared. With `T?` on a side, null equals null alone.
    Eq {
        on: CompareOn,
        a: Operand,
        b: Operand,
    },
    Ne {
        on: CompareOn,
        a: Operand,
        b: Operand,
    },
    Lt {
        on: OrderOn,
        a: Operand,
        b: Operand,
    },
    Le {
        on: OrderOn,
        a: Operand,
        b: Operand,
    },
    Gt {
        on: OrderOn,
        a: Operand,
        b: Operand,
    },
    Ge {
        on: OrderOn,
        a: Operand,
        b: Operand,
    },

    // Integers: checked (`overflow`, `division_by_zero`); division truncates, the remainder has the dividend's sign.
    IntAdd {
        a: Operand,
        b: Operand,
    },
    IntSub {
        a: Operand,
        b: Operand,
    },
    IntMul {
        a: Operand,
        b: Operand,
    },
    IntDiv {
        a: Operand,
        b: Operand,
    },
    IntRem {
        a: Operand,
        b: Operand,
    },
    IntNeg {
        a: Operand,
    },

    // Floats: IEEE 754.
    FloatAdd {
        a: Operand,
        b: Operand,
    },
    FloatSub {
        a: Operand,
        b: Operand,
    },
    FloatMul {
        a: Operand,
        b: Operand,
    },
    FloatDiv {
        a: Operand,
        b: Operand,
    },
    FloatNeg {
        a: Operand,
    },

    // Numbers: the `math` functions. `int_abs` is checked; the order of `greatest` and `least` knows no NaN
    // (`not_finite`), and an empty list has neither (`index`). Shifts take no negative number of bits (`range`), and
    // fill with zeros from both sides.
    Greatest {
        on: NumberOn,
        a: Operand,
    },
    Least {
        on: NumberOn,
        a: Operand,
    },
    IntAbs {
        a: Operand,
    },
    IntSign {
        a: Operand,
    },
    FloatAbs {
        a: Operand,
    },
    FloatSign {
        a: Operand,
    },
    Ceil {
        a: Operand,
    },
    Floor {
        a: Operand,
    },
    /// To the nearest; a tie away from zero.
    Round {
        a: Operand,
    },
    Trunc {
        a: Operand,
    },
    IsNan {
        a: Operand,
    },
    IsInf {
        a: Operand,
    },
    IsFinite {
        a: Operand,
    },
    BitAnd {
        a: Operand,
        b: Operand,
    },
    BitOr {
        a: Operand,
        b: Operand,
    },
    BitXor {
        a: Operand,
        b: Operand,
    },
    BitNot {
        a: Operand,
    },
    BitShiftLeft {
        a: Operand,
        b: Operand,
    },
    BitShiftRight {
        a: Operand,
        b: Operand,
    },

    // Time: checked (`overflow`, `range`).
    DurAdd {
        a: Operand,
        b: Operand,
    },
    DurSub {
        a: Operand,
        b: Operand,
    },
    DurNeg {
        a: Operand,
    },
    TsAdd {
        a: Operand,
        b: Operand,
    },
    TsSub {
        a: Operand,
        b: Operand,
    },
    TsDiff {
        a: Operand,
        b: Operand,
    },
    DurPart {
        part: TimePart,
        a: Operand,
    },
    TsPart {
        part: TimePart,
        a: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<Operand>,
    },
    /// A duration's length in seconds, as a float.
    Seconds {
        a: Operand,
    },
    FormatTime {
        a: Operand,
        pattern: Name,
    },

    // Strings, by code points.
    Concat {
        a: Operand,
        b: Operand,
    },
    SizeString {
        a: Operand,
    },
    Contains {
        a: Operand,
        b: Operand,
    },
    StartsWith {
        a: Operand,
        b: Operand,
    },
    EndsWith {
        a: Operand,
        b: Operand,
    },
    Matches {
        a: Operand,
        pattern: Name,
    },
    LowerAscii {
        a: Operand,
    },
    UpperAscii {
        a: Operand,
    },
    Trim {
        a: Operand,
    },
    Replace {
        a: Operand,
        from: Operand,
        to: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Operand>,
    },
    Split {
        a: Operand,
        by: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Operand>,
    },
    Join {
        a: Operand,
        by: Operand,
    },
    Substring {
        a: Operand,
        from: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Operand>,
    },
    CharAt {
        a: Operand,
        at: Operand,
    },
    IndexOf {
        a: Operand,
        b: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Operand>,
    },
    LastIndexOf {
        a: Operand,
        b: Operand,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Operand>,
    },
    ReverseString {
        a: Operand,
    },
    /// At most `n` code points; what is longer ends in `…` within the `n`.
    Truncate {
        a: Operand,
        n: Operand,
    },

    // Collections.
    SizeList {
        a: Operand,
    },
    SizeMap {
        a: Operand,
    },
    InList {
        a: Operand,
        b: Operand,
    },
    InMap {
        a: Operand,
        b: Operand,
    },
    ConcatList {
        a: Operand,
        b: Operand,
    },
    /// From one position to before another: `range` where the list has no such positions.
    Slice {
        a: Operand,
        from: Operand,
        to: Operand,
    },
    /// The items of the items: one level.
    Flatten {
        a: Operand,
    },
    /// Each value once, where it stands first.
    Distinct {
        a: Operand,
    },
    /// In ascending order; among floats a NaN is `not_finite`.
    Sort {
        on: SortOn,
        a: Operand,
    },
    ReverseList {
        a: Operand,
    },
    /// The integers from 0 to before `a`.
    Range {
        a: Operand,
    },
    /// The first item; null where there is none.
    First {
        a: Operand,
    },
    /// The last item; null where there is none.
    Last {
        a: Operand,
    },
    /// `all exists exists_one map filter transformMap` over a list, or over a map's keys in sorted order.
    Macro {
        kind: MacroKind,
        over: Operand,
        var: Name,
        /// The second variable, of a map's value (or a list's item, `var` being its index).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_var: Option<Name>,
        /// What `map` leaves out: an item for which this is false.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep: Option<Operand>,
        body: Operand,
    },

    // Conversions: `overflow`, `range`, `parse`.
    IntToFloat {
        a: Operand,
    },
    FloatToInt {
        a: Operand,
    },
    StringToInt {
        a: Operand,
    },
    StringToFloat {
        a: Operand,
    },
    StringToBool {
        a: Operand,
    },
    TimestampToInt {
        a: Operand,
    },
    IntToTimestamp {
        a: Operand,
    },
    /// `path` and `uri` read as `string`, or a string as one of these: no code.
    Retype {
        a: Operand,
    },
    ToText {
        on: TextOn,
        a: Operand,
    },
    Fixed {
        a: Operand,
        digits: Operand,
    },
    ParseDuration {
        a: Operand,
    },
    ParseTimestamp {
        a: Operand,
    },
}

/// `...list` in an `exec` list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// A list of strings.
    pub spread: Expr,
}

/// Text shared between nodes.
pub type Text = Arc<str>;
