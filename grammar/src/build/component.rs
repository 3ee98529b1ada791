//! Components and agents: inputs, outputs, and the ways they run.

use crate::ast::{BodyEntry, Component, ComponentKind, Expr, ExprKind, Http, Setting, SettingValue};
use crate::block::BlockKind;
use crate::build::{Build, head_span};
use crate::cut::{Entry, Form};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::pairs::{Pair, Rule};
use crate::span::Span;
use crate::words::nearest;

impl Build<'_> {
    pub(super) fn component(&mut self, number: u32, entry: &Entry) -> Option<Component> {
        let (doc, span, header) = (self.doc_at(entry.start), self.whole(entry), self.header(entry));
        let kind = if entry.form == Form::Agent { ComponentKind::Agent } else { ComponentKind::Component };
        let what = if kind == ComponentKind::Agent { "an agent" } else { "a component" };
        let (name, inputs, outputs) = self.head(number, Rule::component, |build, mut row| {
            let name = build.declared(&mut row, what);
            let inputs = build.params(&mut row, &format!("{what} needs its inputs in brackets: `()`"));
            (name, inputs, build.returns(&mut row))
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
            Form::Shell => self.head(number, Rule::shell, |build, mut row| {
                let pair = row.next()?;
                if pair.as_rule() != Rule::script {
                    build.missing(ErrorKind::MissingValue, &pair, "the script after `shell` is missing");
                    return None;
                }
                if build.is_patched(&pair) {
                    return None;
                }
                let (text, place) = build.raw_shell(&pair);
                Some(BodyEntry::Shell(text, place))
            })?,
            Form::External => self.head(number, Rule::external, |build, mut row| {
                let engine = build.declared(&mut row, "`external`");
                let target = build.expr(&mut row, "the engine's own reference is missing");
                engine.map(|engine| BodyEntry::External { engine, target, span })
            })?,
            Form::Result => self.head(number, Rule::result, |build, mut row| {
                build.declared(&mut row, "`result`").map(|name| BodyEntry::Result(name, span))
            })?,
            Form::Http => self.http(number, entry).map(|http| BodyEntry::Http(Box::new(http))),
            Form::Setting => self.setting(number, entry).map(body_setting),
            _ => {
                self.broken(number);
                None
            }
        }
    }

    fn http(&mut self, number: u32, entry: &Entry) -> Option<Http> {
        let span = self.whole(entry);
        let (method, url) = self.head(number, Rule::http, |build, mut row| {
            let method = build.declared(&mut row, "`http`");
            (method, build.expr(&mut row, "the address is missing"))
        })?;
        let mut http = Http { method: method?, url, headers: Vec::new(), json: None, sign: None, accept: None, span };
        for (child, entry) in self.children(number) {
            match entry.form {
                Form::Accept => http.accept = self.accept(child, entry).or(http.accept),
                Form::Setting => self.http_entry(child, entry, &mut http),
                _ => self.broken(child),
            }
        }
        Some(http)
    }

    fn http_entry(&mut self, number: u32, entry: &Entry, http: &mut Http) {
        let Some(Setting { word, value: SettingValue::Value(value), .. }) = self.setting(number, entry) else {
            return;
        };
        let place = Span::new(0, entry.head_end - entry.start);
        match Keyword::of(&word.text) {
            Some(Keyword::Header) => http.headers.push(value),
            Some(Keyword::Json) if http.json.is_none() => http.json = Some(value),
            Some(Keyword::Sign) if http.sign.is_none() => http.sign = Some(value),
            Some(Keyword::Json | Keyword::Sign) => {
                self.report(SyntaxError::new(
                    ErrorKind::NotAllowedHere,
                    place,
                    format!("`{}` stands twice", word.text),
                ));
            }
            _ => {
                let other = word.text.as_str();
                let error = SyntaxError::new(ErrorKind::Unexpected, place, format!("`{other}` is no entry of `http`"));
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
        self.head(number, Rule::accept, |build, mut row| {
            let first = row.next()?;
            let low = build.whole_number(&first, "the statuses are missing: `accept 200..299`")?;
            let high = match row.next() {
                Some(second) => build.whole_number(&second, "the last status is missing behind `..`")?,
                None => low,
            };
            Some((low, high, span))
        })?
    }

    /// A number of digits alone.
    pub(super) fn whole_number(&mut self, pair: &Pair<'_>, missing: &str) -> Option<u32> {
        if pair.as_rule() != Rule::whole {
            self.missing(ErrorKind::MissingValue, pair, missing);
            return None;
        }
        let number = pair.as_str().parse().ok();
        if number.is_none() {
            let message = format!("`{}` is too large here", pair.as_str());
            self.report(SyntaxError::new(ErrorKind::BadNumber, head_span(pair), message));
        }
        number
    }
}

/// The words of a component that have a node of their own.
fn body_setting(setting: Setting) -> BodyEntry {
    let Setting { word, value, span } = setting;
    match (Keyword::of(&word.text), value) {
        (Some(Keyword::Exec), SettingValue::Value(value)) => BodyEntry::Exec(value, span),
        (Some(Keyword::Python), SettingValue::Value(value)) => BodyEntry::Python(value, span),
        (Some(Keyword::Ask), SettingValue::Value(value)) => BodyEntry::Ask(value, span),
        (Some(Keyword::Exec | Keyword::Python | Keyword::Ask), _) => {
            let value = Expr { kind: ExprKind::Error, span: Span::new(span.end, span.end) };
            BodyEntry::Setting(Setting { word, value: SettingValue::Value(value), span })
        }
        (_, value) => BodyEntry::Setting(Setting { word, value, span }),
    }
}
