//! Words the error of an entry that cannot stand where it does.

use super::{Cutter, Form, Place};
use crate::error::{ErrorKind, SyntaxError};
use crate::span::Span;
use crate::words::nearest;

const ITEMS: [&str; 13] = [
    "import",
    "enum",
    "record",
    "const",
    "connection",
    "component",
    "agent",
    "condition",
    "hook",
    "job",
    "profile",
    "test",
    "each job",
];
const JOB_WORDS: [&str; 10] =
    ["op", "trigger", "each op", "outputs", "hook", "on", "use", "drop", "concurrency", "retry"];
const OP_WORDS: [&str; 10] =
    ["hook", "on", "use", "drop", "retry", "timeout", "allow", "queue", "cache", "concurrency"];
const COMPONENT_WORDS: [&str; 10] =
    ["exec", "shell", "python", "http", "ask", "external", "image", "env", "cwd", "result"];

impl Cutter<'_> {
    /// Reports the entry that begins at the cursor.
    pub(super) fn misplaced(&mut self, number: u32, form: Form, place: Place) {
        let span = self.span_of(self.at);
        let shown = self.shown(self.at);
        let known = !matches!(form, Form::Broken | Form::Setting);
        let error = if known {
            let what = what_it_is(form);
            let error =
                SyntaxError::new(ErrorKind::NotAllowedHere, span, format!("{what} cannot stand {}", place.shown()));
            error.help(where_it_stands(form))
        } else if self.word(self.at).is_empty() {
            let message = format!("unexpected `{shown}`: an entry begins with a word");
            SyntaxError::new(ErrorKind::Unexpected, self.rest_of_line(span), message)
        } else {
            let error = SyntaxError::new(
                ErrorKind::Unexpected,
                span,
                format!("`{shown}` begins nothing that can stand {}", place.shown()),
            );
            match nearest(&shown, place.words()) {
                Some(word) => error.help(format!("did you mean `{word}`?")),
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

impl Place {
    fn shown(self) -> &'static str {
        match self {
            Place::Top => "at the top level",
            Place::Job => "in a job",
            Place::Op => "in the block of an op",
            Place::Run => "in the block of a hook's call",
            Place::Component => "in a component",
            Place::Http => "in an `http` block",
            Place::Profile => "in a profile",
            Place::Test => "in a test",
        }
    }

    /// The words that begin an entry here.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Place::Top => &ITEMS,
            Place::Job => &JOB_WORDS,
            Place::Op => &OP_WORDS,
            Place::Run => &["retry", "timeout", "queue"],
            Place::Component => &COMPONENT_WORDS,
            Place::Http => &["header", "json", "sign", "accept"],
            Place::Profile => &["connection", "secrets", "allow"],
            Place::Test => &["given", "expect"],
        }
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
