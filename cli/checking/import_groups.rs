//! Puts the requested files of a project into groups that share no import, so that each group can be checked on its own
//! with the same result as all of them together.

use std::collections::{BTreeMap, HashMap};

use hookc_compiler::Loader;
use hookc_compiler::sources::resolve;
use hookc_grammar::outline;

use crate::disk_loader::DiskLoader;

/// The parts, each sorted, in the order of their first files.
pub(super) fn group<'a>(requested: impl Iterator<Item = &'a str>, loader: &DiskLoader) -> Vec<Vec<String>> {
    let requested: Vec<String> = requested.map(str::to_owned).collect();
    if requested.len() < 2 {
        return if requested.is_empty() { Vec::new() } else { vec![requested] };
    }
    let mut loader = loader.clone();
    let mut groups = Groups::default();
    let mut waiting: Vec<String> = requested.clone();
    while let Some(path) = waiting.pop() {
        if !groups.visit(&path) {
            continue;
        }
        let Ok(text) = loader.read(&path) else { continue };
        for target in imports(&text) {
            let Ok(target) = resolve(&path, &target) else { continue };
            if hookc_compiler::library::text(&target).is_none() {
                groups.join(&path, &target);
                waiting.push(target);
            }
        }
    }
    let mut parts: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (index, path) in requested.iter().enumerate() {
        let root = groups.root_of(path);
        let first = *groups.first.entry(root).or_insert(index);
        parts.entry(first).or_default().push(path.clone());
    }
    parts.into_values().collect()
}

/// The paths that a text imports. Most files of a large project import nothing and are not looked at twice.
fn imports(text: &str) -> Vec<String> {
    if text.contains("import") { outline(text).imports(text) } else { Vec::new() }
}

/// A forest of joined paths.
#[derive(Default)]
struct Groups {
    ids: HashMap<String, usize>,
    parents: Vec<usize>,
    visited: Vec<bool>,
    /// The first asked file of a group, by the group's root.
    first: HashMap<usize, usize>,
}

impl Groups {
    fn id(&mut self, path: &str) -> usize {
        if let Some(id) = self.ids.get(path) {
            return *id;
        }
        let id = self.parents.len();
        self.parents.push(id);
        self.visited.push(false);
        self.ids.insert(path.to_owned(), id);
        id
    }

    /// Marks the path; whether it is seen for the first time.
    fn visit(&mut self, path: &str) -> bool {
        let id = self.id(path);
        self.visited.get_mut(id).is_some_and(|visited| !std::mem::replace(visited, true))
    }

    fn join(&mut self, a: &str, b: &str) {
        let (a, b) = (self.root_of(a), self.root_of(b));
        if let Some(parent) = self.parents.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }

    fn root_of(&mut self, path: &str) -> usize {
        let mut id = self.id(path);
        while let Some(parent) = self.parents.get(id).copied().filter(|parent| *parent != id) {
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(id) {
                *slot = above;
            }
            id = above;
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(files: &[(&str, &str)], requested: &[&str]) -> Vec<Vec<String>> {
        let mut loader = DiskLoader::default();
        for (path, text) in files {
            loader.give(path, text.as_bytes().to_vec());
        }
        group(requested.iter().copied(), &loader)
    }

    #[test]
    fn files_that_reach_each_other_stay_together() {
        let files = [
            ("a.hook", "import x from \"./between\""),
            ("b.hook", "import y from './c.hook'"),
            ("between.hook", "import z from \"./d\""),
            ("c.hook", "import s from \"std/notify\""),
            ("d.hook", ""),
            ("e.hook", "import s from \"std/notify\""),
        ];
        let found = parts(&files, &["a.hook", "b.hook", "c.hook", "d.hook", "e.hook"]);
        assert_eq!(found, [vec!["a.hook", "d.hook"], vec!["b.hook", "c.hook"], vec!["e.hook"]]);
    }
}
