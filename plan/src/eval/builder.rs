//! From an expression to a program, without recursion: operands first, each on a stack, then the node that takes them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::compile::compile;
use super::step::Step;
use super::{Program, Slot};
use crate::expr::{Expr, Node};
use crate::plan::EvalError;
use crate::types::{Name, Span, Type, TypeDef};
use crate::value::Value;

/// What is still to do, the next one last.
enum Task<'a> {
    /// Make an expression.
    Make(&'a Expr),
    /// Make a node of the operands on the stack.
    Compile(&'a Expr),
    /// From here on a macro's variables are in scope.
    Bind(&'a Node),
    /// From here on they are not in scope.
    Unbind(&'a Node),
}

/// What is made so far.
pub(super) struct Builder<'a> {
    types: &'a BTreeMap<Name, TypeDef>,
    slots: Vec<Slot>,
    numbers: FxHashMap<Slot, usize>,
    /// The variables of macros in scope, innermost last.
    scope: Vec<&'a Name>,
    made: Vec<Step>,
    /// The number of nodes so far, without those in the bodies of macros. Inside a body: of that body.
    nodes: u64,
    /// The numbers for what is around the bodies that are being made, innermost last.
    outer: Vec<u64>,
    /// The nodes of the bodies of macros that are not yet compiled.
    bodies: Vec<u64>,
}

/// Makes a program of an expression; a traced one notes the values of its nodes.
pub(super) fn build<'a>(expr: &'a Expr, types: &'a BTreeMap<Name, TypeDef>, traced: bool) -> Program {
    let mut builder = Builder {
        types,
        slots: Vec::new(),
        numbers: FxHashMap::default(),
        scope: Vec::new(),
        made: Vec::new(),
        nodes: 0,
        outer: Vec::new(),
        bodies: Vec::new(),
    };
    let mut tasks = vec![Task::Make(expr)];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Make(expr) => builder.plan(expr, &mut tasks),
            Task::Compile(expr) => {
                let step = compile(&mut builder, expr);
                let step = if traced { noted(step, expr.span) } else { step };
                builder.made.push(step);
            }
            Task::Bind(node) => {
                builder.scope.extend(variables(node));
                builder.outer.push(std::mem::take(&mut builder.nodes));
            }
            Task::Unbind(node) => {
                builder.scope.truncate(builder.scope.len() - variables(node).count());
                let around = builder.outer.pop().unwrap_or_default();
                builder.bodies.push(std::mem::replace(&mut builder.nodes, around));
            }
        }
    }
    Program { root: builder.pop(), slots: builder.slots, steps: builder.nodes }
}

/// A node whose value is noted. A conversion that is its operand has the place of the whole.
fn noted(step: Step, span: Span) -> Step {
    match step {
        Step::Const(_) => step,
        Step::Note(of) => Step::Note(Box::new((span, of.1))),
        step => Step::Note(Box::new((span, step))),
    }
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
        self.nodes += 1;
        tasks.push(Task::Compile(expr));
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
        self.made.pop().unwrap_or(Step::Fail(EvalError::Parse))
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

    /// The steps of one turn of the macro that is compiled.
    pub(super) fn turn(&mut self) -> u64 {
        self.bodies.pop().unwrap_or_default() + 1
    }

    /// The number of what is read.
    pub(super) fn slot(&mut self, slot: Slot) -> Step {
        let next = self.slots.len();
        let number = *self.numbers.entry(slot).or_insert_with_key(|slot| {
            self.slots.push(slot.clone());
            next
        });
        Step::Slot(number)
    }

    /// A variable: of a macro around it, else of what is around the expression.
    pub(super) fn local(&mut self, name: &Name) -> Step {
        match self.scope.iter().rev().position(|variable| *variable == name) {
            Some(outward) => Step::Local(outward),
            None => self.slot(Slot::Local(name.clone())),
        }
    }

    pub(super) fn constant(&self, value: &serde_json::Value, ty: &Type) -> Step {
        let value = match Value::from_json(value, ty, self.types) {
            Ok(value) => value,
            Err(_) if names_unknown(ty, self.types) => constant_of_named(value, ty),
            Err(_) => return Step::Fail(EvalError::Parse),
        };
        Step::Const(Box::new(value))
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
