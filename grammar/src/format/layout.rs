//! Brackets, blocks and the gaps that hold comments.
//!
//! A comment is set in the gap where it was written, on its own line or after the code as it was, and a line break
//! follows it. Since comments run to the end of their line, the language allows a line break wherever one stands.

use super::document::Document;
use super::expr::RunContext;
use super::source::{Comment, Tok};
use super::token_tree::{Element, Group, GroupKind, Part};
use crate::keyword::Keyword;

/// Turns nodes into documents.
pub(super) struct Layout<'c, 't> {
    /// The comments of the file.
    pub(super) comments: &'c [Comment<'t>],
}

impl<'t> Layout<'_, 't> {
    /// The comments before `tok`.
    pub(super) fn comments_before(&self, tok: &Tok<'t>) -> &[Comment<'t>] {
        self.comments.get(tok.gap.clone()).unwrap_or_default()
    }

    /// What stands between two tokens: `usual`, or the comments before `tok` and a line break.
    pub(super) fn between(&self, usual: Document<'t>, tok: &Tok<'t>) -> Document<'t> {
        if tok.has_comments() { self.gap(Document::hard(), false, tok) } else { usual }
    }

    /// The comments before `tok`, each followed by a line break; where there are none, `usual`.
    /// `blanks`: blank lines are kept.
    fn gap(&self, usual: Document<'t>, blanks: bool, tok: &Tok<'t>) -> Document<'t> {
        let comments = self.comments_before(tok);
        if comments.is_empty() {
            return usual;
        }
        let mut docs = Vec::new();
        let mut blanks_here = blanks;
        for (position, comment) in comments.iter().enumerate() {
            if position == 0 && !comment.own_line {
                docs.push(Document::Text("  "));
            } else {
                docs.push(Document::Hard { blank: blanks_here && comment.blank });
                blanks_here = true;
            }
            docs.push(Document::Comment(comment.text));
        }
        docs.push(Document::Hard { blank: blanks_here && tok.blank });
        Document::Concat(docs)
    }

    /// A pair of brackets; `comma`: a comma may stand after the last part.
    pub(super) fn brackets(&self, group: &Group<'t>, comma: bool) -> Document<'t> {
        if group.kind == GroupKind::Block {
            return self.block(group);
        }
        if group.parts.is_empty() && !group.close.has_comments() {
            return Document::Concat(vec![Document::Text(group.open.text), Document::Text(group.close.text)]);
        }
        if let Some(part) = hugged(group) {
            let inside = self.part(group, part);
            return Document::Concat(vec![Document::Text(group.open.text), inside, Document::Text(group.close.text)]);
        }
        let edge = if group.open.text == "{" { " " } else { "" };
        let mut inside = Vec::new();
        for (position, part) in group.parts.iter().enumerate() {
            let Some(first) = part.nodes.first().map(Element::first) else {
                continue;
            };
            if position > 0 {
                inside.push(Document::Text(","));
            }
            let flat = if position > 0 { " " } else { edge };
            let usual = Document::Line { flat, blank: position > 0 && first.blank };
            inside.push(self.gap(usual, position > 0, first));
            inside.push(self.part(group, part));
        }
        if comma && !group.parts.is_empty() {
            inside.push(Document::IfBroken(","));
        }
        let end = Document::Line { flat: edge, blank: false };
        self.enclosed(group, inside, end)
    }

    /// The brackets around `inside`; the comments before the closing one stay inside.
    fn enclosed(&self, group: &Group<'t>, mut inside: Vec<Document<'t>>, end: Document<'t>) -> Document<'t> {
        for (position, comment) in self.comments_before(&group.close).iter().enumerate() {
            let later = !inside.is_empty();
            let trailing = position == 0 && !comment.own_line;
            inside.push(if trailing { Document::Text("  ") } else { Document::Hard { blank: comment.blank && later } });
            inside.push(Document::Comment(comment.text));
        }
        let doc = Document::Concat(vec![
            Document::Text(group.open.text),
            Document::nest(Document::Concat(inside)),
            end,
            Document::Text(group.close.text),
        ]);
        if group.kind == GroupKind::Params {
            Document::stiff_group(doc, group.tall)
        } else {
            Document::group(doc, group.tall)
        }
    }

    fn block(&self, group: &Group<'t>) -> Document<'t> {
        if group.parts.is_empty() && !group.close.has_comments() {
            return Document::Text("{}");
        }
        let mut inside = Vec::new();
        for (position, entry) in group.parts.iter().enumerate() {
            let Some(first) = entry.nodes.first().map(Element::first) else {
                continue;
            };
            let later = position > 0;
            inside.push(self.gap(Document::Line { flat: " ", blank: later && first.blank }, later, first));
            inside.push(self.entry(entry, false));
        }
        self.enclosed(group, inside, Document::line())
    }

    fn part(&self, group: &Group<'t>, part: &Part<'t>) -> Document<'t> {
        match group.kind {
            GroupKind::Params => self.declaration(&part.nodes),
            GroupKind::List | GroupKind::Block => self.element(&part.nodes),
        }
    }

    /// `name: type = value where condition`; the condition may go on a line of its own.
    fn declaration(&self, nodes: &[Element<'t>]) -> Document<'t> {
        let at = nodes.iter().position(|node| node.is_keyword(Keyword::Where)).filter(|at| *at > 0);
        let Some((before, constraint)) = at.and_then(|at| nodes.split_at_checked(at)) else {
            return self.element(nodes);
        };
        let Some(first) = constraint.first().map(Element::first) else {
            return self.element(nodes);
        };
        let broken = first.has_comments() || super::expr::is_tall(constraint);
        let rest = vec![self.between(Document::line(), first), self.run(constraint, &RunContext::default())];
        Document::Concat(vec![self.element(before), Document::group(Document::nest(Document::Concat(rest)), broken)])
    }

    /// `value` or `label: value`; any word can be a label.
    fn element(&self, nodes: &[Element<'t>]) -> Document<'t> {
        let labelled = nodes.split_first().and_then(|(label, rest)| Some((label, rest.first()?, rest)));
        let Some((label, colon, rest)) = labelled.filter(|(_, colon, _)| colon.is_sign(":")) else {
            return self.run(nodes, &RunContext::default());
        };
        let gap = self.between(Document::nil(), colon.first());
        Document::Concat(vec![Document::Text(label.first().text), gap, self.run(rest, &RunContext::default())])
    }
}

/// The only part of brackets that lends them its own: `f([` … `])`, `f(x: {` … `})`.
fn hugged<'g, 't>(group: &'g Group<'t>) -> Option<&'g Part<'t>> {
    let [part] = group.parts.as_slice() else { return None };
    let inner = match part.nodes.as_slice() {
        [Element::Group(inner)] => inner,
        [Element::Leaf(_), colon, Element::Group(inner)] if colon.is_sign(":") => inner,
        _ => return None,
    };
    let lends = inner.kind == GroupKind::List && matches!(inner.open.text, "[" | "{") && !inner.parts.is_empty();
    (lends && group.open.text == "(" && !group.opened && inner.tall).then_some(part)
}
