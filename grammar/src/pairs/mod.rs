//! The only door to pest: runs a rule on the letters of a head and hands out its pairs, which lie in the head's text.
//!
//! Every rule of the grammar accepts every text (what is missing becomes an `e_…` node), as far as it reaches. A rule that
//! fails all the same, or a pair that its parent cannot have, is answered with an error node, never with a panic.
//! A pair is no more than a place in a flat row of nodes, which `flat` makes.

mod flat;

use flat::flatten;
use pest::Parser as _;

use crate::letters::Letters;

mod generated {
    #![allow(missing_docs, clippy::all, reason = "written by pest")]
    use pest_derive::Parser;

    #[derive(Parser)]
    #[grammar = "hook.pest"]
    pub(crate) struct HookParser;
}

pub(crate) use generated::Rule;

/// A rule and the text it matched.
#[derive(Clone, Copy)]
struct Node {
    rule: Rule,
    start: u32,
    end: u32,
    /// The first node that does not lie in it; its parent while it is open.
    next: u32,
}

/// What a rule made of a text, each node before its children.
pub(crate) struct Nodes<'t> {
    text: &'t str,
    nodes: Vec<Node>,
}

/// One node.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'t> {
    text: &'t str,
    nodes: &'t [Node],
    at: u32,
    node: Node,
}

/// Pairs that are read one after the other.
#[derive(Clone)]
pub(crate) struct Row<'t> {
    text: &'t str,
    nodes: &'t [Node],
    at: u32,
    end: u32,
}

/// The nodes of `rule` at the start of a head, whose text is `text`.
pub(crate) fn parse<'t>(rule: Rule, text: &'t str, letters: &Letters<'_>) -> Option<Nodes<'t>> {
    let pairs = generated::HookParser::parse(rule, letters.row()).ok()?;
    Some(Nodes { text, nodes: flatten(pairs.tokens(), letters)? })
}

/// Whether `rule` reads this letter.
#[cfg(test)]
pub(crate) fn reads(rule: Rule, letter: char) -> bool {
    generated::HookParser::parse(rule, letter.encode_utf8(&mut [0; 4])).is_ok()
}

impl Nodes<'_> {
    /// The outermost node.
    pub(crate) fn pair(&self) -> Option<Pair<'_>> {
        Some(Pair { text: self.text, nodes: &self.nodes, at: 0, node: *self.nodes.first()? })
    }
}

impl<'t> Pair<'t> {
    pub(crate) fn as_rule(&self) -> Rule {
        self.node.rule
    }

    pub(crate) fn as_str(&self) -> &'t str {
        self.text.get(self.start()..self.end()).unwrap_or_default()
    }

    /// Where it begins in the text that was parsed.
    pub(crate) fn start(&self) -> usize {
        self.node.start as usize
    }

    /// Where it ends in the text that was parsed.
    pub(crate) fn end(&self) -> usize {
        self.node.end as usize
    }

    pub(crate) fn into_inner(self) -> Row<'t> {
        row(self)
    }
}

impl<'t> Row<'t> {
    /// The next pair, left where it is.
    pub(crate) fn peek(&self) -> Option<Pair<'t>> {
        if self.at >= self.end {
            return None;
        }
        Some(Pair { text: self.text, nodes: self.nodes, at: self.at, node: *self.nodes.get(self.at as usize)? })
    }

    /// The next pair, when it is one that is wanted.
    pub(crate) fn next_if(&mut self, wanted: impl FnOnce(&Pair<'t>) -> bool) -> Option<Pair<'t>> {
        let pair = self.peek().filter(wanted)?;
        self.at = pair.node.next;
        Some(pair)
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

impl<'t> Iterator for Row<'t> {
    type Item = Pair<'t>;

    fn next(&mut self) -> Option<Pair<'t>> {
        self.next_if(|_| true)
    }
}

/// The children of a pair.
pub(crate) fn row(pair: Pair<'_>) -> Row<'_> {
    Row { text: pair.text, nodes: pair.nodes, at: pair.at + 1, end: pair.node.next }
}

/// The rule of the next pair.
pub(crate) fn peek(row: &Row<'_>) -> Option<Rule> {
    row.peek().map(|pair| pair.node.rule)
}

/// The next pair, when it is of this rule.
pub(crate) fn take<'t>(row: &mut Row<'t>, rule: Rule) -> Option<Pair<'t>> {
    row.next_if(|pair| pair.node.rule == rule)
}
