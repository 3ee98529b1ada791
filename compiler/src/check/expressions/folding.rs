//! Parts of an expression that can only fail: those that read nothing (`1 / 0`, `int("x")`), and divisions by zero.
//!
//! They are evaluated once, by the evaluator itself, and their failure is reported at their place. A part that reads
//! nothing and does not fail is not changed.

use std::collections::BTreeMap;

use hookc_grammar::Span;
use hookc_plan as plan;
use hookc_plan::{EvalError, Expr, Node, Program, Type, Value};
use smol_str::SmolStr;

use crate::check::expressions::evaluation::{Nothing, say};
use crate::check::{ExpressionChecker, Scope, Typed};
use crate::diagnostics;
use crate::place::Place;
use crate::sources::FileId;

/// The maximum cost of a part. More expensive parts are not evaluated here.
const MOST_STEPS: u64 = 10_000;

impl ExpressionChecker<'_, '_> {
    /// The expression, or a mistake that is reported where one of its parts can only fail.
    pub(crate) fn without_failing_parts(&mut self, scope: &Scope<'_, '_>, typed: Typed, span: Span) -> Typed {
        let Some((error, failed)) = first_failure(&typed.expr) else {
            return typed;
        };
        let plan::Span(file, start, end) = failed;
        let place = Place { file: FileId(file), span: Span::new(start, end) };
        let message = format!("cannot evaluate this expression: {}", say(error));
        self.error_at(diagnostics::CONSTANT_FAILS, place, message);
        scope.broken(span)
    }
}

/// What is known about a part.
struct Part<'e> {
    expr: &'e Expr,
    /// Whether it reads more than variables of macros.
    reads: bool,
    /// The variables of macros around it that it reads.
    open: Vec<&'e SmolStr>,
    /// Whether any part of it can fail.
    fails: bool,
    /// The use of the condition from which it was inlined.
    used: Option<plan::Span>,
}

impl Part<'_> {
    fn is_constant(&self) -> bool {
        !self.reads && self.open.is_empty()
    }

    /// The failure of a constant part, with the place of the smallest part that fails.
    fn failure(&self) -> Option<(EvalError, plan::Span)> {
        if !self.is_constant() || !self.fails || plan::cost(self.expr) > MOST_STEPS {
            return None;
        }
        let error = Program::new(self.expr).run_with(&Nothing).err()?;
        if !plan::may_fail(self.expr).contains(&error) {
            return None;
        }
        let (_, traced) = plan::run_traced(self.expr, &BTreeMap::new(), &Nothing);
        let smallest = traced.iter().find(|(_, result)| result.is_err());
        let written = smallest.map_or(self.expr.span, |(span, _)| *span);
        Some((error, self.used.unwrap_or(written)))
    }
}

/// The first failure of the largest constant parts.
fn first_failure(expr: &Expr) -> Option<(EvalError, plan::Span)> {
    let mut can_fail = false;
    expr.walk(&mut |part| can_fail |= plan::can_fail(&part.node));
    if !can_fail {
        return None;
    }
    let mut tasks = vec![(expr, None, false)];
    let mut done: Vec<Part<'_>> = Vec::new();
    while let Some((expr, used, operands_are_done)) = tasks.pop() {
        let used = used.or_else(|| expr.via.first().map(|via| via.span));
        let mut count = 0;
        if !operands_are_done {
            tasks.push((expr, used, true));
            let first = tasks.len();
            expr.operands(&mut |operand| tasks.push((operand, used, false)));
            if let Some(operands) = tasks.get_mut(first..) {
                operands.reverse();
            }
            continue;
        }
        expr.operands(&mut |_| count += 1);
        let operands = done.split_off(done.len().saturating_sub(count));
        let part = part_of(expr, &operands, used);
        if let Some(failure) = zero_division(&part, &operands) {
            return Some(failure);
        }
        if !part.is_constant()
            && let Some(failure) = operands.iter().find_map(Part::failure)
        {
            return Some(failure);
        }
        done.push(part);
    }
    done.pop().and_then(|whole| whole.failure())
}

/// `x / 0` and `x % 0` fail for every `x`.
fn zero_division(part: &Part<'_>, operands: &[Part<'_>]) -> Option<(EvalError, plan::Span)> {
    let (Node::IntDiv { .. } | Node::IntRem { .. }, [divided, divisor]) = (&part.expr.node, operands) else {
        return None;
    };
    // A part that reads nothing is reported only if the whole part fails.
    let zero = !divided.is_constant()
        && divisor.is_constant()
        && Program::new(divisor.expr).run_with(&Nothing) == Ok(Value::Int(0));
    zero.then(|| (EvalError::DivisionByZero, part.used.unwrap_or(part.expr.span)))
}

fn part_of<'e>(expr: &'e Expr, operands: &[Part<'e>], used: Option<plan::Span>) -> Part<'e> {
    let mut part = Part {
        expr,
        reads: operands.iter().any(|operand| operand.reads),
        open: operands.iter().flat_map(|operand| operand.open.iter().copied()).collect(),
        fails: plan::can_fail(&expr.node) || operands.iter().any(|operand| operand.fails),
        used,
    };
    match &expr.node {
        Node::Ctx { .. } | Node::Connection { .. } | Node::Secret { .. } => part.reads = true,
        // The evaluation of a record constant needs the program's types, which are not available here.
        Node::Const { .. } => part.reads = holds_record(&expr.ty),
        Node::Local { name } => part.open.push(name),
        Node::Macro { var, value_var, .. } => {
            part.open.retain(|name| *name != var && Some(*name) != value_var.as_ref());
        }
        _ => {}
    }
    part
}

fn holds_record(ty: &Type) -> bool {
    match ty {
        Type::Record(_) => true,
        Type::List(of) | Type::Map(of) | Type::Optional(of) => holds_record(of),
        _ => false,
    }
}
