//! Named conditions.

use crate::ast::Condition;
use crate::build::Build;
use crate::cut::Entry;
use crate::pairs::Rule;

impl Build<'_> {
    pub(super) fn condition(&mut self, number: u32, entry: &Entry) -> Option<Condition> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        self.head(number, Rule::condition, |build, mut row| {
            let name = build.declared(&mut row, "a condition");
            let params = build.params(&mut row, "a condition needs its parameters in brackets: `()`");
            build.equals(&mut row, "a condition");
            let value = build.expr(&mut row, "the condition after `=` is missing");
            Condition { doc, name, params, value, span }
        })
    }
}
