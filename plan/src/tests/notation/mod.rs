//! For tests: expressions written as `(int_add 1 $inputs.x)`, values written back the same way.
//!
//! `$path` reads the context, a bare word is a variable, `90m` and `2020-01-01T00:00:00Z` are a duration and a
//! timestamp, `nan` and `inf` are reads of such floats. The parts of an operation stand in the order of its row in
//! `operations.rs`; those that only say what is compared or converted are left out.

mod sample;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::eval::{Context, Program, Slot};
use crate::expr::{Expr, Operation};
use crate::plan::EvalError;
use crate::text::{float_text, parse_duration};
use crate::time::Timestamp;
use crate::value::Value;

pub(crate) use sample::sample;

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

/// The words of operations in the notation. A macro has two optional parts in the middle: `macro2` has the first of
/// them, `macro_keep` the second.
fn words_of_operations() -> impl Iterator<Item = &'static str> {
    Operation::ALL.iter().map(|operation| operation.word()).chain(["macro2", "macro_keep"])
}

/// The parts that are written after the word of an operation, each with its type.
fn parts(word: &str) -> (Operation, impl Iterator<Item = (&'static str, &'static str)> + use<>) {
    let (word, left_out) = match word {
        "macro" => ("macro", ["value_var", "keep"].as_slice()),
        "macro2" => ("macro", ["keep"].as_slice()),
        "macro_keep" => ("macro", ["value_var"].as_slice()),
        _ => (word, [].as_slice()),
    };
    let operation = Operation::from_word(word).unwrap_or_else(|| panic!("no operation {word}"));
    let silent = ["Span", "CompareOn", "OrderOn", "NumberOn", "SortOn", "TextOn"];
    let parts = operation.parts().iter().copied();
    (operation, parts.filter(move |(name, ty)| !left_out.contains(name) && !silent.contains(ty)))
}

fn operation<'a>(word: &str, mut words: &'a [String]) -> (Json, &'a [String]) {
    let (operation, parts) = parts(word);
    let op = operation.word();
    let mut json = json!({ "op": op });
    for (name, ty) in parts {
        match ty {
            "Vec<Expr>" | "Vec<Entry>" => (json[name], words) = members(words, ty == "Vec<Entry>"),
            _ if words[0] == ")" => break,
            "Operand" | "Option<Operand>" => (json[name], words) = read(words),
            _ => {
                json[name] = json!(words[0].trim_matches('"'));
                words = &words[1..];
            }
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

/// All expressions up to the bracket; a key stands before each where they are entries.
fn members(mut words: &[String], keyed: bool) -> (Json, &[String]) {
    let mut members = Vec::new();
    while words[0] != ")" {
        let (value, rest) = read(&words[usize::from(keyed)..]);
        let key = words[0].trim_matches('"');
        members.push(if keyed { json!({ "key": key, "value": value }) } else { value });
        words = rest;
    }
    (Json::Array(members), words)
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
        let operations = proptest::sample::select(words_of_operations().collect::<Vec<_>>());
        let words = (operations, kinds, proptest::collection::vec(inner, 0..5));
        words.prop_map(|(op, kind, values)| application(op, kind, &values))
    })
}

fn application(op: &str, kind: &str, values: &[String]) -> String {
    if op == "const" {
        return values.first().cloned().unwrap_or_else(|| "null".to_owned());
    }
    let mut text = format!("({op}");
    let mut values = values.iter();
    for part in parts(op).1 {
        let words: Vec<String> = match part {
            ("kind", _) => vec![kind.to_owned()],
            ("var", _) => vec!["v".to_owned()],
            ("value_var", _) => vec!["w".to_owned()],
            ("part", _) => vec!["getHours".to_owned()],
            ("pattern", _) => vec!["%Y".to_owned()],
            ("path", _) => vec!["inputs.x".to_owned()],
            ("name", _) => vec!["a".to_owned()],
            (_, "Vec<Expr>") => values.by_ref().cloned().collect(),
            (_, "Vec<Entry>") => values
                .by_ref()
                .zip(["a", "b", "span", "doc", "c"])
                .flat_map(|(v, k)| [k.to_owned(), v.clone()])
                .collect(),
            (name, "Option<Operand>") if name != "keep" => values.next().cloned().into_iter().collect(),
            _ => vec![values.next().cloned().unwrap_or_else(|| "null".to_owned())],
        };
        for word in words {
            text.push(' ');
            text.push_str(&word);
        }
    }
    text + ")"
}
