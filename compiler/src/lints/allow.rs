//! `// hookc: allow(CODE) reason`: removes allowed lints, and reports comments without an effect.
//!
//! A comment after code applies to its line. A comment on its own line applies to the whole item or entry that follows,
//! or else to the next line. Errors cannot be allowed.

use std::sync::Arc;

use hookc_grammar::ast::{BodyEntry, Item, JobEntry, OpEntry};
use hookc_grammar::{Span, Token, TokenKind, tokens};

use crate::diagnostics::{self, Code, Diagnostic, did_you_mean};
use crate::place::Place;
use crate::project::{Level, is_lint};
use crate::sources::{FileId, SourceFile, Sources};

/// The word that begins such a comment.
const MARK: &str = "hookc:";

/// One comment.
struct Allow {
    comment: Span,
    /// Each lint, and whether it was found.
    lints: Vec<(Code, bool)>,
    /// The range it applies to.
    covers: Span,
}

/// Removes the lints that comments allow, and reports comments that are invalid or have no effect.
pub(crate) fn apply_allows(sources: &Sources, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for (file, source) in sources.iter() {
        if !source.text.contains(MARK) {
            continue;
        }
        let (mut allows, mut wrong) = read(file, source);
        if !allows.is_empty() {
            diagnostics.retain(|diagnostic| !is_allowed(&mut allows, file, diagnostic));
        }
        // A file with errors is not checked completely, so a lint may be missing for this reason.
        let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.is_error() && diagnostic.file() == file);
        if !has_errors {
            wrong.extend(allows.iter().flat_map(|allow| idle(sources, file, source, allow)));
        }
        diagnostics.append(&mut wrong);
    }
    diagnostics
}

fn is_allowed(allows: &mut [Allow], file: FileId, diagnostic: &Diagnostic) -> bool {
    if diagnostic.file() != file || !is_lint(diagnostic.code) {
        return false;
    }
    let start = diagnostic.span().start;
    let mut allowed = false;
    for allow in allows {
        if allow.covers.start <= start && start < allow.covers.end {
            for (code, used) in &mut allow.lints {
                if *code == diagnostic.code {
                    *used = true;
                    allowed = true;
                }
            }
        }
    }
    allowed
}

/// Reports the lints of a comment that were not found.
fn idle(sources: &Sources, file: FileId, source: &SourceFile, allow: &Allow) -> Vec<Diagnostic> {
    let off = |code: Code| {
        let level = sources.project.lints.get(&code);
        !matches!(level, Some(Level::Warn | Level::Deny)) && code.is_off()
    };
    let only = allow.lints.len() == 1;
    let unused = allow.lints.iter().filter(|(code, used)| !used && !off(*code));
    let report = |(code, _): &(Code, bool)| {
        let message = format!("unused `allow` for the lint `{}`", code.name);
        let diagnostic = Diagnostic::new(diagnostics::UNUSED_ALLOW, Place::new(file, allow.comment), message);
        if only {
            diagnostic.fix("remove the comment", with_blanks(&source.text, allow.comment), "")
        } else {
            diagnostic.help(format!("remove `{}` from the list", code.name))
        }
    };
    unused.map(report).collect()
}

/// The comment with the blanks before it, or its whole line if nothing else is on it.
fn with_blanks(text: &str, comment: Span) -> Span {
    let before = text.get(..comment.start as usize).unwrap_or("");
    let code = before.trim_end_matches([' ', '\t']);
    let start = u32::try_from(code.len()).unwrap_or(comment.start);
    let rest = text.get(comment.end as usize..).unwrap_or("");
    let newline = if rest.starts_with("\r\n") { 2 } else { u32::from(rest.starts_with('\n')) };
    if code.is_empty() || code.ends_with('\n') {
        Span::new(start, comment.end + newline)
    } else {
        Span::new(start, comment.end)
    }
}

/// The valid `allow` comments of a file, and the diagnostics of the others.
fn read(file: FileId, source: &SourceFile) -> (Vec<Allow>, Vec<Diagnostic>) {
    let (mut allows, mut wrong) = (Vec::new(), Vec::new());
    let tokens = tokens(&source.text);
    let mut pieces = None;
    for (index, token) in tokens.iter().enumerate() {
        let Some(text) = marked(source, token) else { continue };
        match lints(text) {
            Ok(lints) => {
                let pieces = pieces.get_or_insert_with(|| pieces_of(source));
                let covers = covers(source, &tokens, index, pieces);
                allows.push(Allow {
                    comment: token.span,
                    lints: lints.into_iter().map(|code| (code, false)).collect(),
                    covers,
                });
            }
            Err((message, help)) => {
                let diagnostic = Diagnostic::new(diagnostics::UNUSED_ALLOW, Place::new(file, token.span), message);
                wrong.push(diagnostic.maybe_help(help));
            }
        }
    }
    (allows, wrong)
}

/// The text after the mark.
fn marked<'t>(source: &'t SourceFile, token: &Token) -> Option<&'t str> {
    if token.kind != TokenKind::Comment {
        return None;
    }
    let text = source.text.get(token.span.start as usize..token.span.end as usize)?;
    let text = text.strip_prefix("//").filter(|rest| !rest.starts_with('/'))?;
    text.trim_start().strip_prefix(MARK).map(str::trim)
}

/// The lints in `allow(CODE, CODE) reason`, or the message and help if it is invalid.
fn lints(text: &str) -> Result<Vec<Code>, (String, Option<String>)> {
    let inside = text
        .strip_prefix("allow")
        .and_then(|rest| rest.trim_start().strip_prefix('('))
        .and_then(|rest| rest.split_once(')'))
        .map(|(inside, _)| inside);
    let Some(inside) = inside.filter(|inside| !inside.trim().is_empty()) else {
        let help = "write `// hookc: allow(CODE) reason`".to_owned();
        return Err(("this `// hookc:` comment is not valid".to_owned(), Some(help)));
    };
    inside.split(',').map(|name| lint(name.trim())).collect()
}

fn lint(name: &str) -> Result<Code, (String, Option<String>)> {
    match Code::find(name) {
        Some(code) if is_lint(code) => Ok(code),
        Some(_) => {
            let help = "fix the error".to_owned();
            Err((format!("`{name}` is an error, and only lints can be allowed"), Some(help)))
        }
        None => {
            let names = diagnostics::ALL.iter().filter(|code| is_lint(**code)).map(|code| code.name);
            Err((format!("unknown lint `{name}`"), did_you_mean(name, names)))
        }
    }
}

/// The range that a comment applies to.
fn covers(source: &SourceFile, tokens: &[Token], index: usize, pieces: &[Span]) -> Span {
    let Some(comment) = tokens.get(index).map(|token| token.span) else {
        return Span::default();
    };
    let line = line_of(&source.text, comment.start);
    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
    if before.is_some_and(|before| before.span.end > line.start) {
        return line;
    }
    let next = tokens.iter().skip(index + 1).find(|token| token.kind != TokenKind::Comment);
    let Some(next) = next else { return line };
    let widest = pieces.iter().filter(|piece| piece.start == next.span.start).max_by_key(|piece| piece.end);
    widest.copied().unwrap_or_else(|| line_of(&source.text, next.span.start))
}

/// The line around a byte, without its end.
fn line_of(text: &str, at: u32) -> Span {
    let at = at as usize;
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline);
    let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(byte(start), byte(end))
}

/// Every item, and every entry of an item's block.
fn pieces_of(source: &SourceFile) -> Vec<Span> {
    let mut pieces = Vec::new();
    for item in &source.parse.file.items {
        pieces.push(Span::new(item.at, item.at + item.len));
        match item.node.as_ref() {
            Item::Job(job) => {
                for entry in &job.entries {
                    let at = item.at + entry.at;
                    pieces.push(Span::new(at, at + entry.len));
                    job_entry(&mut pieces, &entry.node, at);
                }
            }
            Item::EachJob(each) => op_entries(&mut pieces, &each.entries, item.at),
            Item::Component(component) => {
                let spans = component.entries.iter().map(body_span);
                pieces.extend(spans.map(|span| span.shifted(item.at)));
            }
            _ => {}
        }
    }
    pieces
}

fn job_entry(pieces: &mut Vec<Span>, entry: &Arc<JobEntry>, at: u32) {
    match entry.as_ref() {
        JobEntry::Op(op) => op_entries(pieces, &op.entries, at),
        JobEntry::EachOp(each) => op_entries(pieces, &each.entries, at),
        _ => {}
    }
}

fn op_entries(pieces: &mut Vec<Span>, entries: &[OpEntry], at: u32) {
    pieces.extend(entries.iter().map(|entry| match entry {
        OpEntry::Hook(hook) => hook.span.shifted(at),
        OpEntry::Use(used) => used.span.shifted(at),
        OpEntry::Drop(_, span) => span.shifted(at),
        OpEntry::Setting(setting) => setting.span.shifted(at),
    }));
}

fn body_span(entry: &BodyEntry) -> Span {
    match entry {
        BodyEntry::Exec(_, span)
        | BodyEntry::Shell(_, span)
        | BodyEntry::Python(_, span)
        | BodyEntry::Ask(_, span)
        | BodyEntry::External { span, .. }
        | BodyEntry::Result(_, span) => *span,
        BodyEntry::Http(http) => http.span,
        BodyEntry::Setting(setting) => setting.span,
    }
}
