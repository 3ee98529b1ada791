//! ARCHITECTURE.md is true: it names every folder and crate, and every file that a recipe lists exists and names its
//! part.
//!
//! A recipe is a paragraph of the section "How to add …" that begins with a bold title. Its steps are the lines below
//! it of the form "- `path` — `Name`: what to do there"; the text of the file at `path` holds `Name`. A path that ends
//! in `/` is a folder.

use std::fs;
use std::path::Path;

const MAX_LINES: usize = 200;
const SECTION: &str = "## How to add";

#[test]
fn it_is_short() {
    let lines = page().lines().count();
    assert!(lines < MAX_LINES, "ARCHITECTURE.md has {lines} lines; the limit is {MAX_LINES}");
}

#[test]
fn it_names_every_folder_and_crate() {
    let page = page();
    let missing: Vec<String> = folders().into_iter().filter(|folder| !page.contains(&format!("`{folder}/`"))).collect();
    assert!(missing.is_empty(), "folders that ARCHITECTURE.md does not name: {missing:?}");
    let missing: Vec<String> = crates().into_iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "crates that ARCHITECTURE.md does not name: {missing:?}");
}

#[test]
fn every_step_of_a_recipe_leads_to_a_file_that_names_it() {
    let page = page();
    let steps = steps(&page);
    assert!(!steps.is_empty(), "no recipe has steps of the form \"- `path` — `Name`: …\"");
    let wrong: Vec<String> = steps.into_iter().filter_map(|(path, name)| problem(path, name)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The path and the name of each step, in written order.
fn steps(page: &str) -> Vec<(&str, &str)> {
    let section = page.split(SECTION).nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    section.lines().filter_map(step).collect()
}

/// "- `path` — `Name`: what to do there"
fn step(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("- `")?;
    let (path, rest) = rest.split_once('`')?;
    let rest = rest.strip_prefix(" — `").unwrap_or_else(|| panic!("not of the form \"- `path` — `Name`: …\": {line}"));
    let (name, _) = rest.split_once("`:").unwrap_or_else(|| panic!("`{path}`: a colon after the name is missing"));
    Some((path, name))
}

fn problem(path: &str, name: &str) -> Option<String> {
    let file = root().join(path);
    if path.ends_with('/') {
        let is_named = fs::read_dir(&file)
            .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().contains(name)));
        return (!is_named).then(|| format!("no file in `{path}` has `{name}` in its name"));
    }
    match fs::read_to_string(&file) {
        Ok(text) if text.contains(name) => None,
        Ok(_) => Some(format!("`{path}` does not name `{name}`")),
        Err(error) => Some(format!("`{path}`: {error}")),
    }
}

/// The folders of the repository, but for hidden ones and what is built.
fn folders() -> Vec<String> {
    let entries = fs::read_dir(root()).unwrap().flatten().filter(|entry| entry.path().is_dir());
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.') && name != "target").collect();
    names.sort();
    names
}

/// The names of the workspace's crates.
fn crates() -> Vec<String> {
    let manifests = folders().into_iter().chain(["bench/conditions".to_owned(), ".".to_owned()]);
    let name = |folder: String| {
        let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).ok()?;
        let package = text.split("[package]").nth(1)?;
        let name = package.lines().find_map(|line| line.strip_prefix("name = \""))?;
        Some(name.trim_end_matches('"').to_owned())
    };
    manifests.filter_map(name).collect()
}

fn page() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
