//! From pest's queue of tokens to one flat row of nodes, each before its children.
//!
//! Pest's own pairs share their queue by counted references, which costs more than to read them; so the queue is copied
//! once. In the row of an expression pest makes no pair of an operand of one letter: its node is made here.

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
        self.operands(at);
        let start = self.row.place(at).start;
        let end = if is_row(rule) { to_u32(at) } else { start };
        let next = std::mem::replace(&mut self.open, to_u32(self.nodes.len()));
        self.nodes.push(FlatNode { rule, start, end, next });
    }

    /// The innermost node ends before the letter with the number `at`.
    fn end(&mut self, at: usize) -> Option<()> {
        self.operands(at);
        let next = to_u32(self.nodes.len());
        let end = at.checked_sub(1).map_or(0, |last| self.row.place(last).end);
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

    /// In the row of an expression: the nodes of the operands of one letter up to `to`.
    fn operands(&mut self, to: usize) {
        let Some(expr) = self.nodes.get_mut(self.open as usize).filter(|node| is_row(node.rule)) else {
            return;
        };
        let from = std::mem::replace(&mut expr.end, to_u32(to)) as usize;
        for at in from..to {
            let rule = match self.row.role(at) {
                TokenRole::Number => Rule::number,
                TokenRole::Plain => Rule::plain,
                TokenRole::Raw => Rule::raw,
                TokenRole::Word => Rule::word,
                TokenRole::Reserved => Rule::name,
                TokenRole::Other => continue,
            };
            let place = self.row.place(at);
            self.push(rule, place.start, place.end);
        }
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
