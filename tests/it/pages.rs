//! A page for every code: its first example raises the code and nothing else, all others are clean.

use std::collections::BTreeSet;
use std::path::Path;

use hookc_compiler::diagnostics::ALL;
use hookc_compiler::{Code, LoadError};

use crate::diagnostics::BUILT;
use crate::diagnostics::program::{MAIN, PROJECT, Program};

/// The files that the examples may import.
const ALERTS: &str = "component page(text: string) { exec [\"./page.sh\", text] }\n\ncomponent _call(text: string) { exec [\"./call.sh\", text] }\n\njob on_call() { op one = _call(text: \"x\") }\n";
const CIRCLE: &str = "import go from \"./main\"\n\njob back() {\n  op home = go()\n}\n";

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<String> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let codes: BTreeSet<String> = ALL.iter().map(|code| format!("{}.md", code.id)).collect();
    assert_eq!(pages, codes);
}

#[test]
fn pages_begin_with_their_code_and_are_short() {
    for code in ALL {
        let page = page(code.id);
        let lines = page.lines().count();
        assert_eq!(page.lines().next(), Some(format!("# {}: {}", code.id, code.name).as_str()));
        assert!((10..=50).contains(&lines), "{}: {lines} lines", code.id);
        assert!(page.contains("\n## Why\n"), "{}: no reason", code.id);
        let configurable = code.severity != hookc_compiler::Severity::Error;
        assert_eq!(page.contains("\n## Configuration\n"), configurable, "{}", code.id);
        assert!(page.lines().all(|line| line == line.trim_end()), "{}: spaces at the end of a line", code.id);
    }
}

#[test]
fn the_first_example_raises_the_code_and_the_others_nothing() {
    let mut wrong = Vec::new();
    for code in ALL {
        let page = page(code.id);
        let examples = examples(&page, if code.id == "H0111" { "toml" } else { "hook" });
        let made = BUILT.contains(&code.id) && code.id != "H0101";
        assert!(made || examples.len() >= 2, "{}: two examples", code.id);
        for (index, example) in examples.iter().enumerate() {
            let told = program(*code, example).told();
            let codes: Vec<&str> = told.iter().map(|(found, _)| found.code.as_str()).collect();
            let right = if index == 0 && !made {
                !codes.is_empty() && codes.iter().all(|found| *found == code.id)
            } else {
                codes.is_empty()
            };
            if !right {
                wrong.push(format!("{} example {}: {told:?}", code.id, index + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The examples are written as `hookc fmt` writes them; the wrong ones too, where they can be formatted.
#[test]
fn examples_are_formatted() {
    for code in ALL {
        for example in examples(&page(code.id), "hook") {
            if let Ok(formatted) = hookc_grammar::format(&example) {
                assert_eq!(formatted, example, "{}", code.id);
            }
        }
    }
}

/// The command shows the pages as they stand here.
#[test]
fn the_command_explains_every_code() {
    for code in ALL.iter().step_by(7) {
        let output = crate::cli_support::command().args(["explain", code.id]).output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", code.id);
        assert!(shown.contains(code.id) && shown.contains(code.name), "{shown}");
        let example = examples(&page(code.id), if code.id == "H0111" { "toml" } else { "hook" }).swap_remove(0);
        let line = example.lines().next().unwrap();
        assert!(shown.contains(line), "{}: no `{line}` in\n{shown}", code.id);
    }
}

fn program(code: Code, example: &str) -> Program {
    let world = Program::default()
        .with("alerts.hook", ALERTS)
        .with("circle.hook", CIRCLE)
        .with_unreadable("pipe.hook", LoadError::NotAFile);
    if code.id == "H0111" {
        return world.with(MAIN, "").with(PROJECT, example);
    }
    let settings = match code.id {
        "H0816" => "[queues]\ngpu = 1\n".to_owned(),
        // What is off until a project asks for it is asked for.
        _ if code.is_off() => format!("[lints]\n{} = \"warn\"\n", code.name),
        _ => String::new(),
    };
    world.with(PROJECT, &settings).with(MAIN, example)
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics")
}

fn page(code: &str) -> String {
    let path = folder().join(format!("{code}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fenced blocks of a language.
fn examples(page: &str, language: &str) -> Vec<String> {
    let open = format!("\n```{language}\n");
    page.split(open.as_str()).skip(1).map(|rest| rest.split("```\n").next().unwrap_or("").to_owned()).collect()
}
