//! Components and agents: inputs, outputs, and the ways they run.

use crate::ast::{BodyEntry, Component, ComponentKind, Expr, ExprKind, Http, Setting, SettingValue};
use crate::block::BlockKind;
use crate::entries::{Entry, EntryForm};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::nearest::nearest;
use crate::nodes::{Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

impl TreeBuilder<'_> {
    pub(super) fn component(&mut self, number: u32, entry: &Entry) -> Option<Component> {
        let (doc, span, header) = (self.doc_of(entry), self.whole(entry), self.header(entry));
        let kind = if entry.form == EntryForm::Agent { ComponentKind::Agent } else { ComponentKind::Component };
        let what = if kind == ComponentKind::Agent { "an agent" } else { "a component" };
        let (name, inputs, outputs) = self.head(number, Rule::component, |builder, mut children| {
            let name = builder.declared(&mut children, what);
            let inputs = builder.params(&mut children, &format!("{what} needs its inputs in parentheses: `()`"));
            (name, inputs, builder.returns(&mut children))
        })?;
        self.require_block(entry, what);
        let mut entries = Vec::new();
        for (child, entry) in self.children(number) {
            entries.extend(self.body_entry(child, entry));
        }
        Some(Component { kind, doc, name, inputs, outputs, entries, header, span })
    }

    fn body_entry(&mut self, number: u32, entry: &Entry) -> Option<BodyEntry> {
        let span = self.whole(entry);
        match entry.form {
            EntryForm::Shell => self.head(number, Rule::shell, |builder, mut children| {
                let node = children.next()?;
                if node.as_rule() != Rule::script {
                    builder.missing(ErrorKind::MissingValue, &node, "the script after `shell` is missing");
                    return None;
                }
                if builder.is_repaired(&node) {
                    return None;
                }
                let (text, place) = builder.raw_shell(&node);
                Some(BodyEntry::Shell(text, place))
            })?,
            EntryForm::External => self.head(number, Rule::external, |builder, mut children| {
                let engine = builder.declared(&mut children, "`external`");
                let target = builder.expr(&mut children, "the engine's own reference is missing");
                engine.map(|engine| BodyEntry::External { engine, target, span })
            })?,
            EntryForm::Result => self.head(number, Rule::result, |builder, mut children| {
                builder.declared(&mut children, "`result`").map(|name| BodyEntry::Result(name, span))
            })?,
            EntryForm::Http => self.http(number, entry).map(|http| BodyEntry::Http(Box::new(http))),
            EntryForm::Setting => self.setting(number, entry).map(body_setting),
            _ => {
                self.broken(number);
                None
            }
        }
    }

    fn http(&mut self, number: u32, entry: &Entry) -> Option<Http> {
        let span = self.whole(entry);
        let (method, url) = self.head(number, Rule::http, |builder, mut children| {
            let method = builder.declared(&mut children, "`http`");
            (method, builder.expr(&mut children, "the address is missing"))
        })?;
        let mut http = Http { method: method?, url, headers: Vec::new(), json: None, sign: None, accept: None, span };
        for (child, entry) in self.children(number) {
            match entry.form {
                EntryForm::Accept => http.accept = self.accept(child, entry).or(http.accept),
                EntryForm::Setting => self.http_entry(child, entry, &mut http),
                _ => self.broken(child),
            }
        }
        Some(http)
    }

    fn http_entry(&mut self, number: u32, entry: &Entry, http: &mut Http) {
        let Some(Setting { word, keyword, value: SettingValue::Value(value), .. }) = self.setting(number, entry) else {
            return;
        };
        let place = self.header(entry);
        match keyword {
            Some(Keyword::Header) => http.headers.push(value),
            Some(Keyword::Json) if http.json.is_none() => http.json = Some(value),
            Some(Keyword::Sign) if http.sign.is_none() => http.sign = Some(value),
            Some(Keyword::Json | Keyword::Sign) => {
                self.report(SyntaxError::new(
                    ErrorKind::NotAllowedHere,
                    place,
                    format!("`{}` is given twice", word.text),
                ));
            }
            _ => {
                let other = word.text.as_str();
                let error =
                    SyntaxError::new(ErrorKind::Unexpected, place, format!("`{other}` is not an entry of `http`"));
                let near = nearest(other, Keyword::entries_of(BlockKind::Http));
                let near = near.map(|near| format!("did you mean `{}`?", near.text()));
                self.report(
                    error.help(near.unwrap_or_else(|| "it takes `header`, `json`, `sign` and `accept`".to_owned())),
                );
            }
        }
    }

    fn accept(&mut self, number: u32, entry: &Entry) -> Option<(u32, u32, Span)> {
        let span = self.whole(entry);
        self.head(number, Rule::accept, |builder, mut children| {
            let first = children.next()?;
            let low = builder.whole_number(&first, "the statuses are missing: `accept 200..299`")?;
            let high = match children.next() {
                Some(second) => builder.whole_number(&second, "the last status is missing after `..`")?,
                None => low,
            };
            Some((low, high, span))
        })?
    }

    /// A number of digits alone.
    pub(super) fn whole_number(&mut self, node: &Node<'_>, missing: &str) -> Option<u32> {
        if node.as_rule() != Rule::whole {
            self.missing(ErrorKind::MissingValue, node, missing);
            return None;
        }
        let number = node.as_str().parse().ok();
        if number.is_none() {
            let message = format!("`{}` is too large", node.as_str());
            self.report(SyntaxError::new(ErrorKind::BadNumber, node.span(), message));
        }
        number
    }
}

/// The words of a component that have a node of their own.
fn body_setting(setting: Setting) -> BodyEntry {
    let Setting { word, keyword, value, span } = setting;
    match (keyword, value) {
        (Some(Keyword::Exec), SettingValue::Value(value)) => BodyEntry::Exec(value, span),
        (Some(Keyword::Python), SettingValue::Value(value)) => BodyEntry::Python(value, span),
        (Some(Keyword::Ask), SettingValue::Value(value)) => BodyEntry::Ask(value, span),
        (Some(Keyword::Exec | Keyword::Python | Keyword::Ask), _) => {
            let value = Expr { kind: ExprKind::Error, span: Span::new(span.end, span.end) };
            BodyEntry::Setting(Setting { word, keyword, value: SettingValue::Value(value), span })
        }
        (_, value) => BodyEntry::Setting(Setting { word, keyword, value, span }),
    }
}
