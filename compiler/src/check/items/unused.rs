//! Imports that nothing uses.

use hookc_grammar::{ErrorKind, Span};
use smol_str::SmolStr;

use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::sources::FileId;

impl Checker<'_, '_> {
    /// Reports imports that nothing uses. A name in an unreadable piece counts as used. If a name is missing somewhere, any
    /// import may be used there.
    pub(crate) fn check_unused(&mut self) {
        let program = self.program;
        for (file, _) in program.sources.iter() {
            if !self.is_own(file) || self.lacks_name(file) {
                continue;
            }
            for imported in &program.scope(file).imports {
                let used = program.is_used(file, &imported.name) || self.in_broken_piece(file, &imported.name);
                if used || program.is_missed(file, &imported.name) {
                    continue;
                }
                let message = format!("unused import `{}`", imported.name);
                let mut diagnostic =
                    Diagnostic::new(diagnostics::UNUSED_IMPORT, Place::new(file, imported.place.span), message);
                if imported.alone {
                    diagnostic = diagnostic.fix("remove the import", self.whole_line(file, imported.item), "");
                }
                self.report(diagnostic);
            }
        }
    }

    /// Whether a part that could be a name is missing anywhere outside of imports.
    fn lacks_name(&self, file: FileId) -> bool {
        let parse = &self.program.sources.file(file).parse;
        parse.errors.iter().any(|error| {
            let part = matches!(error.kind, ErrorKind::MissingType | ErrorKind::MissingValue | ErrorKind::MissingPart);
            let before = parse.file.items.partition_point(|item| item.at <= error.span.start);
            let item = before.checked_sub(1).and_then(|index| parse.file.items.get(index));
            part && !item.is_some_and(|item| matches!(item.node.as_ref(), hookc_grammar::ast::Item::Import(_)))
        })
    }

    /// The item with the end of its line.
    fn whole_line(&self, file: FileId, span: Span) -> Span {
        let text = &self.program.sources.file(file).text;
        let rest = text.get(span.end as usize..).unwrap_or("");
        let newline =
            rest.starts_with("\r\n").then_some(2).or_else(|| rest.starts_with('\n').then_some(1)).unwrap_or(0);
        Span::new(span.start, span.end + newline)
    }

    fn in_broken_piece(&self, file: FileId, name: &SmolStr) -> bool {
        let source = self.program.sources.file(file);
        let errors = &source.parse.errors;
        let broken =
            |start: u32, end: u32| errors.iter().any(|error| start <= error.span.end && error.span.start <= end);
        source.parse.file.items.iter().any(|item| {
            let (start, end) = (item.at, item.at + item.len);
            let import = matches!(item.node.as_ref(), hookc_grammar::ast::Item::Import(_));
            !import && broken(start, end) && has_word(self.program.sources.text(file, Span::new(start, end)), name)
        })
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
