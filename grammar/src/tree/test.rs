//! Tests: what is given, what is expected.

use crate::ast::{AgentEvent, Arg, Expect, Given, Ident, Subject, Test, TestEntry};
use crate::entries::{Entry, EntryForm};
use crate::error::ErrorKind;
use crate::nodes::{self, Children, Node, Rule};
use crate::tree::TreeBuilder;

impl TreeBuilder<'_> {
    pub(super) fn test(&mut self, number: u32, entry: &Entry) -> Option<Test> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        let mut test = self.head(number, Rule::test, |builder, mut children| {
            let title = match nodes::take(&mut children, Rule::missing_value) {
                Some(node) => {
                    builder.missing(ErrorKind::MissingName, &node, "a test needs a title: `test \"…\" for JOB(…)`");
                    None
                }
                None => Some(builder.expr(&mut children, "")),
            };
            if let Some(node) = nodes::take(&mut children, Rule::missing_for) {
                builder.missing(ErrorKind::MissingSign, &node, "a test needs `for JOB(…)`");
            }
            let job = builder.call(&mut children, "a test needs a job and its inputs");
            let (mut profile, mut source) = (None, None);
            for node in children {
                let (slot, word) = match node.as_rule() {
                    Rule::test_profile => (&mut profile, "profile"),
                    _ => (&mut source, "source"),
                };
                if slot.is_some() {
                    builder.twice(&node, word);
                    continue;
                }
                *slot = builder.declared(&mut nodes::children(node), &format!("`{word}`"));
            }
            Test { doc, title, job, profile, source, entries: Vec::new(), span }
        })?;
        self.require_block(entry, "a test");
        for (child, entry) in self.children(number) {
            let built = match entry.form {
                EntryForm::Given => self.given(child, entry).map(TestEntry::Given),
                EntryForm::Expect => self.expect(child, entry).map(TestEntry::Expect),
                _ => {
                    self.broken(child);
                    None
                }
            };
            test.entries.extend(built);
        }
        Some(test)
    }

    fn given(&mut self, number: u32, entry: &Entry) -> Option<Given> {
        let span = self.whole(entry);
        self.head(number, Rule::given, |builder, mut children| {
            let subject = builder.subject(&mut children, "`given` needs an op and its state")?;
            let retrying = nodes::take(&mut children, Rule::retrying).and_then(|node| builder.retrying(node));
            let event = builder.agent_event(&mut children);
            let state = builder.state(&mut children, "the state of the op is missing: `succeeded`, `failed`, …");
            let args = builder.optional_args(&mut children);
            Some(Given { subject, retrying, event, state, args, span })
        })?
    }

    fn expect(&mut self, number: u32, entry: &Entry) -> Option<Expect> {
        let span = self.whole(entry);
        self.head(number, Rule::expect, |builder, mut children| {
            let subject = builder.subject(&mut children, "`expect` needs a hook, an op or `job`")?;
            let event = builder.agent_event(&mut children);
            let not = nodes::take(&mut children, Rule::not).is_some();
            let outcome = builder.state(&mut children, "what is expected is missing: `ran`, `not ran`, a state, …");
            let string = matches!(nodes::peek(&children), Some(Rule::plain | Rule::template | Rule::raw));
            let message = string.then(|| children.next()).flatten().map(|node| builder.string(node).expr);
            let args = builder.optional_args(&mut children);
            Some(Expect { subject, event, not, outcome, message, args, span })
        })?
    }

    fn optional_args(&mut self, children: &mut Children<'_>) -> Option<Vec<Arg>> {
        nodes::take(children, Rule::args).map(|node| self.arguments(node).0)
    }

    fn state(&mut self, children: &mut Children<'_>, missing: &str) -> Option<Ident> {
        if let Some(node) = nodes::take(children, Rule::missing_state) {
            self.missing(ErrorKind::MissingPart, &node, missing);
            return None;
        }
        nodes::take(children, Rule::state).map(|node| self.ident(&node))
    }

    fn agent_event(&mut self, children: &mut Children<'_>) -> Option<AgentEvent> {
        let node = nodes::take(children, Rule::agent_event)?;
        let mut inner = nodes::children(node);
        let word = self.ident(&inner.next()?);
        let tool = if inner.peek().is_some() { self.declared(&mut inner, "the tool") } else { None };
        self.unclosed(&mut inner, ")");
        Some(AgentEvent { word, tool })
    }

    fn retrying(&mut self, node: Node<'_>) -> Option<(u32, crate::span::Span)> {
        let mut children = nodes::children(node);
        let number = children.next()?;
        let span = number.span();
        let times = self.whole_number(&number, "the number of failures after `retrying` is missing");
        if let Some(node) = nodes::take(&mut children, Rule::missing_then) {
            self.missing(ErrorKind::MissingSign, &node, "`retrying N` needs `then` and the final state");
        }
        times.map(|times| (times, span))
    }

    fn subject(&mut self, children: &mut Children<'_>, missing: &str) -> Option<Subject> {
        let node = nodes::take(children, Rule::subject)?;
        let span = node.span();
        let mut path = Vec::new();
        let mut index = None;
        for node in node.into_inner() {
            match node.as_rule() {
                Rule::word | Rule::name => path.push(self.ident(&node)),
                Rule::whole => index = self.whole_number(&node, "").map(|number| (number, node.span())),
                Rule::missing_value => {
                    self.missing(ErrorKind::MissingValue, &node, "the number of the item is missing")
                }
                Rule::missing_bracket => self.missing(ErrorKind::Unclosed, &node, "`]` is missing"),
                Rule::missing_name if path.is_empty() => {
                    self.missing(ErrorKind::MissingName, &node, missing);
                    return None;
                }
                _ => self.missing(ErrorKind::MissingName, &node, "a name is missing after `.`"),
            }
        }
        Some(Subject { path, index, span })
    }
}
