//! The token tree: brackets, the parts between their commas, and the entries of blocks.
//!
//! It takes for granted that the file has no syntax errors, so brackets are balanced. Where entries begin is known from
//! the outline. What each pair of brackets holds is decided here; how anything is set is decided by the layout.

use super::source::{Mark, Source, Tok, TokKind};
use crate::keyword::Keyword;

/// A token, or brackets and what they hold.
#[derive(Debug)]
pub(super) enum Element<'t> {
    /// A token that is no bracket.
    Leaf(Tok<'t>),
    /// A pair of brackets.
    Group(Group<'t>),
}

/// What a pair of brackets holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupKind {
    /// Declarations of inputs, outputs, parameters or fields.
    Params,
    /// Values or names between commas.
    List,
    /// Entries, each on its line.
    Block,
}

/// A pair of brackets and what it holds.
#[derive(Debug)]
pub(super) struct Group<'t> {
    /// The opening bracket.
    pub(super) open: Tok<'t>,
    /// The closing bracket.
    pub(super) close: Tok<'t>,
    /// What it holds.
    pub(super) kind: GroupKind,
    /// The entries, or what stands between the commas; the commas themselves are left out.
    pub(super) parts: Vec<Part<'t>>,
    /// Whether the writer, a comment or what is inside gives it several lines in any case.
    pub(super) tall: bool,
    /// Whether that lies in the brackets themselves, not in brackets further in.
    pub(super) opened: bool,
}

/// An entry, or what stands between two commas: at least one node.
#[derive(Debug, Default)]
pub(super) struct Part<'t> {
    /// What it is made of.
    pub(super) nodes: Vec<Element<'t>>,
}

impl<'t> Element<'t> {
    /// Its first token.
    pub(super) fn first(&self) -> &Tok<'t> {
        match self {
            Element::Leaf(tok) => tok,
            Element::Group(group) => &group.open,
        }
    }

    /// The token, if it is one.
    pub(super) fn leaf(&self) -> Option<&Tok<'t>> {
        match self {
            Element::Leaf(tok) => Some(tok),
            Element::Group(_) => None,
        }
    }

    /// Whether it is this sign.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.leaf().is_some_and(|tok| tok.is_sign(sign))
    }

    /// The keyword, if it is one.
    pub(super) fn keyword(&self) -> Option<Keyword> {
        self.leaf().and_then(|tok| tok.keyword)
    }

    /// Whether it is this keyword.
    pub(super) fn is_keyword(&self, keyword: Keyword) -> bool {
        self.keyword() == Some(keyword)
    }

    /// Whether it takes several lines in any case.
    pub(super) fn is_tall(&self) -> bool {
        matches!(self, Element::Group(group) if group.tall)
    }

    /// Whether a line break stands before it or in it.
    fn has_line_break(&self) -> bool {
        let inside = match self {
            Element::Leaf(tok) => tok.text.contains('\n'),
            Element::Group(group) => {
                group.tall
                    || group.close.broke
                    || group.parts.iter().flat_map(|part| &part.nodes).any(Element::has_line_break)
            }
        };
        inside || self.first().broke
    }
}

/// A whole file: its items, and the end that holds the comments after the last one.
#[derive(Debug)]
pub(super) struct TokenTree<'t> {
    /// The items.
    pub(super) items: Vec<Part<'t>>,
    /// The end of the file.
    pub(super) end: Tok<'t>,
}

/// Builds the tree of `source`.
pub(super) fn read<'t>(source: &Source<'t>) -> TokenTree<'t> {
    let mut builder = Builder { tokens: source.tokens.iter().cloned().peekable(), split: None };
    let mut items = Vec::new();
    while let Some(item) = builder.entry(true) {
        items.push(item);
    }
    let end = builder.take().unwrap_or_else(end_of_file);
    TokenTree { items, end }
}

fn end_of_file<'t>() -> Tok<'t> {
    Tok { kind: TokKind::End, text: "", keyword: None, gap: 0..0, broke: true, blank: false, mark: Mark::Inside }
}

struct Builder<'t, I: Iterator<Item = Tok<'t>>> {
    tokens: std::iter::Peekable<I>,
    /// The second half of a sign that is two signs in a type, as in `list<int>= []`.
    split: Option<Tok<'t>>,
}

/// Where in an entry's header the builder stands, as far as it decides what brackets hold.
struct Header {
    /// Brackets hold declarations.
    params: bool,
    /// Braces hold names or fields.
    braces: Option<GroupKind>,
    /// A colon begins a type.
    typed: bool,
    /// Inside a type.
    in_type: bool,
}

impl Header {
    fn of(head: Option<Keyword>) -> Header {
        use Keyword::{Agent, Component, Condition, Connection, Const, Each, Enum, Hook, Job, Record};
        let braces = match head {
            Some(Record) => Some(GroupKind::Params),
            Some(Enum) => Some(GroupKind::List),
            _ => None,
        };
        Header {
            params: matches!(head, Some(Component | Agent | Job | Condition | Hook | Each)),
            braces,
            typed: matches!(head, Some(Const | Connection)),
            in_type: false,
        }
    }

    fn pass(&mut self, tok: &Tok<'_>) {
        if tok.is_sign("=") || tok.is_keyword(Keyword::On) || tok.is_sign("{") {
            self.params = false;
            self.typed = false;
            self.in_type = false;
        } else if tok.is_sign(":") && self.typed {
            self.in_type = true;
        }
    }
}

impl<'t, I: Iterator<Item = Tok<'t>>> Builder<'t, I> {
    fn peek(&mut self) -> Option<&Tok<'t>> {
        if self.split.is_some() { self.split.as_ref() } else { self.tokens.peek() }
    }

    fn take(&mut self) -> Option<Tok<'t>> {
        self.split.take().or_else(|| self.tokens.next())
    }

    /// The next entry of a block, or of the file.
    fn entry(&mut self, top: bool) -> Option<Part<'t>> {
        let head = self.peek().filter(|tok| !ends_block(tok))?.keyword;
        let mut header = Header::of(head);
        let mut nodes: Vec<Element<'t>> = Vec::new();
        while let Some(tok) = self.peek() {
            let starts = tok.mark == Mark::BeginsEntry && !nodes.is_empty();
            if starts || (ends_block(tok) && (!top || tok.kind == TokKind::End)) {
                break;
            }
            let Some(tok) = self.take() else { break };
            header.pass(&tok);
            let node = self.node(tok, &mut header);
            nodes.push(node);
        }
        Some(Part { nodes })
    }

    fn node(&mut self, tok: Tok<'t>, header: &mut Header) -> Element<'t> {
        match tok.text {
            _ if tok.kind != TokKind::Sign => Element::Leaf(tok),
            "(" if header.params => self.list(tok, GroupKind::Params),
            "(" | "[" => self.list(tok, GroupKind::List),
            "{" => match header.braces.take() {
                Some(kind) => self.list(tok, kind),
                None if tok.mark == Mark::OpensBody => self.block(tok),
                None => self.list(tok, GroupKind::List),
            },
            _ if header.in_type => Element::Leaf(self.type_sign(tok)),
            _ => Element::Leaf(tok),
        }
    }

    fn block(&mut self, open: Tok<'t>) -> Element<'t> {
        let mut parts = Vec::new();
        while let Some(entry) = self.entry(false) {
            parts.push(entry);
        }
        let close = self.take().unwrap_or_else(end_of_file);
        Element::Group(group(open, close, GroupKind::Block, parts))
    }

    /// Brackets up to their closing one. A comma's comments go to the token after it.
    fn list(&mut self, open: Tok<'t>, kind: GroupKind) -> Element<'t> {
        let mut parts: Vec<Part<'t>> = Vec::new();
        let mut part = Part::default();
        let mut place = TypePlace::default();
        let mut header = Header::of(None);
        let mut comma: Option<Tok<'t>> = None;
        while let Some(mut tok) = self.take() {
            if let Some(comma) = comma.take() {
                tok.gap.start = comma.gap.start;
                tok.broke |= comma.broke;
                tok.blank |= comma.blank;
            }
            if matches!(tok.text, ")" | "]" | "}") && tok.kind == TokKind::Sign || tok.kind == TokKind::End {
                parts.extend(Some(part).filter(|part| !part.nodes.is_empty()));
                return Element::Group(group(open, tok, kind, parts));
            }
            if tok.is_sign(",") && place.depth == 0 {
                parts.extend(Some(std::mem::take(&mut part)).filter(|part| !part.nodes.is_empty()));
                place = TypePlace::default();
                comma = Some(tok);
                continue;
            }
            if kind == GroupKind::Params {
                header.in_type = place.pass(&tok, part.nodes.len());
            }
            let node = self.node(tok, &mut header);
            if let Some(sign) = node.leaf().filter(|tok| tok.kind == TokKind::TypeSign) {
                place.count(sign);
            }
            part.nodes.push(node);
        }
        Element::Group(group(open, end_of_file(), kind, parts))
    }

    /// The sign as part of a type; of a sign that is two there, the second half waits for its turn.
    fn type_sign(&mut self, mut tok: Tok<'t>) -> Tok<'t> {
        if let Some((first, second)) = tok.text.split_at_checked(1)
            && matches!(first, ">" | "?")
            && !second.is_empty()
        {
            let gap = tok.gap.end..tok.gap.end;
            self.split = Some(Tok {
                kind: TokKind::Sign,
                text: second,
                keyword: None,
                gap,
                broke: false,
                blank: false,
                mark: Mark::Inside,
            });
            tok.text = first;
        }
        if matches!(tok.text, "<" | ">" | "?" | ",") {
            tok.kind = TokKind::TypeSign;
        }
        tok
    }
}

/// Where in a declaration `name: type = value where condition` the builder stands.
#[derive(Default)]
struct TypePlace {
    in_type: bool,
    /// Open `<`.
    depth: usize,
}

impl TypePlace {
    fn pass(&mut self, tok: &Tok<'_>, position: usize) -> bool {
        if position == 1 && tok.is_sign(":") {
            self.in_type = true;
            return false;
        }
        if tok.is_sign("=") || tok.is_keyword(Keyword::Where) {
            self.in_type = false;
        }
        self.in_type
    }

    fn count(&mut self, sign: &Tok<'_>) {
        match sign.text {
            "<" => self.depth += 1,
            ">" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

fn group<'t>(open: Tok<'t>, close: Tok<'t>, kind: GroupKind, parts: Vec<Part<'t>>) -> Group<'t> {
    let magic = parts.first().and_then(|part| part.nodes.first()).is_some_and(|node| node.first().broke);
    let nodes = || parts.iter().flat_map(|part| &part.nodes);
    let opened = magic || close.has_comments() || nodes().any(|node| node.first().has_comments());
    let tall = match kind {
        // A block that the writer had on several lines stays so.
        GroupKind::Block => opened || close.broke || parts.len() > 1 || nodes().any(Element::has_line_break),
        GroupKind::Params | GroupKind::List => opened || nodes().any(Element::is_tall),
    };
    Group { open, close, kind, parts, tall, opened }
}

fn ends_block(tok: &Tok<'_>) -> bool {
    tok.kind == TokKind::End || tok.is_sign("}")
}
