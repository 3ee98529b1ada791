//! Expressions: from a flat row of operands and signs to a tree.
//!
//! From the loosest: `?:` (to the right), `||`, `&&`, comparisons and `in`, `??` (to the right), `+ -`, `* / %`, signs
//! before a value, what follows a value. The height of the tree is bounded, so that whoever walks it may recurse.

use crate::ast::{Binary, BinaryOp, Expr, ExprKind, Field, Key, UnaryOp};
use crate::build::{Build, head_span, number, template};
use crate::error::{ErrorKind, SyntaxError};
use crate::pairs::{self, Pair, Row, Rule};
use crate::span::Span;

/// How high the tree of one expression may be: 128 levels of nesting and a chain of operators on top.
const MAX_HEIGHT: u32 = 512;

/// An expression and the height of its tree.
pub(super) struct Tree {
    pub(super) expr: Expr,
    pub(super) height: u32,
}

impl Tree {
    pub(super) fn leaf(kind: ExprKind, span: Span) -> Tree {
        Tree { expr: Expr { kind, span }, height: 1 }
    }

    pub(super) fn tall(kind: ExprKind, span: Span, height: u32) -> Tree {
        Tree { expr: Expr { kind, span }, height }
    }
}

const OR: u8 = 1;
const OR_ELSE: u8 = 4;

impl Build<'_> {
    /// The expression at the start of `row`, to its end; `missing` words what it says when there is none.
    pub(super) fn expr(&mut self, row: &mut Row<'_>, missing: &str) -> Expr {
        self.tree(row, missing).expr
    }

    /// The whole text as an expression.
    pub(crate) fn whole_expr(&mut self) -> Option<Expr> {
        if self.is_too_deep() {
            return None;
        }
        self.head(0, Rule::whole_expr, |build, mut row| build.expr(&mut row, "the expression is missing"))
    }

    /// Whether the cut refused the whole text; its errors are then the only ones.
    pub(super) fn is_too_deep(&mut self) -> bool {
        let refused = self.entry(0).is_none_or(|entry| entry.form == crate::cut::Form::Broken);
        if refused {
            self.broken(0);
        }
        refused
    }

    pub(super) fn tree(&mut self, row: &mut Row<'_>, missing: &str) -> Tree {
        if let Some(pair) = pairs::take(row, Rule::e_value) {
            self.missing(ErrorKind::MissingValue, &pair, missing);
            return self.no_tree(&pair);
        }
        let Some(pair) = row.next_if(|pair| matches!(pair.as_rule(), Rule::expr | Rule::fexpr)) else {
            // A place that takes a string alone has it without a row around it.
            return match row.next_if(|pair| is_part(pair.as_rule())) {
                Some(pair) => self.primary(pair),
                None => Tree { expr: error_expr(), height: 1 },
            };
        };
        let row = &mut pairs::row(pair);
        let tree = self.ternary(row);
        if let Some(sign) = row.next() {
            self.report(SyntaxError::new(
                ErrorKind::Unexpected,
                head_span(&sign),
                format!("unexpected `{}`", sign.as_str()),
            ));
        }
        tree
    }

    fn no_tree(&self, pair: &Pair<'_>) -> Tree {
        Tree { expr: Expr { kind: ExprKind::Error, span: self.span(pair) }, height: 1 }
    }

    /// `a ? b : c`
    fn ternary(&mut self, row: &mut Row<'_>) -> Tree {
        let condition = self.binary(row, OR);
        let Some(sign) = row.next_if(|pair| pair.as_rule() == Rule::infix && pair.as_str() == "?") else {
            return condition;
        };
        if let Some(second) = touching(&sign, row) {
            self.no_operator(&sign, Some(second), &condition);
            skip_rest(row);
            return condition;
        }
        let branches = self.nested(&sign, |build| {
            let yes = build.ternary(row);
            let no = match row.next_if(|pair| pair.as_rule() == Rule::infix && pair.as_str() == ":") {
                Some(_) => build.ternary(row),
                None => {
                    let end = yes.expr.span.end - (build.head.start - build.base);
                    let message = "`?` needs a second value behind `:`";
                    build.report(SyntaxError::new(ErrorKind::MissingValue, Span::new(end, end), message));
                    Tree {
                        expr: Expr { kind: ExprKind::Error, span: Span::new(yes.expr.span.end, yes.expr.span.end) },
                        height: 1,
                    }
                }
            };
            (yes, no)
        });
        let Some((yes, no)) = branches else {
            skip_rest(row);
            return self.no_tree(&sign);
        };
        let span = condition.expr.span.to(no.expr.span);
        let height = 1 + condition.height.max(yes.height).max(no.height);
        self.bounded(ExprKind::Ternary(Box::new((condition.expr, yes.expr, no.expr))), span, height)
    }

    /// Operators that bind at least as tightly as `level`.
    fn binary(&mut self, row: &mut Row<'_>, level: u8) -> Tree {
        let mut left = self.operand(row);
        while let Some(sign) = row.peek().filter(|pair| pair.as_rule() == Rule::infix) {
            let found = operator(sign.as_str());
            if !binds(&sign, found, level) {
                break;
            }
            row.next();
            let second = touching(&sign, row);
            let (Some((op, op_level)), None) = (found, second) else {
                self.no_operator(&sign, second, &left);
                skip_rest(row);
                break;
            };
            let op_span = self.span(&sign);
            if op_level == OR_ELSE {
                left = self.or_else(row, left, op_span);
                continue;
            }
            let right = self.binary(row, op_level + 1);
            left = self.join(op, op_span, left, right);
        }
        left
    }

    /// `a ?? b ?? c` binds to the right; read in a loop, so that a long chain needs no recursion.
    fn or_else(&mut self, row: &mut Row<'_>, first: Tree, first_sign: Span) -> Tree {
        let mut chain = vec![(first, first_sign)];
        let mut last = self.binary(row, OR_ELSE + 1);
        while let Some(sign) = row.next_if(|pair| pair.as_rule() == Rule::infix && pair.as_str() == "??") {
            chain.push((std::mem::replace(&mut last, Tree { expr: error_expr(), height: 1 }), self.span(&sign)));
            last = self.binary(row, OR_ELSE + 1);
        }
        while let Some((left, sign)) = chain.pop() {
            last = self.join(BinaryOp::OrElse, sign, left, last);
        }
        last
    }

    fn join(&mut self, op: BinaryOp, op_span: Span, left: Tree, right: Tree) -> Tree {
        let span = left.expr.span.to(right.expr.span);
        let height = 1 + left.height.max(right.height);
        self.bounded(
            ExprKind::Binary(Box::new(Binary { op, op_span, left: left.expr, right: right.expr })),
            span,
            height,
        )
    }

    fn bounded(&mut self, kind: ExprKind, span: Span, height: u32) -> Tree {
        if height <= MAX_HEIGHT {
            return Tree { expr: Expr { kind, span }, height };
        }
        let back = self.head.start - self.base;
        let place = Span::new(span.start - back, span.end - back);
        let error = SyntaxError::new(
            ErrorKind::TooDeep,
            place,
            format!("this expression has more than {MAX_HEIGHT} parts in a row"),
        );
        self.report_too_deep(error.help("name a part of it with `const` or `condition`"));
        Tree { expr: Expr { kind: ExprKind::Error, span }, height: 1 }
    }

    /// The sign behind `left` is none, alone or with a second one that touches it: `=`, `+=`, `<>`.
    fn no_operator(&mut self, sign: &Pair<'_>, second: Option<Pair<'_>>, left: &Tree) {
        let span = Span::new(head_span(sign).start, head_span(&second.unwrap_or(*sign)).end);
        let text = self.head_text().get(span.start as usize..span.end as usize).unwrap_or_default().to_owned();
        let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("`{text}` is no operator"));
        let labelled = matches!(left.expr.kind, ExprKind::Name(_)) && self.head.depth > 0;
        let error = match text.as_str() {
            "=" if labelled => error.help("a value is passed with `:`, compared with `==`"),
            "=" => error.help("two values are compared with `==`").fix(span, "==", "compare with `==`"),
            "&" => error.fix(span, "&&", "write `&&`"),
            "|" => error.fix(span, "||", "write `||`"),
            _ => error,
        };
        self.report(error);
    }

    fn operand(&mut self, row: &mut Row<'_>) -> Tree {
        let Some(pair) = row.next_if(|pair| is_part(pair.as_rule()) && pair.as_rule() != Rule::infix) else {
            return Tree { expr: error_expr(), height: 1 };
        };
        if pair.as_rule() == Rule::prefix {
            return self.unary(&pair, row);
        }
        let tree = self.primary(pair);
        if row.peek().is_some_and(|pair| follows(&pair)) { self.postfixes(tree, row) } else { tree }
    }

    /// What follows a value and belongs to it.
    fn postfixes(&mut self, mut tree: Tree, row: &mut Row<'_>) -> Tree {
        while let Some(pair) = row.next_if(follows) {
            tree = self.postfix(tree, pair);
        }
        tree
    }

    fn unary(&mut self, sign: &Pair<'_>, row: &mut Row<'_>) -> Tree {
        let op = if sign.as_str() == "!" { UnaryOp::Not } else { UnaryOp::Neg };
        let start = self.span(sign);
        let Some(inner) = self.nested(sign, |build| build.operand(row)) else {
            while row.next_if(|pair| is_part(pair.as_rule()) && pair.as_rule() != Rule::infix).is_some() {}
            return self.no_tree(sign);
        };
        let span = start.to(inner.expr.span);
        self.bounded(ExprKind::Unary(op, Box::new(inner.expr)), span, inner.height + 1)
    }

    fn primary(&mut self, pair: Pair<'_>) -> Tree {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::name | Rule::word => self.name(&pair),
            Rule::plain if !self.head.broken_string => {
                Tree::leaf(ExprKind::Template(template::plain(pair.as_str())), span)
            }
            Rule::plain | Rule::template | Rule::raw => self.string(pair),
            Rule::number => match number::number(pair.as_str()) {
                Ok(kind) => Tree::leaf(kind, span),
                Err(message) => {
                    self.report(SyntaxError::new(ErrorKind::BadNumber, head_span(&pair), message));
                    Tree::leaf(ExprKind::Error, span)
                }
            },
            Rule::paren => self.inside(&pair, |build, row| {
                let inner = build.tree(row, "the brackets hold no value");
                build.unclosed(row, ")");
                (ExprKind::Paren(Box::new(inner.expr)), inner.height)
            }),
            Rule::list => self.inside(&pair, |build, row| build.list(row)),
            Rule::braces => self.inside(&pair, |build, row| build.braces(row)),
            _ => {
                self.missing(ErrorKind::MissingValue, &pair, "a value is missing");
                self.no_tree(&pair)
            }
        }
    }

    fn inside(&mut self, pair: &Pair<'_>, build: impl FnOnce(&mut Self, &mut Row<'_>) -> (ExprKind, u32)) -> Tree {
        let span = self.span(pair);
        let mut row = pairs::row(*pair);
        match self.nested(pair, |this| build(this, &mut row)) {
            Some((kind, height)) => self.bounded(kind, span, height + 1),
            None => Tree::leaf(ExprKind::Error, span),
        }
    }

    fn name(&mut self, pair: &Pair<'_>) -> Tree {
        let span = self.span(pair);
        let kind = match pair.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ if self.is_patched(pair) => ExprKind::Error,
            text => {
                if pair.as_rule() == Rule::name {
                    self.check_reserved(pair);
                }
                ExprKind::Name(self.name_text(text, head_span(pair)))
            }
        };
        Tree::leaf(kind, span)
    }

    fn postfix(&mut self, tree: Tree, pair: Pair<'_>) -> Tree {
        let own = self.span(&pair);
        let span = tree.expr.span.to(own);
        let height = tree.height + 1;
        match pair.as_rule() {
            Rule::member => {
                let name = pair.as_str();
                let start = own.end - crate::lex::to_u32(name.len());
                if name.is_empty() {
                    let end = head_span(&pair).end;
                    self.report(SyntaxError::new(
                        ErrorKind::MissingName,
                        Span::new(end, end),
                        "a name is missing behind `.`",
                    ));
                }
                let back = self.head.start - self.base;
                let text = self.name_text(name, Span::new(start - back, own.end - back));
                let member = crate::ast::Ident { text, span: Span::new(start, own.end) };
                self.bounded(ExprKind::Member(Box::new(tree.expr), member), span, height)
            }
            Rule::index => {
                let mut row = pairs::row(pair);
                let index = self.nested(&pair, |build| {
                    let index = build.tree(&mut row, "the index is missing");
                    build.unclosed(&mut row, "]");
                    index
                });
                let index = index.unwrap_or_else(|| self.no_tree(&pair));
                let height = 1 + tree.height.max(index.height);
                self.bounded(ExprKind::Index(Box::new((tree.expr, index.expr))), span, height)
            }
            _ => {
                let (args, inner) = self.arguments(pair);
                if !matches!(tree.expr.kind, ExprKind::Name(_) | ExprKind::Member(..) | ExprKind::Error) {
                    let back = self.head.start - self.base;
                    let place = Span::new(own.start - back - 1, own.start - back);
                    self.report(SyntaxError::new(ErrorKind::Unexpected, place, "only a name can be called"));
                    return Tree { expr: Expr { kind: ExprKind::Error, span }, height: 1 };
                }
                self.bounded(ExprKind::Call(Box::new(tree.expr), args), span, 1 + tree.height.max(inner))
            }
        }
    }

    fn list(&mut self, row: &mut Row<'_>) -> (ExprKind, u32) {
        let mut items = Vec::with_capacity(row.count_of(Rule::fexpr));
        let mut height = 0;
        while self.at_member(row, &[Rule::spread, Rule::fexpr], "between the values of a list") {
            let spread = pairs::take(row, Rule::spread);
            let tree = self.tree(row, "`...` spreads a list: a value is missing behind it");
            height = height.max(tree.height + u32::from(spread.is_some()));
            items.push(match spread {
                Some(sign) => {
                    let span = self.span(&sign).to(tree.expr.span);
                    Expr { kind: ExprKind::Spread(Box::new(tree.expr)), span }
                }
                None => tree.expr,
            });
        }
        self.unclosed(row, "]");
        (ExprKind::List(items), height)
    }

    fn braces(&mut self, row: &mut Row<'_>) -> (ExprKind, u32) {
        let mut fields = Vec::with_capacity(row.count_of(Rule::field));
        let mut height = 0;
        while let Some(pair) = self.next_member(row, Rule::field, "between two fields") {
            let span = self.span(&pair);
            let mut inner = pairs::row(pair);
            let Some(key) = inner.next().and_then(|key| self.key(key)) else {
                continue;
            };
            if let Some(colon) = pairs::take(&mut inner, Rule::e_colon) {
                self.missing(ErrorKind::MissingSign, &colon, "the field needs `: value`");
            }
            let value = self.tree(&mut inner, "the field has no value");
            height = height.max(value.height);
            fields.push(Field { key, value: value.expr, span });
        }
        self.unclosed(row, "}");
        (ExprKind::Braces(fields), height)
    }

    fn key(&mut self, pair: Pair<'_>) -> Option<Key> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::name => Some(Key::Word(self.ident(&pair))),
            Rule::number => {
                let error = SyntaxError::new(ErrorKind::Unexpected, head_span(&pair), "a key is a name or a string");
                self.report(error);
                None
            }
            _ => match self.string(pair).expr.kind {
                ExprKind::Template(text) => Some(Key::Text(text, span)),
                _ => None,
            },
        }
    }
}

fn follows(pair: &Pair<'_>) -> bool {
    matches!(pair.as_rule(), Rule::member | Rule::args | Rule::index)
}

fn error_expr() -> Expr {
    Expr { kind: ExprKind::Error, span: Span::default() }
}

/// The sign that touches `sign`, the pair before `row`, and is written for one with it.
fn touching<'t>(sign: &Pair<'t>, row: &Row<'t>) -> Option<Pair<'t>> {
    if pairs::peek(row) != Some(Rule::e_operand) {
        return None;
    }
    let mut behind = row.clone();
    behind.next();
    let second = behind.next().filter(|pair| pair.as_rule() == Rule::infix && pair.start() == sign.end())?;
    second.as_str().starts_with(['=', '>', '?', '&', '|']).then_some(second)
}

/// Moves past what is left of an expression that cannot be read further.
fn skip_rest(row: &mut Row<'_>) {
    while row.next_if(|pair| is_part(pair.as_rule())).is_some() {}
}

/// Whether a pair of this rule is part of an expression's row.
fn is_part(rule: Rule) -> bool {
    use Rule::{
        args, braces, e_operand, index, infix, list, member, name, number, paren, plain, prefix, raw, template, word,
    };
    matches!(
        rule,
        name | word
            | plain
            | template
            | raw
            | number
            | paren
            | list
            | braces
            | prefix
            | infix
            | member
            | index
            | args
            | e_operand
    )
}

/// Whether the sign is read at `level`; what is no operator is read where it stands, except the two signs of a ternary.
fn binds(sign: &Pair<'_>, operator: Option<(BinaryOp, u8)>, level: u8) -> bool {
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
