//! Hooks: where they stand, what they listen to, what they do.

use crate::ast::{Event, Expr, Hook, HookTarget, OpEntry, Use, Verb};
use crate::entries::{Entry, EntryForm};
use crate::error::{ErrorKind, SyntaxError};
use crate::lex::to_u32;
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

/// What follows `on`.
struct Listening {
    events: Vec<Event>,
    when: Option<Expr>,
    verb: Option<Verb>,
}

impl TreeBuilder<'_> {
    /// A reusable hook.
    pub(super) fn top_hook(&mut self, number: u32, entry: &Entry) -> Option<Hook> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        let mut hook = self.head(number, Rule::hook, |builder, mut children| {
            let name = builder.declared(&mut children, "a reusable hook");
            let end_of_name = name.as_ref().map(|name| name.span.end);
            let params = builder.bare_params(&mut children, "");
            let written = nodes::take(&mut children, Rule::target);
            let target = written.and_then(|node| builder.target(node)).map(Box::new);
            if let (None, Some(end)) = (written, end_of_name)
                && nodes::peek(&children) != Some(Rule::missing_on)
                && params.is_empty()
            {
                let place = Span::new(end, end);
                let error = SyntaxError::new(ErrorKind::MissingPart, place, "a reusable hook needs a target: `for op`");
                builder.report(error.help("write `for op`, `for job` or `for agent` before `on`"));
            } else if written.is_none()
                && let Some(node) = children.peek()
                && node.as_rule() != Rule::missing_on
            {
                builder.missing(ErrorKind::MissingPart, &node, "a reusable hook needs a target: `for op`");
            }
            let Listening { events, when, verb } = builder.listening(&mut children);
            Hook { doc, name, params, target, events, when, verb, span }
        })?;
        self.hook_settings(number, entry, &mut hook);
        Some(hook)
    }

    fn target(&mut self, node: Node<'_>) -> Option<HookTarget> {
        let mut children = nodes::children(node);
        let kind = self.declared(&mut children, "`for`");
        let inputs = self.params(&mut children, "");
        let outputs = self.returns(&mut children);
        Some(HookTarget { kind: kind?, inputs, outputs })
    }

    /// A hook in a block: `hook NAME on …` or `on …`.
    pub(super) fn hook(&mut self, number: u32, entry: &Entry) -> Option<Hook> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        let rule = if entry.form == EntryForm::On { Rule::on } else { Rule::hook };
        let mut hook = self.head(number, rule, |builder, mut children| {
            let name = if rule == Rule::hook { builder.declared(&mut children, "a hook") } else { None };
            let reusable = children.peek().filter(|node| matches!(node.as_rule(), Rule::params | Rule::target));
            if let Some(node) = reusable {
                let error = SyntaxError::new(
                    ErrorKind::NotAllowedHere,
                    node.span(),
                    "a hook in a block takes neither parameters nor `for`",
                );
                builder.report(error.help("write reusable hooks at the top level and attach them with `use`"));
            }
            let params = builder.bare_params(&mut children, "");
            let target = nodes::take(&mut children, Rule::target).and_then(|node| builder.target(node)).map(Box::new);
            let Listening { events, when, verb } = builder.listening(&mut children);
            Hook { doc, name, params, target, events, when, verb, span }
        })?;
        self.hook_settings(number, entry, &mut hook);
        Some(hook)
    }

    fn listening(&mut self, children: &mut Children<'_>) -> Listening {
        let inner = nodes::take(children, Rule::on_part).map(Node::into_inner);
        let mut found = Listening {
            events: Vec::with_capacity(inner.as_ref().unwrap_or(children).count_of(Rule::event)),
            when: None,
            verb: None,
        };
        for node in inner.into_iter().flatten().chain(children) {
            match node.as_rule() {
                Rule::missing_on => self.missing(ErrorKind::MissingPart, &node, "a hook needs `on EVENT`"),
                Rule::event => found.events.extend(self.event(node)),
                Rule::when if found.when.is_some() => self.twice(&node, "when"),
                Rule::when => found.when = Some(self.when(node)),
                Rule::gate => found.verb = self.gate(node),
                Rule::message => found.verb = self.message(node),
                Rule::missing_verb => self.missing_verb(&node),
                _ => {}
            }
        }
        found
    }

    fn missing_verb(&mut self, node: &Node<'_>) {
        let place = self.place_before(node);
        let error = SyntaxError::new(
            ErrorKind::MissingPart,
            place,
            "the hook needs an action: `run`, `require`, `modify`, `fail` or `warn`",
        );
        let word = self.word_at(node.span().start);
        let after = node.span().start + to_u32(word.len());
        let called = !word.is_empty() && self.source(Span::new(after, after + 1)) == "(";
        self.report(if called { error.fix(place, " run", "insert `run`") } else { error });
    }

    fn event(&mut self, node: Node<'_>) -> Option<Event> {
        let span = node.span();
        let mut children = nodes::children(node);
        if let Some(none) = nodes::take(&mut children, Rule::missing_name) {
            self.missing(ErrorKind::MissingPart, &none, "the event after `on` is missing");
            return None;
        }
        let name = self.declared(&mut children, "an event")?;
        let args = self.required_args(&mut children, &name.text).unwrap_or_default();
        Some(Event { name, args: args.into_iter().map(|arg| arg.value).collect(), span })
    }

    fn gate(&mut self, node: Node<'_>) -> Option<Verb> {
        let mut children = nodes::children(node);
        let word = self.ident(&children.next()?);
        let call = self.call(&mut children, "the hook needs a component and its arguments");
        Some(Verb::Call { word, call, settings: Vec::new() })
    }

    fn message(&mut self, node: Node<'_>) -> Option<Verb> {
        let mut children = nodes::children(node);
        let word = self.ident(&children.next()?);
        let text = self.expr(&mut children, "the message is missing");
        Some(Verb::Message { word, text })
    }

    /// The settings of a hook's run, in the block after its call.
    fn hook_settings(&mut self, number: u32, entry: &Entry, hook: &mut Hook) {
        if entry.has_block && !matches!(hook.verb, Some(Verb::Call { .. })) {
            let error = SyntaxError::new(
                ErrorKind::NotAllowedHere,
                self.end_of_head(entry),
                "only a call takes a block of settings",
            );
            self.report(error);
        }
        let mut found = Vec::new();
        for (child, entry) in self.children(number) {
            match entry.form {
                EntryForm::Retry => found.extend(self.retry(child, entry)),
                EntryForm::Concurrency => found.extend(self.concurrency(child, entry)),
                EntryForm::Setting => found.extend(self.setting(child, entry)),
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
            EntryForm::Hook | EntryForm::On => self.hook(number, entry).map(OpEntry::Hook),
            EntryForm::Use => self
                .head(number, Rule::r#use, |builder, mut children| {
                    let call = builder.call(&mut children, "`use` needs a hook and its arguments");
                    let alias = nodes::take(&mut children, Rule::alias)
                        .and_then(|node| builder.declared(&mut nodes::children(node), "`as`"));
                    Use { call, alias, span }
                })
                .map(OpEntry::Use),
            EntryForm::Drop => self.head(number, Rule::drop, |builder, mut children| {
                builder.declared(&mut children, "`drop`").map(|name| OpEntry::Drop(name, span))
            })?,
            EntryForm::Retry => self.retry(number, entry).map(OpEntry::Setting),
            EntryForm::Concurrency => self.concurrency(number, entry).map(OpEntry::Setting),
            EntryForm::Setting => self.setting(number, entry).map(OpEntry::Setting),
            _ => {
                self.broken(number);
                None
            }
        }
    }
}
