//! Files that import each other in a cycle.
//!
//! Each strongly connected group of files is reported once, from its first file in the order of paths and along its
//! shortest cycle. So the report does not depend on which file is checked.

use std::collections::VecDeque;

use hookc_grammar::Span;

use super::Program;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::sources::FileId;

/// The imports of each file, with their places.
pub(super) type Edges = Vec<Vec<(FileId, Span)>>;

impl Program<'_> {
    /// Reports each group of files once, at the import that closes its cycle.
    pub(super) fn report_circles(&self, edges: &Edges, diagnostics: &mut Vec<Diagnostic>) {
        let mut done = acyclic(edges);
        for start in 0..edges.len() {
            if done.get(start).copied().unwrap_or(true) {
                continue;
            }
            let Some(circle) = shortest_circle(edges, start) else { continue };
            let forward = reached(edges, start);
            let knot =
                (0..edges.len()).filter(|file| forward.get(*file) == Some(&true) && leads_to(edges, *file, start));
            for file in knot {
                mark(&mut done, file);
            }
            diagnostics.extend(self.circle(edges, &circle));
        }
    }

    fn circle(&self, edges: &Edges, circle: &[usize]) -> Option<Diagnostic> {
        let (first, last) = (*circle.first()?, *circle.last()?);
        let (_, span) = edges.get(last)?.iter().find(|(target, _)| index(*target) == first)?;
        let path = |file: usize| self.sources.file(id(file)).path.as_str();
        let names: Vec<&str> = circle.iter().copied().chain([first]).map(path).collect();
        let message = format!("files import each other in a cycle: `{}`", names.join("` -> `"));
        let diagnostic = Diagnostic::new(diagnostics::IMPORT_CYCLE, Place::new(id(last), *span), message);
        Some(diagnostic.help("move what they share to a separate file"))
    }
}

/// Whether no file leads into a cycle.
fn acyclic(edges: &Edges) -> Vec<bool> {
    let mut clear = vec![false; edges.len()];
    loop {
        let next: Vec<usize> = edges
            .iter()
            .enumerate()
            .filter(|(file, _)| clear.get(*file) == Some(&false))
            .filter(|(_, targets)| targets.iter().all(|(target, _)| clear.get(index(*target)) == Some(&true)))
            .map(|(file, _)| file)
            .collect();
        if next.is_empty() {
            return clear;
        }
        next.into_iter().for_each(|file| mark(&mut clear, file));
    }
}

/// The files from `start` back to it, itself first.
fn shortest_circle(edges: &Edges, start: usize) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; edges.len()];
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for (target, _) in edges.get(file)? {
            let target = index(*target);
            if target == start {
                let mut circle: Vec<usize> = std::iter::successors(Some(file), |file| *before.get(*file)?).collect();
                circle.reverse();
                return Some(circle);
            }
            if let Some(slot @ None) = before.get_mut(target) {
                *slot = Some(file);
                open.push_back(target);
            }
        }
    }
    None
}

/// The files that `start` imports, at any distance.
fn reached(edges: &Edges, start: usize) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        for (target, _) in edges.get(file).into_iter().flatten() {
            if seen.get(index(*target)) == Some(&false) {
                mark(&mut seen, index(*target));
                open.push(index(*target));
            }
        }
    }
    seen
}

fn leads_to(edges: &Edges, from: usize, to: usize) -> bool {
    reached(edges, from).get(to).copied().unwrap_or(false)
}

fn mark(marks: &mut [bool], file: usize) {
    if let Some(slot) = marks.get_mut(file) {
        *slot = true;
    }
}

fn index(file: FileId) -> usize {
    file.0 as usize
}

fn id(file: usize) -> FileId {
    FileId(u32::try_from(file).unwrap_or(u32::MAX))
}
