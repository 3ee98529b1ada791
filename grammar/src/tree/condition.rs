//! Named conditions.

use crate::ast::Condition;
use crate::entries::Entry;
use crate::nodes::Rule;
use crate::tree::TreeBuilder;

impl TreeBuilder<'_> {
    pub(super) fn condition(&mut self, number: u32, entry: &Entry) -> Option<Condition> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        self.head(number, Rule::condition, |builder, mut children| {
            let name = builder.declared(&mut children, "a condition");
            let params = builder.bare_params(&mut children, "a condition needs its parameters in parentheses: `()`");
            builder.equals(&mut children, "a condition");
            let value = builder.expr(&mut children, "the condition after `=` is missing");
            Condition { doc, name, params, value, span }
        })
    }
}
