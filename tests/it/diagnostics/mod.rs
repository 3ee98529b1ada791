//! Every diagnostic at its exact place: `tests/fixtures/diagnostics/HXXXX/*` say in comments what is found in them,
//! and nothing else may be found. `tests/fixtures/ok/*` raise nothing.

pub(crate) mod annotations;
mod built;
pub(crate) mod program;

use std::collections::BTreeSet;
use std::path::Path;

use hookc_compiler::diagnostics::ALL;

use self::program::{Found, Program, Told, fixtures, fixtures_folder};
use crate::cli_support::{assert_harmless, command};

/// Codes whose sources cannot be kept as a fixture (too large, or no text); `built` makes them.
pub(crate) const BUILT: [&str; 5] = ["H0101", "H0102", "H0103", "H0110", "H0604"];

#[test]
fn each_fixture_raises_what_it_says_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut raised: BTreeSet<String> = BUILT.iter().map(|code| (*code).to_owned()).collect();
    for folder in folders() {
        for (name, path) in fixtures(&format!("diagnostics/{folder}")) {
            let program = Program::read(&path);
            let expected = expected(&program);
            if expected.iter().any(|found| found.code == folder) {
                raised.insert(folder.clone());
            } else {
                wrong.push(format!("{folder}/{name} does not annotate {folder}"));
            }
            wrong.extend(differences(&program, &expected).map(|difference| format!("{folder}/{name}\n{difference}")));
        }
    }
    let all: BTreeSet<String> = ALL.iter().map(|code| code.id.to_owned()).collect();
    wrong.extend(all.difference(&raised).map(|code| format!("{code} has no fixture")));
    wrong.extend(raised.difference(&all).map(|code| format!("{code} is no code")));
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn ok_fixtures_raise_nothing_and_have_a_plan() {
    let mut wrong = Vec::new();
    for (name, path) in fixtures("ok") {
        let program = Program::read(&path);
        wrong.extend(differences(&program, &[]).map(|difference| format!("{name}\n{difference}")));
        if wrong.is_empty() && program.main().contains("\njob ") {
            wrong.extend(program.lower().err().map(|diagnostics| format!("{name}: {diagnostics:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn diagnostics_are_the_same_in_two_runs() {
    for folder in folders() {
        for (name, path) in fixtures(&format!("diagnostics/{folder}")) {
            let program = Program::read(&path);
            assert_eq!(program.diagnostics().1, program.diagnostics().1, "{folder}/{name}");
        }
    }
}

/// The rendered form, once for each code, through the real command.
#[test]
fn rendered() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixtures_folder().join("rendered"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for folder in folders() {
            let (_, path) = fixtures(&format!("diagnostics/{folder}")).swap_remove(0);
            let shown = shown(&path, &folder);
            assert_harmless(&shown);
            insta::assert_snapshot!(folder, shown);
        }
    });
}

/// What the command prints of a fixture. Its annotations are cut out first: a user's file has none.
fn shown(path: &Path, code: &str) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let program = Program::read(path);
    for (name, text) in program.texts() {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, annotations::without(name, text)).unwrap();
    }
    let first = program.main().lines().next().unwrap_or("").to_owned();
    let args: Vec<&str> = match first.strip_prefix("// hookc ") {
        Some(words) => words.split(' ').collect(),
        None => vec!["check", "--color", "never", program::MAIN],
    };
    let output = command().args(&args).current_dir(folder.path()).output().unwrap();
    assert_ne!(output.status.code(), Some(101), "{code}: {}", String::from_utf8_lossy(&output.stderr));
    format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn folders() -> Vec<String> {
    let mut folders: Vec<String> = std::fs::read_dir(fixtures_folder().join("diagnostics"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    folders
}

pub(crate) fn expected(program: &Program) -> Vec<Found> {
    let mut expected: Vec<Found> = program.texts().flat_map(|(path, text)| annotations::read(path, text)).collect();
    expected.sort();
    expected
}

/// What was found and not said, and what was said and not found.
pub(crate) fn differences(program: &Program, expected: &[Found]) -> Option<String> {
    let told: Vec<Told> = program.told();
    let surplus = told
        .iter()
        .filter(|(found, _)| !expected.contains(found))
        .map(|(found, message)| format!("  surplus {found}: {message}"));
    let lacking = expected
        .iter()
        .filter(|found| !told.iter().any(|(other, _)| other == *found))
        .map(|found| format!("  lacking {found}"));
    let lines: Vec<String> = surplus.chain(lacking).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
