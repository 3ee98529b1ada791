//! `each op { … }`: the ops that a block matches.

use hookc_grammar::ast::{EachOp, OpEntry};

use crate::check::Checker;
use crate::check::jobs::each_block::EachBlock;
use crate::check::jobs::job_scope::{JobScope, Runs};
use crate::declare::Params;
use crate::diagnostics;
use crate::sources::FileId;

impl<'s> Checker<'_, 's> {
    pub(crate) fn each_block(&mut self, file: FileId, at: u32, ast: &'s EachOp) -> EachBlock<'s> {
        let program = self.program;
        let inputs = program.params(file, at, &ast.inputs, false, "an input", &mut self.diagnostics);
        let outputs = program.params(file, at, &ast.outputs, false, "an output", &mut self.diagnostics);
        EachBlock { ast, file, at, inputs, outputs }
    }

    /// Whether a block matches an op that runs this.
    pub(crate) fn block_holds(&self, block: &EachBlock<'_>, runs: Runs) -> bool {
        let (inputs, outputs) = self.signature(runs);
        self.block_fits(block, inputs, outputs)
    }

    /// Whether a block matches an op with these inputs and outputs.
    pub(crate) fn block_fits(&self, block: &EachBlock<'_>, inputs: &Params<'_>, outputs: &Params<'_>) -> bool {
        self.signature_fits(&block.inputs, inputs).is_none() && self.signature_fits(&block.outputs, outputs).is_none()
    }

    /// The first required parameter that is missing or has a different type; `None` if all match.
    pub(crate) fn signature_fits<'w>(&self, wanted: &'w Params<'_>, there: &Params<'_>) -> Option<&'w str> {
        let fits = |name: &str, ty: &crate::ty::Ty| there.get(name).is_some_and(|param| self.fits(&param.ty, ty));
        wanted.values().find(|param| !fits(&param.name, &param.ty)).map(|param| param.name.as_str())
    }

    /// Reports blocks that match no op, because nobody would notice them. Their hooks are checked against their own signatures.
    pub(crate) fn report_idle_blocks(&mut self, job: &JobScope<'_, 's>, each: &[EachBlock<'s>]) {
        for block in each {
            let used = job.ops.iter().filter_map(|info| info.runs).any(|runs| self.block_holds(block, runs));
            if used {
                continue;
            }
            let mark = self.diagnostics.len();
            self.check_entries_alone(block.file, block.at, &block.ast.entries, &block.inputs, &block.outputs);
            if self.is_whole(job.damage() | self.damage_since(mark)) {
                let place = block.place();
                let message = "this block matches no op of the job";
                self.error_at(diagnostics::MATCHES_NOTHING, place, message);
            }
        }
    }

    /// Checks hooks that apply to no op, as if for an op with exactly this signature.
    fn check_entries_alone(
        &mut self,
        file: FileId,
        at: u32,
        entries: &'s [OpEntry],
        inputs: &Params<'s>,
        outputs: &Params<'s>,
    ) {
        for entry in entries {
            if let OpEntry::Hook(hook) = entry {
                self.check_hook_alone(file, at, hook, inputs, outputs);
            }
        }
    }
}
