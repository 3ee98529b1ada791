//! Random values, the awkward ones often, and how each is written in our language and in CEL.

use hookc_plan::{Timestamp, Value};

use super::rng::Rng;
use super::types::Ty;

const INTS: &[i64] = &[
    0,
    1,
    -1,
    2,
    3,
    -2,
    7,
    -7,
    10,
    60,
    255,
    1_000,
    9_007_199_254_740_991,
    9_007_199_254_740_993,
    i64::MAX,
    i64::MIN,
    i64::MIN + 1,
];
const FLOATS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1.5,
    -2.5,
    0.1,
    0.3,
    1e-7,
    1e16,
    1e21,
    9_007_199_254_740_993.0,
    1e308,
    5e-324,
    9_223_372_036_854_775_807.0,
];
const ODD_FLOATS: &[f64] = &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
const TEXTS: &[&str] = &[
    "",
    "0",
    "1",
    "-7",
    "true",
    "false",
    "a",
    "b",
    "abc",
    "abcabc",
    "aXbX",
    " x ",
    "{{ 1 }}",
    "${x}",
    "it's",
    "\"q\"",
    "back\\slash",
    "two\nlines",
    "tab\t",
    "é",
    "😀",
    "a😀b",
    "\u{2028}",
    "items",
    "keys",
    "ABC",
    "run-0042",
    "1.5",
    "x",
];
const SECONDS: &[i64] = &[0, 1, -1, 59, 60, 3_600, 5_400, 86_400, -90, 1_000_000];
const MOMENTS: &[i64] =
    &[0, 1, -1, 1_732_089_600, 951_782_400, 4_102_444_799, -2_208_988_800, 1_711_846_800, 1_729_990_800];

/// The keys of maps, by which generated expressions also ask.
pub(crate) const KEYS: &[&str] = &["a", "b", "items", "k😀"];

/// A value of a type; `null` for about a third of those that may be.
pub(crate) fn value(rng: &mut Rng, ty: Ty) -> Value {
    match ty {
        Ty::Bool => Value::Bool(rng.chance(50)),
        Ty::Int if rng.chance(50) => Value::Int(rng.below(21) as i64 - 5),
        Ty::Int => Value::Int(rng.pick(INTS)),
        Ty::Float if rng.chance(8) => Value::Float(rng.pick(ODD_FLOATS)),
        Ty::Float => Value::Float(finite(rng)),
        Ty::Text => Value::text(rng.pick(TEXTS)),
        Ty::Duration => Value::Duration(rng.pick(SECONDS) * 1_000_000_000 + rng.pick(&[0, 0, 1, 500_000_000])),
        Ty::Timestamp => moment(rng),
        Ty::Enum(of) => Value::Enum((rng.pick(of.values)).into()),
        Ty::List(of) => {
            let length = rng.pick(&[0, 1, 2, 3, 4]);
            Value::list((0..length).map(|_| value(rng, *of)).collect::<Vec<_>>())
        }
        Ty::Map(of) => {
            let kept: Vec<_> = KEYS.iter().filter(|_| rng.chance(50)).collect();
            Value::map(kept.into_iter().map(|key| ((*key).into(), value(rng, *of))).collect::<Vec<_>>())
        }
        Ty::Record(of) => {
            Value::record(of.fields.iter().map(|(name, ty)| ((*name).into(), value(rng, *ty))).collect::<Vec<_>>())
        }
        Ty::Optional(_) if rng.chance(35) => Value::Null,
        Ty::Optional(of) => value(rng, *of),
    }
}

fn finite(rng: &mut Rng) -> f64 {
    if rng.chance(50) { (rng.below(81) as f64 - 40.0) / 8.0 } else { rng.pick(FLOATS) }
}

fn moment(rng: &mut Rng) -> Value {
    let nanos = rng.pick(&[0, 0, 0, 250_000_000]);
    Timestamp::new(rng.pick(MOMENTS), nanos).map_or(Value::Null, Value::Timestamp)
}

/// A literal in our language, and in CEL. Floats are finite.
pub(crate) fn literal(rng: &mut Rng, ty: Ty) -> (String, String) {
    let same = |text: String| (text.clone(), text);
    match ty {
        Ty::Float => same(float(finite(rng))),
        Ty::List(of) => {
            let items: Vec<_> = (0..1 + rng.below(3)).map(|_| literal(rng, *of)).collect();
            let joined = |side: fn(&(String, String)) -> &String| {
                format!("[{}]", items.iter().map(|item| side(item).as_str()).collect::<Vec<_>>().join(", "))
            };
            (joined(|item| &item.0), joined(|item| &item.1))
        }
        Ty::Map(of) => {
            let key = quoted(rng.pick(KEYS), false);
            let (ours, cel) = literal(rng, *of);
            (format!("{{ {key}: {ours} }}"), format!("{{ {key}: {cel} }}"))
        }
        Ty::Duration => duration(rng),
        Ty::Optional(of) => literal(rng, *of),
        Ty::Record(of) => {
            let fields: Vec<_> = of.fields.iter().map(|(name, ty)| (name, literal(rng, *ty))).collect();
            let ours: Vec<_> = fields.iter().map(|(name, (ours, _))| format!("{name}: {ours}")).collect();
            let cel: Vec<_> = fields.iter().map(|(name, (_, cel))| format!("\"{name}\": {cel}")).collect();
            (format!("{{ {} }}", ours.join(", ")), format!("{{{}}}", cel.join(", ")))
        }
        _ => written(&value(rng, ty), ty),
    }
}

/// A value without parts as it is written.
pub(crate) fn written(value: &Value, ty: Ty) -> (String, String) {
    let same = |text: String| (text.clone(), text);
    match (value, ty) {
        (Value::Int(int), _) => same(int.to_string()),
        (Value::Float(value), _) => same(float(*value)),
        (Value::Bool(bool), _) => same(bool.to_string()),
        (Value::Str(text), _) => (quoted(text, true), quoted(text, false)),
        (Value::Enum(name), Ty::Enum(of)) => (format!("{}.{name}", of.name), format!("\"{name}\"")),
        (Value::Timestamp(moment), _) => same(format!("timestamp(\"{moment}\")")),
        (Value::Duration(nanos), _) => same(format!("duration(\"{}\")", seconds(*nanos))),
        (value, ty) => panic!("no literal for {value:?} of {ty}"),
    }
}

/// A constant of a declared type; `None` where no literal is equal to the value.
pub(crate) fn constant(value: &Value, ty: Ty) -> Option<String> {
    Some(match (value, ty) {
        (Value::Null, Ty::Optional(_)) => "null".to_owned(),
        (value, Ty::Optional(of)) => constant(value, *of)?,
        (Value::Float(float), _) if !float.is_finite() => return None,
        (Value::List(items), Ty::List(of)) => {
            let items: Option<Vec<String>> = items.iter().map(|item| constant(item, *of)).collect();
            format!("[{}]", items?.join(", "))
        }
        (Value::Map(map), Ty::Map(of)) => {
            let entry = |(key, value): (&hookc_plan::Name, &Value)| {
                Some(format!("{}: {}", quoted(key, true), constant(value, *of)?))
            };
            let entries: Option<Vec<String>> = map.iter().map(entry).collect();
            format!("{{ {} }}", entries?.join(", "))
        }
        (Value::Record(fields), Ty::Record(of)) => {
            let entry = |((name, value), (_, ty)): (&(hookc_plan::Name, Value), &(&str, Ty))| {
                Some(format!("{name}: {}", constant(value, *ty)?))
            };
            let entries: Option<Vec<String>> = fields.iter().zip(of.fields).map(entry).collect();
            format!("{{ {} }}", entries?.join(", "))
        }
        (value, ty) => written(value, ty).0,
    })
}

fn seconds(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    match nanos % 1_000_000_000 {
        0 => format!("{sign}{}s", nanos / 1_000_000_000),
        rest => format!("{sign}{}.{rest:09}s", nanos / 1_000_000_000),
    }
}

/// Now and then in the form that only our language has.
fn duration(rng: &mut Rng) -> (String, String) {
    let (ours, cel) = rng.pick(&[
        ("30s", "duration(\"30s\")"),
        ("1h30m", "duration(\"1h30m\")"),
        ("250ms", "duration(\"250ms\")"),
        ("1d", "duration(\"24h\")"),
        ("0s", "duration(\"0s\")"),
    ]);
    if rng.chance(50) {
        return (ours.to_owned(), cel.to_owned());
    }
    written(&value(rng, Ty::Duration), Ty::Duration)
}

/// With a point or an exponent, so that CEL reads a double.
fn float(float: f64) -> String {
    let text = format!("{float:?}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

/// A string literal. In ours it is a template, whose holes are escaped.
pub(crate) fn quoted(text: &str, ours: bool) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\u{2028}' => quoted.push_str("\\u2028"),
            '$' if ours => quoted.push_str("\\u0024"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
