//! Words the error of an entry that cannot stand where it does.

use super::{EntryForm, EntryReader};
use crate::block::BlockKind;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::nearest::nearest;
use crate::span::Span;

impl EntryReader<'_> {
    /// Reports the entry that begins at the cursor.
    pub(super) fn misplaced(&mut self, number: u32, form: EntryForm, block: BlockKind) {
        let span = self.span_of(self.at);
        let shown = self.shown(self.at);
        let known = !matches!(form, EntryForm::Broken | EntryForm::Setting);
        let error = if known {
            let what = what_it_is(form);
            let error =
                SyntaxError::new(ErrorKind::NotAllowedHere, span, format!("{what} is not allowed {}", block.shown()));
            error.help(where_it_stands(form))
        } else if self.word(self.at).is_empty() {
            let message = format!("unexpected `{shown}`: an entry begins with a word");
            SyntaxError::new(ErrorKind::Unexpected, self.rest_of_line(span), message)
        } else {
            let error = SyntaxError::new(
                ErrorKind::Unexpected,
                span,
                format!("`{shown}` is not a valid entry {}", block.shown()),
            );
            match nearest(&shown, Keyword::entries_of(block)) {
                Some(word) => error.help(format!("did you mean `{}`?", word.text())),
                None => error,
            }
        };
        self.fault(number, error);
    }

    fn rest_of_line(&self, span: Span) -> Span {
        let rest = self.text.get(span.start as usize..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim_end();
        Span::new(span.start, span.start + crate::lex::to_u32(line.len()).max(span.end - span.start))
    }
}

fn what_it_is(form: EntryForm) -> &'static str {
    match form {
        EntryForm::Op => "an op",
        EntryForm::Trigger => "a trigger",
        EntryForm::EachOp => "`each op`",
        EntryForm::EachJob => "`each job`",
        EntryForm::Hook | EntryForm::On => "a hook",
        EntryForm::Use => "`use`",
        EntryForm::Drop => "`drop`",
        EntryForm::Outputs => "`outputs`",
        EntryForm::Given => "`given`",
        EntryForm::Expect => "`expect`",
        EntryForm::Retry => "`retry`",
        EntryForm::Concurrency => "`concurrency`",
        EntryForm::Shell | EntryForm::Http | EntryForm::External | EntryForm::Result | EntryForm::Accept => {
            "this setting"
        }
        EntryForm::Import => "an import",
        EntryForm::Test => "a test",
        _ => "a declaration",
    }
}

fn where_it_stands(form: EntryForm) -> &'static str {
    match form {
        EntryForm::Op | EntryForm::Trigger | EntryForm::EachOp | EntryForm::Outputs => "it belongs directly in a job",
        EntryForm::Hook | EntryForm::On | EntryForm::Use | EntryForm::Drop => {
            "it belongs in a job, an op, `each op` or `each job`"
        }
        EntryForm::Given | EntryForm::Expect => "it belongs in a test",
        EntryForm::Retry | EntryForm::Concurrency => "it belongs in an op, `each op` or a hook's call",
        _ => "it belongs at the top level",
    }
}
