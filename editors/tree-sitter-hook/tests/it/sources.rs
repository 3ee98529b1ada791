//! Every text in the language that the project holds: files, and the fences of its pages.

use std::path::{Path, PathBuf};

/// A text and where it is from.
pub(crate) struct Source {
    pub(crate) from: String,
    pub(crate) text: String,
}

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All of them, in the order of their paths.
pub(crate) fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in ["compiler", "docs", "editors", "examples", "grammar/tests", "tests"] {
        walk(&project().join(folder), &mut paths);
    }
    paths.push(project().join("README.md"));
    let mut sources = Vec::new();
    for path in paths {
        let from = path.strip_prefix(project()).unwrap().display().to_string();
        // Some fixtures are no text, on purpose.
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else { continue };
        if from.ends_with(".hook") {
            sources.push(Source { from, text });
        } else {
            sources.extend(fences(&text).map(|(line, text)| Source { from: format!("{from}:{line}"), text }));
        }
    }
    assert!(sources.len() > 400, "only {} texts", sources.len());
    sources
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            // A run of an example leaves a folder `.hook` behind.
            if !matches!(name, "target" | "node_modules") && !name.starts_with('.') {
                walk(&path, paths);
            }
        } else if name.ends_with(".hook") || name.ends_with(".md") {
            paths.push(path);
        }
    }
}

/// The ```` ```hook ```` fences of a page, with the numbers of their lines.
fn fences(page: &str) -> impl Iterator<Item = (usize, String)> {
    let mut lines = page.lines().enumerate();
    std::iter::from_fn(move || {
        let (number, _) = lines.find(|(_, line)| line.starts_with("```hook"))?;
        let text = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        Some((number + 1, text.fold(String::new(), |all, line| all + line + "\n")))
    })
}
