//! Settings: a word and what it sets. Which words exist is the checker's.

use crate::ast::{Expr, ExprKind, Ident, Setting, SettingValue};
use crate::entries::Entry;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::{Keyword, ValueKind};
use crate::nearest::nearest;
use crate::nodes::{self, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

impl TreeBuilder<'_> {
    /// `word value`, a word alone, or a word with a condition.
    pub(super) fn setting(&mut self, number: u32, entry: &Entry) -> Option<Setting> {
        let span = self.whole(entry);
        let takes_condition = entry.keyword.is_some_and(Keyword::takes_condition);
        self.head(number, if takes_condition { Rule::guarded } else { Rule::setting }, |builder, mut children| {
            let node = children.next()?;
            let word = builder.ident(&node);
            let keyword = builder.keyword(&node);
            let written = children.peek().is_some_and(|node| node.as_rule() != Rule::when);
            let value = written.then(|| builder.expr(&mut children, ""));
            if let Some(node) = children.next() {
                let value = builder.conditional(&word, keyword, value, node);
                return Some(Setting { word, keyword, value, span });
            }
            if let Some(value) = value {
                let flag = keyword == Some(Keyword::Allow) && is_failure(&value);
                let value = if flag { SettingValue::Flag } else { builder.plain_value(&word, keyword, value) };
                return Some(Setting { word, keyword, value, span });
            }
            if keyword.is_some_and(Keyword::is_flag) {
                return Some(Setting { word, keyword, value: SettingValue::Flag, span });
            }
            if builder.head.tokens.rest_from(node.span().end).is_none() {
                builder.missing_value(&word, keyword);
            } else {
                // What stands there instead is reported as what it is.
                builder.head.reported = None;
            }
            let value = Expr { kind: ExprKind::Error, span: Span::new(word.span.end, word.span.end) };
            let needs_value = keyword.is_some_and(Keyword::needs_value);
            needs_value.then_some(Setting { word, keyword, value: SettingValue::Value(value), span })
        })?
    }

    /// The value of a setting that `when` follows. `allow failure` is the only one that has a word before it.
    fn conditional(
        &mut self,
        word: &Ident,
        keyword: Option<Keyword>,
        value: Option<Expr>,
        when: Node<'_>,
    ) -> SettingValue {
        let needs_word = keyword == Some(Keyword::Allow);
        match value {
            Some(value) if needs_word && is_failure(&value) => SettingValue::When(self.when(when)),
            None if !needs_word => SettingValue::When(self.when(when)),
            Some(value) if needs_word => {
                let message = "`when` is not allowed here";
                self.report(SyntaxError::new(ErrorKind::NotAllowedHere, when.span(), message));
                SettingValue::Value(value)
            }
            Some(value) => {
                let message = format!("`{}` takes nothing but `when` and a condition", word.text);
                self.report(SyntaxError::new(ErrorKind::Unexpected, value.span, message));
                SettingValue::When(self.when(when))
            }
            None => {
                self.missing_value(word, keyword);
                SettingValue::Value(Expr { kind: ExprKind::Error, span: Span::new(word.span.end, word.span.end) })
            }
        }
    }

    /// A value without `when`. Where a condition is wanted, `when` was forgotten.
    fn plain_value(&mut self, word: &Ident, keyword: Option<Keyword>, value: Expr) -> SettingValue {
        if keyword.and_then(Keyword::setting) != Some(ValueKind::Condition) {
            return SettingValue::Value(value);
        }
        let place = Span::new(word.span.end, word.span.end);
        let error = SyntaxError::new(ErrorKind::MissingPart, place, format!("`{}` needs `when`", word.text));
        self.report(error.fix(place, " when", "insert `when`"));
        SettingValue::When(value)
    }

    fn missing_value(&mut self, Ident { text: word, span }: &Ident, keyword: Option<Keyword>) {
        if keyword.is_some_and(Keyword::needs_value) {
            let place = Span::new(span.end, span.end);
            let error = SyntaxError::new(ErrorKind::MissingValue, place, format!("`{word}` needs a value"));
            let conditional = keyword.and_then(Keyword::setting) == Some(ValueKind::Condition);
            let error = if conditional { error.help(format!("write `{word} when` and a condition")) } else { error };
            self.report(error);
            return;
        }
        let message = format!("`{word}` is not an entry by itself");
        let error = SyntaxError::new(ErrorKind::Unexpected, *span, message);
        let entries = Keyword::ALL.iter().copied().filter(|keyword| keyword.begins_entry());
        let near = nearest(word, entries).map(Keyword::text);
        self.report(match near.filter(|near| *near != word) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        });
    }

    /// `retry N [when COND] [backoff D [max D]]`
    pub(super) fn retry(&mut self, number: u32, entry: &Entry) -> Option<Setting> {
        let span = self.whole(entry);
        let word = self.first_word(entry, Keyword::Retry);
        self.head(number, Rule::retry, |builder, mut children| {
            let times = builder.expr(&mut children, "`retry` needs a number");
            let (mut when, mut backoff, mut max) = (None, None, None);
            for node in children {
                let (slot, name) = match node.as_rule() {
                    Rule::when => (&mut when, "when"),
                    Rule::backoff => (&mut backoff, "backoff"),
                    _ => (&mut max, "max"),
                };
                if slot.is_some() {
                    builder.twice(&node, name);
                    continue;
                }
                *slot = Some(builder.expr(&mut nodes::children(node), &format!("the value after `{name}` is missing")));
            }
            Setting { word, keyword: entry.keyword, value: SettingValue::Retry { times, when, backoff, max }, span }
        })
    }

    /// `concurrency N [else skip|stop]`
    pub(super) fn concurrency(&mut self, number: u32, entry: &Entry) -> Option<Setting> {
        let span = self.whole(entry);
        let word = self.first_word(entry, Keyword::Concurrency);
        self.head(number, Rule::concurrency, |builder, mut children| {
            let max = builder.expr(&mut children, "`concurrency` needs a number");
            let otherwise = nodes::take(&mut children, Rule::otherwise)
                .and_then(|node| builder.declared(&mut nodes::children(node), "`else`"));
            Setting { word, keyword: entry.keyword, value: SettingValue::Concurrency { max, otherwise }, span }
        })
    }

    fn first_word(&self, entry: &Entry, keyword: Keyword) -> Ident {
        let (text, start) = (keyword.text(), self.whole(entry).start);
        Ident { text: text.into(), span: Span::new(start, start + crate::lex::to_u32(text.len())) }
    }
}

/// The word after `allow` in the block of an op.
fn is_failure(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Name(name) if name == "failure")
}
