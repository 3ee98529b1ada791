//! The tokens that carry meaning, each with what lies before it: comments, line breaks, blank lines.
//!
//! Every comment, doc comments included, belongs to the gap before exactly one token, so none can get lost or change
//! its place among the tokens. The gap after the last token belongs to an empty token at the end of the file.

use std::ops::Range;

use crate::keyword::Keyword;
use crate::lex::{TokenKind, tokens};
use crate::outline::Outline;

/// What a token is to the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokKind {
    /// A name or keyword.
    Word,
    /// A number or duration.
    Number,
    /// A string in any form.
    Text,
    /// An operator, bracket, comma, arrow, …
    Sign,
    /// A `<`, `>`, `?` or comma that belongs to a type.
    TypeSign,
    /// The end of the file.
    End,
}

/// A token that carries meaning.
#[derive(Clone, Debug)]
pub(super) struct Tok<'t> {
    /// What it is.
    pub(super) kind: TokKind,
    /// How it is written.
    pub(super) text: &'t str,
    /// The keyword that it is, if it is one.
    pub(super) keyword: Option<Keyword>,
    /// The comments before it, as places in [`Source::comments`].
    pub(super) gap: Range<usize>,
    /// Whether a line break lies between it and the token before it.
    pub(super) broke: bool,
    /// Whether a blank line lies right before it.
    pub(super) blank: bool,
    /// What the outline says of it.
    pub(super) mark: Mark,
}

/// What the outline of the file says of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It begins an entry.
    BeginsEntry,
    /// It is the brace that opens the block of an entry.
    OpensBody,
    /// Neither.
    Inside,
}

impl Tok<'_> {
    /// Whether comments stand before it.
    pub(super) fn has_comments(&self) -> bool {
        !self.gap.is_empty()
    }

    /// Whether it is this sign.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokKind::Sign && self.text == sign
    }

    /// Whether it is this keyword.
    pub(super) fn is_keyword(&self, keyword: Keyword) -> bool {
        self.keyword == Some(keyword)
    }
}

/// A comment of either kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'t> {
    /// How it is written, blanks at its end left out.
    pub(super) text: &'t str,
    /// Whether it has its line to itself.
    pub(super) own_line: bool,
    /// Whether a blank line lies right before it.
    pub(super) blank: bool,
    /// Whether it documents what follows.
    pub(super) doc: bool,
}

/// A text as the formatter reads it.
pub(super) struct Source<'t> {
    /// The tokens in written order; the last one is [`TokKind::End`].
    pub(super) tokens: Vec<Tok<'t>>,
    /// The comments in written order.
    pub(super) comments: Vec<Comment<'t>>,
}

impl<'t> Source<'t> {
    /// Reads `text`, which has no syntax errors and this outline.
    pub(super) fn read(text: &'t str, outline: &Outline) -> Source<'t> {
        let mut marks = marks(outline).peekable();
        let mut source = Source { tokens: Vec::new(), comments: Vec::new() };
        let mut end = 0;
        let mut first_comment = 0;
        let mut broke = true;
        for token in tokens(text) {
            let (start, token_end) = (token.span.start as usize, token.span.end as usize);
            let breaks = line_breaks(text.get(end..start).unwrap_or_default());
            end = token_end;
            broke |= breaks > 0;
            let written = text.get(start..token_end).unwrap_or_default();
            let Some(kind) = kind_of(token.kind) else {
                let doc = token.kind == TokenKind::Doc;
                let own_line = source.tokens.is_empty() || broke;
                source.comments.push(Comment { text: written, own_line, blank: breaks > 1, doc });
                continue;
            };
            let gap = first_comment..source.comments.len();
            let mark = marks.next_if(|(at, _)| *at == token.span.start).map_or(Mark::Inside, |(_, mark)| mark);
            source.tokens.push(Tok {
                kind,
                text: written,
                keyword: token.keyword,
                gap,
                broke,
                blank: breaks > 1,
                mark,
            });
            first_comment = source.comments.len();
            broke = false;
        }
        let gap = first_comment..source.comments.len();
        source.tokens.push(Tok {
            kind: TokKind::End,
            text: "",
            keyword: None,
            gap,
            broke: true,
            blank: false,
            mark: Mark::Inside,
        });
        source
    }
}

/// Where entries begin and their blocks open, in written order.
fn marks(outline: &Outline) -> impl Iterator<Item = (u32, Mark)> {
    outline.entries().iter().flat_map(|entry| {
        let body = entry.body.map(|body| (body.span.start - 1, Mark::OpensBody));
        [Some((entry.start, Mark::BeginsEntry)), body].into_iter().flatten()
    })
}

fn kind_of(kind: TokenKind) -> Option<TokKind> {
    match kind {
        TokenKind::Word => Some(TokKind::Word),
        TokenKind::Number => Some(TokKind::Number),
        TokenKind::Text | TokenKind::RawText => Some(TokKind::Text),
        TokenKind::Sign | TokenKind::Unknown => Some(TokKind::Sign),
        TokenKind::Comment | TokenKind::Doc => None,
    }
}

fn line_breaks(between: &str) -> usize {
    between.bytes().filter(|byte| *byte == b'\n').count()
}
