//! The scope of an expression: its file, the names and roots that it can read, and the paths that are not null.

use hookc_grammar::Span;
use hookc_plan as plan;

use crate::check::PlanNames;
use crate::check::expressions::narrowing::Narrowing;
use crate::check::expressions::op_certainty::OpCertainty;
use crate::check::hooks::context::{JobContext, OpContext};
use crate::check::jobs::event_kind::EventKind;
use crate::check::jobs::job_scope::JobScope;
use crate::check::typed::Local;
use crate::check::typed::Typed;
use crate::declare::Params;
use crate::place::Place;
use crate::sources::FileId;
use crate::ty::Ty;

/// The names that are available besides locals, constants and connections.
#[derive(Clone, Copy)]
pub(crate) enum Env<'a, 's> {
    /// Nothing: constants, defaults, named conditions, fields' `where`.
    Plain,
    /// A component's inputs, by bare name and as `inputs.X`.
    Component(&'a Params<'s>),
    /// An op's arguments, `when` and `for`: the job's inputs and ops.
    Job(&'a JobScope<'a, 's>, usize),
    /// A hook on an op, or `retry … when`. The job is known if the hook is in one.
    Op(&'a OpContext<'a, 's>),
    /// A hook on a job.
    JobHook(&'a JobContext<'a, 's>),
    /// A trigger's `when` and `with`.
    Trigger(EventKind),
}

/// The scope of an expression.
pub(crate) struct Scope<'a, 's> {
    pub(crate) file: FileId,
    /// The first byte of the piece, from which the tree's spans count.
    pub(crate) at: u32,
    pub(crate) env: Env<'a, 's>,
    /// Innermost last.
    pub(crate) locals: Vec<Local>,
    /// What is known not to be null here.
    pub(crate) narrowing: Narrowing,
    /// Whether the next read stands where its absence is handled: left of `??`, beside `== null`, in `has`.
    pub(crate) guard: bool,
    /// In an op's arguments: what is known of the ops that they read.
    pub(crate) ops: OpCertainty,
    /// Whether templates may contain secrets, as in an `http` url or header.
    pub(crate) secrets: bool,
    /// How deep in macros.
    pub(crate) macros: u32,
    /// Whether an expression of this scope is being checked.
    pub(crate) inside: bool,
}

impl<'a, 's> Scope<'a, 's> {
    pub(crate) fn new(file: FileId, at: u32, env: Env<'a, 's>) -> Scope<'a, 's> {
        Scope {
            file,
            at,
            env,
            locals: Vec::new(),
            narrowing: Narrowing::default(),
            guard: false,
            ops: OpCertainty::default(),
            secrets: false,
            macros: 0,
            inside: false,
        }
    }

    /// The place of a span of this piece.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place { file: self.file, span: span.shifted(self.at) }
    }

    /// The span as the plan writes it.
    pub(crate) fn plan_span(&self, span: Span) -> plan::Span {
        let span = span.shifted(self.at);
        plan::Span(self.file.0, span.start, span.end)
    }

    /// The local of this name, innermost first.
    pub(crate) fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find(|local| local.name == name)
    }

    /// A typed expression.
    pub(crate) fn typed(&self, names: &PlanNames<'_, '_>, node: plan::Node, ty: Ty, span: Span) -> Typed {
        let (plan_ty, span) = (names.plan_type(&ty), self.plan_span(span));
        Typed { expr: Box::new(plan::Expr { node, ty: plan_ty, span, via: Vec::new() }), ty }
    }

    /// A placeholder for an expression with a reported error.
    pub(crate) fn broken(&self, span: Span) -> Typed {
        let node = plan::Node::Const { value: serde_json::Value::Null };
        let expr = plan::Expr { node, ty: plan::Type::Null, span: self.plan_span(span), via: Vec::new() };
        Typed { expr: Box::new(expr), ty: Ty::Error }
    }
}
