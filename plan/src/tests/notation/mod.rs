//! For tests: expressions written as `(int_add 1 $inputs.x)`, values written back the same way.
//!
//! `$path` reads the context, a bare word is a variable, `90m` and `2020-01-01T00:00:00Z` are a duration and a
//! timestamp, `nan` and `inf` are reads of such floats. Operands stand in the order of [`OPERATIONS`].

mod sample;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::eval::{Context, Program, Slot};
use crate::expr::Expr;
use crate::plan::EvalError;
use crate::text::{float_text, parse_duration};
use crate::time::Timestamp;
use crate::value::Value;

pub(crate) use sample::sample;

/// The operations and their operands; `!` marks a plain word, `*` takes all that follow, `%` pairs of key and value,
/// `?` need not be there.
const OPERATIONS: &str = "
list items*;template parts*;map entries%;map_of entries%;record name! fields%;json value;secret name!;connection name!;
field of name!;index_list of at;index_map of key;get_map of key;is_null a;or_else a b;narrow a;some a;
and a b;or a b;not a;cond if a b;eq a b;ne a b;lt a b;le a b;gt a b;ge a b;
int_add a b;int_sub a b;int_mul a b;int_div a b;int_rem a b;int_neg a;
float_add a b;float_sub a b;float_mul a b;float_div a b;float_neg a;
dur_add a b;dur_sub a b;dur_neg a;ts_add a b;ts_sub a b;ts_diff a b;dur_part part! a;ts_part part! a zone?;seconds a;
format_time a pattern!;concat a b;size_string a;contains a b;starts_with a b;ends_with a b;matches a pattern!;
lower_ascii a;upper_ascii a;trim a;replace a from to limit?;split a by limit?;join a by;substring a from to?;char_at a at;
index_of a b from?;last_index_of a b from?;reverse_string a;truncate a n;url_encode a;size_list a;size_map a;in_list a b;in_map a b;
concat_list a b;slice a from to;flatten a;distinct a;sort a;reverse_list a;range a;first a;last a;
greatest a;least a;int_abs a;int_sign a;float_abs a;float_sign a;ceil a;floor a;round a;trunc a;is_nan a;is_inf a;
is_finite a;bit_and a b;bit_or a b;bit_xor a b;bit_not a;bit_shift_left a b;bit_shift_right a b;
macro kind! over var! body;macro2 kind! over var! value_var! body;macro_keep kind! over var! keep body;
int_to_float a;float_to_int a;string_to_int a;string_to_float a;string_to_bool a;timestamp_to_int a;int_to_timestamp a;
retype a;to_text a;fixed a digits;parse_duration a;parse_timestamp a;";

/// Reads an expression.
pub(crate) fn expr(text: &str) -> Expr {
    let words = words(text);
    let (json, rest) = read(&words);
    assert!(rest.is_empty(), "left over in {text}: {rest:?}");
    serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{error} in {json}"))
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&char) = chars.peek() {
        if char.is_whitespace() {
            chars.next();
        } else if matches!(char, '(' | ')') {
            words.push(chars.next().unwrap().to_string());
        } else {
            let mut word = String::new();
            let quoted = char == '"';
            while let Some(&char) = chars.peek() {
                if !quoted && (char.is_whitespace() || matches!(char, '(' | ')')) {
                    break;
                }
                word.push(chars.next().unwrap());
                if char == '\\' {
                    word.push(chars.next().unwrap());
                } else if quoted && word.len() > 1 && char == '"' {
                    break;
                }
            }
            words.push(word);
        }
    }
    words
}

fn node(mut node: Json, ty: Json) -> Json {
    node["type"] = ty;
    node["span"] = json!([0, 0, 0]);
    node
}

fn read(words: &[String]) -> (Json, &[String]) {
    match words {
        [open, op, rest @ ..] if open == "(" => operation(op, rest),
        [word, rest @ ..] => (atom(word), rest),
        [] => panic!("an expression is missing"),
    }
}

fn atom(word: &str) -> Json {
    let constant = |value: Json, ty: &str| node(json!({ "op": "const", "value": value }), json!(ty));
    if let Some(path) = word.strip_prefix('$') {
        return node(json!({ "op": "ctx", "path": path }), json!("string"));
    }
    if let Ok(Json::String(text)) = serde_json::from_str(word) {
        return constant(json!(text), "string");
    }
    if let Ok(int) = word.parse::<i64>() {
        return constant(json!(int), "int");
    }
    match word {
        "true" | "false" => constant(json!(word == "true"), "bool"),
        "null" => constant(Json::Null, "null"),
        "nan" => node(json!({ "op": "connection", "name": "nan" }), json!("float")),
        "inf" => node(json!({ "op": "connection", "name": "inf" }), json!("float")),
        _ if word.parse::<f64>().is_ok() => constant(json!(word.parse::<f64>().unwrap()), "float"),
        _ if parse_duration(word).is_ok() => constant(json!(word), "duration"),
        _ if Timestamp::parse(word).is_ok() => constant(json!(word), "timestamp"),
        _ => node(json!({ "op": "local", "name": word }), json!("string")),
    }
}

fn operation<'a>(op: &str, mut words: &'a [String]) -> (Json, &'a [String]) {
    let line = OPERATIONS.split(';').map(str::trim).find(|line| line.split(' ').next() == Some(op));
    let operands = line.unwrap_or_else(|| panic!("no operation {op}")).split(' ').skip(1);
    let name = if op.starts_with("macro") { "macro" } else { op };
    let mut json = json!({ "op": name });
    for operand in operands {
        if words[0] == ")" {
            break;
        }
        if let Some(name) = operand.strip_suffix('!') {
            json[name] = json!(words[0].trim_matches('"'));
            words = &words[1..];
        } else if let Some(name) = operand.strip_suffix('*') {
            json[name] = json!([]);
            while words[0] != ")" {
                let (item, rest) = read(words);
                json[name].as_array_mut().unwrap().push(item);
                words = rest;
            }
        } else if let Some(name) = operand.strip_suffix('%') {
            json[name] = json!([]);
            while words[0] != ")" {
                let (value, rest) = read(&words[1..]);
                let key = words[0].trim_matches('"');
                json[name].as_array_mut().unwrap().push(json!({ "key": key, "value": value }));
                words = rest;
            }
        } else {
            let (value, rest) = read(words);
            json[operand.trim_end_matches('?')] = value;
            words = rest;
        }
    }
    for name in ["items", "parts", "entries", "fields"] {
        let takes = line.is_some_and(|line| line.contains(&format!("{name}*")) || line.contains(&format!("{name}%")));
        if takes && json.get(name).is_none() {
            json[name] = json!([]);
        }
    }
    if matches!(op, "eq" | "ne" | "greatest" | "least" | "sort") {
        json["on"] = json!("int");
    }
    if matches!(op, "lt" | "le" | "gt" | "ge") {
        json["on"] = ordered(&json);
    }
    if op == "to_text" {
        json["on"] = json!("float");
    }
    if op == "narrow" {
        json["because"] = json!([0, 0, 0]);
    }
    assert_eq!(words[0], ")", "too many operands of {op}");
    (node(json, ty(op)), &words[1..])
}

/// What an operation orders: reads have the type `string` here, so the other operand tells.
fn ordered(operation: &Json) -> Json {
    let types = ["a", "b"].map(|operand| operation[operand]["type"].as_str().unwrap_or("int"));
    let told = types.into_iter().find(|ty| *ty != "string").unwrap_or("string");
    json!(if matches!(told, "string" | "float" | "duration" | "timestamp") { told } else { "int" })
}

/// The type of an operation's value, as far as tests need it.
fn ty(op: &str) -> Json {
    match op {
        "list" | "split" | "concat_list" | "macro" => json!({ "list": "string" }),
        "map" | "map_of" => json!({ "map": "string" }),
        _ if op.starts_with("int") || op.starts_with("size") => json!("int"),
        _ if op.starts_with("float") => json!("float"),
        _ => json!("string"),
    }
}

/// A context of values by the text of their slots: `inputs.x`, `x`.
pub(crate) struct Values(pub(crate) BTreeMap<String, Value>);

impl Context for Values {
    fn read(&self, slot: &Slot) -> Option<Value> {
        match slot {
            Slot::Ctx(path) => self.0.get(&path.to_string()).cloned(),
            Slot::Local(name) => self.0.get(name.as_str()).cloned(),
            Slot::Connection(name) if name == "nan" => Some(Value::Float(f64::NAN)),
            Slot::Connection(name) if name == "inf" => Some(Value::Float(f64::INFINITY)),
            Slot::Connection(name) => self.0.get(name.as_str()).cloned(),
        }
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Values {
    fn from(values: [(&str, Value); N]) -> Values {
        Values(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// Evaluates an expression over a context.
pub(crate) fn run_in(text: &str, context: &Values) -> Result<Value, EvalError> {
    Program::new(&expr(text)).run_with(context)
}

/// What an expression gives: its value, or its error after `!`.
#[track_caller]
pub(crate) fn check(text: &str, wanted: &str) {
    check_in(text, &Values::from([]), wanted);
}

/// What an expression gives in a context.
#[track_caller]
pub(crate) fn check_in(text: &str, context: &Values, wanted: &str) {
    let found = match run_in(text, context) {
        Ok(value) => shown(&value),
        Err(error) => format!("!{error}"),
    };
    assert_eq!(found, wanted, "{text}");
}

/// A value as tests write it.
pub(crate) fn shown(value: &Value) -> String {
    let pairs = |entries: Vec<(String, String)>| {
        entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
    };
    match value {
        Value::Str(text) => format!("{text:?}"),
        Value::Float(float) => float_text(*float).unwrap_or_else(|| float.to_string()),
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            format!("{{{}}}", pairs(map.iter().map(|(key, value)| (key.to_string(), shown(value))).collect()))
        }
        Value::Record(fields) => {
            format!("({})", pairs(fields.iter().map(|(key, value)| (key.to_string(), shown(value))).collect()))
        }
        Value::Secret(name) => format!("secret {name}"),
        other => other.to_text().unwrap().to_string(),
    }
}

/// The names of all operations, with the most operands that their line has.
pub(crate) fn operations() -> Vec<(&'static str, Vec<&'static str>)> {
    let lines = OPERATIONS.split(';').map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap(), words.collect())
        })
        .collect()
}

/// Any expression, well typed or not, as text.
pub(crate) fn any_expr() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let leaves = vec![
        "0",
        "1",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "0.0",
        "-0.0",
        "1.5",
        "nan",
        "inf",
        "true",
        "false",
        "null",
        "\"\"",
        "\"abc\"",
        "\"{{ 1 }}\"",
        "\"😀\\u2028\"",
        "\"12\"",
        "1h",
        "-1ns",
        "2020-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "$inputs.x",
        "$op.status",
        "v",
        "w",
        "(secret S)",
        "\"UTC\"",
    ];
    let leaf = proptest::sample::select(leaves).prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 4, |inner| {
        let kinds = proptest::sample::select(vec!["all", "exists", "exists_one", "map", "filter", "transformMap"]);
        let words = (proptest::sample::select(operations()), kinds, proptest::collection::vec(inner, 0..5));
        words.prop_map(|((op, operands), kind, values)| application(op, &operands, kind, &values))
    })
}

fn application(op: &str, operands: &[&str], kind: &str, values: &[String]) -> String {
    let mut text = format!("({op}");
    let mut values = values.iter();
    for operand in operands {
        let words: Vec<String> = match *operand {
            "kind!" => vec![kind.to_owned()],
            "var!" => vec!["v".to_owned()],
            "value_var!" => vec!["w".to_owned()],
            "part!" => vec!["getHours".to_owned()],
            "pattern!" => vec!["%Y".to_owned()],
            "name!" => vec!["a".to_owned()],
            many if many.ends_with('*') => values.by_ref().cloned().collect(),
            pairs if pairs.ends_with('%') => values
                .by_ref()
                .zip(["a", "b", "span", "doc", "c"])
                .flat_map(|(v, k)| [k.to_owned(), v.clone()])
                .collect(),
            optional if optional.ends_with('?') => values.next().cloned().into_iter().collect(),
            _ => vec![values.next().cloned().unwrap_or_else(|| "null".to_owned())],
        };
        for word in words {
            text.push(' ');
            text.push_str(&word);
        }
    }
    text + ")"
}
