//! What the first words of a line tell: which form an entry has, and which lines can be nothing but an entry.
//!
//! An expression never has two words in a row (except `in`), which makes these decidable without reading it.

use super::{Cutter, Form, Place};
use crate::lex::TokenKind;

/// The words that no name can be.
pub(crate) const RESERVED: [&str; 17] = [
    "when", "run", "modify", "require", "fail", "warn", "after", "for", "on", "where", "with", "in", "as", "from",
    "true", "false", "null",
];

/// Words that begin an entry when a name, a string or a number follows on the line.
const ENTRY_WORDS: [&str; 44] = [
    "accept",
    "agent",
    "allow",
    "ask",
    "cache",
    "component",
    "concurrency",
    "condition",
    "connection",
    "const",
    "cpu",
    "cwd",
    "drop",
    "each",
    "enum",
    "env",
    "exec",
    "expect",
    "external",
    "given",
    "gpu",
    "header",
    "hook",
    "http",
    "image",
    "import",
    "job",
    "json",
    "memory",
    "model",
    "namespace",
    "on",
    "op",
    "outputs",
    "presets",
    "profile",
    "prompt",
    "python",
    "queue",
    "record",
    "result",
    "retry",
    "secrets",
    "shell",
];
const MORE_ENTRY_WORDS: [&str; 7] = ["sign", "test", "timeout", "tools", "trigger", "use", "at_most_once"];

/// Words that cannot end a value: what follows them is one.
const BEFORE_VALUES: [&str; 14] =
    ["when", "where", "in", "fail", "warn", "with", "from", "as", "run", "modify", "require", "after", "for", "on"];

/// Words that go on behind a value; none of them is a name.
const CLAUSE_WORDS: [&str; 12] =
    ["when", "run", "modify", "require", "fail", "warn", "after", "for", "where", "with", "as", "from"];

impl Form {
    /// What the entries of its block are; `None` when it takes no block.
    pub(super) fn block_place(self) -> Option<Place> {
        match self {
            Form::Op | Form::EachOp | Form::EachJob => Some(Place::Op),
            Form::Hook | Form::On => Some(Place::Run),
            Form::Component | Form::Agent => Some(Place::Component),
            Form::Job => Some(Place::Job),
            Form::Profile => Some(Place::Profile),
            Form::Test => Some(Place::Test),
            Form::Http => Some(Place::Http),
            _ => None,
        }
    }

    /// Whether it means nothing without its block.
    pub(super) fn needs_block(self) -> bool {
        matches!(
            self,
            Form::Component | Form::Agent | Form::Job | Form::EachOp | Form::EachJob | Form::Profile | Form::Test
        )
    }
}

impl Cutter<'_> {
    /// The form of the entry that begins at `index`, and whether it may stand in `place`.
    pub(super) fn form(&self, index: usize, place: Place) -> (Form, bool) {
        let form = self.written_form(index, place);
        let allowed = match place {
            Place::Top => is_item(form),
            Place::Job => is_op_entry(form) || matches!(form, Form::Op | Form::Trigger | Form::EachOp | Form::Outputs),
            Place::Op => is_op_entry(form),
            Place::Run => matches!(form, Form::Retry | Form::Concurrency | Form::Setting),
            Place::Component => {
                matches!(form, Form::Shell | Form::Http | Form::External | Form::Result | Form::Setting)
            }
            Place::Http => matches!(form, Form::Accept | Form::Setting),
            Place::Profile => matches!(form, Form::Connection | Form::Secrets | Form::Setting),
            Place::Test => matches!(form, Form::Given | Form::Expect),
        };
        (form, allowed)
    }

    fn written_form(&self, index: usize, place: Place) -> Form {
        match self.word(index) {
            "" => Form::Broken,
            "import" => Form::Import,
            "enum" => Form::Enum,
            "record" => Form::Record,
            "const" => Form::Const,
            "connection" => Form::Connection,
            "component" => Form::Component,
            "agent" => Form::Agent,
            "condition" => Form::Condition,
            "hook" => Form::Hook,
            "on" => Form::On,
            "job" => Form::Job,
            "each" if self.word(index + 1) == "job" || (place == Place::Top && self.word(index + 1) != "op") => {
                Form::EachJob
            }
            "each" => Form::EachOp,
            "profile" => Form::Profile,
            "test" => Form::Test,
            "op" => Form::Op,
            "trigger" => Form::Trigger,
            "outputs" if place != Place::Component => Form::Outputs,
            "use" => Form::Use,
            "drop" => Form::Drop,
            "given" => Form::Given,
            "expect" => Form::Expect,
            "retry" if place != Place::Component => Form::Retry,
            "concurrency" if place != Place::Component => Form::Concurrency,
            "shell" if place == Place::Component => Form::Shell,
            "http" if place == Place::Component => Form::Http,
            "external" if place == Place::Component => Form::External,
            "result" if place == Place::Component => Form::Result,
            "accept" if place == Place::Http => Form::Accept,
            "secrets" if place == Place::Profile => Form::Secrets,
            word if RESERVED.contains(&word) => Form::Broken,
            _ => Form::Setting,
        }
    }

    /// Whether the line at `index` begins a top-level item, whatever is open before it.
    pub(super) fn is_item_line(&self, index: usize) -> bool {
        let name = || self.names(index + 1) && !self.opens_line(index + 1);
        let plain_name = || name() && self.word(index + 1) != "in";
        self.opens_line(index)
            && match self.word(index) {
                "import" | "enum" | "record" | "const" | "component" | "agent" | "condition" | "job" | "profile" => {
                    plain_name()
                }
                "test" => self.kind(index + 1) == Some(TokenKind::Text) && !self.opens_line(index + 1),
                "each" => self.word(index + 1) == "job" && !self.opens_line(index + 1),
                "connection" => {
                    let inside = self.profile_indent.is_some_and(|indent| self.indent(index) > indent);
                    !inside && name() && self.sign(index + 2) == ":"
                }
                "hook" => {
                    name()
                        && (self.sign(index + 2) == "(" || (self.word(index + 2) == "for" && !self.is_fan(index + 2)))
                }
                _ => false,
            }
    }

    /// Whether the line at `index` can be nothing but an entry.
    pub(super) fn is_entry_line(&self, index: usize) -> bool {
        let word = self.word(index);
        if word.is_empty()
            || !(ENTRY_WORDS.contains(&word) || MORE_ENTRY_WORDS.contains(&word))
            || self.opens_line(index + 1)
        {
            return false;
        }
        match self.kind(index + 1) {
            Some(TokenKind::Word) => self.word(index + 1) != "in" && self.names(index + 1),
            Some(TokenKind::Text | TokenKind::RawText | TokenKind::Number) => true,
            Some(TokenKind::Sign) => {
                let apart = self.end_before(index + 1) < self.start_of(index + 1);
                apart
                    && matches!(self.sign(index + 1), "[" | "{")
                    && matches!(word, "exec" | "presets" | "tools" | "env" | "header")
            }
            _ => false,
        }
    }

    /// Whether the word at `index` can be meant as a name behind the first word of an entry, and does not go on with a
    /// value that merely looks like such a word: `a <=⏎ outputs modify f()`.
    fn names(&self, index: usize) -> bool {
        self.kind(index) == Some(TokenKind::Word)
            && (!CLAUSE_WORDS.contains(&self.word(index)) || matches!(self.sign(index + 1), "=" | "(" | ":" | "{"))
    }

    /// Whether `index` begins an entry that only a job holds.
    pub(super) fn is_job_line(&self, index: usize) -> bool {
        let named = self.names(index + 1) && !self.opens_line(index + 1);
        self.opens_line(index)
            && match self.word(index) {
                "op" | "trigger" => named && self.sign(index + 2) != ":",
                "each" => self.word(index + 1) == "op",
                "outputs" => self.sign(index + 1) == "(",
                _ => false,
            }
    }

    /// Whether `index` begins an entry of a job: below a `}` that closed the job too early.
    pub(super) fn goes_on_with_job(&self, index: usize) -> bool {
        let follows = |kind| self.kind(index + 1) == Some(kind) && !self.opens_line(index + 1);
        self.is_job_line(index)
            || self.opens_line(index)
                && match self.word(index) {
                    "on" | "use" | "drop" | "allow" => follows(TokenKind::Word),
                    "hook" => follows(TokenKind::Word) && self.word(index + 2) == "on" && !self.opens_line(index + 2),
                    "retry" | "timeout" | "concurrency" => follows(TokenKind::Number),
                    "queue" => follows(TokenKind::Text),
                    _ => false,
                }
    }

    /// Whether the line at `index` continues the line before.
    pub(super) fn continues(&self, index: usize, form: Form, place: Place) -> bool {
        let reusable = form == Form::Hook && place == Place::Top;
        // At the top nothing else is indented (one blank is left where the first word was taken away): a misspelt word, here
        // or in the line before, begins no entry.
        if (reusable || (form == Form::Broken && place == Place::Top)) && self.indent(index) > 1 {
            return self.sign(index) != "}";
        }
        match self.word(index) {
            "when" | "after" | "with" | "run" | "modify" | "require" | "fail" | "warn" | "in" => return true,
            "for" => return reusable || self.is_fan(index),
            "on" => return reusable,
            "" => {}
            _ => return self.ends_open(index),
        }
        matches!(
            self.sign(index),
            "->" | "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "??" | "?" | ":"
        ) || (self.ends_open(index) && self.sign(index) != "}")
    }

    /// `for x in`, `for x, y in`: a clause.
    fn is_fan(&self, index: usize) -> bool {
        self.kind(index + 1) == Some(TokenKind::Word) && self.word(index + 2) == "in"
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
            _ => self.word(before) == "in" && !self.is_member(before),
        };
        open && !self.is_entry_line(index) && !self.is_item_line(index)
    }

    /// Whether the token before `index` can end a value.
    pub(super) fn follows_operand(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        match self.kind(before) {
            Some(TokenKind::Word) => !BEFORE_VALUES.contains(&self.word(before)) || self.is_member(before),
            Some(TokenKind::Number | TokenKind::Text | TokenKind::RawText) => true,
            _ => match self.sign(before) {
                // Behind a type it touches what it belongs to; a ternary's stands apart.
                "?" => self.end_before(before) == self.start_of(before),
                sign => matches!(sign, ")" | "]" | "}"),
            },
        }
    }

    /// Whether the word at `index` stands behind a dot, where any word is a name.
    fn is_member(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.sign(before) == ".")
    }

    /// Whether an entry begins at `index` behind another one on the same line.
    pub(super) fn is_second_entry(&self, index: usize) -> bool {
        let fits = match self.word(index) {
            "op" | "trigger" => self.kind(index + 1) == Some(TokenKind::Word) && self.sign(index + 2) == "=",
            "exec" => self.sign(index + 1) == "[",
            "shell" | "python" | "image" | "cwd" | "ask" => {
                matches!(self.kind(index + 1), Some(TokenKind::Text | TokenKind::RawText))
            }
            "retry" | "timeout" => self.kind(index + 1) == Some(TokenKind::Number),
            "use" => self.kind(index + 1) == Some(TokenKind::Word) && self.sign(index + 2) == "(",
            "hook" => self.kind(index + 1) == Some(TokenKind::Word) && self.word(index + 2) == "on",
            _ => false,
        };
        fits && !self.opens_line(index) && !self.opens_line(index + 1) && self.follows_operand(index)
    }
}

fn is_item(form: Form) -> bool {
    use Form::{
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

fn is_op_entry(form: Form) -> bool {
    use Form::{Concurrency, Drop, Hook, On, Retry, Setting, Use};
    matches!(form, Hook | On | Use | Drop | Retry | Concurrency | Setting)
}
