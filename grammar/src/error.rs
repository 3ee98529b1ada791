//! Syntax errors as data.
//!
//! Each error is worded where the rule stands that it breaks; here is only its shape. The codes belong to the compiler.

use crate::span::Span;

/// What is wrong, named by what the writer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// Text that nothing can be made of.
    Unexpected,
    /// A name is missing.
    MissingName,
    /// A value is missing.
    MissingValue,
    /// A type is missing.
    MissingType,
    /// A word or sign is missing: a comma, `=`, `in`, `for`, …
    MissingSign,
    /// A part that the construct needs is missing: a block, a list in brackets, an event, a verb, …
    MissingPart,
    /// A bracket or brace is never closed.
    Unclosed,
    /// A closing bracket or brace that nothing opened, or of the wrong form.
    Unopened,
    /// A string or one of its holes is never closed.
    UnterminatedString,
    /// A reserved word stands as a name.
    ReservedName,
    /// A reserved word stands where a value is read.
    ReservedRead,
    /// Too many levels of nesting, or too long a chain of operators.
    TooDeep,
    /// A number or duration that cannot be read.
    BadNumber,
    /// A backslash and what cannot follow it.
    BadEscape,
    /// A doc comment that no declaration follows.
    StrayDoc,
    /// `{` stands on the line below its header.
    BraceOnNextLine,
    /// Two entries share a line.
    TwoEntriesOnOneLine,
    /// A construct in a place where it cannot stand.
    NotAllowedHere,
    /// A bidirectional control character.
    BidiControl,
    /// Another control character, or a carriage return alone.
    ControlCharacter,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file means nothing until this is repaired.
    Error,
    /// The file means what it says; this part of it has no effect.
    Warning,
}

/// A change that repairs the error for certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
    /// What it does, for a menu.
    pub title: String,
}

/// One syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where, counted from the start of the file.
    pub span: Span,
    /// One line in the user's words.
    pub message: String,
    /// The next action.
    pub help: Option<String>,
    /// The repair, where it is certain.
    pub fix: Option<Fix>,
    /// How bad it is.
    pub severity: Severity,
}

impl SyntaxError {
    pub(crate) fn new(kind: ErrorKind, span: Span, message: impl Into<String>) -> SyntaxError {
        let severity = if kind == ErrorKind::StrayDoc { Severity::Warning } else { Severity::Error };
        SyntaxError { kind, span, message: message.into(), help: None, fix: None, severity }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> SyntaxError {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn fix(mut self, span: Span, text: impl Into<String>, title: impl Into<String>) -> SyntaxError {
        self.fix = Some(Fix { span, text: text.into(), title: title.into() });
        self
    }

    /// The same error with every span moved by `by` bytes to the right.
    pub(crate) fn shifted(mut self, by: u32) -> SyntaxError {
        self.span = self.span.shifted(by);
        if let Some(fix) = &mut self.fix {
            fix.span = fix.span.shifted(by);
        }
        self
    }

    /// The same error, counted from `base` instead of from the file's start.
    pub(crate) fn relative(mut self, base: u32) -> SyntaxError {
        let back = |span: Span| Span::new(span.start.saturating_sub(base), span.end.saturating_sub(base));
        self.span = back(self.span);
        if let Some(fix) = &mut self.fix {
            fix.span = back(fix.span);
        }
        self
    }
}
