//! From pest's queue of tokens to one flat row of nodes, each before its children.
//!
//! Pest's own pairs share their queue by counted references, which costs more than to read them; so the queue is copied
//! once. In the row of an expression pest makes pairs of what has parts only: what is one token there is told by its
//! letter alone, and its node is made here.

use pest::Token;

use super::{Node, Rule};
use crate::letters::{Leaf, Letters};
use crate::lex::to_u32;

/// The nodes of pest's tokens; `None` when they are no tree.
pub(super) fn flatten<'t>(
    tokens: impl ExactSizeIterator<Item = Token<'t, Rule>>,
    letters: &Letters<'_>,
) -> Option<Vec<Node>> {
    let room = tokens.len() / 2 + letters.count();
    let mut flat = Flat { letters, nodes: Vec::with_capacity(room), open: 0, reach: 0 };
    for token in tokens {
        match token {
            Token::Start { rule, pos } => flat.start(rule, pos.pos()),
            Token::End { pos, .. } => flat.end(pos.pos())?,
        }
    }
    Some(flat.nodes)
}

struct Flat<'l, 't> {
    letters: &'l Letters<'t>,
    nodes: Vec<Node>,
    /// The innermost node that is not ended yet. While a row is open, its `end` is the number of its first letter that
    /// no node covers.
    open: u32,
    /// Where the last of the ended nodes ends.
    reach: u32,
}

impl Flat<'_, '_> {
    /// A pair begins at the letter with the number `at`.
    fn start(&mut self, rule: Rule, at: usize) {
        self.leaves(at);
        let start = self.beginning(rule, at);
        let end = if is_row(rule) { to_u32(at) } else { start };
        let rule = if rule == Rule::hole_junk { Rule::junk } else { rule };
        let next = std::mem::replace(&mut self.open, to_u32(self.nodes.len()));
        self.nodes.push(Node { rule, start, end, next });
    }

    /// The innermost pair ends before the letter with the number `at`.
    fn end(&mut self, at: usize) -> Option<()> {
        self.leaves(at);
        let next = to_u32(self.nodes.len());
        let end = at.checked_sub(1).map_or(0, |last| self.letters.place(last).end);
        let node = self.nodes.get_mut(self.open as usize)?;
        // A node without letters lies where the next token begins: what lacks its end reaches up to there.
        node.end = end.max(self.reach).max(node.start);
        self.reach = node.end;
        self.open = std::mem::replace(&mut node.next, next);
        if let Some(row) = self.nodes.get_mut(self.open as usize).filter(|node| is_row(node.rule)) {
            row.end = to_u32(at);
        }
        Some(())
    }

    /// Where a node begins in the head. Some rules begin behind the signs that tell them.
    fn beginning(&self, rule: Rule, at: usize) -> u32 {
        match rule {
            Rule::args | Rule::index => self.letters.place(at.saturating_sub(1)).end,
            Rule::paren | Rule::list | Rule::braces => self.letters.place(at.saturating_sub(1)).start,
            Rule::label => self.letters.place(at.saturating_sub(2)).start,
            _ => self.letters.place(at).start,
        }
    }

    /// In the row of an expression: the nodes of its letters up to `to` that lie in no pair.
    fn leaves(&mut self, to: usize) {
        let Some(row) = self.nodes.get_mut(self.open as usize).filter(|node| is_row(node.rule)) else {
            return;
        };
        let mut at = std::mem::replace(&mut row.end, to_u32(to)) as usize;
        if at >= to {
            return;
        }
        let starts = self.letters.place(at).start == row.start;
        let mut ended = !starts && at.checked_sub(1).is_some_and(|before| self.letters.leaf(before).ends_operand());
        while at < to {
            let leaf = self.letters.leaf(at);
            let (rule, length) = match leaf {
                Leaf::Number => (Rule::number, 1),
                Leaf::Plain => (Rule::plain, 1),
                Leaf::Raw => (Rule::raw, 1),
                Leaf::Word => (Rule::word, 1),
                Leaf::Reserved => (Rule::name, 1),
                Leaf::In => (if ended { Rule::infix } else { Rule::name }, 1),
                Leaf::Sign { prefix } => (if prefix && !ended { Rule::prefix } else { Rule::infix }, 1),
                Leaf::Dots => {
                    let dots = self.letters.place(at);
                    self.push(Rule::member, dots.start + 1, dots.start + 1);
                    (Rule::member, 1 + self.named(at + 1, to))
                }
                Leaf::Dot if ended => (Rule::member, 1 + self.named(at + 1, to)),
                Leaf::Dot => (Rule::number, 2),
                // A bracket, whose pair begins behind it.
                Leaf::Closing | Leaf::Other => {
                    at += 1;
                    continue;
                }
            };
            ended = !matches!(rule, Rule::infix | Rule::prefix);
            self.leaf(rule, at, length);
            at += length;
        }
    }

    /// How many letters the name behind a dot has: one, or none where it is missing.
    fn named(&self, at: usize, to: usize) -> usize {
        usize::from(at < to && self.letters.leaf(at).is_name())
    }

    fn leaf(&mut self, rule: Rule, at: usize, length: usize) {
        let (first, last) = (self.letters.place(at), self.letters.place(at + length - 1));
        // The dot is no part of the name behind it.
        let start = match rule {
            Rule::member if length == 1 => first.end,
            Rule::member => last.start,
            _ => first.start,
        };
        self.push(rule, start, last.end);
    }

    fn push(&mut self, rule: Rule, start: u32, end: u32) {
        let next = to_u32(self.nodes.len()) + 1;
        self.nodes.push(Node { rule, start, end, next });
    }
}

/// Whether a pair of this rule is a row of operands and signs.
fn is_row(rule: Rule) -> bool {
    matches!(rule, Rule::expr | Rule::fexpr)
}
