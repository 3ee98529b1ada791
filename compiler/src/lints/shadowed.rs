//! Hooks of `each op` that every op replaces or drops, where there are several.

use hookc_grammar::Span;
use hookc_grammar::ast::{Ident, OpEntry};

use crate::check::{Checker, EachBlock, JobScope};
use crate::diagnostics::{self, Diagnostic};
use crate::place::Place;

impl<'s> Checker<'_, 's> {
    /// Reports named hooks of a block that apply to no op.
    pub(crate) fn lint_shadowed(&mut self, job: &JobScope<'_, 's>, blocks: &[EachBlock<'s>]) {
        for block in blocks {
            let fitting: Option<Vec<bool>> = job.ops.iter().map(|op| Some(self.block_holds(block, op.runs?))).collect();
            // Nothing is known about an op that runs something unknown.
            let Some(fitting) = fitting else { return };
            let ops = || job.ops.iter().zip(&fitting).filter(|(_, fits)| **fits).map(|(op, _)| op);
            for name in block.ast.entries.iter().filter_map(attached) {
                let mut left = ops().filter(|op| !op.ast.entries.iter().any(|entry| takes(entry, name)));
                if ops().nth(1).is_some() && left.next().is_none() {
                    let message = format!("hook `{}` applies to no op: every op replaces or drops it", name.text);
                    let Span { start, end } = name.span.shifted(block.at);
                    let diagnostic = Diagnostic::new(
                        diagnostics::SHADOWED_HOOK,
                        Place::new(block.file, Span::new(start, end)),
                        message,
                    );
                    self.report(diagnostic.help("remove it here, or let an op keep it"));
                }
            }
        }
    }
}

/// The name of the hook that an entry attaches.
fn attached(entry: &OpEntry) -> Option<&Ident> {
    match entry {
        OpEntry::Hook(hook) => hook.name.as_ref(),
        OpEntry::Use(used) => used.alias.as_ref().or(used.call.name.as_ref()),
        OpEntry::Drop(..) | OpEntry::Setting(_) => None,
    }
}

/// Whether an op's entry replaces or drops the hook of the block.
fn takes(entry: &OpEntry, wider: &Ident) -> bool {
    let own = match entry {
        OpEntry::Drop(name, _) => Some(name),
        entry => attached(entry),
    };
    own.is_some_and(|own| own.text == wider.text)
}
