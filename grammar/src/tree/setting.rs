//! Settings: a word and what it sets. Which words exist is the checker's.

use crate::ast::{Expr, ExprKind, Ident, Setting, SettingValue};
use crate::entries::Entry;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::nearest::nearest;
use crate::nodes::{self, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

impl TreeBuilder<'_> {
    /// `word value`, or a word alone.
    pub(super) fn setting(&mut self, number: u32, entry: &Entry) -> Option<Setting> {
        let span = self.whole(entry);
        self.head(number, Rule::setting, |builder, mut children| {
            let node = children.next()?;
            let word = builder.ident(&node);
            let keyword = builder.keyword(&node);
            if children.peek().is_some() {
                let value = builder.expr(&mut children, "");
                let failure = matches!(&value.kind, ExprKind::Name(name) if name == "failure");
                let flag = keyword == Some(Keyword::Allow) && failure;
                let value = if flag { SettingValue::Flag } else { SettingValue::Value(value) };
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

    fn missing_value(&mut self, Ident { text: word, span }: &Ident, keyword: Option<Keyword>) {
        if keyword.is_some_and(Keyword::needs_value) {
            let place = Span::new(span.end, span.end);
            self.report(SyntaxError::new(ErrorKind::MissingValue, place, format!("`{word}` needs a value")));
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
