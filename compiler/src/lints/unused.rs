//! Private names that nothing uses.
//!
//! Only names that begin with `_` are looked at: every other top-level name can be imported, by a file that is not
//! part of this check. A name that is written anywhere else in its file counts as used, so nothing is said too much.

use hookc_grammar::Span;

use crate::check::Checker;
use crate::declare::{Place, Symbol};
use crate::diagnostics::{self, Diagnostic};
use crate::sources::FileId;

impl Checker<'_, '_> {
    /// Reports private items that their file never names again, in the files that are asked for.
    pub(crate) fn lint_unused_items(&mut self) {
        let program = self.program;
        for (file, source) in program.sources.iter() {
            if !source.asked || !source.text.contains('_') {
                continue;
            }
            let mut private: Vec<(Place, Symbol)> = program
                .scope(file)
                .names
                .iter()
                .filter(|(name, _)| name.starts_with('_'))
                .filter_map(|(name, symbol)| Some((program.place_of(*symbol)?, *symbol, name)))
                .filter(|(place, symbol, name)| place.file == file && program.name_of(*symbol) == name.as_str())
                .map(|(place, symbol, _)| (place, symbol))
                .collect();
            private.sort_unstable();
            for (place, symbol) in private {
                if !self.is_named_elsewhere(file, place.span) {
                    let message = format!("{} `{}` is never used", symbol.kind(), program.name_of(symbol));
                    let diagnostic = Diagnostic::new(diagnostics::NEVER_USED, file, place.span, message);
                    self.report(diagnostic.help("remove it: a name that begins with `_` is seen by its file alone"));
                }
            }
        }
    }

    fn is_named_elsewhere(&self, file: FileId, declared: Span) -> bool {
        let text = &self.program.sources.file(file).text;
        let name = self.program.sources.text(file, declared);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
            let is_word = !before.is_some_and(is_part) && !after.is_some_and(is_part);
            is_word && at != declared.start as usize
        })
    }
}
