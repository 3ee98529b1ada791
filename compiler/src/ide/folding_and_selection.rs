//! The shape of a file: what can be folded, what is selected by growing a selection.

use hookc_grammar::{Span, TokenKind, tokens};

use super::visitor::{Node, visit};
use super::{Fold, FoldKind, World};

impl World {
    /// What can be folded, sorted: blocks and lists, runs of comments, of imports; each over more than one line.
    pub fn folds(&self, path: &str) -> Vec<Fold> {
        let Some(entry) = self.entry(path) else { return Vec::new() };
        let text: &str = &entry.file.text;
        let mut folds = brackets(text);
        folds.extend(comments(text));
        let mut imports: Vec<Span> = Vec::new();
        visit(&entry.file.parse.file, &mut |node, span| {
            if let Node::Import(_) = node {
                imports.push(span);
            }
        });
        if let (Some(first), Some(last)) = (imports.first(), imports.last()) {
            folds.push(Fold { span: first.to(*last), kind: FoldKind::Imports });
        }
        folds.retain(|fold| {
            text.get(fold.span.start as usize..fold.span.end as usize).is_some_and(|text| text.contains('\n'))
        });
        folds.sort();
        folds.dedup();
        folds
    }

    /// What the cursor stands in, from the innermost to the whole file; each holds the one before.
    pub fn selection(&self, path: &str, at: u32) -> Vec<Span> {
        let Some(entry) = self.entry(path) else { return Vec::new() };
        let text: &str = &entry.file.text;
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let mut spans: Vec<Span> = vec![super::word_at::word_around(text, at), Span::new(0, end)];
        visit(&entry.file.parse.file, &mut |_, span| spans.push(span));
        spans.extend(brackets(text).into_iter().map(|fold| fold.span));
        spans.extend(tokens(text).into_iter().map(|token| token.span));
        spans.retain(|span| span.touches(at));
        spans.sort_by_key(|span| (span.end - span.start, span.start));
        let mut chain: Vec<Span> = Vec::new();
        for span in spans {
            let holds = |last: &Span| span.start <= last.start && last.end <= span.end && *last != span;
            if chain.last().is_none_or(holds) {
                chain.push(span);
            }
        }
        chain
    }
}

/// From each opening bracket to its closing one.
fn brackets(text: &str) -> Vec<Fold> {
    let mut open: Vec<u32> = Vec::new();
    let mut folds = Vec::new();
    for token in tokens(text) {
        let sign = text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
        match (token.kind, sign) {
            (TokenKind::Sign, "{" | "[" | "(") => open.push(token.span.start),
            (TokenKind::Sign, "}" | "]" | ")") => {
                folds.extend(open.pop().map(|start| Span::new(start, token.span.end)));
            }
            (TokenKind::Text | TokenKind::RawText, _) => folds.push(token.span),
            _ => {}
        }
    }
    folds.into_iter().map(|span| Fold { span, kind: FoldKind::Region }).collect()
}

/// Comments on lines that follow each other.
fn comments(text: &str) -> Vec<Fold> {
    let mut runs: Vec<Span> = Vec::new();
    for token in tokens(text).into_iter().filter(|token| matches!(token.kind, TokenKind::Comment | TokenKind::Doc)) {
        match runs.last_mut() {
            Some(last) if is_next_line(text, *last, token.span) => *last = last.to(token.span),
            _ => runs.push(token.span),
        }
    }
    runs.into_iter().map(|span| Fold { span, kind: FoldKind::Comment }).collect()
}

fn is_next_line(text: &str, first: Span, second: Span) -> bool {
    let between = text.get(first.end as usize..second.start as usize).unwrap_or("x");
    between.chars().all(char::is_whitespace) && between.matches('\n').count() == 1
}
