//! Words the error of text that stands after a whole head: the slips one makes.

use crate::entries::EntryForm;
use crate::error::{ErrorKind, SyntaxError};
use crate::keyword::Keyword;
use crate::lex::to_u32;
use crate::nearest::nearest;
use crate::span::Span;

/// The error for `rest`, which lies at `span` after `before`.
pub(super) fn unexpected(rest: &str, span: Span, before: &str, form: EntryForm) -> SyntaxError {
    let word_length = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_')).unwrap_or(rest.len());
    let word = rest.get(..word_length).unwrap_or_default();
    let first = before.split_ascii_whitespace().next().unwrap_or_default();
    if word.is_empty() {
        return sign(rest, span, first, form);
    }
    let at_word = Span::new(span.start, span.start + to_u32(word.len()));
    match Keyword::of(word) {
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
    let shown: String = rest.chars().take(24).collect();
    let shown = shown.lines().next().unwrap_or_default().escape_debug().to_string();
    let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{shown}`"));
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

fn sign(rest: &str, span: Span, first: &str, form: EntryForm) -> SyntaxError {
    let mark = rest.chars().next().unwrap_or(' ');
    let at_mark = Span::new(span.start, span.start + to_u32(mark.len_utf8()));
    match mark {
        ':' | '=' if matches!(form, EntryForm::Setting | EntryForm::Retry | EntryForm::Concurrency) => {
            let error = SyntaxError::new(ErrorKind::Unexpected, at_mark, format!("a setting takes no `{mark}`"));
            let error = error.help(format!("write `{first} VALUE`"));
            if rest.starts_with("==") { error } else { error.fix(at_mark, "", format!("remove `{mark}`")) }
        }
        ',' => {
            SyntaxError::new(ErrorKind::Unexpected, at_mark, "unexpected `,`").help("only brackets hold a list here")
        }
        '.' if form == EntryForm::Op => SyntaxError::new(ErrorKind::Unexpected, at_mark, "unexpected `.`")
            .help("a component is called by its name alone"),
        _ => {
            let shown: String = rest.lines().next().unwrap_or_default().chars().take(24).collect();
            let shown = shown.trim_end().escape_debug();
            SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{shown}`"))
        }
    }
}
