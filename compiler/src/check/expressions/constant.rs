//! Constants: evaluated once, at compile time, and replaced by their value.

use hookc_grammar::Span;
use hookc_grammar::ast::Expr;
use hookc_plan as plan;
use hookc_plan::{Node, Program, Value};

use crate::check::expressions::constant_values::State;
use crate::check::expressions::evaluation::Nothing;
use crate::check::expressions::evaluation::say;
use crate::check::{Env, ExpressionChecker, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ConstId;
use crate::place::Place;
use crate::sources::FileId;
use crate::ty::Ty;

impl ExpressionChecker<'_, '_> {
    /// A read of a constant: its value.
    pub(crate) fn constant(&mut self, scope: &Scope<'_, '_>, id: ConstId, span: Span) -> Typed {
        match self.constant_value(id) {
            Some(mut typed) => {
                typed.expr.span = scope.plan_span(span);
                typed
            }
            None => scope.broken(span),
        }
    }

    /// The value of a constant; `None` after a report, which is made once.
    pub(crate) fn constant_value(&mut self, id: ConstId) -> Option<Typed> {
        match self.constants.0.get(id.0 as usize)? {
            State::Known(known) => {
                self.name_again(&known.named);
                return known.value.clone();
            }
            State::Active => {
                let item = self.program.constant(id);
                let message = format!("const `{}` refers to itself", item.name);
                self.error_at(diagnostics::CONSTANT_CYCLE, item.place, message);
                return None;
            }
            State::Unknown => {}
        }
        self.set_constant(id, State::Active);
        let kept = self.naming(|checker| checker.evaluate_constant(id));
        let value = kept.value.clone();
        self.set_constant(id, State::Known(kept));
        value
    }

    fn set_constant(&mut self, id: ConstId, state: State) {
        if let Some(slot) = self.constants.0.get_mut(id.0 as usize) {
            *slot = state;
        }
    }

    fn evaluate_constant(&mut self, id: ConstId) -> Option<Typed> {
        let program = self.program;
        let item = program.constant(id);
        let mut scope = Scope::new(item.file, item.at, Env::Plain);
        let declared = program.const_types.get(id.0 as usize).cloned().flatten();
        let typed = match &declared {
            Some(ty) => self.expect(&mut scope, &item.ast.value, ty),
            None => self.expr(&mut scope, &item.ast.value, None),
        };
        if typed.ty.is_error() {
            return None;
        }
        if declared.is_none() {
            self.note_type(item.place, &typed.ty, true);
        }
        self.evaluated(typed, scope.place(item.ast.value.span))
    }

    /// Evaluates the expression. A failure is reported.
    pub(crate) fn evaluated(&mut self, typed: Typed, place: Place) -> Option<Typed> {
        if matches!(typed.expr.node, Node::Const { .. }) {
            return Some(typed);
        }
        if self.program.holds_secret(&typed.ty) {
            self.secret_constant(place);
            return None;
        }
        let node = self.evaluated_node(&typed.expr, place)?;
        let expr = plan::Expr { node, ..*typed.expr };
        Some(Typed { expr: Box::new(expr), ty: typed.ty })
    }

    /// The value of a typed expression that reads nothing; `None` if it is a constant already, or after a report.
    pub(crate) fn constant_of(&mut self, expr: &plan::Expr) -> Option<Node> {
        let plan::Span(file, start, end) = expr.span;
        let place = Place { file: FileId(file), span: Span::new(start, end) };
        let mut has_secret = false;
        expr.walk(&mut |part| has_secret |= matches!(part.node, Node::Secret { .. }));
        if has_secret {
            self.secret_constant(place);
        }
        let is_done = has_secret || matches!(expr.node, Node::Const { .. });
        if is_done { None } else { self.evaluated_node(expr, place) }
    }

    fn secret_constant(&mut self, place: Place) {
        let diagnostic = Diagnostic::new(diagnostics::SECRET_FLOW, place, "a secret cannot be a constant");
        self.report(diagnostic.help("write `secret(\"NAME\")` where it is used"));
    }

    fn evaluated_node(&mut self, expr: &plan::Expr, place: Place) -> Option<Node> {
        match Program::new(expr).run_with(&Nothing).and_then(|value| value.to_json()) {
            Ok(value) => Some(Node::Const { value }),
            Err(error) => {
                let message = format!("cannot evaluate this expression: {}", say(error));
                self.error_at(diagnostics::CONSTANT_FAILS, place, message);
                None
            }
        }
    }

    /// A constant of the type, as the value of a setting or an option.
    pub(crate) fn constant_setting(&mut self, scope: &mut Scope<'_, '_>, expr: &Expr, ty: &Ty) -> Option<Value> {
        let typed = self.expect(scope, expr, ty);
        if typed.ty.is_error() {
            return None;
        }
        let mut reads = false;
        typed.expr.walk(&mut |expr| {
            reads |= matches!(
                expr.node,
                Node::Ctx { .. } | Node::Local { .. } | Node::Connection { .. } | Node::Secret { .. }
            );
        });
        let place = scope.place(expr.span);
        if reads {
            self.error_at(diagnostics::NOT_CONSTANT, place, "the value of a setting must be a constant");
            return None;
        }
        match Program::new(&typed.expr).run_with(&Nothing) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error_at(
                    diagnostics::CONSTANT_FAILS,
                    place,
                    format!("cannot evaluate this expression: {}", say(error)),
                );
                None
            }
        }
    }
}
