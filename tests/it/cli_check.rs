//! `hookc check`: formats, exit codes, levels, fixes, paths.

use serde_json::Value;

use crate::cli_support::{Folder, command};

/// One error and one warning.
const MIXED: &str = "import log from \"std/log\"\n\nconst = 1\n";

#[test]
fn a_clean_folder_is_told_in_one_line() {
    let folder = Folder::new(&[("a.hook", "const x = 1\n"), ("sub/b.hook", "const y = 2\n"), ("c.txt", "nonsense")]);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.shown(), "exit: 0\n--- stdout\nchecked 2 files\n--- stderr\n");
}

#[test]
fn a_folder_without_files_is_a_warning() {
    let ran = Folder::new(&[]).run(&["check"]);
    assert_eq!(ran.shown(), "exit: 0\n--- stdout\n--- stderr\nwarning: no .hook files found\n");
}

#[test]
fn people_see_the_source() {
    let folder = Folder::new(&[("a.hook", MIXED)]);
    insta::assert_snapshot!(folder.run(&["check", "a.hook"]).shown());
}

#[test]
fn short_is_one_line_each() {
    let folder = Folder::new(&[("a.hook", MIXED)]);
    let ran = folder.run(&["check", "--format", "short"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.shown());
}

#[test]
fn json_is_one_object_each_as_its_schema_says() {
    let folder = Folder::new(&[
        ("a.hook", MIXED),
        ("b.hook", "import x from \"./a\"\nimport y from \"./nowhere\"\nconst z = [\n"),
    ]);
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "diagnostics"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let objects = folder.run(&["check", "--format", "json"]).json();
    assert!(objects.len() >= 3, "{objects:#?}");
    for object in &objects {
        assert!(validator.is_valid(object), "{object}");
    }
    assert_eq!(objects[0]["file"], "a.hook");
}

#[test]
fn json_counts_characters() {
    let folder = Folder::new(&[("a.hook", "\u{feff}const a = \"grüße 👩‍🔬\" oops\n")]);
    let objects = folder.run(&["check", "--format", "json"]).json();
    assert_eq!(objects[0]["start"]["line"], 1);
    assert_eq!(objects[0]["start"]["column"], 23, "{objects:#?}");
}

#[test]
fn sarif_is_one_document() {
    let folder = Folder::new(&[("a b.hook", MIXED)]);
    let ran = folder.run(&["check", "--format", "sarif"]);
    assert_eq!(ran.code, 1);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.hook");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
    let clean: Value =
        serde_json::from_str(&Folder::new(&[("a.hook", "")]).run(&["check", "--format", "sarif"]).out).unwrap();
    assert_eq!(clean["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn github_gets_commands() {
    let folder = Folder::new(&[("a,b.hook", MIXED)]);
    let ran = folder.run(&["check", "--format", "github"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.lines().all(|line| line.starts_with("::error file=a%2Cb.hook,line=")
            || line.starts_with("::warning file=a%2Cb.hook,line=")),
        "{}",
        ran.out
    );
    assert_eq!(ran.err, "");
}

#[test]
fn levels_come_from_the_project_and_the_command_line() {
    let unused = "import log from \"std/log\"\n";
    let folder = Folder::new(&[("a.hook", unused)]);
    let codes = |folder: &Folder, args: &[&str]| {
        let ran = folder.run(&[&["check", "--format", "json"], args].concat());
        (ran.code, ran.json().iter().map(|object| object["severity"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(codes(&folder, &[]), (0, vec!["warning".to_owned()]));
    assert_eq!(codes(&folder, &["--deny", "unused-import"]), (1, vec!["error".to_owned()]));
    assert_eq!(codes(&folder, &["--deny", "all"]), (1, vec!["error".to_owned()]));
    assert_eq!(codes(&folder, &["--allow", "H0109"]), (0, vec![]));
    folder.write("hook.toml", b"[lints]\nunused-import = \"deny\"\n");
    assert_eq!(codes(&folder, &[]), (1, vec!["error".to_owned()]));
    assert_eq!(codes(&folder, &["--warn", "H0109"]), (0, vec!["warning".to_owned()]));
}

#[test]
fn unknown_lints_and_errors_are_refused() {
    let folder = Folder::new(&[]);
    insta::assert_snapshot!(folder.run(&["check", "--deny", "unused-imprt"]).shown());
    insta::assert_snapshot!(folder.run(&["check", "--allow", "H0001"]).shown());
}

/// Of one file alone nobody knows what others import.
#[test]
fn unused_public_items_are_told_of_a_whole_project_only() {
    let component = "component used() { exec [\"a\"] }\ncomponent idle() { exec [\"idle\"] }\n";
    let job = "import used from \"./lib/steps\"\njob j() { op one = used() }\n";
    let folder = Folder::new(&[
        ("hook.toml", "[lints]\nunused-public = \"deny\"\n"),
        ("lib/steps.hook", component),
        ("job.hook", job),
        ("other/hook.toml", ""),
        ("other/own.hook", "const own = 1\n"),
    ]);
    let ran = folder.run(&["check", "--format", "short", "job.hook", "lib"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert_eq!(ran.out, "lib/steps.hook:2:11: error[H0813] component `idle` is never used\n");
    for part in ["lib", "job.hook", "lib/steps.hook"] {
        let ran = folder.run(&["check", "--format", "short", part]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{part}: {}", ran.shown());
    }
}

#[test]
fn a_mistake_in_the_project_file_is_shown_there() {
    let folder =
        Folder::new(&[("hook.toml", "name = \"x\"\ndefault_profil = \"dev\"\n"), ("sub/a.hook", "const x = 1\n")]);
    insta::assert_snapshot!(folder.run(&["check", "sub/a.hook"]).shown());
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let folder = Folder::new(&[("sub/b.hook", "const b = 1\n")]);
    let ran = folder.run_with(
        &["check", "-", "--stdin-filename", "sub/a.hook", "--format", "short"],
        b"import b from \"./b\"\nconst a = b\nconst c = \n",
    );
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.starts_with("sub/a.hook:3:"), "{}", ran.out);
    let ran = folder.run_with(&["check", "-", "--format", "short"], b"nonsense\n");
    assert!(ran.out.starts_with("<stdin>:1:1: error[H0001]"), "{}", ran.out);
    assert_eq!(folder.run(&["check", "--stdin-filename", "x"]).code, 2);
    assert_eq!(folder.run(&["check", "-", "--fix"]).code, 2);
}

#[test]
fn a_missing_file_is_a_diagnostic_and_exit_2() {
    let ran = Folder::new(&[]).run(&["check", "nowhere.hook", "--format", "short"]);
    assert_eq!(ran.code, 2, "{}", ran.shown());
    assert!(ran.out.starts_with("nowhere.hook:1:1: error[H0101]"), "{}", ran.out);
}

#[test]
fn hidden_and_ignored_files_are_left_out() {
    let folder = Folder::new(&[
        ("a.hook", ""),
        (".hidden/b.hook", "nonsense"),
        (".hook/runs/c.hook", "nonsense"),
        ("build/d.hook", "nonsense"),
        (".gitignore", "build/\n"),
    ]);
    assert_eq!(folder.run(&["check"]).out, "checked 1 file\n");
    assert_eq!(folder.run(&["check", "build/d.hook"]).code, 1);
}

#[test]
fn many_files_are_reported_in_one_order() {
    let folder = Folder::new(&[]);
    for n in 0..60 {
        folder.write(&format!("d{}/f{n:02}.hook", n % 7), format!("const x = {n}\nnonsense\n").as_bytes());
    }
    let first = folder.run(&["check", "--format", "short"]);
    assert_eq!(first.out.lines().count(), 60, "{}", first.out);
    let names: Vec<&str> = first.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(folder.run(&["check", "--format", "short"]).out, first.out);
    assert_eq!(
        folder.run(&["check", "--format", "short", "d3", "d1", "d0", "d2", "d6", "d5", "d4", "d1/f01.hook"]).out,
        first.out
    );
}

#[test]
fn fixes_are_applied_until_none_is_left() {
    let folder = Folder::new(&[("a.hook", "import log from \"std/log\"\nconst x = 1\n")]);
    let before = folder.run(&["check", "--format", "json"]).json();
    let fixable = before.iter().filter(|object| object["fixes"].as_array().unwrap().len() == 1).count();
    let ran = folder.run(&["check", "--fix"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    let after = folder.run(&["check", "--format", "json"]).json();
    assert_eq!(after.len(), before.len() - fixable);
    assert!(fixable == 0 || ran.out.contains("fixed 1 diagnostic"), "{}", ran.out);
}

#[test]
fn colour_is_a_choice() {
    let folder = Folder::new(&[("a.hook", MIXED)]);
    let plain = folder.run(&["check"]);
    assert!(!plain.out.contains('\u{1b}'));
    assert!(folder.run(&["check", "--color", "always"]).out.contains('\u{1b}'));
    let forced = command().args(["check"]).current_dir(folder.path()).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1b));
    let both = command()
        .args(["check", "--color", "never"])
        .current_dir(folder.path())
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(both.stdout).unwrap(), plain.out);
}

#[test]
fn what_is_certain_is_mended_and_the_rest_is_told() {
    let folder = Folder::new(&[("a.hook", "const x = 1;\nconst y = true & false\nnonsense\n")]);
    let ran = folder.run(&["check", "--fix"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.out.contains("fixed 2 diagnostics; 1 error in 1 file"), "{}", ran.out);
    assert_eq!(folder.read("a.hook"), "const x = 1\nconst y = true && false\nnonsense\n");
}
