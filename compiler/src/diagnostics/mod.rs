//! Diagnostics as data: codes from one registry, places and texts, never source text, colour or a renderer.

mod codes;
mod suggest;

use std::fmt;

pub use codes::*;
use hookc_grammar::Span;
use suggest::ask;
pub use suggest::{did_you_mean, nearest};

use crate::place::Place;
use crate::sources::FileId;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a mistake.
    Warning,
    /// The program has no meaning.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// A kind of diagnostic: its stable number, its name and its usual severity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// `H0201`; never used again for another kind.
    pub id: &'static str,
    /// `unknown-name`
    pub name: &'static str,
    /// Its severity where nothing else is said.
    pub severity: Severity,
    /// What it means, in one sentence.
    pub summary: &'static str,
}

impl Code {
    /// The code with this number or name.
    pub fn find(text: &str) -> Option<Code> {
        ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(text) || code.name == text)
    }

    /// Whether it is a lint that says nothing until a project, or the command line, asks for it.
    pub fn is_off(self) -> bool {
        self.severity == Severity::Info
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// One mistake, reported once.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What kind it is.
    pub code: Code,
    /// How bad it is here.
    pub severity: Severity,
    /// One line that stands alone: lower case, no full stop, the user's names in backticks.
    pub message: String,
    /// Where it is.
    pub primary: Label,
    /// Other places that are involved.
    pub labels: Vec<Label>,
    /// The next action.
    pub help: Option<String>,
    /// Changes that fix it.
    pub fixes: Vec<Fix>,
}

/// A place and what is to be said of it; the text of a primary label may be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where it is.
    pub place: Place,
    /// The text at the place.
    pub text: String,
}

/// A change that fixes a mistake, safe to apply without looking.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does, as an action: "replace with `train`".
    pub title: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The file.
    pub file: FileId,
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic of the code's usual severity.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity,
            message: message.into(),
            primary: Label { place, text: String::new() },
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Whether the program has no meaning because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        self.primary.place
    }

    /// The file that it is in.
    pub fn file(&self) -> FileId {
        self.primary.place.file
    }

    /// Its byte range in the file.
    pub fn span(&self) -> Span {
        self.primary.place.span
    }

    /// With a text at its own place.
    pub fn here(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// With another place.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// With the next action.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// With the next action, where there is one.
    pub fn maybe_help(mut self, text: Option<String>) -> Diagnostic {
        if text.is_some() {
            self.help = text;
        }
        self
    }

    /// With a change at one place in the file of the diagnostic.
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        let edit = Edit { file: self.file(), span, text: text.into() };
        self.fixes.push(Fix { title: title.into(), edits: vec![edit] });
        self
    }

    /// With the names nearest to the misspelt `word` at its own place; a single one is also a fix.
    pub fn suggest<'n>(self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Diagnostic {
        let names = nearest(word, names);
        let span = self.span();
        let diagnostic = self.maybe_help(ask(&names));
        match names.as_slice() {
            [only] => diagnostic.fix(format!("replace with `{only}`"), span, *only),
            _ => diagnostic,
        }
    }

    /// With a next action, where it has none yet.
    pub fn help_else(mut self, help: impl FnOnce() -> Option<String>) -> Diagnostic {
        if self.help.is_none() {
            self.help = help();
        }
        self
    }

    /// What diagnostics are sorted by: file, place, code, message.
    pub fn sort_key(&self) -> (FileId, Span, &'static str, &str) {
        (self.file(), self.span(), self.code.id, &self.message)
    }
}

/// The text after edits that are sorted and do not overlap: what is replaced, and the new text.
pub fn edited<'e>(text: &str, edits: impl IntoIterator<Item = (Span, &'e str)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in edits {
        out.push_str(text.get(at..span.start as usize).unwrap_or(""));
        out.push_str(new);
        at = span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}
