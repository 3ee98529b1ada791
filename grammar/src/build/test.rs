//! Tests: what is given, what is expected.

use crate::ast::{AgentEvent, Arg, Expect, Given, Ident, Subject, Test, TestEntry};
use crate::build::Build;
use crate::cut::{Entry, Form};
use crate::error::ErrorKind;
use crate::pairs::{self, Pair, Row, Rule};

impl Build<'_> {
    pub(super) fn test(&mut self, number: u32, entry: &Entry) -> Option<Test> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        let mut test = self.head(number, Rule::test, |build, mut row| {
            let title = match pairs::take(&mut row, Rule::e_value) {
                Some(pair) => {
                    build.missing(ErrorKind::MissingName, &pair, "a test needs a title: `test \"…\" for JOB(…)`");
                    None
                }
                None => Some(build.expr(&mut row, "")),
            };
            if let Some(pair) = pairs::take(&mut row, Rule::e_for) {
                build.missing(ErrorKind::MissingSign, &pair, "a test needs `for JOB(…)`");
            }
            let job = build.call(&mut row, "a test needs a job and its inputs");
            let (mut profile, mut source) = (None, None);
            for pair in row {
                let (slot, word) = match pair.as_rule() {
                    Rule::test_profile => (&mut profile, "profile"),
                    _ => (&mut source, "source"),
                };
                if slot.is_some() {
                    build.twice(&pair, word);
                    continue;
                }
                *slot = build.declared(&mut pairs::row(pair), &format!("`{word}`"));
            }
            Test { doc, title, job, profile, source, entries: Vec::new(), span }
        })?;
        self.require_block(entry, "a test");
        for (child, entry) in self.children(number) {
            let built = match entry.form {
                Form::Given => self.given(child, entry).map(TestEntry::Given),
                Form::Expect => self.expect(child, entry).map(TestEntry::Expect),
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
        self.head(number, Rule::given, |build, mut row| {
            let subject = build.subject(&mut row, "`given` needs an op and its state")?;
            let retrying = pairs::take(&mut row, Rule::retrying).and_then(|pair| build.retrying(pair));
            let event = build.agent_event(&mut row);
            let state = build.state(&mut row, "the state of the op is missing: `succeeded`, `failed`, …");
            let args = build.optional_args(&mut row);
            Some(Given { subject, retrying, event, state, args, span })
        })?
    }

    fn expect(&mut self, number: u32, entry: &Entry) -> Option<Expect> {
        let span = self.whole(entry);
        self.head(number, Rule::expect, |build, mut row| {
            let subject = build.subject(&mut row, "`expect` needs a hook, an op or `job`")?;
            let event = build.agent_event(&mut row);
            let not = pairs::take(&mut row, Rule::not).is_some();
            let outcome = build.state(&mut row, "what is expected is missing: `ran`, `not ran`, a state, …");
            let string = matches!(pairs::peek(&row), Some(Rule::plain | Rule::template | Rule::raw));
            let message = string.then(|| row.next()).flatten().map(|pair| build.string(pair).expr);
            let args = build.optional_args(&mut row);
            Some(Expect { subject, event, not, outcome, message, args, span })
        })?
    }

    fn optional_args(&mut self, row: &mut Row<'_>) -> Option<Vec<Arg>> {
        pairs::take(row, Rule::args).map(|pair| self.arguments(pair).0)
    }

    fn state(&mut self, row: &mut Row<'_>, missing: &str) -> Option<Ident> {
        if let Some(pair) = pairs::take(row, Rule::e_state) {
            self.missing(ErrorKind::MissingPart, &pair, missing);
            return None;
        }
        pairs::take(row, Rule::state).map(|pair| self.ident(&pair))
    }

    fn agent_event(&mut self, row: &mut Row<'_>) -> Option<AgentEvent> {
        let pair = pairs::take(row, Rule::agent_event)?;
        let mut inner = pairs::row(pair);
        let word = self.ident(&inner.next()?);
        let tool = if inner.peek().is_some() { self.declared(&mut inner, "the tool") } else { None };
        self.unclosed(&mut inner, ")");
        Some(AgentEvent { word, tool })
    }

    fn retrying(&mut self, pair: Pair<'_>) -> Option<(u32, crate::span::Span)> {
        let mut row = pairs::row(pair);
        let number = row.next()?;
        let span = self.span(&number);
        let times = self.whole_number(&number, "the number of failures after `retrying` is missing");
        if let Some(pair) = pairs::take(&mut row, Rule::e_then) {
            self.missing(ErrorKind::MissingSign, &pair, "`retrying N` needs `then` and the final state");
        }
        times.map(|times| (times, span))
    }

    fn subject(&mut self, row: &mut Row<'_>, missing: &str) -> Option<Subject> {
        let pair = pairs::take(row, Rule::subject)?;
        let span = self.span(&pair);
        let mut path = Vec::new();
        let mut index = None;
        for pair in pair.into_inner() {
            match pair.as_rule() {
                Rule::word | Rule::name => path.push(self.ident(&pair)),
                Rule::whole => index = self.whole_number(&pair, "").map(|number| (number, self.span(&pair))),
                Rule::e_value => self.missing(ErrorKind::MissingValue, &pair, "the number of the item is missing"),
                Rule::e_unclosed => self.missing(ErrorKind::Unclosed, &pair, "`]` is missing"),
                Rule::e_name if path.is_empty() => {
                    self.missing(ErrorKind::MissingName, &pair, missing);
                    return None;
                }
                _ => self.missing(ErrorKind::MissingName, &pair, "a name is missing behind `.`"),
            }
        }
        Some(Subject { path, index, span })
    }
}
