//! An `each op` block with its signature.

use hookc_grammar::ast::{EachOp, OpEntry, SettingValue};
use hookc_grammar::{Keyword, Span};

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

/// Whether a setting of the block lets the job succeed although the op does not.
pub(crate) fn may_not_succeed(entries: &[OpEntry]) -> bool {
    entries.iter().any(|entry| match entry {
        OpEntry::Setting(setting) => {
            setting.keyword == Some(Keyword::Allow) && matches!(setting.value, SettingValue::Flag)
        }
        _ => false,
    })
}
