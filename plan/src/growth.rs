//! What is refused before any run because of its cost.
//!
//! An expression may take as many steps as one list has items, times the length of one text: this is what ordinary
//! conditions need, and the budget of a run bounds it. What grows faster is refused, and what takes more than the
//! budget for its constants alone.
//!
//! Growth is a sum of products of sizes. A list in the items of a list counts as a part of it: to go over all of them is
//! to go once over the whole. The operation table says of each operation what its [`Steps`] and its [`Size`] depend on.

use std::collections::BTreeMap;

use crate::cost::{Size, Steps, constant_cost, cost};
use crate::eval::BUDGET;
use crate::expr::{Expr, Node};
use crate::kinds::MacroKind;
use crate::types::{Name, Type};

/// Why an expression is refused before any run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooExpensive {
    /// Its steps grow with the product of the sizes of two lists.
    Lists,
    /// Its steps grow with the product of the lengths of two texts.
    Texts,
    /// It takes so many steps for its constants alone.
    Constant(u64),
}

/// Why an expression is refused before any run, if it is.
pub fn too_expensive(expr: &Expr) -> Option<TooExpensive> {
    // With the usual sizes, a product of two lists or of two texts is over the budget.
    if cost(expr) <= BUDGET {
        return None;
    }
    let constant = constant_cost(expr);
    if constant > BUDGET {
        return Some(TooExpensive::Constant(constant));
    }
    let steps = growth(expr).steps.0;
    let beyond = |power: fn(&Product) -> u32| steps.iter().any(|product| power(product) > 1);
    if beyond(|product| power(&product.lists)) {
        Some(TooExpensive::Lists)
    } else {
        beyond(|product| power(&product.texts)).then_some(TooExpensive::Texts)
    }
}

fn growth(expr: &Expr) -> Growth {
    let mut tasks = vec![(expr, false)];
    let mut done: Vec<Growth> = Vec::new();
    while let Some((expr, operands_are_done)) = tasks.pop() {
        if !operands_are_done {
            tasks.push((expr, true));
            expr.operands(&mut |operand| tasks.push((operand, false)));
            continue;
        }
        let mut count = 0;
        expr.operands(&mut |_| count += 1);
        // The operand that was put on the stack last was done first.
        let mut operands = done.split_off(done.len().saturating_sub(count));
        operands.reverse();
        done.push(of_node(expr, &operands));
    }
    done.pop().unwrap_or_default()
}

/// Where a size comes from: the variable of a macro, or anything outside all macros.
type Source = Option<Name>;

/// Sizes that are multiplied, with their powers.
type Factors = BTreeMap<Source, u32>;

fn power(factors: &Factors) -> u32 {
    factors.values().sum()
}

/// The product of sizes of lists and of lengths of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Product {
    lists: Factors,
    texts: Factors,
}

impl Product {
    fn times(&self, other: &Product) -> Product {
        let mut product = self.clone();
        for (into, from) in [(&mut product.lists, &other.lists), (&mut product.texts, &other.texts)] {
            for (source, power) in from {
                let sum = into.entry(source.clone()).or_default();
                *sum = sum.saturating_add(*power);
            }
        }
        product
    }

    /// Whether it is at most the other, whatever the sizes are.
    fn is_within(&self, other: &Product) -> bool {
        let within = |a: &Factors, b: &Factors| a.iter().all(|(source, power)| b.get(source) >= Some(power));
        within(&self.lists, &other.lists) && within(&self.texts, &other.texts)
    }
}

/// A sum of products, without what other products cover; empty: a constant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sum(Vec<Product>);

/// More products than this become one that covers them all.
const MAX_PRODUCTS: usize = 32;

impl Sum {
    fn list(source: Source) -> Sum {
        Sum(vec![Product { lists: Factors::from([(source, 1)]), texts: Factors::new() }])
    }

    fn text(source: Source) -> Sum {
        Sum(vec![Product { lists: Factors::new(), texts: Factors::from([(source, 1)]) }])
    }

    fn of(products: impl IntoIterator<Item = Product>) -> Sum {
        let mut sum: Vec<Product> = Vec::new();
        for product in products {
            if !sum.iter().any(|other| product.is_within(other)) {
                sum.retain(|other| !other.is_within(&product));
                sum.push(product);
            }
        }
        if sum.len() > MAX_PRODUCTS {
            let all = sum.iter().fold(Product::default(), |all, product| all.times(product));
            sum = vec![all];
        }
        Sum(sum)
    }

    fn plus(&self, other: &Sum) -> Sum {
        Sum::of(self.0.iter().chain(&other.0).cloned())
    }

    fn times(&self, other: &Sum) -> Sum {
        match (self.0.is_empty(), other.0.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => Sum::of(self.0.iter().flat_map(|a| other.0.iter().map(|b| a.times(b)))),
        }
    }

    /// One of two bounds of the same: a constant, or else one of parts of items.
    fn or(self, other: Sum) -> Sum {
        let outside = |sum: &Sum| sum.0.iter().any(|it| it.lists.contains_key(&None) || it.texts.contains_key(&None));
        if other.0.is_empty() || (outside(&self) && !outside(&other)) { other } else { self }
    }

    /// As many items as the text has characters.
    fn as_list(&self) -> Sum {
        Sum::of(self.0.iter().map(|product| match product.lists.is_empty() {
            true => Product { lists: product.texts.clone(), texts: Factors::new() },
            false => Product { lists: product.lists.clone(), texts: Factors::new() },
        }))
    }
}

/// How the steps of an expression grow, and its value.
#[derive(Clone, Debug, Default)]
struct Growth {
    steps: Sum,
    /// The items of a collection.
    count: Sum,
    /// All items in it, those of the collections in it too.
    total: Sum,
    /// A text, or each text in it.
    text: Sum,
    /// Everything in it: all items and all texts.
    whole: Sum,
}

impl Growth {
    fn list(size: Sum, text: Sum) -> Growth {
        let whole = size.times(&text);
        Growth { steps: Sum::default(), count: size.clone(), total: size, text, whole }
    }

    fn text(text: Sum) -> Growth {
        Growth { whole: text.clone(), text, ..Growth::default() }
    }

    fn plus(&self, other: &Growth) -> Growth {
        Growth {
            steps: self.steps.plus(&other.steps),
            count: self.count.plus(&other.count),
            total: self.total.plus(&other.total),
            text: self.text.plus(&other.text),
            whole: self.whole.plus(&other.whole),
        }
    }

    /// What a value of this type can have of it.
    fn of_type(mut self, ty: &Type) -> Growth {
        match holds(ty) {
            (true, true) => return self,
            (true, false) => (self.text, self.whole) = (Sum::default(), self.total.clone()),
            (false, true) => (self.count, self.total) = (Sum::default(), Sum::default()),
            (false, false) => return Growth { steps: self.steps, ..Growth::default() },
        }
        self
    }
}

/// Whether values of a type hold lists, and texts.
fn holds(ty: &Type) -> (bool, bool) {
    match ty {
        Type::String | Type::Path | Type::Uri | Type::Json => (false, true),
        Type::List(of) => (true, holds(of).1),
        Type::Map(_) | Type::Record(_) => (true, true),
        Type::Optional(of) => holds(of),
        Type::Bool | Type::Int | Type::Float | Type::Duration | Type::Timestamp => (false, false),
        Type::Null | Type::Secret | Type::Enum(_) => (false, false),
    }
}

fn of_node(expr: &Expr, operands: &[Growth]) -> Growth {
    if let Node::Macro { .. } = &expr.node {
        return of_macro(expr, operands);
    }
    let all = operands.iter().fold(Growth::default(), |all, operand| all.plus(operand));
    let steps = all.steps.plus(&own_steps(expr, operands, &all));
    Growth { steps, ..value(expr, operands, all) }
}

fn operand(operands: &[Growth], at: usize) -> Growth {
    operands.get(at).cloned().unwrap_or_default()
}

fn own_steps(expr: &Expr, operands: &[Growth], all: &Growth) -> Sum {
    let (first, second) = (operand(operands, 0), operand(operands, 1));
    match expr.node.operation().steps() {
        Steps::None | Steps::Turns => Sum::default(),
        Steps::Text | Steps::Pattern | Steps::Split => first.text,
        Steps::BothTexts | Steps::EachText => all.text.clone(),
        Steps::ShorterText => first.text.or(second.text),
        Steps::ShorterWhole => first.whole.or(second.whole),
        Steps::Whole | Steps::EachWhole => all.whole.clone(),
        Steps::TextForm | Steps::Sorted => first.whole,
        Steps::Items => first.count,
        Steps::BothLists => first.count.plus(&second.count),
        Steps::Search => second.whole,
        Steps::Nested => first.total,
        Steps::Counted => counted(expr),
        Steps::Joined => joined(&first, &second),
        Steps::Replaced => replaced(first.text, &operand(operands, 2)),
    }
}

/// The sizes of a value; the steps are not looked at.
fn value(expr: &Expr, operands: &[Growth], all: Growth) -> Growth {
    let (first, second) = (operand(operands, 0), operand(operands, 1));
    match expr.node.operation().size() {
        Size::OfType => read_or_part(expr, all).of_type(&expr.ty),
        Size::Constant | Size::Character | Size::Digits | Size::Pattern => Growth::default(),
        Size::Count => Growth { count: Sum::default(), ..all },
        Size::Same | Size::Truncated | Size::PercentEncoded => first,
        Size::Sum | Size::SumOfAll => all,
        Size::Larger => first.plus(&second),
        Size::LargerBranch => second.plus(&operand(operands, 2)),
        Size::TextForm => Growth::text(first.whole),
        Size::Nested => Growth { count: first.total.clone(), ..first },
        Size::Counted => Growth::list(counted(expr), Sum::default()),
        Size::Joined => Growth::text(joined(&first, &second)),
        Size::Split => split(&first.text),
        Size::Replaced => Growth::text(replaced(first.text, &operand(operands, 2))),
    }
}

/// A read has a size of its own, or that of its macro's items; everything else has a part of its operands.
fn read_or_part(expr: &Expr, all: Growth) -> Growth {
    let source = match &expr.node {
        Node::Ctx { .. } | Node::Connection { .. } => None,
        Node::Local { name } => Some(name.clone()),
        _ => return Growth { count: all.total.clone(), ..all },
    };
    match holds(&expr.ty) {
        (true, _) => Growth::list(Sum::list(source.clone()), Sum::text(source)),
        (false, _) => Growth::text(Sum::text(source)),
    }
}

/// The parts of a text: all of them together are as long as the text.
fn split(text: &Sum) -> Growth {
    let parts = text.as_list();
    Growth { whole: parts.plus(text), count: parts.clone(), total: parts, text: text.clone(), ..Growth::default() }
}

fn joined(list: &Growth, by: &Growth) -> Sum {
    list.whole.plus(&list.count.times(&by.text))
}

fn counted(expr: &Expr) -> Sum {
    let mut is_constant = false;
    expr.operands(&mut |operand| is_constant = matches!(operand.node, Node::Const { .. }));
    if is_constant { Sum::default() } else { Sum::list(None) }
}

fn replaced(text: Sum, by: &Growth) -> Sum {
    let written = text.times(&by.text);
    text.plus(&written)
}

/// The operands after the list are evaluated for each of its items.
fn of_macro(expr: &Expr, operands: &[Growth]) -> Growth {
    let (Node::Macro { kind, .. }, Some((over, rest))) = (&expr.node, operands.split_first()) else {
        return Growth::default();
    };
    let turns = Turns { expr, over };
    let steps = rest.iter().fold(over.steps.plus(&over.count), |steps, part| steps.plus(&turns.all(&part.steps)));
    let value = match (kind, rest.last()) {
        (MacroKind::Map | MacroKind::TransformMap, Some(body)) => {
            let keys = if *kind == MacroKind::Map { Sum::default() } else { over.text.clone() };
            Growth {
                count: over.count.clone(),
                total: over.count.plus(&turns.all(&body.total)),
                text: keys.plus(&turns.one(&body.text)),
                whole: over.count.times(&keys).plus(&turns.all(&body.whole)),
                ..Growth::default()
            }
        }
        (MacroKind::Filter, _) => over.clone().of_type(&expr.ty),
        _ => Growth::default(),
    };
    Growth { steps, ..value }
}

/// The turns of a macro.
struct Turns<'a> {
    expr: &'a Expr,
    over: &'a Growth,
}

impl Turns<'_> {
    /// A sum over all turns. What grows with a list or a text in the item grows, over all items, with the whole list;
    /// everything else comes once for each item.
    fn all(&self, body: &Sum) -> Sum {
        let sums = body.0.iter().map(|product| {
            let has_item = |factors: &Factors| factors.keys().any(|source| self.is_item(source));
            match (has_item(&product.lists), has_item(&product.texts)) {
                (true, _) => self.placed(product, &self.over.text),
                (false, true) => self.placed(product, &self.over.whole),
                (false, false) => self.over.count.times(&Sum(vec![product.clone()])),
            }
        });
        sums.fold(self.over.count.clone(), |all, sum| all.plus(&sum))
    }

    /// The same for one turn.
    fn one(&self, body: &Sum) -> Sum {
        body.0
            .iter()
            .map(|product| self.placed(product, &self.over.text))
            .fold(Sum::default(), |all, sum| all.plus(&sum))
    }

    fn is_item(&self, source: &Source) -> bool {
        let Node::Macro { var, value_var, .. } = &self.expr.node else { return false };
        source.as_ref().is_some_and(|name| name == var || Some(name) == value_var.as_ref())
    }

    /// A product with the sizes of the list in place of those of its items; `text` in place of the first text.
    fn placed(&self, product: &Product, text: &Sum) -> Sum {
        let keep = |factors: &Factors| {
            factors.iter().filter(|(source, _)| !self.is_item(source)).map(|(s, p)| (s.clone(), *p)).collect()
        };
        let items = |factors: &Factors| {
            factors.iter().filter(|(source, _)| self.is_item(source)).map(|(_, power)| *power).sum::<u32>().min(3)
        };
        let rest = Product { lists: keep(&product.lists), texts: keep(&product.texts) };
        let rest = if rest == Product::default() { Sum::default() } else { Sum(vec![rest]) };
        let lists = (0..items(&product.lists)).fold(rest, |sum, _| sum.times(&self.over.total));
        let texts = (0..items(&product.texts)).map(|at| if at == 0 { text } else { &self.over.text });
        texts.fold(lists, |sum, text| sum.times(text))
    }
}
