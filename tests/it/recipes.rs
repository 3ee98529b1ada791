//! The recipes: each page in `docs/recipes` has a project in `examples/recipes` that is clean, in canonical form and passes its tests.
//!
//! What a page shows stands in the project's files line by line, and its commands are typed in a copy of the project. A command
//! that ends with the comment `fails` ends with exit code 1, every other with 0.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli_support::Folder;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn names(folder: &str, ending: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).filter(|name| name != "README").collect()
}

/// The files of a recipe, by their paths in it, but what runs have left.
fn files(recipe: &str) -> Vec<(String, String)> {
    let top = root().join("examples/recipes").join(recipe);
    let mut found = Vec::new();
    let mut left = vec![top.clone()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
            if name == ".hook" {
                continue;
            }
            if path.is_dir() {
                left.push(path);
            } else {
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

fn copied(files: &[(String, String)]) -> Folder {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Folder::new(&files)
}

/// The fences of a page: language and lines.
fn fences(page: &str) -> Vec<(String, Vec<String>)> {
    let mut fences = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
            fences.push((language.to_owned(), inside));
        }
    }
    fences
}

/// Whether these lines stand in a text one after another, all moved in alike.
fn stands_in(lines: &[String], text: &str) -> bool {
    let text: Vec<&str> = text.lines().collect();
    (0..text.len()).any(|start| {
        let indent = text[start].len() - text[start].trim_start().len();
        (0..=indent).any(|indent| {
            lines.iter().enumerate().all(|(at, line)| {
                let found = text.get(start + at).copied().unwrap_or("\0");
                let moved = if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(indent)) };
                found == moved
            })
        })
    })
}

#[test]
fn every_recipe_has_a_page_a_project_and_a_line_in_the_list() {
    let pages = names("docs/recipes", ".md");
    assert_eq!(pages, names("examples/recipes", ""));
    let list = std::fs::read_to_string(root().join("docs/recipes/README.md")).unwrap();
    for page in &pages {
        assert!(list.contains(&format!("| [{page}]({page}.md) |")), "{page}");
    }
    assert!(pages.len() >= 7, "{pages:?}");
}

#[test]
fn every_recipe_is_clean_formatted_and_passes_its_tests() {
    for recipe in names("examples/recipes", "") {
        let folder = copied(&files(&recipe));
        for args in [vec!["check", "--deny", "all"], vec!["fmt", "--check"], vec!["test"]] {
            let ran = folder.run(&args);
            assert_eq!(ran.code, 0, "{recipe}: {}", ran.shown());
        }
    }
}

#[test]
fn what_pages_show_stands_in_the_projects_and_their_commands_do_as_they_say() {
    for recipe in names("examples/recipes", "") {
        let page = std::fs::read_to_string(root().join(format!("docs/recipes/{recipe}.md"))).unwrap();
        let files = files(&recipe);
        let folder = copied(&files);
        for (language, lines) in fences(&page) {
            if language == "sh" {
                lines.iter().for_each(|line| type_in(&folder, &recipe, line));
            } else {
                let found = files.iter().any(|(_, text)| stands_in(&lines, text));
                assert!(found, "{recipe}: no file has\n{}", lines.join("\n"));
            }
        }
    }
}

fn type_in(folder: &Folder, recipe: &str, line: &str) {
    let (command, comment) = line.split_once("  # ").unwrap_or((line, ""));
    let words = command.strip_prefix("hookc ").unwrap_or_else(|| panic!("{recipe}: {line}"));
    // No argument of a page has blanks in it; quotes keep a shell from reading brackets.
    let args: Vec<String> = words.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect();
    let ran = folder.run(&args);
    let code = match comment {
        "fails" => 1,
        "does not start" => 2,
        _ => 0,
    };
    assert_eq!(ran.code, code, "{recipe}: {line}\n{}", ran.shown());
}

/// What the secret was printed as.
#[test]
fn the_secret_of_its_recipe_is_masked() {
    let folder = copied(&files("secrets"));
    let ran = folder.run(&["run", "secrets.hook", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let log = std::fs::read_to_string(Path::new(report["ops"][0]["log"].as_str().unwrap())).unwrap();
    assert_eq!(log, "calling with ***\n");
    assert!(!ran.all().contains("not-a-real-token"), "{}", ran.shown());
}

/// The files of the CI recipe are those that `hookc init` writes.
#[test]
fn the_ci_recipe_is_the_template() {
    let folder = Folder::new(&[]);
    assert_eq!(folder.run(&["init", "--template", "ci"]).code, 0);
    let files = files("ci");
    for name in [".github/workflows/hookc.yml", ".pre-commit-config.yaml"] {
        let (_, text) = files.iter().find(|(file, _)| file == name).unwrap();
        assert_eq!(*text, folder.read(name), "{name}");
    }
}

/// What was started is stopped, what was loaded is taken back, also after a failure.
#[test]
fn recipes_leave_nothing_behind() {
    let finally = copied(&files("finally"));
    for works in ["works=true", "works=false"] {
        finally.run(&["run", "finally.hook", "-p", works]);
        assert!(!finally.path().join("server.txt").exists(), "{works}");
    }
    let cleanup = copied(&files("cleanup"));
    assert_eq!(cleanup.run(&["run", "cleanup.hook"]).code, 0);
    assert!(cleanup.path().join("loaded.csv").exists());
    assert_eq!(cleanup.run(&["run", "cleanup.hook", "-p", "works=false"]).code, 1);
    assert!(!cleanup.path().join("loaded.csv").exists());
    assert_eq!(cleanup.read("failures.txt"), "loaded: exit code 1\n");
}
