//! Jobs, their ops and triggers.

use super::{Arg, Call, Doc, Expr, Hook, Ident, Param, Placed, Setting};
use crate::span::Span;

/// `job NAME(inputs) [-> (outputs)] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its inputs in written order.
    pub inputs: Vec<Param>,
    /// Its declared outputs in written order.
    pub outputs: Vec<Param>,
    /// The entries of its block; each a piece of its own.
    pub entries: Vec<Placed<JobEntry>>,
    /// From its first word to the end of its header.
    pub header: Span,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a job's block.
#[derive(Clone, Debug, PartialEq)]
pub enum JobEntry {
    /// `op …`
    Op(Op),
    /// `trigger …`
    Trigger(Trigger),
    /// `each op … { … }`
    EachOp(EachOp),
    /// `outputs (loss: fit.loss)`
    Outputs(Vec<Arg>, Span),
    /// A hook of the job, or a setting.
    Entry(OpEntry),
    /// Text that is no entry; its error is reported.
    Error,
}

/// `op NAME = COMPONENT(args) clauses { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// The component or job it runs.
    pub call: Call,
    /// `for x in xs, y in ys`
    pub fan: Vec<Fan>,
    /// The condition after `when`.
    pub when: Option<Expr>,
    /// What stands after `after`.
    pub after: Vec<Dep>,
    /// The entries of its block.
    pub entries: Vec<OpEntry>,
    /// From `op` to the end of its clauses.
    pub header: Span,
    /// The whole entry, without its documentation.
    pub span: Span,
}

/// `x in xs`
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// The variable.
    pub var: Ident,
    /// The list.
    pub over: Expr,
}

/// One part of an `after` clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Dep {
    /// Which ops.
    pub ops: DepOps,
    /// In which state they must have ended, by the event after the last name; `None`: `succeeded`.
    pub event: Option<Ident>,
    /// The whole part.
    pub span: Span,
}

/// The ops of one part of an `after` clause.
#[derive(Clone, Debug, PartialEq)]
pub enum DepOps {
    /// `a, b`: each of these.
    All(Vec<Ident>),
    /// `any a, b`: one of these.
    Any(Vec<Ident>),
    /// `each op`: every op written above.
    Each,
}

/// One entry in the block of an op, of `each op` or of `each job`; also a job's own hooks and settings.
#[derive(Clone, Debug, PartialEq)]
pub enum OpEntry {
    /// `hook NAME on …` or `on …`
    Hook(Hook),
    /// `use NAME(args) [as OTHER]`
    Use(Use),
    /// `drop NAME`
    Drop(Ident, Span),
    /// `retry 2`, `timeout 2h`, …
    Setting(Setting),
}

/// `use NAME(args) [as OTHER]`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The reusable hook and its arguments.
    pub call: Call,
    /// The name it has here, where it differs.
    pub alias: Option<Ident>,
    /// The whole entry.
    pub span: Span,
}

/// `each op [(inputs)] [-> (outputs)] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct EachOp {
    /// The inputs an op must have.
    pub inputs: Vec<Param>,
    /// The outputs an op must have.
    pub outputs: Vec<Param>,
    /// The entries of its block.
    pub entries: Vec<OpEntry>,
    /// From `each` to the end of its header.
    pub header: Span,
    /// The whole entry.
    pub span: Span,
}

/// `each job { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct EachJob {
    /// The entries of its block.
    pub entries: Vec<OpEntry>,
    /// The whole item.
    pub span: Span,
}

/// `trigger NAME = schedule("0 2 * * *") [when COND] [with (inputs)]`
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// `schedule`, `webhook`, `watch` or `after`, and its arguments.
    pub call: Call,
    /// The condition after `when`.
    pub when: Option<Expr>,
    /// The job's inputs after `with`.
    pub with: Option<Vec<Arg>>,
    /// The whole entry, without its documentation.
    pub span: Span,
}
