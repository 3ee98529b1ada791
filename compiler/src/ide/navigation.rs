//! From a name to where it is declared, to its type, to all its uses.

use super::index::{Target, Use};
use super::visitor::{Node, visit};
use super::{Highlight, Link, Location, World};
use crate::sources::resolve;

impl World {
    /// Where the thing at a byte is declared.
    pub fn definition(&self, path: &str, at: u32) -> Vec<Location> {
        if let Some(link) = self.links(path).into_iter().find(|link| link.span.touches(at)) {
            return vec![Location { path: link.target, span: hookc_grammar::Span::default() }];
        }
        self.target(path, at).into_iter().collect()
    }

    /// Where the type of the value at a byte is declared.
    pub fn type_definition(&self, path: &str, at: u32) -> Vec<Location> {
        let Some(index) = self.index(path) else { return Vec::new() };
        let Some(used) = index.at(at) else { return Vec::new() };
        let value = index.values.iter().find(|value| value.span == used.span).or_else(|| index.value_of(used.span));
        value.and_then(|value| value.declared.clone()).into_iter().collect()
    }

    /// Every use of the thing at a byte, over all files, sorted.
    pub fn references(&self, path: &str, at: u32, declaration: bool) -> Vec<Location> {
        let Some(target) = self.target(path, at) else { return Vec::new() };
        let uses = self.uses_of(&target);
        let wanted = uses.into_iter().filter(|(_, used)| declaration || used.declares.is_none());
        wanted.map(|(location, _)| location).collect()
    }

    /// Every use of the thing at a byte in its own file.
    pub fn highlights(&self, path: &str, at: u32) -> Vec<Highlight> {
        let Some(index) = self.index(path) else { return Vec::new() };
        let Some(used) = index.at(at) else { return Vec::new() };
        let same = index.uses.iter().filter(|other| other.target == used.target);
        same.map(|other| Highlight { span: other.span, write: other.declares.is_some() }).collect()
    }

    /// The texts that lead to files: the paths of imports.
    pub fn links(&self, path: &str) -> Vec<Link> {
        let Some(entry) = self.entry(path) else { return Vec::new() };
        let mut links = Vec::new();
        visit(&entry.file.parse.file, &mut |node, span| {
            let Node::Import(import) = node else { return };
            let Some(written) = &import.path else { return };
            let hookc_grammar::ast::ExprKind::Template(template) = &written.kind else { return };
            let target = template.as_const().and_then(|target| resolve(path, target).ok());
            let known = target.filter(|target| self.text(target).is_some());
            links.extend(known.map(|target| Link {
                span: written.span.shifted(span.start - import.span.start),
                target: target.into(),
            }));
        });
        links
    }

    /// Where the name at a byte is declared.
    pub(super) fn target(&self, path: &str, at: u32) -> Option<Location> {
        match &self.index(path)?.at(at)?.target {
            Target::Declared(location) => Some(location.clone()),
            _ => None,
        }
    }

    /// Every use of what is declared at a place, sorted.
    pub(super) fn uses_of(&self, target: &Location) -> Vec<(Location, Use)> {
        let mut found: Vec<(Location, Use)> = Vec::new();
        for path in self.dependants(&target.path) {
            let Some(index) = self.index(&path) else { continue };
            for used in &index.uses {
                if matches!(&used.target, Target::Declared(location) if location == target) {
                    found.push((Location { path: path.clone(), span: used.span }, used.clone()));
                }
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }
}
