//! What hooks are attached to, and the context in which they are checked.

use hookc_grammar::ast::{Hook, Use};
use hookc_plan as plan;
use smol_str::SmolStr;

use crate::check::Local;
use crate::check::hooks::event_facts::Target;
use crate::check::jobs::each_block::EachBlock;
use crate::check::jobs::job_scope::JobScope;
use crate::check::jobs::op_parts::OpParts;
use crate::declare::Params;
use crate::ids::{ComponentId, HookId};
use crate::place::Place;
use crate::sources::FileId;

/// A hook that applies to an op or job, before it is checked there.
#[derive(Clone)]
pub(crate) struct Attached<'s> {
    pub(crate) hook: &'s Hook,
    /// The file of the hook, and the offset that its spans count from.
    pub(crate) file: FileId,
    pub(crate) at: u32,
    /// Its name, if it has one.
    pub(crate) name: Option<SmolStr>,
    pub(crate) from: plan::From,
    /// The reusable hook and its `use`, with the offset that the spans of the `use` count from.
    pub(crate) used: Option<(HookId, &'s Use, FileId, u32)>,
    /// In `each op`: the index of its block, which limits what it can read.
    pub(crate) block: Option<usize>,
    pub(crate) attached: Place,
}

/// The context in which an attached hook is checked.
pub(crate) struct Site<'a, 's> {
    pub(crate) target: Target,
    /// `JOB.OP` or `JOB`.
    pub(crate) path: String,
    pub(crate) inputs: &'a Params<'s>,
    pub(crate) outputs: &'a Params<'s>,
    pub(crate) op: Option<(&'a JobScope<'a, 's>, usize, &'a OpParts)>,
    pub(crate) job: Option<&'a JobScope<'a, 's>>,
    pub(crate) blocks: &'a [&'a EachBlock<'s>],
    /// The tools of the agent.
    pub(crate) tools: Option<Vec<ComponentId>>,
    /// A reusable hook is checked alone, without a job.
    pub(crate) params: Vec<Local>,
}
