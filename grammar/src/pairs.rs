//! The only door to pest: runs a rule on a text and hands out its pairs.
//!
//! Every rule of the grammar accepts every text (what is missing becomes an `e_…` node), as far as it reaches. A rule that
//! fails all the same, or a pair that its parent cannot have, is answered with an error node, never with a panic.
//! Pest's own pairs share their queue by counted references, which costs more than to read them; so each head's queue is
//! copied once into a flat row of nodes, and a pair is no more than a place in it.

use pest::{Parser as _, Token};

use crate::lex::to_u32;

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
pub(crate) struct Row<'t> {
    text: &'t str,
    nodes: &'t [Node],
    at: u32,
    end: u32,
}

/// The nodes of `rule` at the start of `text`.
pub(crate) fn parse(rule: Rule, text: &str) -> Option<Nodes<'_>> {
    let tokens = generated::HookParser::parse(rule, text).ok()?.tokens();
    let mut nodes: Vec<Node> = Vec::with_capacity(tokens.len() / 2);
    let mut open = 0;
    for token in tokens {
        match token {
            Token::Start { rule, pos } => {
                let (rule, before) = plain(rule);
                let start = to_u32(pos.pos().saturating_sub(before));
                let next = std::mem::replace(&mut open, to_u32(nodes.len()));
                nodes.push(Node { rule, start, end: start, next });
            }
            Token::End { pos, .. } => {
                let next = to_u32(nodes.len());
                let node = nodes.get_mut(open as usize)?;
                node.end = to_u32(pos.pos());
                open = std::mem::replace(&mut node.next, next);
            }
        }
    }
    Some(Nodes { text, nodes })
}

/// What a rule is to the tree, and how many bytes before it belong to it: some rules are parted, or begin behind the
/// sign that tells them, only to be tried less often.
fn plain(rule: Rule) -> (Rule, usize) {
    match rule {
        Rule::word_quick => (Rule::word, 0),
        Rule::name_quick => (Rule::name, 0),
        Rule::template_single => (Rule::template, 1),
        Rule::plain | Rule::template | Rule::number | Rule::paren | Rule::list | Rule::braces => (rule, 1),
        _ => (rule, 0),
    }
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
