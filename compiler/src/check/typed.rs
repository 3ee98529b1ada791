//! Typed expressions, and what names with a value stand for.

use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::plan_names::NamedSymbols;
use crate::declare::ParamDef;
use crate::place::Place;
use crate::ty::Ty;

/// A typed expression.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) expr: Box<plan::Expr>,
    pub(crate) ty: Ty,
}

/// A name with a value: a macro's or loop's variable, a parameter.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: SmolStr,
    pub(crate) ty: Ty,
    pub(crate) value: plan::Node,
    pub(crate) place: Place,
}

/// A read of another op's output or status, while an op's needs are found.
#[derive(Clone, Debug)]
pub(crate) struct OpRead {
    /// The op that is read: an index into the job's ops.
    pub(crate) op: usize,
    /// The output; `None` for its status.
    pub(crate) output: Option<SmolStr>,
    /// Whether the reader handles an op that has not succeeded.
    pub(crate) guarded: bool,
}

impl Local {
    /// Whether it stands for an input of the job, in the `where` of one.
    pub(crate) fn is_job_input(&self) -> bool {
        matches!(self.value, plan::Node::Ctx { path: plan::Path::JobInput(_) })
    }

    /// A parameter under its own name.
    pub(crate) fn parameter(param: &ParamDef<'_>) -> Local {
        let value = plan::Node::Local { name: param.name.clone() };
        Local { name: param.name.clone(), ty: param.ty.clone(), value, place: param.place }
    }
}

/// A typed part with what it names.
#[derive(Clone, Debug)]
pub(crate) struct Kept<T> {
    pub(crate) value: T,
    pub(crate) named: NamedSymbols,
}
