use std::collections::BTreeSet;

use hookc_plan::{Context, Program, Slot, Value};

use super::*;
use crate::check::{FUNCTION_NAMES, library_names, method_names};

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

#[test]
fn every_name_has_a_page_and_every_page_a_name() {
    let paged: BTreeSet<String> =
        functions().filter(|page| page.kind != FunctionKind::Operator).map(FunctionPage::full_name).collect();
    let mut known: BTreeSet<String> = FUNCTION_NAMES.iter().map(ToString::to_string).collect();
    known.extend(library_names());
    known.extend(method_names().map(|(receiver, method)| format!("{receiver}.{method}")));
    assert_eq!(paged, known);
}

#[test]
fn each_page_stands_once() {
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
