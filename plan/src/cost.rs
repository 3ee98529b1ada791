//! The maximum number of steps of an expression: a static bound on what the evaluator counts.
//!
//! The sizes of values are not known before a run; usual ones are assumed, and a run with larger values ends in
//! [`crate::EvalError::Cost`] when the budget is used up. The bound does not recurse.
//!
//! The table of operations gives each a [`Steps`] and a [`Size`]; what these mean is computed here.

use crate::eval::text_steps;
use crate::expr::{Expr, Node};
use crate::types::Type;

/// The items of a list or map whose length is not known.
pub const USUAL_ITEMS: u64 = 1_000;

/// The bytes of a text whose length is not known.
pub const USUAL_BYTES: u64 = 64 * 1024;

/// The steps of an operation itself, beside the one that every operation takes. "First" and "second" are operands.
#[derive(Clone, Copy)]
pub(crate) enum Steps {
    /// No further ones.
    None,
    /// Of going over the first, a text.
    Text,
    /// Of searching the first, a text, for a pattern: four times as many.
    Pattern,
    /// Of going over both texts.
    BothTexts,
    /// Of going over every operand, each a text.
    EachText,
    /// Of comparing two texts, up to the end of the shorter one.
    ShorterText,
    /// Of comparing two values of any type, up to the end of the smaller one.
    ShorterWhole,
    /// Of going over the first, a value of any type.
    Whole,
    /// Of going over every operand, each a value of any type.
    EachWhole,
    /// Of writing the first as text.
    TextForm,
    /// One for each item of the first.
    Items,
    /// One for each item of both lists.
    BothLists,
    /// Of putting the items of the first in order.
    Sorted,
    /// Of comparing the first with each item of the second.
    Search,
    /// One for each list in the first, and for each item of these.
    Nested,
    /// As many as the first says.
    Counted,
    /// Of joining the texts in the first.
    Joined,
    /// Of splitting the first.
    Split,
    /// Of replacing parts of the first.
    Replaced,
    /// Those of the operands after the first, in each turn over its items.
    Turns,
}

/// The size of an operation's value: bytes of a text, items of a collection.
#[derive(Clone, Copy)]
pub(crate) enum Size {
    /// What is usual for the type.
    OfType,
    /// That of the constant.
    Constant,
    /// The number of the operands.
    Count,
    /// That of the first operand.
    Same,
    /// The sum of the first two.
    Sum,
    /// The sum of all.
    SumOfAll,
    /// The larger of the first two.
    Larger,
    /// The larger of the second and third.
    LargerBranch,
    /// The first as text.
    TextForm,
    /// One code point.
    Character,
    /// The first and an ellipsis.
    Truncated,
    /// Three characters for each byte of the first.
    PercentEncoded,
    /// The maximum length of a float with a fixed number of digits.
    Digits,
    /// What a pattern of dates can grow to.
    Pattern,
    /// The items of the lists in the first.
    Nested,
    /// As many as the first says.
    Counted,
    /// The joined texts of the first, with the second between them.
    Joined,
    /// The parts of the first.
    Split,
    /// The first with each of its parts replaced by the third.
    Replaced,
}

/// The maximum number of steps of an expression while texts have at most [`USUAL_BYTES`] and collections
/// [`USUAL_ITEMS`].
///
/// A step is one node, evaluated or not (those of a macro's body in each turn), one item of a collection that is
/// read, or 256 bytes of text that are read (64 for a pattern).
pub fn cost(expr: &Expr) -> u64 {
    steps(expr, Usual { items: USUAL_ITEMS, bytes: USUAL_BYTES })
}

/// The steps that an expression takes for its constants alone: every other collection has one item, and every other
/// text one byte.
pub(crate) fn constant_cost(expr: &Expr) -> u64 {
    steps(expr, Usual { items: 1, bytes: 1 })
}

/// What is assumed of values whose size is not known.
#[derive(Clone, Copy)]
struct Usual {
    items: u64,
    bytes: u64,
}

fn steps(expr: &Expr, usual: Usual) -> u64 {
    let mut tasks = vec![(expr, false)];
    let mut bounds: Vec<Bound> = Vec::new();
    while let Some((expr, operands_are_done)) = tasks.pop() {
        if !operands_are_done {
            tasks.push((expr, true));
            expr.operands(&mut |operand| tasks.push((operand, false)));
            continue;
        }
        let mut count = 0;
        expr.operands(&mut |_| count += 1);
        let first = bounds.len().saturating_sub(count);
        let bound = Bounded { expr, usual, bounds: bounds.get(first..).unwrap_or_default() }.bound();
        bounds.truncate(first);
        bounds.push(bound);
    }
    bounds.pop().map_or(0, |bound| bound.steps)
}

/// The maximum steps of an expression, and the size of its value.
#[derive(Clone, Copy, Default)]
struct Bound {
    steps: u64,
    size: u64,
}

/// An expression and the bounds of its operands. The operand that was put on the stack last was done first, so the last
/// bound is the first operand's.
struct Bounded<'a> {
    expr: &'a Expr,
    usual: Usual,
    bounds: &'a [Bound],
}

impl Bounded<'_> {
    fn bound(&self) -> Bound {
        Bound { steps: self.steps(), size: self.value_size() }
    }

    fn operand(&self, at: usize) -> Bound {
        self.bounds.iter().rev().nth(at).copied().unwrap_or_default()
    }

    fn size(&self, at: usize) -> u64 {
        self.operand(at).size
    }

    /// The type of an operand.
    fn ty(&self, at: usize) -> &Type {
        self.operand_expr(at).map_or(&Type::Null, |operand| &operand.ty)
    }

    fn operand_expr(&self, at: usize) -> Option<&Expr> {
        let mut number = 0;
        let mut found = None;
        self.expr.operands(&mut |operand| {
            if number == at {
                found = Some(operand);
            }
            number += 1;
        });
        found
    }

    /// The sum of something over the bounds of all operands.
    fn sum(&self, of: impl Fn(&Bound) -> u64) -> u64 {
        self.bounds.iter().fold(0, |sum: u64, bound| sum.saturating_add(of(bound)))
    }

    /// The steps of the expression with its operands.
    fn steps(&self) -> u64 {
        let operands = match self.expr.node.operation().steps() {
            Steps::Turns => self.turns(),
            _ => self.sum(|bound| bound.steps),
        };
        operands.saturating_add(self.own_steps()).saturating_add(1)
    }

    /// The steps of a macro's list and of its turns. The operands after the list are evaluated in each turn.
    fn turns(&self) -> u64 {
        let Some((list, others)) = self.bounds.split_last() else { return 0 };
        let turn = others.iter().fold(0, |sum: u64, bound| sum.saturating_add(bound.steps));
        list.steps.saturating_add(list.size.saturating_mul(turn.saturating_add(1)))
    }

    /// The steps of the operation itself, without the one that each takes.
    fn own_steps(&self) -> u64 {
        let (first, second) = (self.size(0), self.size(1));
        match self.expr.node.operation().steps() {
            Steps::None | Steps::Turns => 0,
            Steps::Text => text_steps(first),
            Steps::Pattern => text_steps(first.saturating_mul(4)),
            Steps::BothTexts => text_steps(first.saturating_add(second)),
            Steps::EachText => self.sum(|bound| text_steps(bound.size)),
            Steps::ShorterText => text_steps(first.min(second)),
            Steps::ShorterWhole => self.usual.weight(self.ty(0), first).min(self.usual.weight(self.ty(1), second)),
            Steps::Whole | Steps::EachWhole => self.whole_steps(),
            Steps::TextForm => text_steps(self.usual.bytes(self.ty(0), first)),
            Steps::Items => first,
            Steps::BothLists => first.saturating_add(second),
            Steps::Sorted => {
                let rounds = u64::from(u64::BITS - first.leading_zeros());
                first.saturating_mul(rounds.saturating_add(self.usual.item_weight(self.ty(0))))
            }
            Steps::Search => second.saturating_mul(self.usual.weight(self.ty(0), first).saturating_add(1)),
            Steps::Nested => first.saturating_add(first.saturating_mul(self.usual.items)),
            Steps::Counted => self.count(),
            Steps::Joined => self.usual.joined(first, second).div_euclid(256).saturating_add(first),
            Steps::Split => text_steps(first).saturating_add(first.saturating_add(1)),
            Steps::Replaced => {
                let places = first.saturating_add(1);
                let written = text_steps(places.saturating_mul(self.size(2)));
                text_steps(first).saturating_add(places).saturating_add(written)
            }
        }
    }

    /// The steps of going over every operand.
    fn whole_steps(&self) -> u64 {
        let mut sizes = self.bounds.iter().rev().map(|bound| bound.size);
        let mut steps: u64 = 0;
        self.expr.operands(&mut |operand| {
            let weight = self.usual.weight(&operand.ty, sizes.next().unwrap_or_default());
            steps = steps.saturating_add(weight).saturating_add(1);
        });
        steps
    }

    /// The size of the expression's value.
    fn value_size(&self) -> u64 {
        let (first, second) = (self.size(0), self.size(1));
        match self.expr.node.operation().size() {
            Size::OfType => self.usual.of(&self.expr.ty),
            Size::Constant => self.constant_size(),
            Size::Count => self.bounds.len() as u64,
            Size::Same => first,
            Size::Sum => first.saturating_add(second),
            Size::SumOfAll => self.sum(|bound| bound.size),
            Size::Larger => first.max(second),
            Size::LargerBranch => second.max(self.size(2)),
            Size::TextForm => self.usual.bytes(self.ty(0), first),
            Size::Character => 4,
            // An ellipsis has three bytes.
            Size::Truncated => first.saturating_add(3),
            Size::PercentEncoded => first.saturating_mul(3),
            Size::Digits => 512,
            Size::Pattern => self.pattern_size(),
            Size::Nested => first.saturating_mul(self.usual.items),
            Size::Counted => self.count(),
            Size::Joined => self.usual.joined(first, second),
            Size::Split => first.saturating_add(1),
            Size::Replaced => first.saturating_add(first.saturating_add(1).saturating_mul(self.size(2))),
        }
    }

    fn constant_size(&self) -> u64 {
        match &self.expr.node {
            Node::Const { value: serde_json::Value::String(text) } => text.len() as u64,
            Node::Const { value: serde_json::Value::Array(items) } => items.len() as u64,
            Node::Const { value: serde_json::Value::Object(entries) } => entries.len() as u64,
            _ => 0,
        }
    }

    fn pattern_size(&self) -> u64 {
        match &self.expr.node {
            Node::FormatTime { pattern, .. } => (pattern.len() as u64).saturating_mul(10),
            _ => 0,
        }
    }

    /// What the first operand says, an integer.
    fn count(&self) -> u64 {
        match self.operand_expr(0).map(|operand| &operand.node) {
            Some(Node::Const { value }) => value.as_i64().map_or(self.usual.items, |count| count.max(0).unsigned_abs()),
            _ => self.usual.items,
        }
    }
}

impl Usual {
    /// The steps of comparing one item of a list.
    fn item_weight(self, list: &Type) -> u64 {
        match list {
            Type::List(of) => self.weight(of, self.of(of)).saturating_add(1),
            _ => 1,
        }
    }

    fn joined(self, items: u64, by: u64) -> u64 {
        items.saturating_mul(self.bytes.saturating_add(by))
    }

    /// The size of a value of which only the type is known.
    fn of(self, ty: &Type) -> u64 {
        match ty {
            Type::String | Type::Path | Type::Uri | Type::Secret | Type::Json => self.bytes,
            Type::Enum(_) => 256,
            Type::List(_) | Type::Map(_) => self.items,
            Type::Optional(of) => self.of(of),
            Type::Bool | Type::Int | Type::Float | Type::Duration | Type::Timestamp | Type::Null | Type::Record(_) => 0,
        }
    }

    /// The steps of going over a whole value.
    fn weight(self, ty: &Type, size: u64) -> u64 {
        match ty {
            Type::String | Type::Path | Type::Uri | Type::Json | Type::Enum(_) => text_steps(size),
            Type::List(of) | Type::Map(of) => size.saturating_mul(self.weight(of, self.of(of)).saturating_add(1)),
            Type::Optional(of) => self.weight(of, size),
            Type::Record(_) => self.items,
            Type::Bool | Type::Int | Type::Float | Type::Duration | Type::Timestamp | Type::Null | Type::Secret => 0,
        }
    }

    /// The bytes of a value's text form.
    fn bytes(self, ty: &Type, size: u64) -> u64 {
        match ty {
            Type::String | Type::Path | Type::Uri | Type::Json | Type::Enum(_) => size,
            Type::List(of) | Type::Map(of) => size.saturating_mul(self.bytes(of, self.of(of)).saturating_add(4)),
            Type::Optional(of) => self.bytes(of, size),
            Type::Record(_) => self.bytes,
            Type::Bool | Type::Int | Type::Float | Type::Duration | Type::Timestamp | Type::Null | Type::Secret => 40,
        }
    }
}
