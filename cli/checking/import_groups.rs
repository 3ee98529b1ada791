//! Puts the requested files of a project into groups that share no import, so that each group can be checked on its own
//! with the same result as all of them together.

use std::collections::{BTreeMap, HashMap};

use hookc_compiler::Loader;
use hookc_compiler::sources::resolve;
use hookc_grammar::outline;

use crate::disk_loader::DiskLoader;

/// The parts, each sorted, in the order of their first files.
pub(crate) fn group<'a>(requested: impl Iterator<Item = &'a str>, loader: &DiskLoader) -> Vec<Vec<String>> {
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
