//! The only door to pest: runs a rule on the row of a head and hands out its pairs, which lie in the head's text.
//!
//! Every rule of the grammar accepts every text (what is missing becomes an `e_…` node), as far as it reaches. A rule that
//! fails all the same, or a node that its parent cannot have, is answered with an error node, never with a panic.
//! A node is no more than a place in a flat row of nodes, which `flat` makes.

mod flat;

use flat::flatten;
use pest::Parser as _;

use crate::span::Span;
use crate::token_row::TokenRow;

mod generated {
    #![allow(missing_docs, clippy::all, reason = "written by pest")]
    use pest_derive::Parser;

    #[derive(Parser)]
    #[grammar = "alphabet.pest"]
    #[grammar = "hook.pest"]
    pub(crate) struct HookParser;
}

pub(crate) use generated::Rule;

/// A rule and the text it matched.
#[derive(Clone, Copy)]
struct FlatNode {
    rule: Rule,
    start: u32,
    end: u32,
    /// The first node that does not lie in it; its parent while it is open.
    next: u32,
}

/// What a rule made of a head, each node before its children.
pub(crate) struct Nodes<'t> {
    /// The piece's text.
    text: &'t str,
    nodes: Vec<FlatNode>,
}

/// One node.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    text: &'t str,
    nodes: &'t [FlatNode],
    at: u32,
    node: FlatNode,
}

/// Pairs that are read one after the other.
#[derive(Clone)]
pub(crate) struct Children<'t> {
    text: &'t str,
    nodes: &'t [FlatNode],
    at: u32,
    end: u32,
}

/// The nodes of `rule` at the start of a head; their places count from the piece, whose text is `text`.
pub(crate) fn parse<'t>(rule: Rule, text: &'t str, row: &TokenRow<'_>) -> Option<Nodes<'t>> {
    let pairs = generated::HookParser::parse(rule, row.row()).ok()?;
    Some(Nodes { text, nodes: flatten(pairs.tokens(), row)? })
}

/// Whether `rule` reads this letter.
#[cfg(test)]
pub(crate) fn reads(rule: Rule, letter: char) -> bool {
    generated::HookParser::parse(rule, letter.encode_utf8(&mut [0; 4])).is_ok()
}

impl Nodes<'_> {
    /// The outermost node.
    pub(crate) fn node(&self) -> Option<Node<'_>> {
        Some(Node { text: self.text, nodes: &self.nodes, at: 0, node: *self.nodes.first()? })
    }
}

impl<'t> Node<'t> {
    pub(crate) fn as_rule(&self) -> Rule {
        self.node.rule
    }

    pub(crate) fn as_str(&self) -> &'t str {
        self.text.get(self.node.start as usize..self.node.end as usize).unwrap_or_default()
    }

    /// Its place in the piece.
    pub(crate) fn span(&self) -> Span {
        Span::new(self.node.start, self.node.end)
    }

    /// Its place without the bracket that opens it.
    pub(crate) fn inner_span(&self) -> Span {
        Span::new(self.node.start + 1, self.node.end)
    }

    pub(crate) fn into_inner(self) -> Children<'t> {
        children(self)
    }
}

impl<'t> Children<'t> {
    /// The next node, left where it is.
    pub(crate) fn peek(&self) -> Option<Node<'t>> {
        if self.at >= self.end {
            return None;
        }
        Some(Node { text: self.text, nodes: self.nodes, at: self.at, node: *self.nodes.get(self.at as usize)? })
    }

    /// The next node, when it is one that is wanted.
    pub(crate) fn next_if(&mut self, wanted: impl FnOnce(&Node<'t>) -> bool) -> Option<Node<'t>> {
        let node = self.peek().filter(wanted)?;
        self.at = node.node.next;
        Some(node)
    }

    /// How many of the pairs that are left are of this rule.
    pub(crate) fn count_of(&self, rule: Rule) -> usize {
        let mut at = self.at;
        let mut count = 0;
        while let Some(node) = self.nodes.get(at as usize).filter(|_| at < self.end) {
            at = node.next;
            count += usize::from(node.rule == rule);
        }
        count
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        self.next_if(|_| true)
    }
}

/// The children of a node.
pub(crate) fn children(node: Node<'_>) -> Children<'_> {
    Children { text: node.text, nodes: node.nodes, at: node.at + 1, end: node.node.next }
}

/// The rule of the next node.
pub(crate) fn peek(row: &Children<'_>) -> Option<Rule> {
    row.peek().map(|node| node.node.rule)
}

/// The next node, when it is of this rule.
pub(crate) fn take<'t>(row: &mut Children<'t>, rule: Rule) -> Option<Node<'t>> {
    row.next_if(|node| node.node.rule == rule)
}
