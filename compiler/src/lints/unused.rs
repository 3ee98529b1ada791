//! Items that nothing uses.
//!
//! A name that begins with `_` is seen by its file alone. Every other one can be imported: of those something is said
//! only when a project asks for it, and only where all its files are at hand, which whoever loads them knows. A name
//! that is written anywhere else in its file counts as used, so nothing is said too much.

use hookc_grammar::{TokenKind, tokens};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::project::Level;
use crate::sources::FileId;
use crate::symbol::Symbol;

impl Checker<'_, '_> {
    /// Reports items that nothing names again, in the files that are asked for.
    pub(crate) fn lint_unused_items(&mut self) {
        let program = self.program;
        let level = program.sources.project.lints.get(&diagnostics::UNUSED_PUBLIC);
        let all = matches!(level, Some(Level::Warn | Level::Deny));
        let imported = if all { self.imported() } else { FxHashSet::default() };
        for (file, source) in program.sources.iter() {
            if !source.asked || !(all || source.text.contains('_')) {
                continue;
            }
            let mut own: Vec<(Place, Symbol)> = program
                .scope(file)
                .names
                .values()
                .filter(|symbol| all || program.name_of(**symbol).starts_with('_'))
                .filter_map(|symbol| Some((program.place_of(*symbol)?, *symbol)))
                .filter(|(place, symbol)| place.file == file && !imported.contains(symbol))
                .collect();
            if own.is_empty() {
                continue;
            }
            own.sort_unstable();
            own.dedup();
            let words = Words::of(&source.text);
            for (place, symbol) in own {
                if !words.have_again(program.sources.text(file, place.span)) {
                    self.report_unused(place, symbol);
                }
            }
        }
    }

    fn report_unused(&mut self, place: Place, symbol: Symbol) {
        let name = self.program.name_of(symbol);
        let is_private = name.starts_with('_');
        // A job is run, and a profile is chosen, from outside.
        if !is_private && matches!(symbol, Symbol::Job(_) | Symbol::Profile(_)) {
            return;
        }
        let (code, help) = match is_private {
            true => {
                (diagnostics::NEVER_USED, "remove it: a name that begins with `_` can be used only in its own file")
            }
            false => (diagnostics::UNUSED_PUBLIC, "remove it: no file of the project uses it"),
        };
        let message = format!("{} `{name}` is never used", symbol.kind());
        self.report(Diagnostic::new(code, place, message).help(help));
    }

    /// What files have from other files.
    fn imported(&self) -> FxHashSet<Symbol> {
        let program = self.program;
        let of_file = |file: FileId| {
            let symbols = program.scope(file).names.values().copied();
            symbols.filter(move |symbol| program.place_of(*symbol).is_some_and(|place| place.file != file))
        };
        program.sources.iter().flat_map(|(file, _)| of_file(file)).collect()
    }
}

/// The words of a file.
struct Words<'t> {
    /// How often each stands there.
    counts: FxHashMap<&'t str, u32>,
    /// The texts with `${…}`, which have words too.
    templates: Vec<&'t str>,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Words<'t> {
        let mut words = Words { counts: FxHashMap::default(), templates: Vec::new() };
        for token in tokens(text) {
            let part = text.get(token.span.start as usize..token.span.end as usize).unwrap_or_default();
            match token.kind {
                TokenKind::Word => *words.counts.entry(part).or_insert(0) += 1,
                TokenKind::Text if part.contains("${") => words.templates.push(part),
                _ => {}
            }
        }
        words
    }

    /// Whether the name stands anywhere but where it is declared.
    fn have_again(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 1) || self.templates.iter().any(|text| has_word(text, name))
    }
}

fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
