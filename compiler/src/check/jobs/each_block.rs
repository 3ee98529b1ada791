//! An `each op` block with its signature.

use hookc_grammar::Span;
use hookc_grammar::ast::EachOp;

use crate::check::jobs::settings::may_not_succeed;
use crate::declare::Params;
use crate::place::Place;
use crate::sources::FileId;

/// An `each op` block with its signature.
pub(crate) struct EachBlock<'s> {
    pub(crate) ast: &'s EachOp,
    pub(crate) file: FileId,
    pub(crate) at: u32,
    pub(crate) inputs: Params<'s>,
    pub(crate) outputs: Params<'s>,
}

impl EachBlock<'_> {
    pub(crate) fn may_not_succeed(&self) -> bool {
        may_not_succeed(&self.ast.entries)
    }

    pub(crate) fn place(&self) -> Place {
        let Span { start, end } = self.ast.header;
        Place { file: self.file, span: Span::new(start, end).shifted(self.at) }
    }
}
