use crate::diagnostics::{Diagnostic, Severity, UNEXPECTED, UNUSED_IMPORT};
use crate::project::*;
use crate::sources::FileId;

fn errors(text: &str) -> Vec<String> {
    let (_, errors) = Project::parse(text);
    errors
        .into_iter()
        .map(|error| {
            let place = text.get(error.span.start as usize..error.span.end as usize).unwrap_or("?");
            format!("{place}: {}; {}", error.message, error.help.unwrap_or_default())
        })
        .collect()
}

#[test]
fn every_key_is_read() {
    let text = "name = \"iris\"\ndefault_profile = \"dev\"\npython = \"python3.12\"\nuse = [\"./alerts\"]\n\n[lints]\nH0109 = \"deny\"\nstray-doc-comment = \"allow\"\n\n[queues]\n\"agent-a/gpu\" = 2\n\n[targets.airflow]\nrequire = [\"order\", \"delivery\"]\n";
    let (project, errors) = Project::parse(text);
    assert_eq!(errors, []);
    assert_eq!(project.name, "iris");
    assert_eq!(project.default_profile.as_deref(), Some("dev"));
    assert_eq!(project.python.as_deref(), Some("python3.12"));
    assert_eq!(project.uses, ["./alerts"]);
    assert_eq!(project.lints.get(&UNUSED_IMPORT), Some(&Level::Deny));
    assert_eq!(project.lints.len(), 2);
    assert_eq!(project.queues.get("agent-a/gpu"), Some(&2));
    assert_eq!(
        project.targets.get("airflow").map(|target| target.require.clone()),
        Some(vec![Guarantee::Delivery, Guarantee::Order])
    );
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(Project::parse(""), (Project::default(), Vec::new()));
}

#[test]
fn unknown_words_offer_the_nearest() {
    assert_eq!(errors("nmae = \"x\"\n"), ["nmae: unknown key `nmae` in `hook.toml`; did you mean `name`?"]);
    assert_eq!(
        errors("[lints]\nH0109 = \"dney\"\n"),
        ["\"dney\": unknown value `dney` for `H0109`; did you mean `deny`?"]
    );
    assert_eq!(
        errors("[lints]\nunused-imprt = \"deny\"\n"),
        ["unused-imprt: unknown lint `unused-imprt`; did you mean `unused-import`?"]
    );
    assert_eq!(
        errors("[targets.x]\nrequire = [\"delivry\"]\n"),
        ["\"delivry\": unknown guarantee `delivry`; did you mean `delivery`?"]
    );
}

#[test]
fn wrong_kinds_are_told_at_the_value() {
    assert_eq!(errors("name = 3\n"), ["3: wrong type for `name`: found a number; use a string"]);
    assert_eq!(
        errors("[queues]\ngpu = 0\n"),
        ["0: wrong type for `gpu`: found a number; use an integer of at least 1"]
    );
    assert_eq!(
        errors("use = \"./a\"\n"),
        ["\"./a\": wrong type for `use`: found a string; use a list: `use = [\"./alerts\"]`"]
    );
    assert_eq!(
        errors("use = [\"../a\"]\n"),
        ["\"../a\": `../a` is outside the project's folder; use a file inside the folder of `hook.toml`"]
    );
    assert_eq!(
        errors("[lints]\nH0001 = \"allow\"\n"),
        ["H0001: `H0001` is an error, and only the level of a lint can be changed; remove the line and fix the error"]
    );
}

#[test]
fn broken_toml_is_reported_and_the_rest_is_read() {
    let (project, errors) = Project::parse("name = \"x\"\npython = \n");
    assert_eq!(project.name, "x");
    assert_eq!(errors.len(), 1);
    let (_, errors) = Project::parse("a = [[[");
    assert!(!errors.is_empty());
}

#[test]
fn a_byte_order_mark_shifts_the_places() {
    assert_eq!(errors("\u{feff}nmae = 1\n"), ["nmae: unknown key `nmae` in `hook.toml`; did you mean `name`?"]);
}

#[test]
fn levels_change_lints_and_leave_errors() {
    let mut project = Project::default();
    let lint = Diagnostic::new(UNUSED_IMPORT, crate::Place::start_of(FileId(0)), "x");
    let error = Diagnostic::new(UNEXPECTED, crate::Place::start_of(FileId(0)), "x");
    project.lints.insert(UNUSED_IMPORT, Level::Deny);
    let severities: Vec<Severity> =
        project.apply_levels(vec![lint.clone(), error.clone()]).iter().map(|d| d.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Error]);
    project.lints.insert(UNUSED_IMPORT, Level::Allow);
    assert_eq!(project.apply_levels(vec![lint, error.clone()]), [error]);
}
