//! Which names are used: what is imported and never used is reported.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Program;
use super::poison::words;
use crate::diagnostics::nearest;
use crate::place::Place;
use crate::sources::FileId;

impl Program<'_> {
    /// Marks a name as used. Only files with imports ask later.
    pub(crate) fn mark_used(&self, file: FileId, name: &SmolStr) {
        if !self.scope(file).imports.is_empty() {
            self.used.borrow_mut().insert((file, name.clone()));
        }
    }

    /// Marks what stands on the line after a place as used: what it is meant for is unknown.
    pub(crate) fn mark_line_used(&self, place: Place) {
        let text = &self.sources.file(place.file).text;
        let rest = text.get(place.span.end as usize..).unwrap_or_default();
        words(rest.lines().next().unwrap_or_default()).for_each(|word| self.mark_used(place.file, &SmolStr::new(word)));
    }

    /// Begins to note uses by themselves; what was noted so far is given back to be put in again.
    pub(crate) fn begin_use(&self) -> FxHashSet<(FileId, SmolStr)> {
        self.used.take()
    }

    /// The uses since [`Program::begin_use`], sorted, which count with those before.
    pub(crate) fn end_use(&self, before: FxHashSet<(FileId, SmolStr)>) -> Vec<(FileId, SmolStr)> {
        let mut uses: Vec<(FileId, SmolStr)> = self.used.replace(before).into_iter().collect();
        uses.sort_unstable();
        self.use_again(&uses);
        uses
    }

    /// Counts uses that are known from before.
    pub(crate) fn use_again(&self, uses: &[(FileId, SmolStr)]) {
        self.used.borrow_mut().extend(uses.iter().cloned());
    }

    /// Whether something uses the name, or may be meant to: where a part that could be a name is missing, any may be
    /// the one, and a name that was looked up in vain may be a misspelling of this one.
    pub(crate) fn is_used(&self, file: FileId, name: &SmolStr) -> bool {
        let missed = |(other_file, other): &(FileId, SmolStr)| {
            *other_file == file && !nearest(other, [name.as_str()]).is_empty()
        };
        self.scope(file).poison.lacks_a_name()
            || self.used.borrow().contains(&(file, name.clone()))
            || self.missed.borrow().iter().any(missed)
    }
}
