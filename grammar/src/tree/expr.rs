//! Expressions: from a flat row of operands and signs to a tree.
//!
//! From the loosest: `?:` (to the right), `||`, `&&`, comparisons and `in`, `??` (to the right), `+ -`, `* / %`, signs
//! before a value, what follows a value. The height of the tree is bounded, so that whoever walks it may recurse.

use smol_str::SmolStr;

use crate::ast::{Binary, BinaryOp, Expr, ExprKind, Field, Ident, Key, UnaryOp};
use crate::error::{ErrorKind, SyntaxError};
use crate::nodes::{self, Children, Node, Rule};
use crate::span::Span;
use crate::tree::{TreeBuilder, number, template};

/// How high the tree of one expression may be: 128 levels of nesting and a chain of operators on top.
const MAX_HEIGHT: u32 = 512;

/// An expression and the height of its tree.
pub(super) struct MeasuredExpr {
    pub(super) expr: Expr,
    pub(super) height: u32,
}

impl MeasuredExpr {
    pub(super) fn leaf(kind: ExprKind, span: Span) -> MeasuredExpr {
        MeasuredExpr { expr: Expr { kind, span }, height: 1 }
    }

    pub(super) fn tall(kind: ExprKind, span: Span, height: u32) -> MeasuredExpr {
        MeasuredExpr { expr: Expr { kind, span }, height }
    }
}

const OR: u8 = 1;
const OR_ELSE: u8 = 4;

impl TreeBuilder<'_> {
    /// The expression at the start of `children`, to its end; `missing` words what it says when there is none.
    pub(super) fn expr(&mut self, children: &mut Children<'_>, missing: &str) -> Expr {
        self.tree(children, missing).expr
    }

    /// The whole text as an expression.
    pub(crate) fn whole_expr(&mut self) -> Option<Expr> {
        if self.is_too_deep() {
            return None;
        }
        self.head(0, Rule::whole_expr, |builder, mut children| builder.expr(&mut children, "the expression is missing"))
    }

    /// Whether the reader of entries refused the whole text; its errors are then the only ones.
    pub(super) fn is_too_deep(&mut self) -> bool {
        let refused = self.entry(0).is_none_or(|entry| entry.form == crate::entries::EntryForm::Broken);
        if refused {
            self.broken(0);
        }
        refused
    }

    pub(super) fn tree(&mut self, children: &mut Children<'_>, missing: &str) -> MeasuredExpr {
        if let Some(node) = nodes::take(children, Rule::missing_value) {
            self.missing(ErrorKind::MissingValue, &node, missing);
            return self.no_tree(&node);
        }
        let Some(node) = children.next_if(|node| matches!(node.as_rule(), Rule::expr | Rule::fexpr)) else {
            // A place that takes a string alone has it without a row around it.
            return match children.next_if(|node| is_part(node.as_rule())) {
                Some(node) => self.primary(node),
                None => MeasuredExpr { expr: error_expr(), height: 1 },
            };
        };
        let children = &mut nodes::children(node);
        let tree = self.ternary(children);
        if let Some(sign) = children.next() {
            self.report(SyntaxError::new(
                ErrorKind::Unexpected,
                sign.span(),
                format!("unexpected `{}`", sign.as_str()),
            ));
        }
        tree
    }

    fn no_tree(&self, node: &Node<'_>) -> MeasuredExpr {
        MeasuredExpr { expr: Expr { kind: ExprKind::Error, span: node.span() }, height: 1 }
    }

    /// `a ? b : c`
    fn ternary(&mut self, children: &mut Children<'_>) -> MeasuredExpr {
        let condition = self.binary(children, OR);
        let Some(sign) = children.next_if(|node| node.as_rule() == Rule::infix && node.as_str() == "?") else {
            return condition;
        };
        if let Some(second) = touching(&sign, children) {
            self.no_operator(&sign, Some(second), &condition);
            skip_rest(children);
            return condition;
        }
        let branches = self.nested(sign.span(), |builder| {
            let yes = builder.ternary(children);
            let no = match children.next_if(|node| node.as_rule() == Rule::infix && node.as_str() == ":") {
                Some(_) => builder.ternary(children),
                None => {
                    let end = yes.expr.span.end;
                    let message = "`?` needs a second value after `:`";
                    builder.report(SyntaxError::new(ErrorKind::MissingValue, Span::new(end, end), message));
                    MeasuredExpr {
                        expr: Expr { kind: ExprKind::Error, span: Span::new(yes.expr.span.end, yes.expr.span.end) },
                        height: 1,
                    }
                }
            };
            (yes, no)
        });
        let Some((yes, no)) = branches else {
            skip_rest(children);
            return self.no_tree(&sign);
        };
        let span = condition.expr.span.to(no.expr.span);
        let height = 1 + condition.height.max(yes.height).max(no.height);
        self.bounded(ExprKind::Ternary(Box::new((condition.expr, yes.expr, no.expr))), span, height)
    }

    /// Operators that bind at least as tightly as `level`.
    fn binary(&mut self, children: &mut Children<'_>, level: u8) -> MeasuredExpr {
        let mut left = self.operand(children);
        while let Some(sign) = children.peek().filter(|node| node.as_rule() == Rule::infix) {
            let found = operator(sign.as_str());
            if !binds(&sign, found, level) {
                break;
            }
            children.next();
            let second = touching(&sign, children);
            let (Some((op, op_level)), None) = (found, second) else {
                self.no_operator(&sign, second, &left);
                skip_rest(children);
                break;
            };
            let op_span = sign.span();
            if op_level == OR_ELSE {
                left = self.or_else(children, left, op_span);
                continue;
            }
            let right = self.binary(children, op_level + 1);
            left = self.join(op, op_span, left, right);
        }
        left
    }

    /// `a ?? b ?? c` binds to the right; read in a loop, so that a long chain needs no recursion.
    fn or_else(&mut self, children: &mut Children<'_>, first: MeasuredExpr, first_sign: Span) -> MeasuredExpr {
        let mut chain = vec![(first, first_sign)];
        let mut last = self.binary(children, OR_ELSE + 1);
        while let Some(sign) = children.next_if(|node| node.as_rule() == Rule::infix && node.as_str() == "??") {
            chain.push((std::mem::replace(&mut last, MeasuredExpr { expr: error_expr(), height: 1 }), sign.span()));
            last = self.binary(children, OR_ELSE + 1);
        }
        while let Some((left, sign)) = chain.pop() {
            last = self.join(BinaryOp::OrElse, sign, left, last);
        }
        last
    }

    fn join(&mut self, op: BinaryOp, op_span: Span, left: MeasuredExpr, right: MeasuredExpr) -> MeasuredExpr {
        let span = left.expr.span.to(right.expr.span);
        let height = 1 + left.height.max(right.height);
        self.bounded(
            ExprKind::Binary(Box::new(Binary { op, op_span, left: left.expr, right: right.expr })),
            span,
            height,
        )
    }

    fn bounded(&mut self, kind: ExprKind, span: Span, height: u32) -> MeasuredExpr {
        if height <= MAX_HEIGHT {
            return MeasuredExpr { expr: Expr { kind, span }, height };
        }
        let error =
            SyntaxError::new(ErrorKind::TooDeep, span, format!("this expression has more than {MAX_HEIGHT} parts"));
        self.report_too_deep(error.help("move a part of it into a `const` or a `condition`"));
        MeasuredExpr { expr: Expr { kind: ExprKind::Error, span }, height: 1 }
    }

    /// The sign after `left` is none, alone or with a second one that touches it: `=`, `+=`, `<>`.
    fn no_operator(&mut self, sign: &Node<'_>, second: Option<Node<'_>>, left: &MeasuredExpr) {
        let span = Span::new(sign.span().start, second.unwrap_or(*sign).span().end);
        let text = self.source(span);
        let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("`{text}` is not an operator"));
        let labelled = matches!(left.expr.kind, ExprKind::Name(_)) && self.head.depth > 0;
        let error = match text {
            "=" if labelled => error.help("a value is passed with `:`, compared with `==`"),
            "=" => error.help("two values are compared with `==`").fix(span, "==", "compare with `==`"),
            "&" => error.fix(span, "&&", "write `&&`"),
            "|" => error.fix(span, "||", "write `||`"),
            _ => error,
        };
        self.report(error);
    }

    fn operand(&mut self, children: &mut Children<'_>) -> MeasuredExpr {
        let Some(node) = children.next_if(|node| is_part(node.as_rule()) && node.as_rule() != Rule::infix) else {
            return MeasuredExpr { expr: error_expr(), height: 1 };
        };
        if node.as_rule() == Rule::prefix {
            return self.unary(&node, children);
        }
        let tree = self.primary(node);
        if node.as_rule() == Rule::missing_operand
            && let Some(next) = children.peek().filter(follows)
        {
            // A dot here belongs to the value that is missing: what touches it is no further mistake.
            self.head.reported = self.head.reported.max(Some(next.span().end));
        }
        if children.peek().is_some_and(|node| follows(&node)) { self.postfixes(tree, children) } else { tree }
    }

    /// What follows a value and belongs to it.
    fn postfixes(&mut self, mut tree: MeasuredExpr, children: &mut Children<'_>) -> MeasuredExpr {
        while let Some(node) = children.next_if(follows) {
            tree = self.postfix(tree, node);
        }
        tree
    }

    fn unary(&mut self, sign: &Node<'_>, children: &mut Children<'_>) -> MeasuredExpr {
        let op = if sign.as_str() == "!" { UnaryOp::Not } else { UnaryOp::Neg };
        let start = sign.span();
        let Some(inner) = self.nested(sign.span(), |builder| builder.operand(children)) else {
            while children.next_if(|node| is_part(node.as_rule()) && node.as_rule() != Rule::infix).is_some() {}
            return self.no_tree(sign);
        };
        let span = start.to(inner.expr.span);
        self.bounded(ExprKind::Unary(op, Box::new(inner.expr)), span, inner.height + 1)
    }

    fn primary(&mut self, node: Node<'_>) -> MeasuredExpr {
        let span = node.span();
        match node.as_rule() {
            Rule::name | Rule::word => self.name(&node),
            Rule::plain if !self.head.broken_string => {
                MeasuredExpr::leaf(ExprKind::Template(template::plain(node.as_str())), span)
            }
            Rule::plain | Rule::template | Rule::raw => self.string(node),
            Rule::number | Rule::fraction => match number::number(node.as_str()) {
                Ok(kind) => MeasuredExpr::leaf(kind, span),
                Err(message) => {
                    self.report(SyntaxError::new(ErrorKind::BadNumber, node.span(), message));
                    MeasuredExpr::leaf(ExprKind::Error, span)
                }
            },
            Rule::paren => self.inside(&node, |builder, children| {
                let inner = builder.tree(children, "the parentheses are empty");
                builder.unclosed(children, ")");
                (ExprKind::Paren(Box::new(inner.expr)), inner.height)
            }),
            Rule::list => self.inside(&node, |builder, children| builder.list(children)),
            Rule::braces => self.inside(&node, |builder, children| builder.braces(children)),
            _ => {
                self.missing(ErrorKind::MissingValue, &node, "a value is missing");
                self.no_tree(&node)
            }
        }
    }

    fn inside(
        &mut self,
        node: &Node<'_>,
        build: impl FnOnce(&mut Self, &mut Children<'_>) -> (ExprKind, u32),
    ) -> MeasuredExpr {
        let span = node.span();
        let mut children = nodes::children(*node);
        match self.nested(node.span(), |this| build(this, &mut children)) {
            Some((kind, height)) => self.bounded(kind, span, height + 1),
            None => MeasuredExpr::leaf(ExprKind::Error, span),
        }
    }

    fn name(&mut self, node: &Node<'_>) -> MeasuredExpr {
        let span = node.span();
        let kind = match node.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ if self.is_repaired(node) => ExprKind::Error,
            text => {
                if node.as_rule() == Rule::name {
                    self.check_read(node);
                }
                ExprKind::Name(self.name_text(text, node.span()))
            }
        };
        MeasuredExpr::leaf(kind, span)
    }

    fn postfix(&mut self, tree: MeasuredExpr, node: Node<'_>) -> MeasuredExpr {
        let own = node.span();
        let span = tree.expr.span.to(own);
        match node.as_rule() {
            Rule::member => {
                let text = self.name_text(node.as_str(), node.span());
                self.member(tree, Ident { text, span: own })
            }
            Rule::missing_member => {
                let place = self.place_before(&node);
                self.missing_member(tree, place)
            }
            Rule::missing_between_dots => {
                let end = self.place_before(&node).start - 1;
                self.missing_member(tree, Span::new(end, end))
            }
            Rule::index => {
                let mut children = nodes::children(node);
                let index = self.nested(node.inner_span(), |builder| {
                    let index = builder.tree(&mut children, "the index is missing");
                    builder.unclosed(&mut children, "]");
                    index
                });
                let inner = node.inner_span();
                let index = index.unwrap_or_else(|| MeasuredExpr::leaf(ExprKind::Error, inner));
                let height = 1 + tree.height.max(index.height);
                self.bounded(ExprKind::Index(Box::new((tree.expr, index.expr))), span, height)
            }
            _ => {
                let (args, inner) = self.arguments(node);
                if !matches!(tree.expr.kind, ExprKind::Name(_) | ExprKind::Member(..) | ExprKind::Error) {
                    let start = node.span().start;
                    let place = Span::new(start, start + 1);
                    self.report(SyntaxError::new(ErrorKind::Unexpected, place, "only a name can be called"));
                    return MeasuredExpr { expr: Expr { kind: ExprKind::Error, span }, height: 1 };
                }
                self.bounded(ExprKind::Call(Box::new(tree.expr), args), span, 1 + tree.height.max(inner))
            }
        }
    }

    fn member(&mut self, tree: MeasuredExpr, name: Ident) -> MeasuredExpr {
        let span = tree.expr.span.to(name.span);
        self.bounded(ExprKind::Member(Box::new(tree.expr), name), span, tree.height + 1)
    }

    /// A dot without a name after it; the name belongs at `place`.
    fn missing_member(&mut self, tree: MeasuredExpr, place: Span) -> MeasuredExpr {
        self.report(SyntaxError::new(ErrorKind::MissingName, place, "a name is missing after `.`"));
        let span = place;
        self.member(tree, Ident { text: SmolStr::default(), span })
    }

    fn list(&mut self, children: &mut Children<'_>) -> (ExprKind, u32) {
        let mut items = Vec::with_capacity(children.count_of(Rule::fexpr));
        let mut height = 0;
        while self.at_member(children, &[Rule::spread, Rule::fexpr], "between the values of a list") {
            let spread = nodes::take(children, Rule::spread);
            let tree = self.tree(children, "`...` needs a list after it");
            height = height.max(tree.height + u32::from(spread.is_some()));
            items.push(match spread {
                Some(sign) => {
                    let span = sign.span().to(tree.expr.span);
                    Expr { kind: ExprKind::Spread(Box::new(tree.expr)), span }
                }
                None => tree.expr,
            });
        }
        self.unclosed(children, "]");
        (ExprKind::List(items), height)
    }

    fn braces(&mut self, children: &mut Children<'_>) -> (ExprKind, u32) {
        let mut fields = Vec::with_capacity(children.count_of(Rule::field));
        let mut height = 0;
        while let Some(node) = self.next_member(children, Rule::field, "between two fields") {
            let span = node.span();
            let mut inner = nodes::children(node);
            let Some(key) = inner.next().and_then(|key| self.key(key)) else {
                continue;
            };
            if let Some(colon) = nodes::take(&mut inner, Rule::missing_colon) {
                self.missing(ErrorKind::MissingSign, &colon, "the field needs `: value`");
            }
            let value = self.tree(&mut inner, "the field has no value");
            height = height.max(value.height);
            fields.push(Field { key, value: value.expr, span });
        }
        self.unclosed(children, "}");
        (ExprKind::Braces(fields), height)
    }

    fn key(&mut self, node: Node<'_>) -> Option<Key> {
        let span = node.span();
        match node.as_rule() {
            Rule::name => Some(Key::Word(self.ident(&node))),
            Rule::number => {
                let error = SyntaxError::new(ErrorKind::Unexpected, node.span(), "a key is a name or a string");
                self.report(error);
                None
            }
            _ => match self.string(node).expr.kind {
                ExprKind::Template(text) => Some(Key::Text(text, span)),
                _ => None,
            },
        }
    }
}

fn follows(node: &Node<'_>) -> bool {
    matches!(
        node.as_rule(),
        Rule::member | Rule::missing_member | Rule::missing_between_dots | Rule::args | Rule::index
    )
}

fn error_expr() -> Expr {
    Expr { kind: ExprKind::Error, span: Span::default() }
}

/// The sign that touches `sign`, the node before `children`, and is written for one with it.
fn touching<'t>(sign: &Node<'t>, children: &Children<'t>) -> Option<Node<'t>> {
    if nodes::peek(children) != Some(Rule::missing_operand) {
        return None;
    }
    let mut after = children.clone();
    after.next();
    let second = after.next().filter(|node| node.as_rule() == Rule::infix && node.span().start == sign.span().end)?;
    second.as_str().starts_with(['=', '>', '?', '&', '|']).then_some(second)
}

/// Moves past what is left of an expression that cannot be read further.
fn skip_rest(children: &mut Children<'_>) {
    while children.next_if(|node| is_part(node.as_rule())).is_some() {}
}

/// Whether a node of this rule is part of an expression's children.
fn is_part(rule: Rule) -> bool {
    use Rule::{
        args, braces, fraction, index, infix, list, member, missing_between_dots, missing_member, missing_operand,
        name, number, paren, plain, prefix, raw, template, word,
    };
    matches!(
        rule,
        name | word
            | plain
            | template
            | raw
            | number
            | fraction
            | paren
            | list
            | braces
            | prefix
            | infix
            | member
            | missing_member
            | missing_between_dots
            | index
            | args
            | missing_operand
    )
}

/// Whether the sign is read at `level`; what is no operator is read where it stands, except the two signs of a ternary.
fn binds(sign: &Node<'_>, operator: Option<(BinaryOp, u8)>, level: u8) -> bool {
    match operator {
        Some((_, own)) => own >= level,
        None => !matches!(sign.as_str(), "?" | ":"),
    }
}

fn operator(sign: &str) -> Option<(BinaryOp, u8)> {
    Some(match sign.as_bytes() {
        b"||" => (BinaryOp::Or, OR),
        b"&&" => (BinaryOp::And, 2),
        b"==" => (BinaryOp::Eq, 3),
        b"!=" => (BinaryOp::Ne, 3),
        b"<" => (BinaryOp::Lt, 3),
        b"<=" => (BinaryOp::Le, 3),
        b">" => (BinaryOp::Gt, 3),
        b">=" => (BinaryOp::Ge, 3),
        b"in" => (BinaryOp::In, 3),
        b"??" => (BinaryOp::OrElse, OR_ELSE),
        b"+" => (BinaryOp::Add, 5),
        b"-" => (BinaryOp::Sub, 5),
        b"*" => (BinaryOp::Mul, 6),
        b"/" => (BinaryOp::Div, 6),
        b"%" => (BinaryOp::Rem, 6),
        _ => return None,
    })
}
