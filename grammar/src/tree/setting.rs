//! Settings: a word and what it sets. Which words exist is the checker's.

use crate::ast::{Expr, ExprKind, Setting, SettingValue};
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
            let keyword = Keyword::of(&word.text);
            if children.peek().is_some() {
                let value = builder.expr(&mut children, "");
                let failure = matches!(&value.kind, ExprKind::Name(name) if name == "failure");
                let flag = keyword == Some(Keyword::Allow) && failure;
                let value = if flag { SettingValue::Flag } else { SettingValue::Value(value) };
                return Some(Setting { word, value, span });
            }
            if keyword.is_some_and(Keyword::is_flag) {
                return Some(Setting { word, value: SettingValue::Flag, span });
            }
            let end = crate::tree::head_span(&node).end;
            let rest = super::skip_trivia(builder.head_text().get(end as usize..).unwrap_or_default());
            if rest.is_empty() {
                builder.missing_value(&word.text, Span::new(end, end));
            } else {
                // What stands there instead is reported as what it is.
                builder.head.reported = None;
            }
            let value = Expr { kind: ExprKind::Error, span: Span::new(word.span.end, word.span.end) };
            let needs_value = keyword.is_some_and(Keyword::needs_value);
            needs_value.then_some(Setting { word, value: SettingValue::Value(value), span })
        })?
    }

    fn missing_value(&mut self, word: &str, place: Span) {
        if Keyword::of(word).is_some_and(Keyword::needs_value) {
            self.report(SyntaxError::new(ErrorKind::MissingValue, place, format!("`{word}` needs a value")));
            return;
        }
        let start = place.end - crate::lex::to_u32(word.len());
        let error = SyntaxError::new(
            ErrorKind::Unexpected,
            Span::new(start, place.end),
            format!("`{word}` is not an entry by itself"),
        );
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
        let word = self.first_word(entry, "retry");
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
            Setting { word, value: SettingValue::Retry { times, when, backoff, max }, span }
        })
    }

    /// `concurrency N [else skip|stop]`
    pub(super) fn concurrency(&mut self, number: u32, entry: &Entry) -> Option<Setting> {
        let span = self.whole(entry);
        let word = self.first_word(entry, "concurrency");
        self.head(number, Rule::concurrency, |builder, mut children| {
            let max = builder.expr(&mut children, "`concurrency` needs a number");
            let otherwise = nodes::take(&mut children, Rule::otherwise)
                .and_then(|node| builder.declared(&mut nodes::children(node), "`else`"));
            Setting { word, value: SettingValue::Concurrency { max, otherwise }, span }
        })
    }

    fn first_word(&self, entry: &Entry, word: &'static str) -> crate::ast::Ident {
        let start = entry.start - self.base;
        crate::ast::Ident { text: word.into(), span: Span::new(start, start + crate::lex::to_u32(word.len())) }
    }
}
