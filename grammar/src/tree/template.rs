//! Strings: escapes, holes, and the indentation of triple forms.
//!
//! A triple string that begins with a line break starts on the next line; the blanks before its closing quotes are not
//! part of it; the indentation that all its lines share is taken away.

use smol_str::SmolStr;

use crate::ast::{ExprKind, Part, Template};
use crate::error::{ErrorKind, SyntaxError};
use crate::lex::to_u32;
use crate::nodes::{self, Node, Rule};
use crate::span::Span;
use crate::tree::TreeBuilder;
use crate::tree::expr::MeasuredExpr;

/// A string without escapes and holes, quotes around it.
pub(super) fn plain(text: &str) -> Template {
    let inner = text.get(1..text.len() - 1).unwrap_or_default();
    let parts = if inner.is_empty() { Vec::new() } else { vec![Part::Text(SmolStr::new(inner))] };
    Template { parts, raw: false }
}

/// How many quotes stand at the start of a string's text.
fn quotes(text: &str) -> usize {
    if text.starts_with("\"\"\"") || text.starts_with("'''") { 3 } else { 1 }
}

/// A text between holes while it is put together.
struct TextPart {
    text: String,
    /// Where `text` still is what the source holds: an escaped line break is no line's start.
    breaks: Vec<usize>,
}

impl TreeBuilder<'_> {
    /// Any form of string; one that never ends is an error node.
    pub(super) fn string(&mut self, node: Node<'_>) -> MeasuredExpr {
        let span = node.span();
        if self.is_repaired(&node) {
            return MeasuredExpr::leaf(ExprKind::Error, span);
        }
        match node.as_rule() {
            Rule::plain => MeasuredExpr::leaf(ExprKind::Template(plain(node.as_str())), span),
            Rule::raw => MeasuredExpr::leaf(ExprKind::Template(raw(node.as_str().get(1..).unwrap_or_default())), span),
            Rule::template => {
                let (template, height) = self.template(node);
                MeasuredExpr::tall(ExprKind::Template(template), span, height + 1)
            }
            _ => MeasuredExpr::leaf(ExprKind::Error, span),
        }
    }

    fn template(&mut self, node: Node<'_>) -> (Template, u32) {
        let text = node.as_str();
        let width = to_u32(quotes(text));
        let end = node.span().end - width;
        let mut pieces = Vec::new();
        let mut holes = Vec::new();
        let mut at = node.span().start + width;
        let mut height = 0;
        for hole in node.into_inner().filter(|inner| inner.as_rule() == Rule::hole) {
            pieces.push(self.unescape(Span::new(at, hole.span().start)));
            at = hole.span().end;
            let mut children = nodes::children(hole);
            let inner = self.nested(hole.span(), |builder| {
                let tree = builder.tree(&mut children, "the interpolation `${}` is empty");
                builder.unclosed(&mut children, "}");
                tree
            });
            if let Some(tree) = inner {
                height = height.max(tree.height);
                holes.push(tree.expr);
            }
        }
        pieces.push(self.unescape(Span::new(at, end)));
        if width == 3 {
            strip_indentation(&mut pieces);
        }
        (Template { parts: weave(pieces, holes), raw: false }, height)
    }

    /// A text between holes with its escapes resolved.
    fn unescape(&mut self, place: Span) -> TextPart {
        let text = self.source(place);
        let mut out = String::with_capacity(text.len());
        let mut breaks = Vec::new();
        let mut rest = text;
        while let Some(next) = rest.find(['\\', '$', '\n']) {
            out.push_str(rest.get(..next).unwrap_or_default());
            rest = rest.get(next..).unwrap_or_default();
            let length = match rest.as_bytes() {
                [b'\n', ..] => {
                    out.push('\n');
                    breaks.push(out.len());
                    1
                }
                [b'$', b'$', b'{', ..] => {
                    out.push_str("${");
                    3
                }
                [b'$', ..] => {
                    out.push('$');
                    1
                }
                _ => match escape(rest) {
                    Ok((ch, length)) => {
                        out.push(ch);
                        length
                    }
                    Err(length) => {
                        let start = place.start + to_u32(text.len() - rest.len());
                        self.bad_escape(rest.get(..length).unwrap_or("\\"), start);
                        length.max(1)
                    }
                },
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        out.push_str(rest);
        TextPart { text: out, breaks }
    }

    fn bad_escape(&mut self, text: &str, start: u32) {
        let span = Span::new(start, start + to_u32(text.len()));
        let error = SyntaxError::new(
            ErrorKind::BadEscape,
            span,
            format!("`{}` is not a valid escape", text.replace('\n', "⏎")),
        );
        self.report(error.help("write `\\\\` for a backslash, or a raw string `r\"…\"`"));
    }

    /// The text of `shell`: raw, its indentation stripped, and where it lies.
    pub(super) fn raw_shell(&self, node: &Node<'_>) -> (SmolStr, Span) {
        let text = node.as_str();
        let width = to_u32(quotes(text));
        let span = node.span();
        let inner = Span::new(span.start + width, span.end - width);
        let template = raw(text);
        (SmolStr::new(template.as_const().unwrap_or_default()), inner)
    }
}

/// A raw string: no escapes, no holes.
fn raw(text: &str) -> Template {
    let width = quotes(text);
    let inner = text.get(width..text.len().saturating_sub(width)).unwrap_or_default();
    let mut pieces =
        vec![TextPart { text: inner.to_owned(), breaks: inner.match_indices('\n').map(|(at, _)| at + 1).collect() }];
    if width == 3 {
        strip_indentation(&mut pieces);
    }
    Template { parts: weave(pieces, Vec::new()), raw: true }
}

/// The character that an escape at the start of `text` stands for, and its length; the length of a bad one.
fn escape(text: &str) -> Result<(char, usize), usize> {
    let mut chars = text.chars().skip(1);
    let Some(letter) = chars.next() else { return Err(1) };
    let simple = match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'a' => '\u{07}',
        'b' => '\u{08}',
        'f' => '\u{0c}',
        'v' => '\u{0b}',
        '\\' | '?' | '"' | '\'' | '`' => letter,
        'x' | 'X' => return coded(text, 2, 2, 16),
        'u' => return coded(text, 2, 4, 16),
        'U' => return coded(text, 2, 8, 16),
        '0'..='3' => return coded(text, 1, 3, 8),
        _ => return Err(1 + letter.len_utf8()),
    };
    Ok((simple, 2))
}

/// A character given by `count` digits from `from` on.
fn coded(text: &str, from: usize, count: usize, radix: u32) -> Result<(char, usize), usize> {
    let digits = text.get(from..from + count).filter(|digits| digits.chars().all(|ch| ch.is_digit(radix)));
    let code = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
    match code.and_then(char::from_u32) {
        Some(ch) => Ok((ch, from + count)),
        None => {
            let found =
                text.get(from..).unwrap_or_default().chars().take(count).take_while(|ch| ch.is_digit(radix)).count();
            Err(from + found)
        }
    }
}

/// Takes away what all lines of a triple string share. A line that holds nothing but blanks counts as none.
fn strip_indentation(pieces: &mut [TextPart]) {
    if let Some(first) = pieces.first_mut()
        && first
            .breaks
            .first()
            .is_some_and(|at| first.text.get(..*at).is_some_and(|line| matches!(line, "\n" | "\r\n")))
    {
        let length = first.breaks.remove(0);
        first.text.drain(..length);
        for at in &mut first.breaks {
            *at -= length;
        }
        first.breaks.insert(0, 0);
    } else {
        return indent_rest(pieces);
    }
    if let Some(last) = pieces.last_mut() {
        let line = last.breaks.last().copied().unwrap_or(0);
        if last.breaks.last().is_some() && last.text.get(line..).is_some_and(is_blank) {
            last.text.truncate(line);
        }
    }
    indent_rest(pieces);
}

fn indent_rest(pieces: &mut [TextPart]) {
    let count = pieces.len();
    let mut shared: Option<usize> = None;
    for (number, piece) in pieces.iter().enumerate() {
        for at in &piece.breaks {
            let line = piece.text.get(*at..).unwrap_or_default();
            let own = line.len() - line.trim_start_matches([' ', '\t']).len();
            let rest = line.get(own..).unwrap_or_default();
            let blank = rest.starts_with(['\n', '\r']) || (rest.is_empty() && number + 1 == count);
            if !blank {
                shared = Some(shared.map_or(own, |before| before.min(own)));
            }
        }
    }
    let Some(shared) = shared.filter(|shared| *shared > 0) else {
        return;
    };
    for piece in pieces {
        let mut text = String::with_capacity(piece.text.len());
        let mut from = 0;
        for at in &piece.breaks {
            text.push_str(piece.text.get(from..*at).unwrap_or_default());
            let line = piece.text.get(*at..).unwrap_or_default();
            let own = line.len() - line.trim_start_matches([' ', '\t']).len();
            from = at + own.min(shared);
        }
        text.push_str(piece.text.get(from..).unwrap_or_default());
        piece.text = text;
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// Texts and holes in turn; a hole lies after each text but the last.
fn weave(pieces: Vec<TextPart>, holes: Vec<crate::ast::Expr>) -> Vec<Part> {
    let mut parts = Vec::with_capacity(pieces.len() + holes.len());
    let mut holes = holes.into_iter();
    for piece in pieces {
        if !piece.text.is_empty() {
            parts.push(Part::Text(SmolStr::from(piece.text)));
        }
        if let Some(hole) = holes.next() {
            parts.push(Part::Hole(hole));
        }
    }
    parts
}
