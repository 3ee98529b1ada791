//! What syntax errors hide: names that an unreadable text would have declared, and parts that a damaged item may have.
//!
//! A mistake is told once. So what depends on unreadable text is not reported as unknown or missing.

use hookc_grammar::ast::{Item, JobEntry};
use hookc_grammar::{ErrorKind, Span};
use smol_str::SmolStr;

use super::{Place, Program};
use crate::sources::FileId;

/// How many words at the start of an unreadable text may be the name it declares.
const LEADING_WORDS: usize = 2;

impl Program<'_> {
    pub(super) fn find_damage(&mut self) {
        let sources = self.sources;
        for (file, source) in sources.iter() {
            if source.parse.errors.is_empty() {
                continue;
            }
            for placed in &source.parse.file.items {
                let span = Span::new(placed.at, placed.at + placed.len);
                let hit = source
                    .parse
                    .errors
                    .iter()
                    .any(|error| span.start <= error.span.end && error.span.start <= span.end);
                if !hit {
                    continue;
                }
                if let Some(damaged) = self.damaged.get_mut(file.0 as usize) {
                    damaged.push(span);
                }
                match placed.node.as_ref() {
                    Item::Error => self.hide(file, sources.text(file, span)),
                    Item::Job(job) => {
                        for entry in job
                            .entries
                            .iter()
                            .filter(|entry| matches!(entry.node.as_ref(), JobEntry::Error))
                        {
                            let at = placed.at + entry.at;
                            self.hide(file, sources.text(file, Span::new(at, at + entry.len)));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn hide(&mut self, file: FileId, text: &str) {
        let words = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty());
        if let Some(scope) = self.scopes.get_mut(file.0 as usize) {
            scope.broken.extend(words.take(LEADING_WORDS).map(SmolStr::new));
        }
    }

    /// Whether the item at this place has a syntax error.
    pub(crate) fn is_damaged(&self, place: Option<Place>) -> bool {
        let Some(place) = place else { return false };
        let damaged = self.damaged.get(place.file.0 as usize).map_or(&[][..], Vec::as_slice);
        damaged
            .iter()
            .any(|span| span.start <= place.span.start && place.span.end <= span.end)
    }

    /// Whether a bracket of the item at this place is missing or too many: then what stands in which block is a guess.
    pub(crate) fn has_loose_bracket(&self, place: Place) -> bool {
        let damaged = self.damaged.get(place.file.0 as usize).map_or(&[][..], Vec::as_slice);
        let Some(item) = damaged
            .iter()
            .find(|span| span.start <= place.span.start && place.span.end <= span.end)
        else {
            return false;
        };
        self.sources.file(place.file).parse.errors.iter().any(|error| {
            let bracket = matches!(error.kind, ErrorKind::Unclosed | ErrorKind::Unopened);
            bracket && item.start <= error.span.start && error.span.start <= item.end
        })
    }

    /// Marks a name as used. Only files with imports ask later.
    pub(crate) fn mark_used(&self, file: FileId, name: &SmolStr) {
        if !self.scope(file).imports.is_empty() {
            self.used.borrow_mut().insert((file, name.clone()));
        }
    }

    /// Whether something uses the name.
    pub(crate) fn is_used(&self, file: FileId, name: &SmolStr) -> bool {
        self.used.borrow().contains(&(file, name.clone()))
    }
}
