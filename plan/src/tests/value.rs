use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::tests::notation::{expr, shown};
use crate::types::{Field, Name, Span, Type, TypeDef};
use crate::value::{Unknown, Value};
use crate::{EvalError, Timestamp};

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.into(), ty, default: None, constraint: None, doc: None, span: Span(0, 0, 0) }
}

/// `enum Tier { small, large }`, `record Point { x: float, tier: Tier = small, note: string? }`
fn types() -> BTreeMap<Name, TypeDef> {
    let mut tier = field("tier", Type::Enum("Tier".into()));
    let mut small = expr("\"small\"");
    small.ty = Type::Enum("Tier".into());
    tier.default = Some(small);
    let point = vec![field("x", Type::Float), tier, field("note", Type::String.optional())];
    BTreeMap::from([
        ("Tier".into(), TypeDef::Enum(vec!["small".into(), "large".into()])),
        ("Point".into(), TypeDef::Record(point)),
    ])
}

fn list(of: Type) -> Type {
    Type::List(Box::new(of))
}

fn map(of: Type) -> Type {
    Type::Map(Box::new(of))
}

#[track_caller]
fn reads(json: Json, ty: Type, wanted: &str) {
    let value = Value::from_json(&json, &ty, &types()).unwrap_or_else(|mismatch| panic!("{mismatch}"));
    assert_eq!(shown(&value), wanted);
}

#[track_caller]
fn refuses(json: Json, ty: Type, wanted: &str) {
    let mismatch = Value::from_json(&json, &ty, &types()).expect_err("a mismatch");
    assert_eq!(mismatch.to_string(), wanted);
}

#[test]
fn a_value_is_small() {
    assert!(size_of::<Value>() <= 32);
}

#[test]
fn json_is_read_by_type() {
    reads(json!(true), Type::Bool, "true");
    reads(json!(-3), Type::Int, "-3");
    reads(json!(1.5), Type::Float, "1.5");
    reads(json!(1), Type::Float, "1.0");
    reads(json!("a"), Type::String, "\"a\"");
    reads(json!("data/x.csv"), Type::Path, "\"data/x.csv\"");
    reads(json!("1h30m"), Type::Duration, "1h30m");
    reads(json!("2020-01-01T00:00:00Z"), Type::Timestamp, "2020-01-01T00:00:00Z");
    reads(json!("small"), Type::Enum("Tier".into()), "small");
    reads(json!("output_type"), Type::Enum("ErrorKind".into()), "output_type");
    reads(json!("upstream_failed"), Type::Enum("OpStatus".into()), "upstream_failed");
    reads(json!(null), Type::Int.optional(), "null");
    reads(json!(2), Type::Int.optional(), "2");
    reads(json!([1, 2]), list(Type::Float), "[1.0, 2.0]");
    reads(json!({"b": [1], "a": []}), map(list(Type::Int)), "{a: [], b: [1]}");
    reads(json!({"any": [null, 1.0]}), Type::Json, r#"{"any":[null,1.0]}"#);
}

#[test]
fn json_of_another_type_is_refused() {
    refuses(json!(1.0), Type::Int, "expected `int`, found 1.0");
    refuses(json!(9223372036854775808_u64), Type::Int, "expected `int`, found 9223372036854775808");
    refuses(json!("1"), Type::Int, "expected `int`, found \"1\"");
    refuses(json!(1), Type::String, "expected `string`, found 1");
    refuses(json!("true"), Type::Bool, "expected `bool`, found \"true\"");
    refuses(json!(null), Type::String, "expected `string`, found null");
    refuses(json!(60), Type::Duration, "expected `duration`, found 60");
    refuses(json!("1 hour"), Type::Duration, "expected `duration`, found \"1 hour\"");
    refuses(json!("yesterday"), Type::Timestamp, "expected `timestamp`, found \"yesterday\"");
    refuses(json!("medium"), Type::Enum("Tier".into()), "expected `Tier`, found \"medium\"");
    refuses(json!("Tier.small"), Type::Enum("Tier".into()), "expected `Tier`, found \"Tier.small\"");
    refuses(json!("x"), Type::Enum("Nothing".into()), "expected `Nothing`, found \"x\"");
    refuses(json!("key"), Type::Secret, "expected `secret`, found \"key\"");
    refuses(json!({}), list(Type::Int), "expected `list<int>`, found an object");
}

#[test]
fn a_mismatch_names_its_place() {
    refuses(json!([1, 2, "x"]), list(Type::Int), "`[2]`: expected `int`, found \"x\"");
    refuses(json!({"a b": [true]}), map(list(Type::Int)), "`[\"a b\"][0]`: expected `int`, found true");
    refuses(json!([{"x": "1"}]), list(Type::Record("Point".into())), "`[0].x`: expected `float`, found \"1\"");
    let tags = field("tags", list(Type::String));
    let json = json!({"tags": ["a", "b", 3]});
    let mismatch = Value::fields_from_json(&json, &[tags], &types(), Unknown::Refuse).unwrap_err().within("outputs");
    assert_eq!(mismatch.path, "outputs.tags[2]");
    assert_eq!((mismatch.expected.as_str(), mismatch.found.as_str()), ("`string`", "3"));
}

#[test]
fn records_fill_in_defaults_and_nulls() {
    let point = || Type::Record("Point".into());
    reads(json!({"x": 1}), point(), "(x: 1.0, tier: small, note: null)");
    reads(json!({"note": "n", "tier": "large", "x": 0.5}), point(), "(x: 0.5, tier: large, note: \"n\")");
    refuses(json!({}), point(), "`x`: expected `float`, found nothing");
    refuses(json!({"x": 1, "y": 2}), point(), "expected `Point`, found the unknown key \"y\"");
    refuses(json!({"x": 1, "tier": null}), point(), "`tier`: expected `Tier`, found null");
    refuses(json!([1]), point(), "expected `Point`, found [1]");
    let read = Value::from_json_with(&json!({"x": 1, "y": 2}), &point(), &types(), Unknown::Ignore).unwrap();
    assert_eq!(shown(&read), "(x: 1.0, tier: small, note: null)");
}

#[test]
fn long_values_are_cut_in_messages() {
    let mismatch = Value::from_json(&json!("é".repeat(500)), &Type::Int, &types()).unwrap_err();
    assert_eq!(mismatch.found.chars().count(), 61);
}

#[test]
fn text_is_read_by_type() {
    let read = |text: &str, ty: Type| Value::from_text(text, &ty, &types()).map(|value| shown(&value));
    let refused = |text: &str, ty: Type| read(text, ty).is_err();
    assert_eq!(read("1", Type::String).unwrap(), "\"1\"");
    assert_eq!(read("null", Type::String).unwrap(), "\"null\"");
    assert_eq!(read("null", Type::String.optional()).unwrap(), "null");
    assert_eq!(read("null", Type::Path.optional()).unwrap(), "null");
    assert_eq!(read("null", Type::Int.optional()).unwrap(), "null");
    assert_eq!(read("7", Type::Int.optional()).unwrap(), "7");
    assert_eq!(read("1", Type::Float).unwrap(), "1.0");
    assert_eq!(read("90m", Type::Duration).unwrap(), "1h30m");
    assert_eq!(read("2020-01-01T00:00:00+01:00", Type::Timestamp).unwrap(), "2019-12-31T23:00:00Z");
    assert_eq!(read("small", Type::Enum("Tier".into())).unwrap(), "small");
    assert_eq!(read("[1, 2]", list(Type::Float)).unwrap(), "[1.0, 2.0]");
    assert_eq!(read("{\"a\": 1}", Type::Json).unwrap(), "{\"a\":1}");
    assert_eq!(read("true", Type::Bool).unwrap(), "true");
    assert!(refused("yes", Type::Bool) && refused("1.0", Type::Int) && refused("nan", Type::Float));
    assert!(
        refused("[1", list(Type::Int)) && refused("x", Type::Secret) && refused("medium", Type::Enum("Tier".into()))
    );
}

#[test]
fn json_and_text_come_back() {
    let ty = Type::Record("Point".into());
    let value = Value::from_json(&json!({"x": -0.0, "note": "\u{2028}\u{0}"}), &ty, &types()).unwrap();
    let json = value.to_json().unwrap();
    assert_eq!(Value::from_json(&json, &ty, &types()).unwrap(), value);
    assert_eq!(Value::from_text(&value.to_text().unwrap(), &ty, &types()).unwrap(), value);
}

#[test]
fn what_may_not_leave_does_not() {
    let secret = || Value::Secret("TOKEN".into());
    assert_eq!(secret().to_json(), Err(EvalError::Parse));
    assert_eq!(secret().to_text(), Err(EvalError::Parse));
    assert_eq!(Value::list([secret()]).to_json(), Err(EvalError::Parse));
    let record = Value::record([("url".into(), secret()), ("channel".into(), Value::text("#ml"))]);
    assert!(record.holds_secret());
    assert_eq!(record.to_json().unwrap(), json!({"channel": "#ml"}));
    assert_eq!(Value::Float(f64::NAN).to_json(), Err(EvalError::NotFinite));
    assert_eq!(Value::list([Value::Float(f64::INFINITY)]).to_text(), Err(EvalError::NotFinite));
}

#[test]
fn text_forms() {
    let cases = [
        (Value::Null, "null"),
        (Value::Bool(false), "false"),
        (Value::Float(1e16), "1e16"),
        (Value::Duration(3_723_500_000_000), "1h2m3.5s"),
        (Value::Timestamp(Timestamp::EPOCH), "1970-01-01T00:00:00Z"),
        (Value::Enum("small".into()), "small"),
        (Value::list([Value::text("a\"b"), Value::Float(1.0)]), "[\"a\\\"b\",1.0]"),
        (Value::record([("b".into(), Value::Int(1)), ("a".into(), Value::Null)]), "{\"a\":null,\"b\":1}"),
    ];
    for (value, text) in cases {
        assert_eq!(value.to_text().unwrap(), text);
    }
}
