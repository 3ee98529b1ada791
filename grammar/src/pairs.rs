//! The only door to pest: runs a rule on a text and hands out its pairs.
//!
//! Every rule of the grammar accepts every text (what is missing becomes an `e_…` node), as far as it reaches. A rule that
//! fails all the same, or a pair that its parent cannot have, is answered with an error node, never with a panic.

use pest::Parser as _;
use pest::iterators::Pairs;

pub(crate) use pest::iterators::Pair;

mod generated {
    #![allow(missing_docs, clippy::all, reason = "written by pest")]
    use pest_derive::Parser;

    #[derive(Parser)]
    #[grammar = "hook.pest"]
    pub(crate) struct HookParser;
}

pub(crate) use generated::Rule;

/// Pairs that are read one after the other.
pub(crate) type Row<'t> = std::iter::Peekable<Pairs<'t, Rule>>;

/// The pair of `rule` at the start of `text`.
pub(crate) fn parse(rule: Rule, text: &str) -> Option<Pair<'_, Rule>> {
    generated::HookParser::parse(rule, text).ok()?.next()
}

/// The children of a pair.
pub(crate) fn row(pair: Pair<'_, Rule>) -> Row<'_> {
    pair.into_inner().peekable()
}

/// The rule of the next pair.
pub(crate) fn peek(row: &mut Row<'_>) -> Option<Rule> {
    row.peek().map(Pair::as_rule)
}

/// The next pair, when it is of this rule.
pub(crate) fn take<'t>(row: &mut Row<'t>, rule: Rule) -> Option<Pair<'t, Rule>> {
    row.next_if(|pair| pair.as_rule() == rule)
}
