//! Items that nothing uses.
//!
//! A name that begins with `_` is visible only in its file. Every other name can be imported, so it is reported only if a
//! project enables the lint and all its files are loaded, which the caller knows. A name that occurs anywhere else in its
//! file counts as used, so the lint has no false positives.

use hookc_grammar::{TokenKind, tokens};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::project::Level;
use crate::sources::FileId;
use crate::symbol::Symbol;

impl Checker<'_, '_> {
    /// Reports items whose name does not occur again, in the requested files.
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
        // Jobs are run and profiles are chosen from outside the program.
        if !is_private && matches!(symbol, Symbol::Job(_) | Symbol::Profile(_)) {
            return;
        }
        let (code, help) = match is_private {
            true => {
                (diagnostics::NEVER_USED, "remove it: a name that begins with `_` can be used only in its own file")
            }
            false => (diagnostics::UNUSED_PUBLIC, "remove it: no file of the project uses it"),
        };
        let message = format!("{} `{name}` is never used", symbol.kind().word());
        self.report(Diagnostic::new(code, place, message).help(help));
    }

    /// The symbols that files import.
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
    /// The number of occurrences of each word.
    counts: FxHashMap<&'t str, u32>,
    /// The texts with `${…}`, which also contain words.
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

    /// Whether the name occurs anywhere besides its declaration.
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
