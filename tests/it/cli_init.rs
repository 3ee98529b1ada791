//! `hookc init`: every template is clean, in canonical form, tested, and runs as far as it can.

use crate::cli_support::{Folder, Ran, assert_harmless};

const TEMPLATES: [&str; 4] = ["shell", "python", "agent", "ci"];

/// A project made from a template.
fn project(template: &str) -> Folder {
    let folder = Folder::new(&[]);
    let made = folder.run(&["init", "--template", template]);
    assert_eq!(made.code, 0, "{}", made.shown());
    assert_harmless(&made.all());
    folder
}

#[track_caller]
fn assert_code(ran: &Ran, code: i32) {
    assert_eq!(ran.code, code, "{}", ran.shown());
}

#[test]
fn every_template_is_clean_formatted_and_passes_its_tests() {
    for template in TEMPLATES {
        let folder = project(template);
        assert_code(&folder.run(&["check", "--deny", "all"]), 0);
        assert_code(&folder.run(&["fmt", "--check"]), 0);
        assert_code(&folder.run(&["test"]), 0);
        assert_eq!(folder.read(".gitignore"), ".hook/\n");
    }
}

/// A test of each template fails when its failure hook is taken away: the tests hold the alert.
#[test]
fn the_tests_of_every_template_hold_its_alert() {
    for (template, file) in [("shell", "hello"), ("python", "orders"), ("agent", "helper"), ("ci", "hello")] {
        let folder = project(template);
        let file = format!("{file}.hook");
        let text = folder.read(&file);
        assert!(text.contains("hook alert on failed"), "{template}");
        folder.write(&file, text.replace("hook alert on failed", "hook alert on stopped").as_bytes());
        assert_code(&folder.run(&["test"]), 1);
    }
}

#[test]
fn the_shell_template_writes_any_text_as_json() {
    let folder = project("shell");
    for name in ["world", "a \"quoted\" \\ name", "two\nlines\tand a tab", "Zoë 🌍", "%s $(id) `id`"] {
        let ran = folder.run(&["run", "hello.hook", "-p", &format!("name={name}"), "--format", "json"]);
        assert_code(&ran, 0);
    }
    let failed = folder.run(&["run", "hello.hook", "-p", "name="]);
    assert_code(&failed, 1);
    assert!(failed.out.lines().any(|line| line.contains(" alert ") && line.contains("recorded by a mock")));
}

#[test]
fn the_python_template_runs_and_alerts() {
    let folder = project("python");
    assert_code(&folder.run(&["run", "orders.hook"]), 0);
    let failed = folder.run(&["run", "orders.hook", "-p", "data=none.csv"]);
    assert_code(&failed, 1);
    assert!(failed.out.lines().any(|line| line.contains(" alert ") && line.contains("recorded by a mock")));
    folder.write("data/empty.csv", b"order,amount\n");
    let empty = folder.run(&["run", "orders.hook", "-p", "data=data/empty.csv"]);
    assert!(empty.code == 1 && empty.out.contains("there are no orders"), "{}", empty.shown());
}

/// As the command itself says: the tool runs, the agent is refused.
#[test]
fn the_agent_template_says_what_runs() {
    let folder = Folder::new(&[]);
    let made = folder.run(&["init", "--template", "agent"]);
    assert!(made.out.contains("`hookc run` does not start agents yet"), "{}", made.out);
    assert_code(&folder.run(&["run", "helper.hook", "look_up"]), 0);
    let refused = folder.run(&["run", "helper.hook", "ask_it", "-p", "question=why?"]);
    assert!(refused.code == 2 && refused.err.contains("the agent `helper`"), "{}", refused.shown());
}

#[test]
fn the_ci_template_is_yaml_and_names_commands_that_work() {
    let folder = project("ci");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&folder.read(".github/workflows/hookc.yml")).unwrap();
    assert!(workflow["jobs"]["hooks"]["steps"].as_sequence().is_some_and(|steps| steps.len() >= 3), "{workflow:?}");
    let commit: serde_yaml::Value = serde_yaml::from_str(&folder.read(".pre-commit-config.yaml")).unwrap();
    for hook in commit["repos"][0]["hooks"].as_sequence().unwrap() {
        let entry: Vec<&str> = hook["entry"].as_str().unwrap().split(' ').collect();
        assert_eq!(entry[0], "hookc");
        assert_code(&folder.run(&entry[1..]), 0);
    }
}

#[test]
fn the_next_commands_are_said_and_work() {
    for template in TEMPLATES {
        let folder = Folder::new(&[]);
        let made = folder.run(&["init", "my project", "--template", template]);
        let (written, next) = made.out.split_once("\nnext:\n").unwrap();
        assert!(written.lines().all(|line| line.starts_with("wrote my project/")), "{written}");
        let commands: Vec<&str> = next.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        assert_eq!(commands[0], "cd 'my project'");
        for command in &commands[1..] {
            let mut words = command.split('#').next().unwrap().split_whitespace();
            assert_eq!(words.next(), Some("hookc"), "{command}");
            let words: Vec<&str> = words.collect();
            let fails = command.contains("let it fail");
            let inside = Folder::new(&[]);
            assert_code(&inside.run(&["init", "--template", template]), 0);
            assert_code(&inside.run(&words), i32::from(fails));
        }
    }
}

#[test]
fn no_template_overwrites_anything() {
    for (template, file) in [
        ("shell", "hook.toml"),
        ("python", "steps/summary.py"),
        ("agent", "agent.py"),
        ("ci", ".pre-commit-config.yaml"),
    ] {
        let folder = Folder::new(&[(file, "mine")]);
        let ran = folder.run(&["init", "--template", template]);
        assert!(ran.code == 2 && ran.err.contains(file), "{}", ran.shown());
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{template}");
        assert_eq!(folder.read(file), "mine");
    }
}

#[test]
fn an_ignore_file_that_was_there_stays() {
    let folder = Folder::new(&[(".gitignore", "target/\n")]);
    let ran = folder.run(&["init"]);
    assert!(ran.out.contains("kept .gitignore; add `.hook/` to it"), "{}", ran.out);
    assert_eq!(folder.read(".gitignore"), "target/\n");
    let folder = Folder::new(&[(".gitignore", "target/\n.hook/\n")]);
    assert!(folder.run(&["init"]).out.contains("kept .gitignore\n"));
}

#[test]
fn help_lists_the_templates_with_examples() {
    let ran = Folder::new(&[]).run(&["init", "--help"]);
    for template in TEMPLATES {
        assert!(ran.out.contains(&format!("- {template}:")), "{}", ran.out);
    }
    assert!(ran.out.contains("hookc init my-project --template python"), "{}", ran.out);
    assert_code(&Folder::new(&[]).run(&["init", "--template", "rust"]), 2);
}
