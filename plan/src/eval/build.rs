//! From an expression to a program, without recursion: operands first, each on a stack, then the node that takes them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Slot;
use super::assemble::assemble;
use super::code::{Code, Step};
use crate::expr::{Expr, Node};
use crate::plan::EvalError;
use crate::types::{Name, Type, TypeDef};
use crate::value::Value;

/// What is still to do, the next one last.
enum Task<'a> {
    /// Make an expression.
    Make(&'a Expr),
    /// Make a node of the operands on the stack.
    Assemble(&'a Expr),
    /// From here on a macro's variables are in scope.
    Bind(&'a Node),
    /// And no longer.
    Unbind(&'a Node),
}

/// What is made up to now.
pub(super) struct Builder<'a> {
    types: &'a BTreeMap<Name, TypeDef>,
    slots: Vec<Slot>,
    numbers: FxHashMap<Slot, usize>,
    /// The variables of macros in scope, innermost last.
    scope: Vec<&'a Name>,
    made: Vec<Step>,
}

/// Makes a program of an expression.
pub(super) fn build<'a>(expr: &'a Expr, types: &'a BTreeMap<Name, TypeDef>) -> (Step, Vec<Slot>) {
    let mut builder =
        Builder { types, slots: Vec::new(), numbers: FxHashMap::default(), scope: Vec::new(), made: Vec::new() };
    let mut tasks = vec![Task::Make(expr)];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Make(expr) => builder.plan(expr, &mut tasks),
            Task::Assemble(expr) => {
                let code = assemble(&mut builder, expr);
                builder.made.push(Step { span: expr.span, code });
            }
            Task::Bind(node) => builder.scope.extend(variables(node)),
            Task::Unbind(node) => builder.scope.truncate(builder.scope.len() - variables(node).count()),
        }
    }
    (builder.pop(), builder.slots)
}

fn variables(node: &Node) -> impl Iterator<Item = &Name> {
    let (var, value_var) = match node {
        Node::Macro { var, value_var, .. } => (Some(var), value_var.as_ref()),
        _ => (None, None),
    };
    var.into_iter().chain(value_var)
}

impl<'a> Builder<'a> {
    fn plan(&mut self, expr: &'a Expr, tasks: &mut Vec<Task<'a>>) {
        tasks.push(Task::Assemble(expr));
        let first = tasks.len();
        if let Node::Macro { over, keep, body, .. } = &expr.node {
            tasks.extend([Task::Unbind(&expr.node), Task::Make(body)]);
            tasks.extend(keep.iter().map(|keep| Task::Make(keep)));
            tasks.extend([Task::Bind(&expr.node), Task::Make(over)]);
            return;
        }
        expr.operands(&mut |operand| tasks.push(Task::Make(operand)));
        if let Some(operands) = tasks.get_mut(first..) {
            operands.reverse();
        }
    }

    /// The operand made last. There is always one: each node takes what its operands made.
    pub(super) fn pop(&mut self) -> Step {
        self.made.pop().unwrap_or(Step { span: Default::default(), code: Code::Fail(EvalError::Parse) })
    }

    pub(super) fn one(&mut self) -> Box<Step> {
        Box::new(self.pop())
    }

    pub(super) fn two(&mut self) -> Box<[Step; 2]> {
        let b = self.pop();
        Box::new([self.pop(), b])
    }

    pub(super) fn three(&mut self) -> Box<[Step; 3]> {
        let c = self.pop();
        let b = self.pop();
        Box::new([self.pop(), b, c])
    }

    /// The last `count` operands in their order.
    pub(super) fn many(&mut self, count: usize) -> Box<[Step]> {
        self.made.split_off(self.made.len().saturating_sub(count)).into()
    }

    /// The number of what is read.
    pub(super) fn slot(&mut self, slot: Slot) -> Code {
        let next = self.slots.len();
        let number = *self.numbers.entry(slot).or_insert_with_key(|slot| {
            self.slots.push(slot.clone());
            next
        });
        Code::Slot(number)
    }

    /// A variable: of a macro around it, else of what is around the expression.
    pub(super) fn local(&mut self, name: &Name) -> Code {
        match self.scope.iter().rev().position(|variable| *variable == name) {
            Some(outward) => Code::Local(outward),
            None => self.slot(Slot::Local(name.clone())),
        }
    }

    pub(super) fn constant(&self, value: &serde_json::Value, ty: &Type) -> Code {
        let value = match Value::from_json(value, ty, self.types) {
            Ok(value) => value,
            Err(_) if names_unknown(ty, self.types) => constant_of_named(value, ty),
            Err(_) => return Code::Fail(EvalError::Parse),
        };
        Code::Const(value)
    }
}

/// Whether a type names one that is not at hand.
fn names_unknown(ty: &Type, types: &BTreeMap<Name, TypeDef>) -> bool {
    match ty {
        Type::Enum(name) | Type::Record(name) => !types.contains_key(name),
        Type::List(of) | Type::Map(of) | Type::Optional(of) => names_unknown(of, types),
        _ => false,
    }
}

fn constant_of_named(value: &serde_json::Value, ty: &Type) -> Value {
    match (ty, value) {
        (Type::Optional(of), _) => constant_of_named(value, of),
        (Type::Enum(_), serde_json::Value::String(name)) => Value::Enum(name.into()),
        (Type::List(of), serde_json::Value::Array(items)) => {
            Value::list(items.iter().map(|item| constant_of_named(item, of)))
        }
        (Type::Map(of), serde_json::Value::Object(entries)) => {
            Value::map(entries.iter().map(|(key, value)| (key.into(), constant_of_named(value, of))))
        }
        _ => Value::from_untyped(value),
    }
}
