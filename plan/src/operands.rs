//! What of an operation's parts is an operand, and the walk over all that is in an expression.

use serde_json::Value as Json;

use crate::expr::{Entry, Expr, Operand};
use crate::kinds::{CompareOn, MacroKind, NumberOn, OrderOn, SortOn, TextOn, TimePart};
use crate::path::Path;
use crate::types::{Name, Span};

/// A part of an operation: operands, or words that are none.
pub(crate) trait Operands {
    /// Calls `f` with each operand in it.
    fn each<'a>(&'a self, f: &mut dyn FnMut(&'a Expr));

    /// Calls `f` with each operand in it, to change it.
    fn each_mut<'a>(&'a mut self, f: &mut dyn FnMut(&'a mut Expr));
}

impl Operands for Operand {
    fn each<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
    }

    fn each_mut<'a>(&'a mut self, f: &mut dyn FnMut(&'a mut Expr)) {
        f(self);
    }
}

impl Operands for Option<Operand> {
    fn each<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        self.iter().for_each(|operand| f(operand));
    }

    fn each_mut<'a>(&'a mut self, f: &mut dyn FnMut(&'a mut Expr)) {
        self.iter_mut().for_each(|operand| f(operand));
    }
}

impl Operands for Vec<Expr> {
    fn each<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        self.iter().for_each(f);
    }

    fn each_mut<'a>(&'a mut self, f: &mut dyn FnMut(&'a mut Expr)) {
        self.iter_mut().for_each(f);
    }
}

impl Operands for Vec<Entry> {
    fn each<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        self.iter().for_each(|entry| f(&entry.value));
    }

    fn each_mut<'a>(&'a mut self, f: &mut dyn FnMut(&'a mut Expr)) {
        self.iter_mut().for_each(|entry| f(&mut entry.value));
    }
}

macro_rules! no_operands {
    ($($ty:ty),*) => {
        $(impl Operands for $ty {
            fn each<'a>(&'a self, _: &mut dyn FnMut(&'a Expr)) {}

            fn each_mut<'a>(&'a mut self, _: &mut dyn FnMut(&'a mut Expr)) {}
        })*
    };
}

no_operands!(CompareOn, Json, MacroKind, Name, NumberOn, Option<Name>, OrderOn, Path, SortOn, Span, TextOn, TimePart);

impl Expr {
    /// Calls `f` with each operand, in the order in which they are evaluated.
    pub fn operands<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        self.node.operands(f);
    }

    /// Calls `f` with the expression and all that is in it, outermost first. It does not recurse.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        let mut open = vec![self];
        let mut operands = Vec::new();
        while let Some(expr) = open.pop() {
            f(expr);
            expr.operands(&mut |operand| operands.push(operand));
            open.extend(operands.drain(..).rev());
        }
    }

    /// Calls `f` with the expression and all that is in it, outermost first, to change it. It does not recurse.
    pub fn walk_mut(&mut self, f: &mut dyn FnMut(&mut Expr)) {
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            f(expr);
            expr.node.operands_mut(&mut |operand| open.push(operand));
        }
    }
}
