//! Imports that nothing uses.

use hookc_grammar::Span;

use crate::check::Checker;
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::sources::FileId;

impl Checker<'_, '_> {
    /// Reports imports that nothing uses.
    pub(crate) fn check_unused(&mut self) {
        let program = self.program;
        for (file, _) in program.sources.iter() {
            if !self.is_own(file) {
                continue;
            }
            for imported in &program.scope(file).imports {
                if program.is_used(file, &imported.name) {
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

    /// The item with its line's end.
    fn whole_line(&self, file: FileId, span: Span) -> Span {
        let text = &self.program.sources.file(file).text;
        let rest = text.get(span.end as usize..).unwrap_or("");
        let newline =
            rest.starts_with("\r\n").then_some(2).or_else(|| rest.starts_with('\n').then_some(1)).unwrap_or(0);
        Span::new(span.start, span.end + newline)
    }
}
