//! Lints of conditions, and of conditions in values: parts that are always true or always false at their place, and
//! floats that are compared for equality.
//!
//! The lints use only values that are written at the place. A named constant or a parameter of a reusable hook can
//! change, so they conclude nothing from its value.

use hookc_grammar::Span;
use hookc_plan as plan;
use hookc_plan::{CompareOn, Expr, Node, Type};
use std::rc::Rc;

use super::comparison::constant;
use super::refinements::{known_by, may_be_known, states_of_event};
use super::truth::{DecidedPart, State, Truth};
use crate::check::{ExpressionChecker, Scope};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;
use crate::sources::{FileId, Sources};

/// What a condition is used for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ConditionUse {
    /// It decides whether something happens.
    Condition,
    /// It is used as a value.
    Value,
}

/// The parts of an expression that the lints check.
#[derive(Default)]
struct ConditionParts<'e> {
    /// The conditions that are checked separately.
    roots: Vec<(&'e Expr, ConditionUse)>,
    /// The reads about which rules or events give information.
    reads: Vec<&'e Expr>,
    /// Floats that are compared for equality.
    floats: Vec<plan::Span>,
}

/// The maximum depth to which expressions are checked.
const MOST_DEPTH: u32 = 200;

impl<'e> ConditionParts<'e> {
    /// Collects from a condition and its parts.
    fn root(&mut self, expr: &'e Expr, used: ConditionUse, depth: u32) {
        self.roots.push((expr, used));
        self.inside(expr, depth);
    }

    /// Collects from the operands of the logical operators of a condition.
    fn inside(&mut self, expr: &'e Expr, depth: u32) {
        if depth > MOST_DEPTH {
            return;
        }
        match &expr.node {
            Node::Not { a } => self.inside(a, depth + 1),
            Node::And { a, b } | Node::Or { a, b } => {
                self.inside(a, depth + 1);
                self.inside(b, depth + 1);
            }
            Node::Cond { test, a, b } if expr.ty == Type::Bool => {
                self.inside(test, depth + 1);
                self.inside(a, depth + 1);
                self.inside(b, depth + 1);
            }
            _ => self.operands(expr, depth),
        }
    }

    /// Collects from a value and its parts.
    fn look(&mut self, expr: &'e Expr, depth: u32) {
        if depth > MOST_DEPTH {
            return;
        }
        // A named condition is checked where it is declared.
        let is_condition = expr.ty == Type::Bool && expr.via.is_empty() && !is_plain_value(&expr.node);
        if is_condition { self.root(expr, ConditionUse::Value, depth) } else { self.operands(expr, depth) }
    }

    fn operands(&mut self, expr: &'e Expr, depth: u32) {
        match &expr.node {
            Node::Ctx { path } if may_be_known(path) => self.reads.push(expr),
            Node::Const { .. } | Node::Ctx { .. } | Node::Local { .. } => {}
            Node::Field { of, .. } => {
                self.reads.push(expr);
                self.look(of, depth + 1);
            }
            Node::Cond { test, a, b } => {
                self.root(test, ConditionUse::Condition, depth + 1);
                self.look(a, depth + 1);
                self.look(b, depth + 1);
            }
            Node::Macro { over, keep, body, .. } => {
                self.look(over, depth + 1);
                for part in keep.iter().chain([body]) {
                    if part.ty == Type::Bool {
                        self.root(part, ConditionUse::Condition, depth + 1)
                    } else {
                        self.look(part, depth + 1)
                    }
                }
            }
            node => {
                if let Node::Eq { on: CompareOn::Float, a, b } | Node::Ne { on: CompareOn::Float, a, b } = node
                    && ![a, b].into_iter().any(|side| is_zero(side))
                {
                    self.floats.push(expr.span);
                }
                expr.operands(&mut |operand| self.look(operand, depth + 1));
            }
        }
    }
}

/// A `bool` literal or a plain read of a `bool`.
fn is_plain_value(node: &Node) -> bool {
    matches!(
        node,
        Node::Const { .. }
            | Node::Ctx { .. }
            | Node::Local { .. }
            | Node::Field { .. }
            | Node::Narrow { .. }
            | Node::Some { .. }
            | Node::Retype { .. }
            | Node::OrElse { .. }
            | Node::Macro { .. }
    )
}

impl<'s> ExpressionChecker<'_, 's> {
    /// Reports what is suspicious about a condition.
    pub(crate) fn lint_condition(&mut self, scope: &Scope<'_, 's>, expr: &Expr) {
        let mut found = ConditionParts::default();
        found.root(expr, ConditionUse::Condition, 0);
        self.lint_found(scope, &found);
    }

    /// Reports what is suspicious about the conditions in a value: those of `?:`, of macros, and `bool` values.
    pub(crate) fn lint_value(&mut self, scope: &Scope<'_, 's>, expr: &Expr) {
        let mut found = ConditionParts::default();
        found.look(expr, 0);
        self.lint_found(scope, &found);
    }

    /// [`ExpressionChecker::lint_value`] of each argument.
    pub(crate) fn lint_arguments(&mut self, scope: &Scope<'_, 's>, args: &[plan::Arg]) {
        for arg in args {
            self.lint_value(scope, &arg.value);
        }
    }

    /// [`ExpressionChecker::lint_value`] of all that a component is run with.
    pub(crate) fn lint_component(&mut self, scope: &Scope<'_, 's>, component: &plan::Component) {
        for body in &component.bodies {
            match body {
                plan::Body::Exec(items) => items.iter().for_each(|item| match item {
                    plan::ExecItem::One(value) | plan::ExecItem::Spread(plan::Spread { spread: value }) => {
                        self.lint_value(scope, value);
                    }
                }),
                plan::Body::Http(http) => {
                    let values = [&http.url].into_iter().chain(http.headers.values()).chain(&http.json);
                    values.for_each(|value| self.lint_value(scope, value));
                }
                plan::Body::Ask(question) => self.lint_value(scope, question),
                plan::Body::Shell(_) | plan::Body::Python(_) | plan::Body::External(_) => {}
            }
        }
        let settings = component.env.values().chain(&component.prompt);
        settings.for_each(|value| self.lint_value(scope, value));
    }

    fn lint_found(&mut self, scope: &Scope<'_, 's>, found: &ConditionParts<'_>) {
        for float in &found.floats {
            let (file, span) = place(*float);
            let message = "floats are compared for equality, which rounding makes unreliable";
            let diagnostic = Diagnostic::new(diagnostics::FLOAT_EQUALITY, Place::new(file, span), message);
            self.report(diagnostic.help("compare with a range, as in `x > 0.49 && x < 0.51`"));
        }
        if found.roots.is_empty() {
            return;
        }
        let rules = self.rules(scope, &found.reads);
        let sources = self.program.sources;
        let literal = |expr: &Expr| is_literal(sources, expr);
        let enums = |name: &str| self.enum_values(name);
        let mut given = states_of_event(scope.env, &found.reads);
        for rule in &rules {
            given.extend(known_by(rule, &enums, &literal));
        }
        let mut decided: Vec<(DecidedPart, ConditionUse)> = Vec::new();
        for (root, used) in &found.roots {
            let mut split = Truth::new(&enums, &literal, &given);
            if split.is_plain(root, 0, &mut Vec::new()) {
                continue;
            }
            split.split(root, vec![State::new()]);
            split.decided.dedup();
            decided.extend(split.decided.into_iter().map(|decided| (decided, *used)));
        }
        let rules: Vec<Rc<Expr>> = rules.into_iter().map(|rule| rule.rule).collect();
        for (decided, used) in decided {
            self.report_decided(&decided, used, &rules);
        }
    }

    fn report_decided(&mut self, found: &DecidedPart, used: ConditionUse, rules: &[Rc<Expr>]) {
        let (file, span) = place(found.span);
        let (code, word) =
            if found.value { (diagnostics::ALWAYS_TRUE, "true") } else { (diagnostics::ALWAYS_FALSE, "false") };
        let by_rule = found.because.is_some_and(|because| rules.iter().any(|rule| contains(rule.span, because)));
        let message = match found.because {
            None => format!("this is always {word}"),
            Some(_) if by_rule => format!("this is always {word} because of the rule of a value it reads"),
            Some(_) => format!("this is always {word} because of an earlier condition"),
        };
        let mut diagnostic = Diagnostic::new(code, Place::new(file, span), message);
        if let Some(because) = found.because.filter(|because| *because != found.span) {
            let (file, span) = place(because);
            let text = if by_rule { "rule declared here" } else { "earlier condition here" };
            diagnostic = diagnostic.label(Place::new(file, span), text);
        }
        let help = match (used, found.value) {
            (ConditionUse::Value, _) => format!("write `{word}` or change the expression"),
            (ConditionUse::Condition, true) => "remove it, or test something that can be false".to_owned(),
            (ConditionUse::Condition, false) => "change or remove it: what depends on it never happens".to_owned(),
        };
        self.report(diagnostic.help(help));
    }
}

/// Whether a constant is written as its value, not by a name.
fn is_literal(sources: &Sources, expr: &Expr) -> bool {
    let (file, span) = place(expr.span);
    let text = sources.text(file, span);
    if let (Type::Enum(_), Node::Const { value }) = (expr.ty.required(), &expr.node) {
        return value.as_str().is_some_and(|value| text.rsplit('.').next() == Some(value));
    }
    matches!(text, "true" | "false")
        || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '\'' | '-' | '.' | '['))
        || text.starts_with("duration(")
        || text.starts_with("timestamp(")
        || text.starts_with("r\"")
        || text.starts_with("r'")
}

fn is_zero(expr: &Expr) -> bool {
    matches!(constant(expr, &|_| true), Some(plan::Value::Float(float)) if float == 0.0)
}

fn contains(outer: plan::Span, inner: plan::Span) -> bool {
    outer.0 == inner.0 && outer.1 <= inner.1 && inner.2 <= outer.2
}

/// A plan's span as a place in the sources.
pub(super) fn place(span: plan::Span) -> (FileId, Span) {
    (FileId(span.0), Span::new(span.1, span.2))
}
