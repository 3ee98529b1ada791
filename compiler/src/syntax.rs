//! Syntax errors and unreadable files as diagnostics.

use hookc_grammar::{ErrorKind, Span, SyntaxError};

use crate::diagnostics::{self, Code, Diagnostic, Edit, Fix, Severity};
use crate::place::Place;
use crate::sources::{FileId, LoadError, SourceFile, Sources};

/// The code of each kind of syntax error.
fn code_of(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::Unexpected => diagnostics::UNEXPECTED,
        ErrorKind::MissingName
        | ErrorKind::MissingValue
        | ErrorKind::MissingType
        | ErrorKind::MissingSign
        | ErrorKind::MissingPart => diagnostics::MISSING,
        ErrorKind::Unclosed => diagnostics::UNCLOSED,
        ErrorKind::Unopened => diagnostics::UNOPENED,
        ErrorKind::UnterminatedString => diagnostics::UNTERMINATED_STRING,
        ErrorKind::ReservedName | ErrorKind::ReservedRead => diagnostics::RESERVED_WORD,
        ErrorKind::TooDeep => diagnostics::TOO_DEEP,
        ErrorKind::BadNumber => diagnostics::BAD_NUMBER,
        ErrorKind::BadEscape => diagnostics::BAD_ESCAPE,
        ErrorKind::StrayDoc => diagnostics::STRAY_DOC,
        ErrorKind::BraceOnNextLine => diagnostics::BRACE_ON_NEXT_LINE,
        ErrorKind::TwoEntriesOnOneLine => diagnostics::TWO_ENTRIES,
        ErrorKind::NotAllowedHere => diagnostics::NOT_ALLOWED_HERE,
        ErrorKind::BidiControl | ErrorKind::ControlCharacter => diagnostics::CONTROL_CHARACTER,
    }
}

/// A syntax error of a file as a diagnostic.
pub fn syntax_diagnostic(file: FileId, error: &SyntaxError) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(code_of(error.kind), Place::new(file, error.span), error.message.clone());
    diagnostic.help.clone_from(&error.help);
    diagnostic.severity = match error.severity {
        hookc_grammar::Severity::Error => Severity::Error,
        hookc_grammar::Severity::Warning => Severity::Warning,
    };
    if let Some(fix) = &error.fix {
        let edits = vec![Edit { file, span: fix.span, text: fix.text.clone() }];
        diagnostic.fixes.push(Fix { title: fix.title.clone(), edits });
    }
    diagnostic
}

/// What is wrong with the texts themselves. A file that an import names and that cannot be read is reported at the import.
pub(crate) fn check_texts(sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    for (id, file) in sources.iter() {
        match &file.error {
            Some(error) if file.asked => diagnostics.push(unreadable(id, file, error)),
            Some(_) => {}
            None => diagnostics.extend(file.parse.errors.iter().map(|error| syntax_diagnostic(id, error))),
        }
    }
}

fn unreadable(id: FileId, file: &SourceFile, error: &LoadError) -> Diagnostic {
    let code = match error {
        LoadError::NotUtf8(_) => diagnostics::NOT_UTF8,
        LoadError::TooLarge => diagnostics::FILE_TOO_LARGE,
        _ => diagnostics::UNREADABLE,
    };
    let message = format!("cannot read `{}`: {}", file.path, error.reason());
    let diagnostic = Diagnostic::new(code, Place::new(id, Span::default()), message);
    match error {
        LoadError::NotUtf8(_) => diagnostic.help("save it as UTF-8"),
        _ => diagnostic,
    }
}
