//! Colours: what each word is, as the check understands it.

use hookc_grammar::{Span, tokens};

use super::index::{Target, Use};
use super::keywords;
use super::{Kind, SemanticToken, TokenKind, World};

impl World {
    /// The tokens of a file, or of a part of it, in written order; none goes over a line's end.
    pub fn semantic_tokens(&self, path: &str, range: Option<Span>) -> Vec<SemanticToken> {
        let (Some(entry), Some(index)) = (self.entry(path), self.index(path)) else { return Vec::new() };
        let text: &str = &entry.file.text;
        let wanted = |span: Span| range.is_none_or(|range| span.end >= range.start && span.start <= range.end);
        let mut found: Vec<SemanticToken> = Vec::new();
        let mut uses = index.uses.iter().filter(|used| used.span.start < used.span.end).peekable();
        for token in tokens(text).into_iter().filter(|token| wanted(token.span)) {
            while uses.next_if(|used| used.span.end <= token.span.start).is_some() {}
            let mut start = token.span.start;
            while let Some(used) = uses.next_if(|used| used.span.end <= token.span.end) {
                if used.span.start < start {
                    continue;
                }
                plain(&mut found, text, token.kind, Span::new(start, used.span.start));
                found.push(self.named(used));
                start = used.span.end;
            }
            plain(&mut found, text, token.kind, Span::new(start, token.span.end));
        }
        found
    }

    fn named(&self, used: &Use) -> SemanticToken {
        let kind = match &used.target {
            Target::Declared(_) => used.kind.map_or(TokenKind::Variable, token_kind),
            Target::Function(name)
                if name.contains('.') && !name.starts_with("math.") && !name.starts_with("lists.") =>
            {
                TokenKind::Method
            }
            Target::Function(_) => TokenKind::Function,
            Target::Context(name) if name.contains('.') => TokenKind::Property,
            Target::Context(_) => TokenKind::Variable,
            Target::Event(_) => TokenKind::Event,
            Target::Builtin(name) if name.contains('.') => TokenKind::EnumMember,
            Target::Builtin(_) => TokenKind::Type,
        };
        let library = match &used.target {
            Target::Declared(location) => location.path.starts_with("std/"),
            _ => true,
        };
        SemanticToken { span: used.span, kind, declaration: used.declares.is_some(), library }
    }
}

fn token_kind(kind: Kind) -> TokenKind {
    match kind {
        Kind::Component | Kind::Agent | Kind::Condition | Kind::Hook | Kind::Function => TokenKind::Function,
        Kind::Job => TokenKind::Class,
        Kind::Enum => TokenKind::Enum,
        Kind::EnumValue => TokenKind::EnumMember,
        Kind::Record | Kind::Connection => TokenKind::Struct,
        Kind::Field | Kind::Output => TokenKind::Property,
        Kind::Input | Kind::Parameter => TokenKind::Parameter,
        Kind::Profile | Kind::File => TokenKind::Namespace,
        Kind::Type => TokenKind::Type,
        Kind::Event | Kind::Trigger => TokenKind::Event,
        Kind::Method => TokenKind::Method,
        Kind::Keyword => TokenKind::Keyword,
        Kind::Op | Kind::Const | Kind::Variable | Kind::Test | Kind::Snippet => TokenKind::Variable,
    }
}

/// A piece of a token that no name stands in, line by line.
fn plain(found: &mut Vec<SemanticToken>, text: &str, kind: hookc_grammar::TokenKind, span: Span) {
    let Some(piece) = text.get(span.start as usize..span.end as usize).filter(|piece| !piece.is_empty()) else {
        return;
    };
    let kind = match kind {
        hookc_grammar::TokenKind::Word if keywords::is_shown_as_keyword(piece) => TokenKind::Keyword,
        hookc_grammar::TokenKind::Word | hookc_grammar::TokenKind::Unknown => return,
        hookc_grammar::TokenKind::Number => TokenKind::Number,
        hookc_grammar::TokenKind::Text | hookc_grammar::TokenKind::RawText => TokenKind::String,
        hookc_grammar::TokenKind::Sign if "{}()[],.:".contains(piece) => return,
        hookc_grammar::TokenKind::Sign => TokenKind::Operator,
        hookc_grammar::TokenKind::Comment | hookc_grammar::TokenKind::Doc => TokenKind::Comment,
    };
    let mut start = span.start;
    for line in piece.split_inclusive('\n') {
        let length = u32::try_from(line.len()).unwrap_or(0);
        let shown = u32::try_from(line.trim_end_matches(['\n', '\r']).len()).unwrap_or(0);
        if shown > 0 {
            let span = Span::new(start, start + shown);
            found.push(SemanticToken { span, kind, declaration: false, library: false });
        }
        start += length;
    }
}
