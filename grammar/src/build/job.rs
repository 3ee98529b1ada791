//! Jobs: ops and their clauses, triggers, `each op`, outputs.

use crate::ast::{Dep, DepOps, EachOp, Expr, Fan, Ident, Job, JobEntry, Op, Trigger};
use crate::build::{Build, head_span};
use crate::cut::{Entry, Form};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::to_u32;
use crate::pairs::{self, Pair, Rule};
use crate::span::Span;
use crate::words::nearest;

/// The clauses of an op.
#[derive(Default)]
struct Clauses {
    fan: Option<Vec<Fan>>,
    when: Option<Expr>,
    after: Option<Vec<Dep>>,
}

/// What stands between two commas of an `after` clause.
struct DepPart {
    /// Whether `any` opens it.
    starts_any: bool,
    /// The op; `None` is `each op`.
    name: Option<Ident>,
    event: Option<Ident>,
}

impl Build<'_> {
    /// A job without its entries, which are pieces of their own.
    pub(super) fn job(&mut self, number: u32, entry: &Entry) -> Option<Job> {
        let (doc, span, header) = (self.doc_at(entry.start), self.whole(entry), self.header(entry));
        let (name, inputs, outputs) = self.head(number, Rule::component, |build, mut row| {
            let name = build.declared(&mut row, "a job");
            let inputs = build.params(&mut row, "a job needs its inputs in brackets: `()`");
            (name, inputs, build.returns(&mut row))
        })?;
        self.require_block(entry, "a job");
        Some(Job { doc, name, inputs, outputs, entries: Vec::new(), header, span })
    }

    /// One entry of a job.
    pub(crate) fn job_entry(&mut self, number: u32) -> JobEntry {
        let Some(entry) = self.entry(number) else {
            return JobEntry::Error;
        };
        let built = match entry.form {
            Form::Op => self.op(number, entry).map(JobEntry::Op),
            Form::Trigger => self.trigger(number, entry).map(JobEntry::Trigger),
            Form::EachOp => self.each_op(number, entry).map(JobEntry::EachOp),
            Form::Outputs => {
                let span = self.whole(entry);
                self.head(number, Rule::outputs, |build, mut row| {
                    JobEntry::Outputs(build.required_args(&mut row, "outputs").unwrap_or_default(), span)
                })
            }
            _ => self.op_entry(number, entry).map(JobEntry::Entry),
        };
        built.unwrap_or(JobEntry::Error)
    }

    fn op(&mut self, number: u32, entry: &Entry) -> Option<Op> {
        let (doc, span, header) = (self.doc_at(entry.start), self.whole(entry), self.header(entry));
        let (name, call, clauses) = self.head(number, Rule::op, |build, mut row| {
            let name = build.declared(&mut row, "an op");
            build.equals(&mut row, "an op");
            let call = build.call(&mut row, "an op needs a component and its arguments");
            let mut clauses = Clauses::default();
            for pair in row {
                build.clause(pair, &mut clauses);
            }
            (name, call, clauses)
        })?;
        let entries = self.op_entries(number);
        let (fan, after) = (clauses.fan.unwrap_or_default(), clauses.after.unwrap_or_default());
        Some(Op { doc, name, call, fan, when: clauses.when, after, entries, header, span })
    }

    fn clause(&mut self, pair: Pair<'_>, clauses: &mut Clauses) {
        match pair.as_rule() {
            Rule::when if clauses.when.is_some() => self.twice(&pair, "when"),
            Rule::when => clauses.when = Some(self.when(pair)),
            Rule::fan if clauses.fan.is_some() => self.twice(&pair, "for"),
            Rule::fan => {
                let overs = pair.into_inner().filter(|pair| pair.as_rule() == Rule::over);
                clauses.fan = Some(overs.filter_map(|pair| self.over(pair)).collect());
            }
            Rule::after if clauses.after.is_some() => self.twice(&pair, "after"),
            Rule::after => clauses.after = Some(self.deps(pair)),
            _ => {}
        }
    }

    /// `x in xs`
    fn over(&mut self, pair: Pair<'_>) -> Option<Fan> {
        let mut row = pairs::row(pair);
        let var = self.declared(&mut row, "the variable after `for`");
        if let Some(pair) = pairs::take(&mut row, Rule::e_in) {
            self.missing(ErrorKind::MissingSign, &pair, "`for` needs `in` and a list");
            let rest = self.head_text().get(pair.start()..).unwrap_or_default();
            let word = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            if nearest(word, [Keyword::In]).is_some() {
                self.garble(to_u32(pair.start()));
            }
        }
        let over = self.expr(&mut row, "the list after `in` is missing");
        Some(Fan { var: var?, over })
    }

    /// `a, b failed, any c, d done, each op done`: `any` takes every name up to its event.
    fn deps(&mut self, pair: Pair<'_>) -> Vec<Dep> {
        let row = pairs::row(pair);
        let mut deps = Vec::with_capacity(row.count_of(Rule::dep));
        let mut any: Option<(Span, Vec<Ident>)> = None;
        for pair in row.filter(|pair| pair.as_rule() == Rule::dep) {
            let span = self.span(&pair);
            let Some(part) = self.dep_part(pair) else { continue };
            if part.starts_any {
                deps.extend(any.take().map(|group| self.any_without_event(group)));
                any = Some((span, Vec::new()));
            }
            let Some(name) = part.name else {
                deps.push(Dep { ops: DepOps::Each, event: part.event, span });
                continue;
            };
            let Some((whole, mut names)) = any.take() else {
                deps.push(Dep { ops: DepOps::One(name), event: part.event, span });
                continue;
            };
            names.push(name);
            match part.event {
                None => any = Some((whole.to(span), names)),
                event => deps.push(Dep { ops: DepOps::Any(names), event, span: whole.to(span) }),
            }
        }
        deps.extend(any.take().map(|group| self.any_without_event(group)));
        deps
    }

    /// The words between two commas: `a`, `b failed`, `any c`, `d done`, `each op done`.
    fn dep_part(&mut self, pair: Pair<'_>) -> Option<DepPart> {
        let mut words = Vec::with_capacity(3);
        for inner in pair.into_inner() {
            if inner.as_rule() == Rule::e_name {
                self.missing(ErrorKind::MissingName, &inner, "the op after `after` is missing");
            } else {
                words.push((self.ident(&inner), head_span(&inner)));
            }
        }
        let mut words = words.into_iter();
        let (first, _) = words.next()?;
        let more = words.len() > 0;
        let keyword = Keyword::of(&first.text).filter(|_| more);
        let starts_any = keyword == Some(Keyword::Any);
        let name = match keyword {
            Some(Keyword::Any) => words.next().map(|(name, _)| name),
            Some(Keyword::Each) => words.next().and(None),
            _ => Some(first),
        };
        let event = words.next().map(|(event, _)| event);
        if let Some((_, extra)) = words.next() {
            let error = SyntaxError::new(ErrorKind::Unexpected, extra, "only one event follows an op");
            self.report(error.help("part the ops with `,`"));
        }
        Some(DepPart { starts_any, name, event })
    }

    fn any_without_event(&mut self, (span, names): (Span, Vec<Ident>)) -> Dep {
        let back = self.head.start - self.base;
        let end = span.end - back;
        let place = Span::new(end, end);
        self.report(
            SyntaxError::new(ErrorKind::MissingPart, place, "`any` needs an event behind its ops")
                .help("write `any a, b done`"),
        );
        Dep { ops: DepOps::Any(names), event: None, span }
    }

    fn each_op(&mut self, number: u32, entry: &Entry) -> Option<EachOp> {
        let (span, header) = (self.whole(entry), self.header(entry));
        let (inputs, outputs) = self.head(number, Rule::each_op, |build, mut row| {
            if let Some(pair) = pairs::take(&mut row, Rule::e_name) {
                build.missing(ErrorKind::MissingName, &pair, "`each` needs `op`");
            }
            (build.params(&mut row, ""), build.returns(&mut row))
        })?;
        self.require_block(entry, "`each op`");
        Some(EachOp { inputs, outputs, entries: self.op_entries(number), header, span })
    }

    fn trigger(&mut self, number: u32, entry: &Entry) -> Option<Trigger> {
        let (doc, span) = (self.doc_at(entry.start), self.whole(entry));
        self.head(number, Rule::trigger, |build, mut row| {
            let name = build.declared(&mut row, "a trigger");
            build.equals(&mut row, "a trigger");
            let call = build.call(&mut row, "a trigger needs `schedule(…)`, `webhook(…)`, `watch(…)` or `after(…)`");
            let (mut when, mut with) = (None, None);
            for pair in row {
                match pair.as_rule() {
                    Rule::when if when.is_some() => build.twice(&pair, "when"),
                    Rule::when => when = Some(build.when(pair)),
                    _ if with.is_some() => build.twice(&pair, "with"),
                    _ => with = Some(build.required_args(&mut pairs::row(pair), "with").unwrap_or_default()),
                }
            }
            Trigger { doc, name, call, when, with, span }
        })
    }
}
