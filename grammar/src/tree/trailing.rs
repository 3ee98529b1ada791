//! Words the error of tokens that stand after a whole head: the slips one makes.

use crate::entries::EntryForm;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::to_u32;
use crate::nearest::nearest;
use crate::span::Span;

/// The tokens of a head that its rule did not reach.
pub(super) struct Rest<'t> {
    /// Their text.
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// The first of them, if it is a word; otherwise empty.
    pub(super) word: &'t str,
    /// The first of them, if it is a keyword.
    pub(super) keyword: Option<Keyword>,
    /// The first token of the head.
    pub(super) first: &'t str,
}

/// The error for what follows a head of this form.
pub(super) fn unexpected(rest: &Rest<'_>, form: EntryForm) -> SyntaxError {
    let Rest { span, word, .. } = *rest;
    if word.is_empty() {
        return sign(rest, form);
    }
    let at_word = Span::new(span.start, span.start + to_u32(word.len()));
    match rest.keyword {
        Some(Keyword::On) => {
            let error = SyntaxError::new(
                ErrorKind::NotAllowedHere,
                at_word,
                "a hook must be in a block or on a line of its own",
            );
            return error.help("write it inside `{ }`");
        }
        Some(keyword) if keyword.follows_value() => {
            return SyntaxError::new(ErrorKind::NotAllowedHere, at_word, format!("`{word}` is not allowed here"));
        }
        _ => {}
    }
    let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{}`", shown(rest.text)));
    let near = entry_with_clauses(form).and_then(|entry| nearest(word, Keyword::clauses_of(entry)));
    match near.map(Keyword::text).filter(|near| *near != word) {
        Some(near) => error.help(format!("did you mean `{near}`?")).fix(at_word, near, format!("write `{near}`")),
        None => error,
    }
}

/// The first word of an entry that clauses can follow to its end.
fn entry_with_clauses(form: EntryForm) -> Option<Keyword> {
    match form {
        EntryForm::Op => Some(Keyword::Op),
        EntryForm::Trigger => Some(Keyword::Trigger),
        EntryForm::Retry => Some(Keyword::Retry),
        EntryForm::Concurrency => Some(Keyword::Concurrency),
        EntryForm::Test => Some(Keyword::Test),
        EntryForm::Hook | EntryForm::On => Some(Keyword::Hook),
        EntryForm::Import => Some(Keyword::Import),
        _ => None,
    }
}

fn sign(rest: &Rest<'_>, form: EntryForm) -> SyntaxError {
    let mark = rest.text.chars().next().unwrap_or(' ');
    let at_mark = Span::new(rest.span.start, rest.span.start + to_u32(mark.len_utf8()));
    match mark {
        ':' | '=' if matches!(form, EntryForm::Setting | EntryForm::Retry | EntryForm::Concurrency) => {
            let error = SyntaxError::new(ErrorKind::Unexpected, at_mark, format!("a setting takes no `{mark}`"));
            let error = error.help(format!("write `{} VALUE`", rest.first));
            if rest.text.starts_with("==") { error } else { error.fix(at_mark, "", format!("remove `{mark}`")) }
        }
        ',' => {
            SyntaxError::new(ErrorKind::Unexpected, at_mark, "unexpected `,`").help("only brackets hold a list here")
        }
        '.' if form == EntryForm::Op => SyntaxError::new(ErrorKind::Unexpected, at_mark, "unexpected `.`")
            .help("a component is called by its name alone"),
        _ => SyntaxError::new(ErrorKind::Unexpected, rest.span, format!("unexpected `{}`", shown(rest.text))),
    }
}

/// The start of a text, on one line.
fn shown(text: &str) -> String {
    let line: String = text.lines().next().unwrap_or_default().chars().take(24).collect();
    line.trim_end().escape_debug().to_string()
}
