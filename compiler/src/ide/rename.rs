//! A new name for what the cursor stands on, everywhere; new paths in the imports of files that move.
//!
//! A rename that would change what a program means is refused: the edits are tried, and the files' diagnostics then
//! must be those of now.

use std::collections::BTreeMap;
use std::sync::Arc;

use hookc_grammar::Span;
use hookc_grammar::ast::{BodyEntry, Item, Param};

use super::index::{Target, Use};
use super::{Kind, Location, TextEdit, World};
use crate::diagnostics::edited;
use crate::sources::resolve;

impl World {
    /// The name that a rename would change, and its place.
    ///
    /// # Errors
    /// Why it cannot be renamed, in one line.
    pub fn prepare_rename(&self, path: &str, at: u32) -> Result<(Span, String), String> {
        let (used, name) = self.renamable(path, at)?;
        Ok((used.span, name))
    }

    /// The edits that give the thing at a byte another name.
    ///
    /// # Errors
    /// Why that cannot be, in one line: it is no name, it is taken, it is built in.
    pub fn rename(&self, path: &str, at: u32, new: &str) -> Result<Vec<TextEdit>, String> {
        let (used, name) = self.renamable(path, at)?;
        if !is_name(new) {
            return Err(format!("`{new}` is not a name"));
        }
        if new == name {
            return Ok(Vec::new());
        }
        let Target::Declared(target) = &used.target else { return Err(built_in(&name)) };
        let declared = self.slice(&target.path, target.span);
        // An import may have given it another name, which holds in its file alone.
        let alias = declared.as_deref() != Some(name.as_str());
        let targets = self.of_one_name(target)?;
        let uses = targets.iter().flat_map(|target| self.uses_of(target)).filter(|(location, _)| {
            self.slice(&location.path, location.span).as_deref() == Some(name.as_str())
                && (!alias || *location.path == *path)
        });
        let mut edits: Vec<TextEdit> = uses
            .map(|(location, _)| TextEdit { path: location.path, span: location.span, text: new.to_owned() })
            .collect();
        edits.extend(self.variables(target).into_iter().map(|location| TextEdit {
            path: location.path,
            span: location.span,
            text: variable(new),
        }));
        match self.first_new_error(&edits) {
            None => Ok(edits),
            Some(message) => Err(format!("`{new}` cannot be its name: {message}")),
        }
    }

    /// The edits of imports when files get new paths: old and new, from the project's root.
    pub fn file_renames(&self, renames: &[(String, String)]) -> Vec<TextEdit> {
        let moved: BTreeMap<&str, &str> = renames.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let mut edits = Vec::new();
        for path in self.paths() {
            let here = moved.get(&*path).copied().unwrap_or(&path);
            for link in self.links(&path) {
                let there = moved.get(&*link.target).copied().unwrap_or(&link.target);
                let stays = !moved.contains_key(&*path) && !moved.contains_key(&*link.target);
                if stays || link.target.starts_with("std/") {
                    continue;
                }
                let text = format!("\"{}\"", relative(here, there));
                edits.push(TextEdit { path: Arc::clone(&path), span: link.span, text });
            }
        }
        edits
    }

    /// What is declared at a place and what must keep the same name: a hook stands in place of a wider one by its name.
    fn of_one_name(&self, target: &Location) -> Result<Vec<Location>, String> {
        let mut targets = vec![target.clone()];
        let mut next = 0;
        while let Some(target) = targets.get(next).cloned() {
            for path in self.dependants(&target.path) {
                let Some(index) = self.index(&path) else { continue };
                let linked = index.replaced.iter().filter(|(own, wider)| *own == target || *wider == target);
                for other in linked.flat_map(|(own, wider)| [own, wider]) {
                    if !targets.contains(other) {
                        targets.push(other.clone());
                    }
                }
            }
            next += 1;
        }
        match targets.iter().find(|target| self.declaration(target).is_none()) {
            None => Ok(targets),
            Some(_) => Err("a `use` stands in its place by this name: give that one an alias first".to_owned()),
        }
    }

    /// Where the script of a component reads the input that is declared at a place, by its variable.
    fn variables(&self, input: &Location) -> Vec<Location> {
        let Some(file) = self.entry(&input.path).map(|entry| &entry.file) else { return Vec::new() };
        let found = file.parse.file.items.iter().find_map(|item| match item.node.as_ref() {
            Item::Component(component) => {
                let declared = |param: &&Param| param.name.span.shifted(item.at) == input.span;
                Some((item.at, component, component.inputs.iter().find(declared)?))
            }
            _ => None,
        });
        let Some((at, component, param)) = found else { return Vec::new() };
        let name = variable(&param.name.text);
        let scripts = component.entries.iter().filter_map(|entry| match entry {
            BodyEntry::Shell(_, span) => Some(span.shifted(at)),
            _ => None,
        });
        let places = scripts.flat_map(|script| {
            let text = file.text.get(script.start as usize..script.end as usize).unwrap_or_default();
            words_at(text, &name).map(move |span| span.shifted(script.start)).collect::<Vec<Span>>()
        });
        places.map(|span| Location { path: Arc::clone(&input.path), span }).collect()
    }

    fn renamable(&self, path: &str, at: u32) -> Result<(Use, String), String> {
        let nothing = || "there is no name here".to_owned();
        let used = self.index(path).ok_or_else(nothing)?.at(at).cloned().ok_or_else(nothing)?;
        let name = self.slice(path, used.span).ok_or_else(nothing)?;
        match &used.target {
            Target::Declared(location) if location.path.starts_with("std/") => Err(built_in(&name)),
            Target::Declared(location) if self.declaration(location).is_some_and(|found| found.kind == Kind::Test) => {
                Err(nothing())
            }
            Target::Declared(_) => Ok((used, name)),
            _ => Err(built_in(&name)),
        }
    }

    /// The text of a range.
    pub(super) fn slice(&self, path: &str, span: Span) -> Option<String> {
        Some(self.entry(path)?.file.text.get(span.start as usize..span.end as usize)?.to_owned())
    }

    /// The first error that the edits bring.
    pub(super) fn first_new_error(&self, edits: &[TextEdit]) -> Option<String> {
        let after = self.with_edits(edits);
        let mut paths: Vec<Arc<str>> = edits.iter().flat_map(|edit| self.affected(&edit.path)).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            let messages = |world: &World| -> Vec<String> {
                let findings = world.findings(&path);
                let errors = findings.iter().filter(|finding| finding.is_error());
                errors.map(|finding| finding.message.clone()).collect()
            };
            let (old, new) = (messages(self), messages(&after));
            if new.len() > old.len() {
                let last = new.last().cloned();
                return new.into_iter().find(|message| !old.contains(message)).or(last);
            }
        }
        None
    }

    /// The project after the edits; they do not overlap.
    pub fn with_edits(&self, edits: &[TextEdit]) -> World {
        let mut by_path: BTreeMap<Arc<str>, Vec<&TextEdit>> = BTreeMap::new();
        for edit in edits {
            by_path.entry(Arc::clone(&edit.path)).or_default().push(edit);
        }
        let mut world = self.clone();
        for (path, mut edits) in by_path {
            let Some(entry) = self.entry(&path) else { continue };
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            let text = edited(&entry.file.text, edits.iter().map(|edit| (edit.span, edit.text.as_str())));
            world = world.with_file(&path, Ok(text.into()), entry.file.asked);
        }
        world
    }
}

/// The variable that an input is to a script.
fn variable(input: &str) -> String {
    format!("HOOK_INPUT_{}", input.to_uppercase())
}

/// Where a whole word stands in a text.
fn words_at(text: &str, word: &str) -> impl Iterator<Item = Span> {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(word).filter_map(move |(at, found)| {
        let (before, after) = (text.get(..at)?, text.get(at + found.len()..)?);
        let whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        let end = u32::try_from(at + found.len()).ok()?;
        whole.then(|| Span::new(end - u32::try_from(found.len()).unwrap_or(0), end))
    })
}

fn built_in(name: &str) -> String {
    format!("`{name}` is built in")
}

/// Whether it can name a thing.
pub(super) fn is_name(text: &str) -> bool {
    hookc_grammar::parse(&format!("component {text}() {{ }}\n")).errors.is_empty()
        && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

/// How a file at `from` writes the path to `to` in an import; both from the project's root.
pub(super) fn relative(from: &str, to: &str) -> String {
    let to = to.strip_suffix(".hook").unwrap_or(to);
    if to.starts_with("std/") {
        return to.to_owned();
    }
    let folder: Vec<&str> = from.split('/').collect();
    let folder = folder.split_last().map_or(&[][..], |(_, folder)| folder);
    let target: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let shared = shared.min(target.len().saturating_sub(1));
    let ups = folder.len() - shared;
    let rest = target.get(shared..).unwrap_or_default().join("/");
    let written = if ups == 0 { format!("./{rest}") } else { format!("{}{rest}", "../".repeat(ups)) };
    // A path that does not lead back is a fault of this function, and never written.
    debug_assert_eq!(resolve(from, &written).as_deref(), Ok(format!("{to}.hook").as_str()));
    written
}
