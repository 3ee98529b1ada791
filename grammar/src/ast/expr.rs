//! Expressions.

use smol_str::SmolStr;

use super::{Arg, Ident};
use crate::span::Span;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Its form.
    pub kind: ExprKind,
    /// Where it is written; brackets around it included only in [`ExprKind::Paren`].
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `7`, `0x1f`: up to `i64::MAX + 1`, which only a minus sign before it makes an int.
    Int(u64),
    /// `0.5`, `1e-7`
    Float(f64),
    /// `1h30m`, in nanoseconds
    Duration(i64),
    /// `"…"` and the other string forms.
    Template(Template),
    /// A bare name.
    Name(SmolStr),
    /// `[a, ...b]`
    List(Vec<Expr>),
    /// `...xs`, in a list.
    Spread(Box<Expr>),
    /// `{ a: 1, "b": 2 }`
    Braces(Vec<Field>),
    /// `!a`, `-a`
    Unary(UnaryOp, Box<Expr>),
    /// `a && b`
    Binary(Box<Binary>),
    /// `a ? b : c`
    Ternary(Box<(Expr, Expr, Expr)>),
    /// `a.b`
    Member(Box<Expr>, Ident),
    /// `a[b]`
    Index(Box<(Expr, Expr)>),
    /// `f(x)`, `a.f(x)`: the callee is a [`ExprKind::Name`] or a [`ExprKind::Member`].
    Call(Box<Expr>, Vec<Arg>),
    /// `(a)`
    Paren(Box<Expr>),
    /// Missing or unreadable; its error is reported.
    Error,
}

/// The operators before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Neg,
}

/// `left op right`
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// The operator.
    pub op: BinaryOp,
    /// Where the operator stands.
    pub op_span: Span,
    /// Before it.
    pub left: Expr,
    /// Behind it.
    pub right: Expr,
}

/// The operators between two values, from the loosest: `||`, `&&`, comparisons and `in`, `??` (to the right), `+ -`, `* / %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after their signs")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    OrElse,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// `key: value` in braces.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Expr,
    /// The whole field.
    pub span: Span,
}

/// A key in braces: a bare word is a record's field, a string a map's key.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// `a:`
    Word(Ident),
    /// `"a":`
    Text(Template, Span),
}

/// A string: texts and holes in turn, escapes resolved and common indentation stripped.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The parts in written order; neighbouring texts are one.
    pub parts: Vec<Part>,
    /// `r"…"`: no escapes, no holes.
    pub raw: bool,
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text as it is.
    Text(SmolStr),
    /// `${expr}`
    Hole(Expr),
}

impl Template {
    /// The text, where there is no hole.
    pub fn as_const(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}
