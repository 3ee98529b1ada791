//! Jobs: ops and their clauses, triggers, `each op`, outputs.

use crate::ast::{Dep, DepOps, EachOp, Expr, Fan, Ident, Job, JobEntry, Op, Trigger};
use crate::entries::{Entry, EntryForm};
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::nearest::nearest;
use crate::nodes::{self, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;

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

impl TreeBuilder<'_> {
    /// A job without its entries, which are pieces of their own.
    pub(super) fn job(&mut self, number: u32, entry: &Entry) -> Option<Job> {
        let (doc, span, header) = (self.doc_of(entry), self.whole(entry), self.header(entry));
        let (name, inputs, outputs) = self.head(number, Rule::component, |builder, mut children| {
            let name = builder.declared(&mut children, "a job");
            let inputs = builder.params(&mut children, "a job needs its inputs in parentheses: `()`");
            (name, inputs, builder.returns(&mut children))
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
            EntryForm::Op => self.op(number, entry).map(JobEntry::Op),
            EntryForm::Trigger => self.trigger(number, entry).map(JobEntry::Trigger),
            EntryForm::EachOp => self.each_op(number, entry).map(JobEntry::EachOp),
            EntryForm::Outputs => {
                let span = self.whole(entry);
                self.head(number, Rule::outputs, |builder, mut children| {
                    JobEntry::Outputs(builder.required_args(&mut children, "outputs").unwrap_or_default(), span)
                })
            }
            _ => self.op_entry(number, entry).map(JobEntry::Entry),
        };
        built.unwrap_or(JobEntry::Error)
    }

    fn op(&mut self, number: u32, entry: &Entry) -> Option<Op> {
        let (doc, span, header) = (self.doc_of(entry), self.whole(entry), self.header(entry));
        let (name, call, clauses) = self.head(number, Rule::op, |builder, mut children| {
            let name = builder.declared(&mut children, "an op");
            builder.equals(&mut children, "an op");
            let call = builder.call(&mut children, "an op needs a component and its arguments");
            let mut clauses = Clauses::default();
            for node in children {
                builder.clause(node, &mut clauses);
            }
            (name, call, clauses)
        })?;
        let entries = self.op_entries(number);
        let (fan, after) = (clauses.fan.unwrap_or_default(), clauses.after.unwrap_or_default());
        Some(Op { doc, name, call, fan, when: clauses.when, after, entries, header, span })
    }

    fn clause(&mut self, node: Node<'_>, clauses: &mut Clauses) {
        match node.as_rule() {
            Rule::when if clauses.when.is_some() => self.twice(&node, "when"),
            Rule::when => clauses.when = Some(self.when(node)),
            Rule::fan if clauses.fan.is_some() => self.twice(&node, "for"),
            Rule::fan => {
                let overs = node.into_inner().filter(|node| node.as_rule() == Rule::over);
                clauses.fan = Some(overs.filter_map(|node| self.over(node)).collect());
            }
            Rule::after if clauses.after.is_some() => self.twice(&node, "after"),
            Rule::after => clauses.after = Some(self.deps(node)),
            _ => {}
        }
    }

    /// `x in xs`
    fn over(&mut self, node: Node<'_>) -> Option<Fan> {
        let mut children = nodes::children(node);
        let var = self.declared(&mut children, "the variable after `for`");
        if let Some(node) = nodes::take(&mut children, Rule::missing_in) {
            self.missing(ErrorKind::MissingSign, &node, "`for` needs `in` and a list");
            if nearest(self.word_at(node.span().start), [Keyword::In]).is_some() {
                self.garble(node.span().start);
            }
        }
        let over = self.expr(&mut children, "the list after `in` is missing");
        Some(Fan { var: var?, over })
    }

    /// `a, b failed, any c, d done, each op done`: an event holds for every name since the event before it.
    fn deps(&mut self, node: Node<'_>) -> Vec<Dep> {
        let children = nodes::children(node);
        let mut deps: Vec<Dep> = Vec::with_capacity(children.count_of(Rule::dep));
        // The deps before this one have their event.
        let mut open = 0;
        for node in children.filter(|node| node.as_rule() == Rule::dep) {
            let span = node.span();
            let Some(part) = self.dep_part(node) else { continue };
            let last = deps.get_mut(open..).and_then(<[Dep]>::last_mut);
            match (part.name, last) {
                (None, _) => deps.push(Dep { ops: DepOps::Each, event: None, span }),
                (Some(name), _) if part.starts_any => {
                    deps.push(Dep { ops: DepOps::Any(vec![name]), event: None, span })
                }
                (Some(name), Some(Dep { ops: DepOps::All(names) | DepOps::Any(names), span: whole, .. })) => {
                    names.push(name);
                    *whole = whole.to(span);
                }
                (Some(name), _) => deps.push(Dep { ops: DepOps::All(vec![name]), event: None, span }),
            }
            if let Some(event) = part.event {
                for dep in deps.iter_mut().skip(open) {
                    dep.event = Some(event.clone());
                }
                open = deps.len();
            }
        }
        for dep in deps.iter().filter(|dep| dep.event.is_none() && matches!(dep.ops, DepOps::Any(_))) {
            self.any_without_event(dep.span);
        }
        deps
    }

    /// The words between two commas: `a`, `b failed`, `any c`, `d done`, `each op done`.
    fn dep_part(&mut self, node: Node<'_>) -> Option<DepPart> {
        let mut words = Vec::with_capacity(3);
        for inner in node.into_inner() {
            if inner.as_rule() == Rule::missing_name {
                self.missing(ErrorKind::MissingName, &inner, "the op after `after` is missing");
            } else {
                words.push((self.ident(&inner), self.keyword(&inner)));
            }
        }
        let mut words = words.into_iter();
        let (first, keyword) = words.next()?;
        let keyword = keyword.filter(|_| words.len() > 0);
        let starts_any = keyword == Some(Keyword::Any);
        let name = match keyword {
            Some(Keyword::Any) => words.next().map(|(name, _)| name),
            Some(Keyword::Each) => words.next().and(None),
            _ => Some(first),
        };
        let event = words.next().map(|(event, _)| event);
        if let Some((extra, _)) = words.next() {
            let error = SyntaxError::new(ErrorKind::Unexpected, extra.span, "only one event follows an op");
            self.report(error.help("separate the ops with `,`"));
        }
        Some(DepPart { starts_any, name, event })
    }

    fn any_without_event(&mut self, span: Span) {
        let place = Span::new(span.end, span.end);
        self.report(
            SyntaxError::new(ErrorKind::MissingPart, place, "`any` needs an event after its ops")
                .help("write `any a, b done`"),
        );
    }

    fn each_op(&mut self, number: u32, entry: &Entry) -> Option<EachOp> {
        let (span, header) = (self.whole(entry), self.header(entry));
        let (inputs, outputs) = self.head(number, Rule::each_op, |builder, mut children| {
            if let Some(node) = nodes::take(&mut children, Rule::missing_name) {
                builder.missing(ErrorKind::MissingName, &node, "`each` needs `op`");
            }
            (builder.params(&mut children, ""), builder.returns(&mut children))
        })?;
        self.require_block(entry, "`each op`");
        Some(EachOp { inputs, outputs, entries: self.op_entries(number), header, span })
    }

    fn trigger(&mut self, number: u32, entry: &Entry) -> Option<Trigger> {
        let (doc, span) = (self.doc_of(entry), self.whole(entry));
        self.head(number, Rule::trigger, |builder, mut children| {
            let name = builder.declared(&mut children, "a trigger");
            builder.equals(&mut children, "a trigger");
            let call =
                builder.call(&mut children, "a trigger needs `schedule(…)`, `webhook(…)`, `watch(…)` or `after(…)`");
            let (mut when, mut with) = (None, None);
            for node in children {
                match node.as_rule() {
                    Rule::when if when.is_some() => builder.twice(&node, "when"),
                    Rule::when => when = Some(builder.when(node)),
                    _ if with.is_some() => builder.twice(&node, "with"),
                    _ => with = Some(builder.required_args(&mut nodes::children(node), "with").unwrap_or_default()),
                }
            }
            Trigger { doc, name, call, when, with, span }
        })
    }
}
