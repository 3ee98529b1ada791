//! What the first words of a line decide: which form an entry has, and which lines can be nothing but an entry.
//!
//! An expression never has two words in a row (except `in`), which makes these decidable without reading it.

use super::{EntryForm, EntryReader};
use crate::block::BlockKind;
use crate::keyword::{Keyword, ValueKind, WordClass};
use crate::lex::TokenKind;

impl EntryForm {
    /// What the entries of its block are; `None` when it takes no block.
    pub(super) fn block_kind(self) -> Option<BlockKind> {
        match self {
            EntryForm::Op | EntryForm::EachOp | EntryForm::EachJob => Some(BlockKind::Op),
            EntryForm::Hook | EntryForm::On => Some(BlockKind::HookCall),
            EntryForm::Component => Some(BlockKind::Component),
            EntryForm::Agent => Some(BlockKind::Agent),
            EntryForm::Job => Some(BlockKind::Job),
            EntryForm::Profile => Some(BlockKind::Profile),
            EntryForm::Test => Some(BlockKind::Test),
            EntryForm::Http => Some(BlockKind::Http),
            _ => None,
        }
    }

    /// Whether it means nothing without its block.
    pub(super) fn needs_block(self) -> bool {
        matches!(
            self,
            EntryForm::Component
                | EntryForm::Agent
                | EntryForm::Job
                | EntryForm::EachOp
                | EntryForm::EachJob
                | EntryForm::Profile
                | EntryForm::Test
        )
    }
}

impl EntryReader<'_> {
    /// The form of the entry that begins at `index`, and whether this block can hold it.
    pub(super) fn form(&self, index: usize, block: BlockKind) -> (EntryForm, bool) {
        let form = self.written_form(index, block);
        let allowed = match block {
            BlockKind::File => is_item(form),
            BlockKind::Job => {
                is_op_entry(form)
                    || matches!(form, EntryForm::Op | EntryForm::Trigger | EntryForm::EachOp | EntryForm::Outputs)
            }
            BlockKind::Op => is_op_entry(form),
            BlockKind::HookCall => matches!(form, EntryForm::Retry | EntryForm::Concurrency | EntryForm::Setting),
            BlockKind::Component | BlockKind::Agent => {
                matches!(
                    form,
                    EntryForm::Shell | EntryForm::Http | EntryForm::External | EntryForm::Result | EntryForm::Setting
                )
            }
            BlockKind::Http => matches!(form, EntryForm::Accept | EntryForm::Setting),
            BlockKind::Profile => matches!(form, EntryForm::Connection | EntryForm::Secrets | EntryForm::Setting),
            BlockKind::Test => matches!(form, EntryForm::Given | EntryForm::Expect),
        };
        (form, allowed)
    }

    fn written_form(&self, index: usize, block: BlockKind) -> EntryForm {
        let Some(keyword) = self.keyword(index) else {
            return if self.kind(index) == Some(TokenKind::Word) { EntryForm::Setting } else { EntryForm::Broken };
        };
        match keyword {
            Keyword::Import => EntryForm::Import,
            Keyword::Enum => EntryForm::Enum,
            Keyword::Record => EntryForm::Record,
            Keyword::Const => EntryForm::Const,
            Keyword::Connection => EntryForm::Connection,
            Keyword::Component => EntryForm::Component,
            Keyword::Agent => EntryForm::Agent,
            Keyword::Condition => EntryForm::Condition,
            Keyword::Hook => EntryForm::Hook,
            Keyword::On => EntryForm::On,
            Keyword::Job => EntryForm::Job,
            Keyword::Each if self.is_each_job(index, block) => EntryForm::EachJob,
            Keyword::Each => EntryForm::EachOp,
            Keyword::Profile => EntryForm::Profile,
            Keyword::Test => EntryForm::Test,
            Keyword::Op => EntryForm::Op,
            Keyword::Trigger => EntryForm::Trigger,
            Keyword::Outputs if !block.is_body() => EntryForm::Outputs,
            Keyword::Use => EntryForm::Use,
            Keyword::Drop => EntryForm::Drop,
            Keyword::Given => EntryForm::Given,
            Keyword::Expect => EntryForm::Expect,
            Keyword::Retry if !block.is_body() => EntryForm::Retry,
            Keyword::Concurrency if !block.is_body() => EntryForm::Concurrency,
            Keyword::Shell if block.is_body() => EntryForm::Shell,
            Keyword::Http if block.is_body() => EntryForm::Http,
            Keyword::External if block.is_body() => EntryForm::External,
            Keyword::Result if block.is_body() => EntryForm::Result,
            Keyword::Accept if block == BlockKind::Http => EntryForm::Accept,
            Keyword::Secrets if block == BlockKind::Profile => EntryForm::Secrets,
            keyword if keyword.is_reserved() => EntryForm::Broken,
            _ => EntryForm::Setting,
        }
    }

    /// Whether `each` at `index` is that of `each job`; what follows it may be missing.
    fn is_each_job(&self, index: usize, block: BlockKind) -> bool {
        match self.keyword(index + 1) {
            Some(Keyword::Job) => true,
            Some(Keyword::Op) => false,
            _ => block == BlockKind::File,
        }
    }

    /// Whether the line at `index` begins a top-level item, whatever is open before it.
    pub(super) fn is_item_line(&self, index: usize) -> bool {
        let Some(keyword) = self.keyword(index).filter(|_| self.opens_line(index)) else { return false };
        let same_line = || !self.opens_line(index + 1);
        let named = || self.names(index + 1) && same_line();
        match keyword {
            Keyword::Import
            | Keyword::Enum
            | Keyword::Record
            | Keyword::Const
            | Keyword::Component
            | Keyword::Agent
            | Keyword::Condition
            | Keyword::Job
            | Keyword::Profile => named() && self.keyword(index + 1) != Some(Keyword::In),
            Keyword::Test => self.kind(index + 1) == Some(TokenKind::Text) && same_line(),
            Keyword::Each => self.keyword(index + 1) == Some(Keyword::Job) && same_line(),
            Keyword::Connection => {
                let inside = self.profile_indent.is_some_and(|indent| self.indent(index) > indent);
                !inside && named() && self.sign(index + 2) == ":"
            }
            Keyword::Hook => {
                let target = || self.keyword(index + 2) == Some(Keyword::For) && !self.is_fan(index + 2);
                named() && (self.sign(index + 2) == "(" || target())
            }
            _ => false,
        }
    }

    /// Whether the line at `index` can be nothing but an entry.
    pub(super) fn is_entry_line(&self, index: usize) -> bool {
        let Some(keyword) = self.keyword(index).filter(|keyword| keyword.begins_entry()) else { return false };
        if self.opens_line(index + 1) {
            return false;
        }
        match self.kind(index + 1) {
            Some(TokenKind::Word) => self.keyword(index + 1) != Some(Keyword::In) && self.names(index + 1),
            Some(TokenKind::Text | TokenKind::RawText | TokenKind::Number) => true,
            Some(TokenKind::Sign) => {
                let apart = self.end_before(index + 1) < self.start_of(index + 1);
                let brackets = matches!(keyword.setting(), Some(ValueKind::List | ValueKind::Fields));
                apart && brackets && matches!(self.sign(index + 1), "[" | "{")
            }
            _ => false,
        }
    }

    /// Whether the word at `index` can be meant as a name after the first word of an entry, and does not go on with a
    /// value that merely looks like such a word: `a <=⏎ outputs modify f()`.
    fn names(&self, index: usize) -> bool {
        let follows_value = self.keyword(index).is_some_and(Keyword::follows_value);
        self.kind(index) == Some(TokenKind::Word)
            && (!follows_value || matches!(self.sign(index + 1), "=" | "(" | ":" | "{"))
    }

    /// Whether `index` begins an entry that only a job holds.
    pub(super) fn is_job_line(&self, index: usize) -> bool {
        let Some(keyword) = self.keyword(index).filter(|_| self.opens_line(index)) else { return false };
        match keyword {
            Keyword::Op | Keyword::Trigger => {
                self.names(index + 1) && !self.opens_line(index + 1) && self.sign(index + 2) != ":"
            }
            Keyword::Each => self.keyword(index + 1) == Some(Keyword::Op),
            Keyword::Outputs => self.sign(index + 1) == "(",
            _ => false,
        }
    }

    /// Whether `index` begins an entry of a job: below a `}` that closed the job too early.
    pub(super) fn goes_on_with_job(&self, index: usize) -> bool {
        let Some(keyword) = self.keyword(index).filter(|_| self.opens_line(index)) else { return false };
        let word_follows = || self.kind(index + 1) == Some(TokenKind::Word) && !self.opens_line(index + 1);
        self.is_job_line(index)
            || match keyword {
                Keyword::On | Keyword::Use | Keyword::Drop => word_follows(),
                Keyword::Hook => {
                    word_follows() && self.keyword(index + 2) == Some(Keyword::On) && !self.opens_line(index + 2)
                }
                _ => {
                    let setting = keyword.begins_in(BlockKind::Job) || keyword.begins_in(BlockKind::Op);
                    setting && self.is_setting_with_value(index) && !self.opens_line(index + 1)
                }
            }
    }

    /// Whether a setting begins at `index`, and the token after it begins the kind of value that it takes.
    fn is_setting_with_value(&self, index: usize) -> bool {
        let next = self.kind(index + 1);
        match self.keyword(index).and_then(Keyword::setting) {
            Some(ValueKind::Name) => next == Some(TokenKind::Word),
            Some(ValueKind::Number) => next == Some(TokenKind::Number),
            Some(ValueKind::Text) => matches!(next, Some(TokenKind::Text | TokenKind::RawText)),
            Some(ValueKind::List) => self.sign(index + 1) == "[",
            Some(ValueKind::Condition) => self.keyword(index + 1) == Some(Keyword::When),
            Some(ValueKind::Fields | ValueKind::Any | ValueKind::Flag) | None => false,
        }
    }

    /// Whether a setting of a hook's run begins at `index`.
    pub(super) fn is_hook_setting(&self, index: usize) -> bool {
        self.keyword(index).is_some_and(|word| word.begins_in(BlockKind::HookCall)) && self.is_setting_with_value(index)
    }

    /// Whether the line at `index` continues the line before.
    pub(super) fn continues(&self, index: usize, form: EntryForm, block: BlockKind) -> bool {
        let reusable = form == EntryForm::Hook && block == BlockKind::File && !self.is_hook_setting(index);
        // At the top nothing else is indented (one blank is left where the first word was taken away): a misspelt word, here
        // or in the line before, begins no entry.
        if (reusable || (form == EntryForm::Broken && block == BlockKind::File)) && self.indent(index) > 1 {
            return self.sign(index) != "}";
        }
        match self.keyword(index) {
            Some(Keyword::For) => return reusable || self.is_fan(index),
            Some(Keyword::On) => return reusable,
            Some(keyword) if continues_on_next_line(keyword) => return true,
            _ if self.kind(index) == Some(TokenKind::Word) => return self.ends_open(index),
            _ => {}
        }
        matches!(
            self.sign(index),
            "->" | "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "??" | "?" | ":"
        ) || (self.ends_open(index) && self.sign(index) != "}")
    }

    /// `for x in`, `for x, y in`: a clause.
    fn is_fan(&self, index: usize) -> bool {
        self.kind(index + 1) == Some(TokenKind::Word) && self.keyword(index + 2) == Some(Keyword::In)
    }

    /// Whether the line before `index` ended in `=` or an operator.
    fn ends_open(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        let open = match self.sign(before) {
            "?" => self.end_before(before) < self.start_of(before),
            "=" | "->" | "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "??"
            | ":" | "!" => true,
            _ => self.keyword(before) == Some(Keyword::In) && !self.is_member(before),
        };
        open && !self.is_entry_line(index) && !self.is_item_line(index)
    }

    /// Whether the token before `index` can end a value.
    pub(super) fn follows_operand(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        match self.kind(before) {
            Some(TokenKind::Word) => self.keyword(before).is_none_or(Keyword::ends_value) || self.is_member(before),
            Some(TokenKind::Number | TokenKind::Text | TokenKind::RawText) => true,
            _ => match self.sign(before) {
                // Behind a type it touches what it belongs to; a ternary's stands apart.
                "?" => self.end_before(before) == self.start_of(before),
                sign => matches!(sign, ")" | "]" | "}"),
            },
        }
    }

    /// Whether the word at `index` stands after a dot, where any word is a name.
    fn is_member(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.sign(before) == ".")
    }

    /// Whether an entry begins at `index` after another one on the same line.
    pub(super) fn is_second_entry(&self, index: usize) -> bool {
        let Some(keyword) = self.keyword(index) else { return false };
        let named = self.kind(index + 1) == Some(TokenKind::Word);
        let fits = match keyword {
            Keyword::Op | Keyword::Trigger => named && self.sign(index + 2) == "=",
            Keyword::Shell => matches!(self.kind(index + 1), Some(TokenKind::Text | TokenKind::RawText)),
            Keyword::Use => named && self.sign(index + 2) == "(",
            Keyword::Hook => named && self.keyword(index + 2) == Some(Keyword::On),
            // Elsewhere too a name can follow a word of this kind.
            _ => keyword.setting() != Some(ValueKind::Name) && self.is_setting_with_value(index),
        };
        fits && !self.opens_line(index) && !self.opens_line(index + 1) && self.follows_operand(index)
    }
}

/// Whether a line that begins with this word continues the entry before it, whatever that is.
fn continues_on_next_line(keyword: Keyword) -> bool {
    matches!(keyword.class(), WordClass::Clause | WordClass::Verb | WordClass::Operator)
}

fn is_item(form: EntryForm) -> bool {
    use EntryForm::{
        Agent, Component, Condition, Connection, Const, EachJob, Enum, Hook, Import, Job, Profile, Record, Test,
    };
    matches!(
        form,
        Import
            | Enum
            | Record
            | Const
            | Connection
            | Component
            | Agent
            | Condition
            | Hook
            | Job
            | EachJob
            | Profile
            | Test
    )
}

fn is_op_entry(form: EntryForm) -> bool {
    use EntryForm::{Concurrency, Drop, Hook, On, Retry, Setting, Use};
    matches!(form, Hook | On | Use | Drop | Retry | Concurrency | Setting)
}
