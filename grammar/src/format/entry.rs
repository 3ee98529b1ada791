//! Entries and items: a header, its clauses, and a block.
//!
//! Clauses stay on the header's line when the writer had them there and they fit; else each has a line of its own, a
//! step further in. Of a hook the event and its condition are set together, and what it does below them.

use super::document::Document;
use super::expr::{RunContext, is_tall};
use super::layout::Layout;
use super::source::{Tok, TokKind};
use super::token_tree::{Element, GroupKind, Part};
use crate::keyword::Keyword;

impl<'t> Layout<'_, 't> {
    /// An entry of a block, or an item of the file.
    pub(super) fn entry(&self, entry: &Part<'t>, top: bool) -> Document<'t> {
        let Some(head) = entry.nodes.first().map(|node| node.first().keyword) else {
            return Document::nil();
        };
        match head {
            Some(Keyword::Hook) if top => self.reusable_hook(&entry.nodes),
            Some(Keyword::Hook | Keyword::On) => self.hook(head, &entry.nodes),
            _ => self.plain(head, &entry.nodes),
        }
    }

    fn plain(&self, head: Option<Keyword>, nodes: &[Element<'t>]) -> Document<'t> {
        let (nodes, block) = match nodes.split_last() {
            Some((Element::Group(group), before)) if group.kind == GroupKind::Block => (before, Some(group)),
            _ => (nodes, None),
        };
        let begins = |tok: &Tok<'t>| match tok.keyword {
            Some(Keyword::When | Keyword::After | Keyword::With) => true,
            Some(Keyword::For) => head == Some(Keyword::Op),
            _ => false,
        };
        let all = clauses(nodes, begins);
        let (header, clauses) =
            all.split_first().map_or((nodes, [].as_slice()), |(header, clauses)| (*header, clauses));
        let events = matches!(head, Some(Keyword::Given | Keyword::Expect));
        let place = RunContext { head, opens_entry: true, events, ..RunContext::default() };
        let mut docs = vec![self.run(header, &place)];
        if !clauses.is_empty() {
            let lines = clauses.iter().flat_map(|clause| self.clause(head, clause)).collect();
            docs.push(Document::group(Document::nest_if_broken(Document::Concat(lines)), self.are_broken(clauses)));
        }
        if let Some(block) = block {
            docs.push(self.between(Document::Text(" "), &block.open));
            docs.push(self.brackets(block, false));
        }
        Document::Concat(docs)
    }

    /// A hook in a block: `on` stays where it is.
    fn hook(&self, head: Option<Keyword>, nodes: &[Element<'t>]) -> Document<'t> {
        let clauses = clauses(nodes, |tok| tok.is_keyword(Keyword::When) || is_verb(tok));
        let mut clauses = clauses.into_iter();
        let event = clauses.next().unwrap_or_default();
        let rest: Vec<_> = clauses.collect();
        let place = RunContext { head, opens_entry: true, events: true, ..RunContext::default() };
        let (when, verb) = split_verb(&rest);
        let mut docs = vec![self.run(event, &place)];
        if !when.is_empty() {
            let lines = when.iter().flat_map(|clause| self.clause(head, clause)).collect();
            docs.push(Document::group(Document::nest_if_broken(Document::Concat(lines)), self.are_broken(when)));
        }
        let lines = verb.iter().flat_map(|clause| self.clause(head, clause)).collect();
        docs.push(Document::nest_if_broken(Document::Concat(lines)));
        Document::group(Document::Concat(docs), is_tall(event) || self.are_broken(&rest))
    }

    /// A hook of the file: `on …` goes below its header. `for` does so only where the writer had it there.
    fn reusable_hook(&self, nodes: &[Element<'t>]) -> Document<'t> {
        let begins =
            |tok: &Tok<'t>| matches!(tok.keyword, Some(Keyword::When | Keyword::On | Keyword::For)) || is_verb(tok);
        let all = clauses(nodes, begins);
        let on = all.iter().position(|clause| clause.first().is_some_and(|node| node.is_keyword(Keyword::On)));
        let (header, rest) = all.split_at_checked(on.unwrap_or(all.len())).unwrap_or_default();
        let place = RunContext { head: Some(Keyword::Hook), ..RunContext::default() };
        let mut docs = Vec::new();
        let mut lowered = false;
        for (position, clause) in header.iter().enumerate() {
            let first = clause.first().map(Element::first).filter(|_| position > 0);
            let below = first.is_some_and(|tok| tok.broke);
            let usual = if below { Document::hard() } else { Document::Text(if position > 0 { " " } else { "" }) };
            let gap = first.map_or(Document::nil(), |tok| self.between(usual, tok));
            let doc =
                Document::Concat(vec![gap, self.run(clause, &RunContext { opens_entry: position == 0, ..place })]);
            docs.push(if below { Document::nest(doc) } else { doc });
            lowered |= below;
        }
        let (events, verb) = split_verb(rest);
        let mut lines = Vec::new();
        if let Some((event, when)) = events.split_first() {
            let events = RunContext { events: true, ..place };
            lines.extend(event.first().map(|node| self.between(Document::line(), node.first())));
            lines.push(self.run(event, &events));
            let when_lines = when.iter().flat_map(|clause| self.clause(Some(Keyword::Hook), clause)).collect();
            lines.push(Document::group(Document::Concat(when_lines), self.are_broken(when)));
        }
        lines.extend(verb.iter().flat_map(|clause| self.clause(Some(Keyword::Hook), clause)));
        docs.push(Document::group(Document::nest_if_broken(Document::Concat(lines)), lowered || self.are_broken(rest)));
        Document::Concat(docs)
    }

    /// A clause and the break before it.
    fn clause(&self, head: Option<Keyword>, nodes: &[Element<'t>]) -> [Document<'t>; 2] {
        let Some(first) = nodes.first().map(Element::first) else {
            return [Document::nil(), Document::nil()];
        };
        let fan = first.is_keyword(Keyword::For);
        [self.between(Document::line(), first), self.run(nodes, &RunContext { head, fan, ..RunContext::default() })]
    }

    /// Whether clauses go below one another in any case. A call at the very end of the last one may span lines.
    fn are_broken(&self, clauses: &[&[Element<'t>]]) -> bool {
        let below = clauses.iter().filter_map(|clause| clause.first()).any(|node| {
            let first = node.first();
            first.broke || first.has_comments()
        });
        let Some((last, before)) = clauses.split_last() else {
            return below;
        };
        below || before.iter().any(|clause| is_tall(clause)) || (is_tall(last) && !ends_in_call(last))
    }
}

/// Whether nothing in the row but the brackets at its end can take several lines.
fn ends_in_call(nodes: &[Element<'_>]) -> bool {
    let operator = |node: &Element<'_>| {
        node.is_keyword(Keyword::In)
            || node.leaf().is_some_and(|tok| tok.kind == TokKind::Sign && !matches!(tok.text, "." | "," | "!"))
    };
    let Some((end, rest)) = nodes.split_last() else {
        return false;
    };
    !is_tall(rest) && !end.first().has_comments() && !rest.iter().any(operator)
}

fn is_verb(tok: &Tok<'_>) -> bool {
    tok.keyword.is_some_and(Keyword::is_verb)
}

/// Cuts an entry before each word that begins a clause; the first piece is its header.
fn clauses<'n, 't>(nodes: &'n [Element<'t>], begins: impl Fn(&Tok<'t>) -> bool) -> Vec<&'n [Element<'t>]> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, pair) in nodes.windows(2).enumerate() {
        let [before, node] = pair else { continue };
        // `fit.when` and `trigger t = after(…)` begin no clause.
        let value = before.is_sign(".") || before.is_sign("=");
        if !value && node.leaf().is_some_and(&begins) {
            clauses.extend(nodes.get(start..=at));
            start = at + 1;
        }
    }
    clauses.extend(nodes.get(start..));
    clauses
}

/// The clauses before the verb, and those from it on.
fn split_verb<'c, 'n, 't>(clauses: &'c [&'n [Element<'t>]]) -> (&'c [&'n [Element<'t>]], &'c [&'n [Element<'t>]]) {
    let verb = clauses.iter().position(|clause| clause.first().and_then(Element::leaf).is_some_and(is_verb));
    clauses.split_at_checked(verb.unwrap_or(clauses.len())).unwrap_or_default()
}
