//! Words the error of an entry that cannot stand where it does.

use super::{Cutter, Form};
use crate::block::BlockKind;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::span::Span;
use crate::words::nearest;

impl Cutter<'_> {
    /// Reports the entry that begins at the cursor.
    pub(super) fn misplaced(&mut self, number: u32, form: Form, block: BlockKind) {
        let span = self.span_of(self.at);
        let shown = self.shown(self.at);
        let known = !matches!(form, Form::Broken | Form::Setting);
        let error = if known {
            let what = what_it_is(form);
            let error =
                SyntaxError::new(ErrorKind::NotAllowedHere, span, format!("{what} cannot stand {}", block.shown()));
            error.help(where_it_stands(form))
        } else if self.word(self.at).is_empty() {
            let message = format!("unexpected `{shown}`: an entry begins with a word");
            SyntaxError::new(ErrorKind::Unexpected, self.rest_of_line(span), message)
        } else {
            let error = SyntaxError::new(
                ErrorKind::Unexpected,
                span,
                format!("`{shown}` begins nothing that can stand {}", block.shown()),
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

fn what_it_is(form: Form) -> &'static str {
    match form {
        Form::Op => "an op",
        Form::Trigger => "a trigger",
        Form::EachOp => "`each op`",
        Form::EachJob => "`each job`",
        Form::Hook | Form::On => "a hook",
        Form::Use => "`use`",
        Form::Drop => "`drop`",
        Form::Outputs => "`outputs`",
        Form::Given => "`given`",
        Form::Expect => "`expect`",
        Form::Retry => "`retry`",
        Form::Concurrency => "`concurrency`",
        Form::Shell | Form::Http | Form::External | Form::Result | Form::Accept => "this setting",
        Form::Import => "an import",
        Form::Test => "a test",
        _ => "a declaration",
    }
}

fn where_it_stands(form: Form) -> &'static str {
    match form {
        Form::Op | Form::Trigger | Form::EachOp | Form::Outputs => "it stands directly in a job",
        Form::Hook | Form::On | Form::Use | Form::Drop => "it stands in a job, an op, `each op` or `each job`",
        Form::Given | Form::Expect => "it stands in a test",
        Form::Retry | Form::Concurrency => "it stands in an op, `each op` or a hook's call",
        _ => "it stands at the top level",
    }
}
