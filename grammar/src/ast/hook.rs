//! Hooks, and the calls they make.

use super::{Doc, Expr, Ident, Param, Setting};
use crate::span::Span;

/// A hook: reusable at the top level, in place elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` for an anonymous one (`on …`).
    pub name: Option<Ident>,
    /// The parameters of a reusable hook.
    pub params: Vec<Param>,
    /// `for op (inputs) -> (outputs)`, only at the top level.
    pub target: Option<Box<HookTarget>>,
    /// The events after `on`.
    pub events: Vec<Event>,
    /// The condition after `when`.
    pub when: Option<Expr>,
    /// What it does; `None` when it is missing.
    pub verb: Option<Verb>,
    /// The whole hook, without its documentation.
    pub span: Span,
}

/// `for op (inputs) -> (outputs)`
#[derive(Clone, Debug, PartialEq)]
pub struct HookTarget {
    /// `op`, `job` or `agent`.
    pub kind: Ident,
    /// The inputs it asks for.
    pub inputs: Vec<Param>,
    /// The outputs it asks for.
    pub outputs: Vec<Param>,
}

/// One event after `on`: `failed`, `overdue(90m)`, `tool_start(search, send)`
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's word.
    pub name: Ident,
    /// What stands in the brackets after it.
    pub args: Vec<Expr>,
    /// The whole event.
    pub span: Span,
}

/// What a hook does.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    /// `run`, `modify` or `require`, a call, and the settings of its run.
    Call {
        /// Which of the three.
        word: Ident,
        /// What it calls.
        call: Call,
        /// The entries of the block after it.
        settings: Vec<Setting>,
    },
    /// `fail "message"` or `warn "message"`.
    Message {
        /// Which of the two.
        word: Ident,
        /// The message.
        text: Expr,
    },
}

/// `train(data: data, lr: 0.005)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called; `None` when it is missing.
    pub name: Option<Ident>,
    /// The arguments in written order.
    pub args: Vec<Arg>,
    /// From the name to the closing bracket.
    pub span: Span,
    /// Inside of the brackets; where a missing argument goes. `None` when the brackets are missing (an error is reported).
    pub args_span: Option<Span>,
}

/// `lr: 0.005`, or a value alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The label before `:`.
    pub label: Option<Ident>,
    /// The value.
    pub value: Expr,
    /// The whole argument.
    pub span: Span,
}
