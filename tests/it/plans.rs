//! Plans of small programs, a construct each: their whole text, their schema, and that they are the same in every run and layout.

use std::fmt::Write;

use hookc_plan::Plan;
use serde_json::Value;

use crate::diagnostics::program::{Program, fixtures, fixtures_folder};

/// What fits on one line of a snapshot.
const WIDTH: usize = 110;

/// Every program that has a plan, with its name.
fn programs() -> Vec<(String, Program)> {
    let all = ["plan", "ok"].into_iter().flat_map(|folder| {
        fixtures(folder).into_iter().map(move |(name, path)| (format!("{folder}/{name}"), Program::read(&path)))
    });
    all.filter(|(_, program)| program.main().contains("\njob ")).collect()
}

fn plan(name: &str, program: &Program) -> Plan {
    program.lower().unwrap_or_else(|diagnostics| panic!("{name}: {diagnostics:#?}"))
}

#[test]
fn snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixtures_folder().join("plan"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, path) in fixtures("plan") {
            let program = Program::read(&path);
            insta::assert_snapshot!(
                name.clone(),
                format!("{}\n--- plan\n{}", program.main(), shown(&plan(&name, &program)))
            );
        }
    });
}

#[test]
fn plans_follow_their_schema() {
    let schema = jsonschema::validator_for(&hookc_plan::json_schema()).unwrap();
    for (name, program) in programs() {
        let json: Value = serde_json::from_str(&plan(&name, &program).to_canonical_json()).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
    }
}

#[test]
fn plans_are_the_same_in_two_runs_and_when_read_again() {
    for (name, program) in programs() {
        let first = plan(&name, &program).to_canonical_json();
        assert_eq!(first, plan(&name, &program).to_canonical_json(), "{name}");
        let read = Plan::from_json(first.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(first, read.to_canonical_json(), "{name}");
    }
}

#[test]
fn formatting_keeps_the_hash() {
    for (name, program) in programs() {
        assert_eq!(plan(&name, &program).hash, plan(&name, &formatted(&name, &program)).hash, "{name}");
    }
}

/// Comments and empty lines move every place, and change nothing.
#[test]
fn comments_keep_the_hash() {
    for (name, program) in programs() {
        let commented = edited(&program, commented);
        assert_eq!(plan(&name, &program).hash, plan(&name, &commented).hash, "{name}");
    }
}

/// What a run does differently changes the hash.
#[test]
fn a_change_of_meaning_changes_the_hash() {
    let before = "component a(x: int) { exec [\"a\"] }\n\njob j() {\n  op one = a(x: 1) { timeout 1h }\n}\n";
    let hash = |text: &str| plan(text, &Program::new(text)).hash;
    for (from, to) in [("x: 1", "x: 2"), ("1h", "2h"), ("[\"a\"]", "[\"b\"]"), ("op one", "op two"), ("job j", "job k")]
    {
        assert_ne!(hash(before), hash(&before.replace(from, to)), "{from} -> {to}");
    }
}

/// The command line gives the same bytes.
#[test]
fn the_command_prints_the_canonical_plan() {
    let (_, path) = fixtures("plan").into_iter().find(|(name, _)| name == "hooks_of_an_op").unwrap();
    let output = crate::cli_support::command().arg("compile").arg(&path).output().unwrap();
    let json = String::from_utf8(output.stdout).unwrap();
    let read = Plan::from_json(json.as_bytes()).unwrap();
    assert_eq!(read.to_canonical_json(), json);
    assert_eq!(read.content_hash(), read.hash);
}

fn edited(program: &Program, edit: impl Fn(&str) -> String) -> Program {
    let parts: Vec<(String, String)> = program.texts().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    parts.into_iter().fold(Program::default(), |edited, (path, text)| {
        let text = if path.ends_with(".hook") { edit(&text) } else { text };
        edited.with(&path, &text)
    })
}

/// The first line stays first: it may say how the file is compiled.
fn commented(text: &str) -> String {
    let (first, rest) = text.split_at(text.find('\n').map_or(text.len(), |newline| newline + 1));
    let (before, between) = if first.starts_with("//") { (first, "") } else { ("", first) };
    format!("{before}// before\n\n{between}{rest}// behind\n")
}

fn formatted(name: &str, program: &Program) -> Program {
    edited(program, |text| hookc_grammar::format(text).unwrap_or_else(|errors| panic!("{name}: {errors:?}")))
}

/// The plan as a snapshot: without the hashes, what is short on one line.
fn shown(plan: &Plan) -> String {
    let mut json: Value = serde_json::from_str(&plan.to_canonical_json()).unwrap();
    json.as_object_mut().unwrap().remove("hash");
    for source in json["sources"].as_array_mut().unwrap() {
        source.as_object_mut().unwrap().remove("sha256");
    }
    let mut text = String::new();
    write_value(&mut text, &json, 0);
    text
}

fn write_value(out: &mut String, value: &Value, indent: usize) {
    let flat = value.to_string();
    let space = " ".repeat(indent + 1);
    match value {
        Value::Array(items) if flat.len() + indent > WIDTH => {
            out.push_str("[\n");
            for item in items {
                out.push_str(&space);
                write_value(out, item, indent + 1);
                out.push('\n');
            }
            write!(out, "{}]", " ".repeat(indent)).unwrap();
        }
        Value::Object(fields) if flat.len() + indent > WIDTH => {
            out.push_str("{\n");
            for (key, value) in fields {
                write!(out, "{space}{key}: ").unwrap();
                write_value(out, value, indent + 1);
                out.push('\n');
            }
            write!(out, "{}}}", " ".repeat(indent)).unwrap();
        }
        _ => out.push_str(&flat),
    }
}
