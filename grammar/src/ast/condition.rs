//! Named conditions.

use super::{Doc, Expr, Ident, Param};
use crate::span::Span;

/// `condition poor(loss: float, limit: float = 0.9) = loss > limit`
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its parameters in written order.
    pub params: Vec<Param>,
    /// What it says.
    pub value: Expr,
    /// The whole item, without its documentation.
    pub span: Span,
}
