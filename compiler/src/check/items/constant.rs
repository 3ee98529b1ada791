//! Constants: evaluated once, at compile time, and written as their value.

use hookc_grammar::Span;
use hookc_grammar::ast::Expr;
use hookc_plan as plan;
use hookc_plan::{Context, Node, Path, Program, Slot, Value};

use crate::check::expressions::arguments::Owner;
use crate::check::{Checker, Env, Scope, Typed};
use crate::diagnostics::{self, Diagnostic};
use crate::ids::ConstId;
use crate::place::Place;
use crate::ty::Ty;

/// What is known of each constant.
pub(crate) struct ConstantValues(Vec<State>);

#[derive(Clone)]
enum State {
    Unknown,
    Active,
    Known(Option<Typed>),
}

impl ConstantValues {
    pub(crate) fn new(count: usize) -> ConstantValues {
        ConstantValues(vec![State::Unknown; count])
    }
}

impl Checker<'_, '_> {
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

    /// The value of a constant; `None` where it has none, which is reported, once.
    pub(crate) fn constant_value(&mut self, id: ConstId) -> Option<Typed> {
        match self.constants.0.get(id.0 as usize)? {
            State::Known(value) => return value.clone(),
            State::Active => {
                let item = self.program.constant(id);
                let message = format!("`{}` is defined by itself", item.name);
                self.error_at(diagnostics::CONSTANT_CYCLE, item.place, message);
                return None;
            }
            State::Unknown => {}
        }
        self.set_constant(id, State::Active);
        let value = self.evaluate_constant(id);
        self.set_constant(id, State::Known(value.clone()));
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

    /// The expression as its value; what cannot be evaluated is reported.
    pub(crate) fn evaluated(&mut self, typed: Typed, place: Place) -> Option<Typed> {
        if matches!(typed.expr.node, Node::Const { .. }) {
            return Some(typed);
        }
        if self.program.holds_secret(&typed.ty) {
            let message = "a secret is not a constant";
            let diagnostic = Diagnostic::new(diagnostics::SECRET_FLOW, place, message);
            self.report(diagnostic.help("write `secret(\"NAME\")` where it is used"));
            return None;
        }
        let value = Program::new(&typed.expr).run_with(&Nothing).and_then(|value| value.to_json());
        match value {
            Ok(value) => {
                let expr = plan::Expr { node: Node::Const { value }, ..*typed.expr };
                Some(Typed { expr: Box::new(expr), ty: typed.ty })
            }
            Err(error) => {
                let message = format!("this cannot be computed: {}", say(error));
                self.error_at(diagnostics::CONSTANT_FAILS, place, message);
                None
            }
        }
    }

    /// A constant of the type, written where a setting or an option stands.
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
            self.error_at(diagnostics::NOT_CONSTANT, place, "a setting is a constant");
            return None;
        }
        match Program::new(&typed.expr).run_with(&Nothing) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error_at(diagnostics::CONSTANT_FAILS, place, format!("this cannot be computed: {}", say(error)));
                None
            }
        }
    }
}

/// An evaluation's failure in words.
pub(crate) fn say(error: plan::EvalError) -> &'static str {
    match error {
        plan::EvalError::Overflow => "the number does not fit",
        plan::EvalError::DivisionByZero => "division by zero",
        plan::EvalError::Index => "the list has no such item",
        plan::EvalError::Key => "the map has no such key",
        plan::EvalError::Range => "a value is out of range",
        plan::EvalError::NotFinite => "the number is not finite",
        plan::EvalError::Parse => "the text does not read as this type",
        plan::EvalError::Cost => "it takes too many steps",
    }
}

/// The context of constants.
pub(crate) struct Nothing;

impl Context for Nothing {
    fn read(&self, _: &Slot) -> Option<Value> {
        None
    }
}

/// Arguments as a context, where they are constants.
pub(crate) struct Arguments<'a> {
    pub(crate) owner: Owner,
    pub(crate) values: &'a [plan::Arg],
}

impl Arguments<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let arg = self.values.iter().find(|arg| arg.name == name)?;
        if !is_constant(&arg.value) {
            return None;
        }
        Program::new(&arg.value).run_with(&Nothing).ok()
    }
}

impl Context for Arguments<'_> {
    fn read(&self, slot: &Slot) -> Option<Value> {
        match (slot, self.owner) {
            (Slot::Ctx(Path::Input(name)), Owner::Component) => self.value(name),
            (Slot::Ctx(Path::JobInput(name)), Owner::Job) => self.value(name),
            (Slot::Local(name), Owner::Local) => self.value(name),
            _ => None,
        }
    }
}

/// Whether the condition holds; `None` where its reads are not all constants, or it fails.
pub(crate) fn holds(constraint: &plan::Expr, context: &Arguments<'_>) -> Option<bool> {
    let program = Program::new(constraint);
    if program.slots().iter().any(|slot| context.read(slot).is_none()) {
        return None;
    }
    match program.run_with(context) {
        Ok(Value::Bool(holds)) => Some(holds),
        _ => None,
    }
}

/// The items of a list that is a constant.
pub(crate) fn list_length(list: &plan::Expr) -> Option<usize> {
    if !is_constant(list) {
        return None;
    }
    match Program::new(list).run_with(&Nothing) {
        Ok(Value::List(items)) => Some(items.len()),
        _ => None,
    }
}

/// Whether the expression reads nothing.
fn is_constant(expr: &plan::Expr) -> bool {
    let mut secret = false;
    expr.walk(&mut |expr| secret |= matches!(expr.node, Node::Secret { .. }));
    !secret && Program::new(expr).slots().is_empty()
}
