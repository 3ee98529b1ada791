//! Hooks: where they stand, what they listen to, what they do.

use crate::ast::{Event, Expr, Hook, HookTarget, OpEntry, Use, Verb};
use crate::build::{Build, head_span};
use crate::cut::{Entry, Form};
use crate::error::{ErrorKind, SyntaxError};
use crate::pairs::{self, Pair, Row, Rule};
use crate::span::Span;

/// What follows `on`.
struct Listening {
    events: Vec<Event>,
    when: Option<Expr>,
    verb: Option<Verb>,
}

impl Build<'_> {
    /// A reusable hook.
    pub(super) fn top_hook(&mut self, number: u32, entry: &Entry) -> Option<Hook> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        let mut hook = self.head(number, Rule::hook, |build, mut row| {
            let name = build.declared(&mut row, "a reusable hook");
            let end_of_name = name.as_ref().map(|name| name.span.end);
            let params = build.params(&mut row, "");
            let written = pairs::take(&mut row, Rule::target);
            let target = written.and_then(|pair| build.target(pair)).map(Box::new);
            if let (None, Some(end)) = (written, end_of_name)
                && pairs::peek(&row) != Some(Rule::e_on)
                && params.is_empty()
            {
                let back = build.head.start - build.base;
                let place = Span::new(end - back, end - back);
                let error =
                    SyntaxError::new(ErrorKind::MissingPart, place, "a reusable hook says what it fits: `for op`");
                build.report(error.help("`for op`, `for job` or `for agent` stands before `on`"));
            } else if written.is_none()
                && let Some(pair) = row.peek()
                && pair.as_rule() != Rule::e_on
            {
                build.missing(ErrorKind::MissingPart, &pair, "a reusable hook says what it fits: `for op`");
            }
            let Listening { events, when, verb } = build.listening(&mut row);
            Hook { doc, name, params, target, events, when, verb, span }
        })?;
        self.hook_settings(number, entry, &mut hook);
        Some(hook)
    }

    fn target(&mut self, pair: Pair<'_>) -> Option<HookTarget> {
        let mut row = pairs::row(pair);
        let kind = self.declared(&mut row, "`for`");
        let inputs = self.params(&mut row, "");
        let outputs = self.returns(&mut row);
        Some(HookTarget { kind: kind?, inputs, outputs })
    }

    /// A hook in a block: `hook NAME on …` or `on …`.
    pub(super) fn hook(&mut self, number: u32, entry: &Entry) -> Option<Hook> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        let rule = if entry.form == Form::On { Rule::on } else { Rule::hook };
        let mut hook = self.head(number, rule, |build, mut row| {
            let name = if rule == Rule::hook { build.declared(&mut row, "a hook") } else { None };
            let reusable = row.peek().filter(|pair| matches!(pair.as_rule(), Rule::params | Rule::target));
            if let Some(pair) = reusable {
                let error = SyntaxError::new(
                    ErrorKind::NotAllowedHere,
                    head_span(&pair),
                    "a hook in a block takes neither parameters nor `for`",
                );
                build.report(error.help("reusable hooks stand at the top level and are attached with `use`"));
            }
            let params = build.params(&mut row, "");
            let target = pairs::take(&mut row, Rule::target).and_then(|pair| build.target(pair)).map(Box::new);
            let Listening { events, when, verb } = build.listening(&mut row);
            Hook { doc, name, params, target, events, when, verb, span }
        })?;
        self.hook_settings(number, entry, &mut hook);
        Some(hook)
    }

    fn listening(&mut self, row: &mut Row<'_>) -> Listening {
        let inner = pairs::take(row, Rule::on_part).map(Pair::into_inner);
        let mut found = Listening {
            events: Vec::with_capacity(inner.as_ref().unwrap_or(row).count_of(Rule::event)),
            when: None,
            verb: None,
        };
        for pair in inner.into_iter().flatten().chain(row) {
            match pair.as_rule() {
                Rule::e_on => self.missing(ErrorKind::MissingPart, &pair, "a hook needs `on EVENT`"),
                Rule::event => found.events.extend(self.event(pair)),
                Rule::when if found.when.is_some() => self.twice(&pair, "when"),
                Rule::when => found.when = Some(self.when(pair)),
                Rule::gate => found.verb = self.gate(pair),
                Rule::message => found.verb = self.message(pair),
                Rule::e_verb => self.missing_verb(&pair),
                _ => {}
            }
        }
        found
    }

    fn missing_verb(&mut self, pair: &Pair<'_>) {
        let place = self.place_before(pair);
        let error =
            SyntaxError::new(ErrorKind::MissingPart, place, "the hook does nothing: `run`, `fail`, … is missing");
        let rest = self.head_text().get(pair.start()..).unwrap_or_default();
        let name = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_')).unwrap_or(0);
        let called = name > 0 && rest.get(name..).is_some_and(|rest| rest.starts_with('('));
        self.report(if called { error.fix(place, " run", "insert `run`") } else { error });
    }

    fn event(&mut self, pair: Pair<'_>) -> Option<Event> {
        let span = self.span(&pair);
        let mut row = pairs::row(pair);
        if let Some(none) = pairs::take(&mut row, Rule::e_name) {
            self.missing(ErrorKind::MissingPart, &none, "the event after `on` is missing");
            return None;
        }
        let name = self.declared(&mut row, "an event")?;
        let args = self.required_args(&mut row, &name.text).unwrap_or_default();
        Some(Event { name, args: args.into_iter().map(|arg| arg.value).collect(), span })
    }

    fn gate(&mut self, pair: Pair<'_>) -> Option<Verb> {
        let mut row = pairs::row(pair);
        let word = self.ident(&row.next()?);
        let call = self.call(&mut row, "the hook needs a component and its arguments");
        Some(Verb::Call { word, call, settings: Vec::new() })
    }

    fn message(&mut self, pair: Pair<'_>) -> Option<Verb> {
        let mut row = pairs::row(pair);
        let word = self.ident(&row.next()?);
        let text = self.expr(&mut row, "the message is missing");
        Some(Verb::Message { word, text })
    }

    /// The settings of a hook's run, in the block behind its call.
    fn hook_settings(&mut self, number: u32, entry: &Entry, hook: &mut Hook) {
        if entry.block && !matches!(hook.verb, Some(Verb::Call { .. })) {
            let end = entry.head_end - entry.start;
            let error = SyntaxError::new(
                ErrorKind::NotAllowedHere,
                Span::new(end, end),
                "only a call takes a block of settings",
            );
            self.report(error);
        }
        let mut found = Vec::new();
        for (child, entry) in self.children(number) {
            match entry.form {
                Form::Retry => found.extend(self.retry(child, entry)),
                Form::Concurrency => found.extend(self.concurrency(child, entry)),
                Form::Setting => found.extend(self.setting(child, entry)),
                _ => self.broken(child),
            }
        }
        if let Some(Verb::Call { settings, .. }) = &mut hook.verb {
            *settings = found;
        }
    }

    /// The entries in the block of an op, `each op` or `each job`.
    pub(super) fn op_entries(&mut self, number: u32) -> Vec<OpEntry> {
        let mut entries = Vec::with_capacity(self.children(number).count());
        for (child, entry) in self.children(number) {
            entries.extend(self.op_entry(child, entry));
        }
        entries
    }

    pub(super) fn op_entry(&mut self, number: u32, entry: &Entry) -> Option<OpEntry> {
        let span = self.whole(entry);
        match entry.form {
            Form::Hook | Form::On => self.hook(number, entry).map(OpEntry::Hook),
            Form::Use => self
                .head(number, Rule::r#use, |build, mut row| {
                    let call = build.call(&mut row, "`use` needs a hook and its arguments");
                    let alias = pairs::take(&mut row, Rule::alias)
                        .and_then(|pair| build.declared(&mut pairs::row(pair), "`as`"));
                    Use { call, alias, span }
                })
                .map(OpEntry::Use),
            Form::Drop => self.head(number, Rule::drop, |build, mut row| {
                build.declared(&mut row, "`drop`").map(|name| OpEntry::Drop(name, span))
            })?,
            Form::Retry => self.retry(number, entry).map(OpEntry::Setting),
            Form::Concurrency => self.concurrency(number, entry).map(OpEntry::Setting),
            Form::Setting => self.setting(number, entry).map(OpEntry::Setting),
            _ => {
                self.broken(number);
                None
            }
        }
    }
}
