//! The one canonical form of a file.
//!
//! Works on the tokens, not on the syntax tree: white space, line breaks and the commas before closing brackets are
//! set anew, everything else is written as it was, so neither meaning nor comments can change. [`verify`] holds every
//! result against its source. Items are set one by one, independent of each other.
//! It takes for granted that the file has no syntax errors, and refuses one that has.

mod document;
mod entry;
mod expr;
mod layout;
mod source;
mod token_tree;
mod verify;

use crate::error::{ErrorKind, Severity, SyntaxError};
use crate::outline::Outline;
use crate::span::Span;
use layout::Layout;
use source::{Comment, Source, Tok};
use token_tree::{Element, Part};

/// The canonical form of `text`; its syntax errors where it has any.
pub fn format(text: &str) -> Result<String, Vec<SyntaxError>> {
    let parse = crate::parse(text);
    let errors: Vec<_> = parse.errors.into_iter().filter(|error| error.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let formatted = set(text, &parse.outline);
    match verify::first_difference(text, &formatted) {
        None => Ok(formatted),
        Some(span) => Err(vec![refusal(span)]),
    }
}

/// No test reaches it. It is better to leave a file as it is than to lose a token.
fn refusal(span: Span) -> SyntaxError {
    debug_assert!(false, "formatting changed a token at {span:?}");
    SyntaxError::new(ErrorKind::Unexpected, span, "internal error in hookc: formatting would change this")
        .help("please report this error; nothing was changed")
}

fn set(text: &str, outline: &Outline) -> String {
    let source = Source::read(text, outline);
    let tree = token_tree::read(&source);
    let layout = Layout { comments: &source.comments };
    let mut writer = Writer { out: String::with_capacity(text.len()), tall: false };
    for item in &tree.items {
        let Some(first) = item.nodes.first().map(Element::first) else {
            continue;
        };
        writer.item(&layout, first, item);
    }
    writer.end(layout.comments_before(&tree.end));
    writer.out
}

/// Writes items below one another.
struct Writer {
    out: String,
    /// Whether the last item takes more than one line.
    tall: bool,
}

impl Writer {
    /// Items that take more than one line stand apart; others keep the distance they had, up to one blank line.
    fn item<'t>(&mut self, layout: &Layout<'_, 't>, first: &Tok<'t>, item: &Part<'t>) {
        let comments = layout.comments_before(first);
        let body = document::print(&layout.entry(item, true));
        let tall = body.contains('\n') || comments.iter().any(|comment| comment.doc);
        let own = comments.iter().filter(|comment| comment.own_line);
        let apart = first.blank || own.clone().any(|comment| comment.blank);
        let mut missing = (tall || self.tall) && !apart;
        for comment in comments {
            missing &= !self.comment(comment, missing);
        }
        self.line(first.blank || missing, &body);
        self.tall = tall;
    }

    fn end(&mut self, comments: &[Comment<'_>]) {
        for comment in comments {
            self.comment(comment, false);
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Writes a comment; whether it went to a line of its own.
    fn comment(&mut self, comment: &Comment<'_>, blank: bool) -> bool {
        if comment.own_line || self.out.is_empty() {
            self.line(comment.blank || blank, comment.text);
            return true;
        }
        self.out.push_str("  ");
        self.out.push_str(comment.text);
        false
    }

    fn line(&mut self, blank: bool, text: &str) {
        if !self.out.is_empty() {
            self.out.push_str(if blank { "\n\n" } else { "\n" });
        }
        self.out.push_str(text);
    }
}
