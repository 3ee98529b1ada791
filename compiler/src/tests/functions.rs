use std::collections::BTreeSet;

use hookc_plan::{Context, Program, Slot, Value};

use crate::functions::*;

struct Nothing;

impl Context for Nothing {
    fn read(&self, _: &Slot) -> Option<Value> {
        None
    }
}

/// The value as JSON, or its failure.
fn value_of(text: &str) -> String {
    let checked = match crate::check_expr(text, &[]) {
        Ok(checked) => checked,
        Err(diagnostics) => return format!("rejected: {}", diagnostics[0].message),
    };
    let program = Program::with_types(&checked.expr, &checked.types);
    match program.run_with(&Nothing).and_then(|value| value.to_json()) {
        Ok(json) => json.to_string(),
        Err(error) => format!("error {error}"),
    }
}

#[test]
fn every_example_has_its_value() {
    for page in functions() {
        for (expr, value) in page.examples {
            assert_eq!(value_of(expr), *value, "{}: {expr}", page.full_name());
        }
    }
}

/// `string.indexOf(part: string, from: int) -> int` as its parameters' types and its result.
fn parts(signature: &str) -> (Vec<&str>, &str) {
    let (call, result) = signature.rsplit_once(" -> ").unwrap();
    let inside = &call[call.find('(').unwrap() + 1..call.rfind(')').unwrap()];
    let params = inside.split(", ").filter(|param| !param.is_empty());
    (params.map(|param| param.rsplit(": ").next().unwrap()).collect(), result)
}

fn word(shape: Shape) -> &'static str {
    match shape {
        Shape::Bool => "bool",
        Shape::Int => "int",
        Shape::Float => "float",
        Shape::String => "string",
        Shape::Duration => "duration",
        Shape::Timestamp => "timestamp",
        Shape::Ints => "list<int>",
        Shape::Strings => "list<string>",
        Shape::Receiver => "list<T>",
        Shape::ItemOrNull => "T?",
    }
}

#[test]
fn signatures_say_what_is_checked() {
    for row in functions().filter(|row| row.kind != FunctionKind::Operator) {
        let signatures: Vec<_> = row.signatures.iter().map(|signature| parts(signature)).collect();
        match row.check {
            Check::Plain(shapes, result, _) => {
                let (min, max) = row.argument_count();
                let counts: Vec<usize> = signatures.iter().map(|(params, _)| params.len()).collect();
                assert_eq!(counts, (min..=max).collect::<Vec<_>>(), "{}", row.full_name());
                for (params, given) in signatures {
                    assert_eq!(given, word(result), "{}", row.full_name());
                    let wanted = shapes.iter().take(params.len()).map(|shape| word(*shape));
                    assert_eq!(params, wanted.collect::<Vec<_>>(), "{}", row.full_name());
                }
            }
            Check::ByType(overloads) => {
                let made = overloads.iter().filter(|overload| overload.make.is_some());
                let wanted: Vec<_> =
                    made.map(|overload| (vec![word(overload.argument)], word(overload.result))).collect();
                assert_eq!(signatures.len(), wanted.len(), "{}", row.full_name());
                assert!(wanted.iter().all(|wanted| signatures.contains(wanted)), "{}", row.full_name());
            }
            Check::Operator | Check::Macro(..) | Check::Special(..) => {}
        }
    }
}

#[test]
fn what_is_called_on_a_value_is_found_by_its_type() {
    for row in functions() {
        let method = matches!(row.kind, FunctionKind::Method | FunctionKind::Macro);
        assert_eq!(method, row.receiver != Receiver::None, "{}", row.full_name());
        assert_eq!(row.kind == FunctionKind::Macro, matches!(row.check, Check::Macro(..)), "{}", row.full_name());
        assert_eq!(row.kind == FunctionKind::Operator, matches!(row.check, Check::Operator), "{}", row.full_name());
    }
}

#[test]
fn each_name_has_one_row() {
    let mut seen = BTreeSet::new();
    for page in functions() {
        assert!(seen.insert(page.full_name()), "{}", page.full_name());
        assert!(!page.signatures.is_empty() && page.meaning.ends_with('.'), "{}", page.name);
    }
}

#[test]
fn a_name_finds_the_pages_of_all_types() {
    let names = |name: &str| functions_named(name).iter().map(|page| page.full_name()).collect::<Vec<_>>();
    assert_eq!(names("reverse"), ["string.reverse", "list.reverse"]);
    assert_eq!(names("list.reverse"), ["list.reverse"]);
    assert_eq!(names("math.abs"), ["math.abs"]);
    assert_eq!(names("&&"), ["&&"]);
    assert!(names("nothing").is_empty());
}

/// `docs/functions/README.md` is this table; with `HOOKC_WRITE_DOCS` set it is written anew.
#[test]
fn the_documentation_is_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/functions/README.md");
    let wanted = documentation();
    if std::env::var_os("HOOKC_WRITE_DOCS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), wanted);
}

fn documentation() -> String {
    let groups = ["Operators", "Values", "Conversions", "Strings", "Lists", "Macros", "Numbers", "Times"];
    let mut text = "# Functions\n\nThe operators, functions, methods and macros of expressions. Each names its section in the CEL \
                    specification and the differences from CEL. `hookc explain NAME` shows one of them. `../conditions.md` \
                    describes the expressions.\n"
        .to_owned();
    for (name, pages) in groups.iter().zip(GROUPS) {
        text.push_str(&format!("\n## {name}\n"));
        for page in pages {
            text.push_str(&format!("\n### `{}`\n\n{}", page.full_name(), page.markdown()));
        }
    }
    text
}
