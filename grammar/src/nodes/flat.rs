//! From pest's queue of tokens to one flat row of nodes, each before its children.
//!
//! Pest's own pairs share their queue by counted references, which costs more than to read them; so the queue is copied
//! once. In the row of an expression pest makes pairs of what has parts only: what is one token there is told by its
//! letter alone, and its node is made here.

use pest::Token;

use super::{FlatNode, Rule};
use crate::lex::to_u32;
use crate::token_row::{TokenRole, TokenRow};

/// The nodes of pest's tokens; `None` when they are no tree.
pub(super) fn flatten<'t>(
    tokens: impl ExactSizeIterator<Item = Token<'t, Rule>>,
    row: &TokenRow<'_>,
) -> Option<Vec<FlatNode>> {
    let room = tokens.len() / 2 + row.count();
    let mut flat = Flat { row, nodes: Vec::with_capacity(room), open: 0, reach: 0 };
    for token in tokens {
        match token {
            Token::Start { rule, pos } => flat.start(rule, pos.pos()),
            Token::End { pos, .. } => flat.end(pos.pos())?,
        }
    }
    Some(flat.nodes)
}

struct Flat<'l, 't> {
    row: &'l TokenRow<'t>,
    nodes: Vec<FlatNode>,
    /// The innermost node that is not ended yet. While a row is open, its `end` is the number of its first letter that
    /// no node covers.
    open: u32,
    /// Where the last of the ended nodes ends.
    reach: u32,
}

impl Flat<'_, '_> {
    /// A node begins at the letter with the number `at`.
    fn start(&mut self, rule: Rule, at: usize) {
        self.leaves(at);
        let start = self.beginning(rule, at);
        let end = if is_row(rule) { to_u32(at) } else { start };
        let rule = if rule == Rule::hole_junk { Rule::junk } else { rule };
        let next = std::mem::replace(&mut self.open, to_u32(self.nodes.len()));
        self.nodes.push(FlatNode { rule, start, end, next });
    }

    /// The innermost node ends before the letter with the number `at`.
    fn end(&mut self, at: usize) -> Option<()> {
        self.leaves(at);
        let next = to_u32(self.nodes.len());
        let end = at.checked_sub(1).map_or(0, |last| self.row.place(last).end);
        let node = self.nodes.get_mut(self.open as usize)?;
        // A node without row lies where the next token begins: what lacks its end reaches up to there.
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
            Rule::args | Rule::index => self.row.place(at.saturating_sub(1)).end,
            Rule::paren | Rule::list | Rule::braces => self.row.place(at.saturating_sub(1)).start,
            Rule::label => self.row.place(at.saturating_sub(2)).start,
            _ => self.row.place(at).start,
        }
    }

    /// In the row of an expression: the nodes of its row up to `to` that lie in no node.
    fn leaves(&mut self, to: usize) {
        let Some(row) = self.nodes.get_mut(self.open as usize).filter(|node| is_row(node.rule)) else {
            return;
        };
        let mut at = std::mem::replace(&mut row.end, to_u32(to)) as usize;
        if at >= to {
            return;
        }
        let starts = self.row.place(at).start == row.start;
        let mut ended = !starts && at.checked_sub(1).is_some_and(|before| self.row.leaf(before).ends_operand());
        while at < to {
            let leaf = self.row.leaf(at);
            let (rule, length) = match leaf {
                TokenRole::Number => (Rule::number, 1),
                TokenRole::Plain => (Rule::plain, 1),
                TokenRole::Raw => (Rule::raw, 1),
                TokenRole::Word => (Rule::word, 1),
                TokenRole::Reserved => (Rule::name, 1),
                TokenRole::In => (if ended { Rule::infix } else { Rule::name }, 1),
                TokenRole::Sign { prefix } => (if prefix && !ended { Rule::prefix } else { Rule::infix }, 1),
                TokenRole::Dots => {
                    let dots = self.row.place(at);
                    self.push(Rule::member, dots.start + 1, dots.start + 1);
                    (Rule::member, 1 + self.named(at + 1, to))
                }
                TokenRole::Dot if ended => (Rule::member, 1 + self.named(at + 1, to)),
                TokenRole::Dot => (Rule::number, 2),
                // A bracket, whose node begins behind it.
                TokenRole::Closing | TokenRole::Other => {
                    at += 1;
                    continue;
                }
            };
            ended = !matches!(rule, Rule::infix | Rule::prefix);
            self.leaf(rule, at, length);
            at += length;
        }
    }

    /// How many row the name behind a dot has: one, or none where it is missing.
    fn named(&self, at: usize, to: usize) -> usize {
        usize::from(at < to && self.row.leaf(at).is_name())
    }

    fn leaf(&mut self, rule: Rule, at: usize, length: usize) {
        let (first, last) = (self.row.place(at), self.row.place(at + length - 1));
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
        self.nodes.push(FlatNode { rule, start, end, next });
    }
}

/// Whether a node of this rule is a row of operands and signs.
fn is_row(rule: Rule) -> bool {
    matches!(rule, Rule::expr | Rule::fexpr)
}
