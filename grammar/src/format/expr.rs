//! Words, values and operators that follow one another.
//!
//! A row of nodes is first cut where one value or keyword ends and the next begins (no expression has two words in a
//! row), then each expression is broken before its loosest operators, and only there, when it does not fit.

use super::document::Document;
use super::layout::Layout;
use super::source::{Tok, TokKind};
use super::token_tree::{Element, Group, GroupKind};
use crate::keyword::Keyword;

/// What the layout of a row of nodes depends on besides the nodes.
#[derive(Clone, Copy, Default)]
pub(super) struct RunContext {
    /// The first word of the entry; `None` inside brackets.
    pub(super) head: Option<Keyword>,
    /// The row begins with that word.
    pub(super) opens_entry: bool,
    /// `in` is part of `for x in xs` here, not an operator.
    pub(super) fan: bool,
    /// Brackets here belong to events, which take no comma at their end.
    pub(super) events: bool,
}

/// What a node is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Starts an expression or clause: blanks on both sides.
    Keyword,
    Operand,
    /// `(…)` or `[…]` right after a value, or on their own where a value is expected.
    Brackets,
    Block,
    Operator,
    /// `.`, `..` and the `<` of a type: no blanks.
    Tight,
    /// `>` and `?` at the end of a type: no blank before it.
    TypeEnd,
    /// A comma inside a type: a blank after it.
    TypeComma,
    /// `!`, unary `-`, `...`
    Prefix,
    Comma,
    /// `=`, `->`
    Separator,
    /// The colon of a label or type.
    Colon,
}

impl<'t> Layout<'_, 't> {
    /// A row of words and values.
    pub(super) fn run(&self, nodes: &[Element<'t>], context: &RunContext) -> Document<'t> {
        let roles = roles(nodes, context);
        let mut outer = Vec::new();
        let mut nested: Option<Vec<Document<'t>>> = None;
        let mut start = 0;
        while start < nodes.len() {
            let end = segment_end(&roles, start);
            let (Some(segment), Some(segment_roles)) = (nodes.get(start..end), roles.get(start..end)) else {
                break;
            };
            if let Some(first) = segment.first().map(Element::first).filter(|_| start > 0) {
                // What stands after a comment is a step further in, as any line that goes on is.
                if first.has_comments() && nested.is_none() {
                    nested = Some(Vec::new());
                }
                let usual = if spaced(&roles, start) { Document::Text(" ") } else { Document::nil() };
                nested.as_mut().unwrap_or(&mut outer).push(self.between(usual, first));
            }
            let doc = self.expr(segment, segment_roles, context);
            nested.as_mut().unwrap_or(&mut outer).push(doc);
            start = end;
        }
        outer.extend(nested.map(|docs| Document::nest(Document::Concat(docs))));
        Document::Concat(outer)
    }

    /// One expression, with nothing but operators between its values.
    fn expr(&self, nodes: &[Element<'t>], roles: &[Role], context: &RunContext) -> Document<'t> {
        if let Some((question, colon)) = ternary(nodes, roles) {
            return self.chain(nodes, roles, &[question, colon], context);
        }
        let Some(loosest) = (0..nodes.len()).filter_map(|at| tier_at(nodes, roles, at)).min() else {
            return self.operand(nodes, roles, context);
        };
        let cuts: Vec<usize> = (0..nodes.len()).filter(|at| tier_at(nodes, roles, *at) == Some(loosest)).collect();
        self.chain(nodes, roles, &cuts, context)
    }

    /// An expression whose operators at `cuts` begin lines of their own when it does not fit.
    fn chain(&self, nodes: &[Element<'t>], roles: &[Role], cuts: &[usize], context: &RunContext) -> Document<'t> {
        let mut first = Document::nil();
        let mut rest = Vec::new();
        let ends = cuts.iter().copied().chain([nodes.len()]);
        let mut start = 0;
        for end in ends {
            let (Some(operand), Some(operand_roles)) = (nodes.get(start..end), roles.get(start..end)) else {
                break;
            };
            if start == 0 {
                first = self.expr(operand, operand_roles, context);
            } else if let (Some((operator, operand)), Some((_, operand_roles))) =
                (operand.split_first(), operand_roles.split_first())
            {
                rest.push(self.between(Document::line(), operator.first()));
                rest.push(Document::Text(operator.first().text));
                if let Some(next) = operand.first() {
                    rest.push(self.between(Document::Text(" "), next.first()));
                }
                rest.push(self.expr(operand, operand_roles, context));
            }
            start = end;
        }
        Document::group(Document::Concat(vec![first, Document::nest(Document::Concat(rest))]), is_tall(nodes))
    }

    /// A value with what is attached to it, or a single word or sign.
    fn operand(&self, nodes: &[Element<'t>], roles: &[Role], context: &RunContext) -> Document<'t> {
        let mut docs = Vec::new();
        let mut before: Option<(&Element<'t>, Role)> = None;
        for (node, role) in nodes.iter().zip(roles) {
            if let Some((previous, previous_role)) = before {
                let apart = previous_role == Role::TypeComma
                    || (is_number(previous) && node.is_sign(".") && !touches(previous, node));
                let usual = if apart { Document::Text(" ") } else { Document::nil() };
                docs.push(self.between(usual, node.first()));
            }
            match node {
                Element::Leaf(tok) => docs.push(Document::Text(tok.text)),
                Element::Group(group) => docs.push(self.brackets(group, takes_comma(group, before, context))),
            }
            before = Some((node, *role));
        }
        Document::Concat(docs)
    }
}

/// Whether nodes, the gap before the first left out, take several lines in any case.
pub(super) fn is_tall(nodes: &[Element<'_>]) -> bool {
    nodes.iter().any(Element::is_tall) || nodes.iter().skip(1).any(|node| node.first().has_comments())
}

fn is_number(node: &Element<'_>) -> bool {
    node.leaf().is_some_and(|tok| tok.kind == TokKind::Number)
}

/// Whether nothing stands between two tokens of the same text.
fn touches(left: &Element<'_>, right: &Element<'_>) -> bool {
    let (left, right) = (left.first().text, right.first().text);
    std::ptr::eq(left.as_bytes().as_ptr_range().end, right.as_ptr())
}

/// Whether the grammar allows a comma after the last thing in these brackets.
fn takes_comma(group: &Group<'_>, before: Option<(&Element<'_>, Role)>, context: &RunContext) -> bool {
    let attached = before.is_some_and(|(_, role)| matches!(role, Role::Operand | Role::Brackets));
    match (group.kind, group.open.text) {
        (GroupKind::Params, _) | (_, "{") => true,
        (_, "[") => !attached,
        _ if attached => !context.events,
        // Brackets on their own hold one value, but where an entry or clause gives outputs or arguments in them.
        _ => group.parts.len() > 1 || is_labelled(group),
    }
}

fn is_labelled(group: &Group<'_>) -> bool {
    group.parts.iter().any(|part| part.nodes.get(1).is_some_and(|node| node.is_sign(":")))
}

fn roles(nodes: &[Element<'_>], context: &RunContext) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::with_capacity(nodes.len());
    let mut questions = 0_usize;
    for (at, node) in nodes.iter().enumerate() {
        let before = roles.last().copied();
        let role = match node {
            Element::Leaf(tok) if tok.kind == TokKind::Sign && opens_number(nodes, at) => Role::Prefix,
            Element::Leaf(tok) if tok.kind == TokKind::Sign => sign_role(tok, before, &mut questions),
            Element::Leaf(tok) if tok.kind == TokKind::TypeSign => type_role(tok),
            Element::Leaf(tok) if tok.kind == TokKind::Word => word_role(tok, at, nodes, &roles, context),
            Element::Leaf(_) => Role::Operand,
            Element::Group(group) => match (group.kind, group.open.text) {
                (GroupKind::Block, _) => Role::Block,
                (_, "{") => Role::Operand,
                // `given agent tool_start(bash) (command: "ls")`
                (_, "(") if is_test(context) && before == Some(Role::Brackets) => Role::Operand,
                _ => Role::Brackets,
            },
        };
        roles.push(role);
    }
    roles
}

/// Whether the node at `at` is the point of `.5`, not of `a.b`.
fn opens_number(nodes: &[Element<'_>], at: usize) -> bool {
    let (Some(point), Some(next)) = (nodes.get(at), nodes.get(at + 1)) else {
        return false;
    };
    let before = at.checked_sub(1).and_then(|at| nodes.get(at));
    let attached = before.is_some_and(|before| touches(before, point));
    point.is_sign(".") && is_number(next) && touches(point, next) && !attached
}

fn is_test(context: &RunContext) -> bool {
    matches!(context.head, Some(Keyword::Given | Keyword::Expect))
}

fn type_role(tok: &Tok<'_>) -> Role {
    match tok.text {
        "," => Role::TypeComma,
        "<" => Role::Tight,
        _ => Role::TypeEnd,
    }
}

fn sign_role(tok: &Tok<'_>, before: Option<Role>, questions: &mut usize) -> Role {
    let after_value = matches!(before, Some(Role::Operand | Role::Brackets));
    match tok.text {
        "," => Role::Comma,
        "=" | "->" => Role::Separator,
        "." | ".." => Role::Tight,
        "!" | "..." => Role::Prefix,
        "-" if !after_value => Role::Prefix,
        ":" if *questions == 0 => Role::Colon,
        ":" => {
            *questions -= 1;
            Role::Operator
        }
        "?" => {
            *questions += 1;
            Role::Operator
        }
        _ => Role::Operator,
    }
}

fn word_role(tok: &Tok<'_>, at: usize, nodes: &[Element<'_>], roles: &[Role], context: &RunContext) -> Role {
    let before = roles.last().copied();
    if before == Some(Role::Tight) {
        return Role::Operand;
    }
    let opens_entry = at == 0 && context.opens_entry;
    let called = nodes.get(at + 1).is_some_and(|node| matches!(node, Element::Group(group) if group.open.text == "("));
    let Some(keyword) = tok.keyword else {
        let apart = called && is_apart(tok, at, nodes, before, context);
        return if opens_entry || apart { Role::Keyword } else { Role::Operand };
    };
    match keyword {
        _ if opens_entry => Role::Keyword,
        Keyword::In if !context.fan => Role::Operator,
        // `trigger t = after(job)`
        Keyword::After if before == Some(Role::Separator) => Role::Operand,
        _ if !keyword.ends_value() => Role::Keyword,
        _ if called && is_apart(tok, at, nodes, before, context) => Role::Keyword,
        Keyword::Exec if context.head == Some(Keyword::Secrets) => Role::Keyword,
        _ => Role::Operand,
    }
}

/// Whether a word is no callee, so that a blank stands between it and the brackets after it.
fn is_apart(tok: &Tok<'_>, at: usize, nodes: &[Element<'_>], before: Option<Role>, context: &RunContext) -> bool {
    let previous = at.checked_sub(1).and_then(|at| nodes.get(at)).and_then(Element::keyword);
    let takes_tool = matches!(tok.keyword, Some(Keyword::ToolStart | Keyword::ToolEnd));
    match context.head {
        Some(Keyword::Given | Keyword::Expect) => !takes_tool,
        Some(Keyword::Each | Keyword::Http) => at == 1,
        Some(Keyword::Hook) => previous == Some(Keyword::For),
        Some(Keyword::Connection) => before == Some(Role::Comma) || previous == Some(Keyword::Mock),
        Some(Keyword::Retry) => matches!(before, Some(Role::Operand | Role::Brackets)),
        _ => false,
    }
}

/// Where the expression that begins at `start` ends.
fn segment_end(roles: &[Role], start: usize) -> usize {
    let cut = roles.iter().zip(roles.iter().skip(1)).skip(start).position(|(left, right)| is_cut(*left, *right));
    cut.map_or(roles.len(), |after| start + after + 1)
}

/// Whether one expression ends and the next begins between two neighbours.
fn is_cut(left: Role, right: Role) -> bool {
    use Role::{Block, Brackets, Colon, Comma, Keyword, Operand, Prefix, Separator, TypeEnd};
    let alone = |role| matches!(role, Keyword | Comma | Separator | Colon | Block);
    alone(left) || alone(right) || (matches!(left, Operand | Brackets | TypeEnd) && matches!(right, Operand | Prefix))
}

/// Whether a blank stands before the expression that begins at `start`.
fn spaced(roles: &[Role], start: usize) -> bool {
    !matches!(roles.get(start), Some(Role::Comma | Role::Colon))
}

/// The `?` and `:` of the outermost `a ? b : c`.
fn ternary(nodes: &[Element<'_>], roles: &[Role]) -> Option<(usize, usize)> {
    let operators = || nodes.iter().zip(roles).enumerate().filter(|(_, (_, role))| **role == Role::Operator);
    let question = operators().find(|(_, (node, _))| node.is_sign("?"))?.0;
    let mut open = 0_usize;
    for (at, (node, _)) in operators() {
        if node.is_sign("?") {
            open += 1;
        } else if node.is_sign(":") {
            open -= 1;
            if open == 0 {
                return Some((question, at));
            }
        }
    }
    None
}

fn tier_at(nodes: &[Element<'_>], roles: &[Role], at: usize) -> Option<u8> {
    (roles.get(at) == Some(&Role::Operator)).then(|| nodes.get(at).map(|node| tier(node.first().text)))?
}

/// How tightly an operator binds; the loosest is 0.
fn tier(operator: &str) -> u8 {
    match operator {
        "||" => 0,
        "&&" => 1,
        "??" => 3,
        "+" | "-" => 4,
        "*" | "/" | "%" => 5,
        _ => 2,
    }
}
