//! Words the error of text that stands behind a whole head: the slips one makes.

use crate::cut::Form;
use crate::cut::forms::RESERVED;
use crate::error::{ErrorKind, SyntaxError};
use crate::lex::to_u32;
use crate::span::Span;
use crate::words::nearest;

/// The error for `rest`, which lies at `span` behind `before`.
pub(super) fn unexpected(rest: &str, span: Span, before: &str, form: Form) -> SyntaxError {
    let word_length = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_')).unwrap_or(rest.len());
    let word = rest.get(..word_length).unwrap_or_default();
    let first = before.split_ascii_whitespace().next().unwrap_or_default();
    if word.is_empty() {
        return sign(rest, span, first, form);
    }
    let at_word = Span::new(span.start, span.start + to_u32(word.len()));
    match word {
        "on" => {
            let error = SyntaxError::new(
                ErrorKind::NotAllowedHere,
                at_word,
                "a hook stands in a block or on a line of its own",
            );
            return error.help("write it inside `{ }`");
        }
        "when" | "after" | "with" | "for" | "run" | "modify" | "require" | "fail" | "warn" | "where" | "as"
        | "from" => {
            return SyntaxError::new(ErrorKind::NotAllowedHere, at_word, format!("`{word}` cannot stand here"));
        }
        _ => {}
    }
    let known: &[&str] = match form {
        Form::Op => &["when", "after", "for"],
        Form::Trigger => &["when", "with"],
        Form::Retry => &["when", "backoff", "max"],
        Form::Concurrency => &["else"],
        Form::Test => &["profile", "source"],
        Form::Hook | Form::On => &["when", "run", "modify", "require", "fail", "warn"],
        Form::Import => &["from", "as"],
        _ => &[],
    };
    let shown: String = rest.chars().take(24).collect();
    let shown = shown.lines().next().unwrap_or_default().escape_debug().to_string();
    let error = SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{shown}`"));
    match nearest(word, known).filter(|near| !RESERVED.contains(&word) || *near != word) {
        Some(near) => error.help(format!("did you mean `{near}`?")).fix(at_word, near, format!("write `{near}`")),
        None => error,
    }
}

fn sign(rest: &str, span: Span, first: &str, form: Form) -> SyntaxError {
    let mark = rest.chars().next().unwrap_or(' ');
    let at_mark = Span::new(span.start, span.start + to_u32(mark.len_utf8()));
    match mark {
        ':' | '=' if matches!(form, Form::Setting | Form::Retry | Form::Concurrency) => {
            let error = SyntaxError::new(ErrorKind::Unexpected, at_mark, format!("a setting takes no `{mark}`"));
            let error = error.help(format!("write `{first} VALUE`"));
            if rest.starts_with("==") { error } else { error.fix(at_mark, "", format!("remove `{mark}`")) }
        }
        ',' => SyntaxError::new(ErrorKind::Unexpected, at_mark, "unexpected `,`")
            .help("outside brackets nothing is listed here"),
        '.' if form == Form::Op => SyntaxError::new(ErrorKind::Unexpected, at_mark, "unexpected `.`")
            .help("a component is called by its name alone"),
        _ => {
            let shown: String = rest.lines().next().unwrap_or_default().chars().take(24).collect();
            let shown = shown.trim_end().escape_debug();
            SyntaxError::new(ErrorKind::Unexpected, span, format!("unexpected `{shown}`"))
        }
    }
}
