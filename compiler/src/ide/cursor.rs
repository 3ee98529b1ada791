//! The text around a cursor, as far as its tokens tell: the block it stands in, the entry, the words of the entry.
//!
//! Half-typed text has no sound tree where it matters; tokens it has.

use hookc_grammar::{BlockKind, Keyword, Token, TokenKind, tokens};

/// What stands around the cursor.
pub(super) struct CursorContext {
    /// The block that holds it; `None` inside braces that hold values.
    pub(super) block: Option<BlockKind>,
    /// Whether an entry can begin here.
    pub(super) is_entry_start: bool,
    /// The first word of the entry, or of the one before where an entry can begin here.
    pub(super) first_word: Option<Keyword>,
    /// The last word before the cursor.
    pub(super) last_word: Option<Keyword>,
    /// The keywords of the entry so far.
    pub(super) keywords: Vec<Keyword>,
}

/// A call that is open at the cursor.
pub(super) struct OpenCall {
    /// The name before the bracket: `train`, `math.abs`, `x.size`.
    pub(super) callee: String,
    /// Where the callee's last name ends.
    pub(super) callee_end: u32,
    /// How many commas come before the cursor.
    pub(super) position: usize,
    /// The label of the argument that the cursor stands in.
    pub(super) label: Option<String>,
}

/// An open bracket.
struct Open {
    /// The block that `{` opens; `None` inside of it for a `{` that holds values.
    block: Option<Option<BlockKind>>,
}

impl CursorContext {
    /// Reads the tokens before `at`.
    pub(super) fn new(text: &str, at: u32) -> CursorContext {
        let mut reader = Reader { text, stack: Vec::new(), entry: Vec::new(), last: None };
        let tokens = before(text, at);
        for token in &tokens {
            reader.read(*token);
        }
        let end = tokens.last().map_or(0, |token| token.span.end);
        let gap = text.get(end as usize..at as usize).unwrap_or("");
        let in_block = reader.stack.last().is_none_or(|open| open.block.is_some());
        let opened = tokens.last().is_some_and(|last| reader.slice(*last) == "{");
        let is_entry_start = in_block && (gap.contains('\n') || opened || tokens.is_empty());
        let words = std::mem::take(&mut reader.entry);
        let first_word = words.first().and_then(|word| Keyword::of(word)).filter(|_| !opened);
        let last_word = words.last().and_then(|word| Keyword::of(word));
        let keywords = words.iter().filter_map(|word| Keyword::of(word)).collect();
        CursorContext { block: reader.block(), is_entry_start, first_word, last_word, keywords }
    }
}

/// The innermost call that is open at a byte.
pub(super) fn open_call(text: &str, at: u32) -> Option<OpenCall> {
    let tokens = before(text, at);
    let slice = |token: &Token| text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
    let mut depth = 0usize;
    let mut position = 0;
    let mut label = None;
    let mut argument_done = false;
    for (index, token) in tokens.iter().enumerate().rev() {
        match slice(token) {
            ")" | "]" | "}" => depth += 1,
            "(" if depth == 0 => {
                let callee = index.checked_sub(1).and_then(|before| tokens.get(before))?;
                if callee.kind != TokenKind::Word || callee.keyword.is_some_and(Keyword::is_reserved) {
                    return None;
                }
                let name = dotted(&tokens, index - 1, &slice);
                return Some(OpenCall { callee: name, callee_end: callee.span.end, position, label });
            }
            "(" | "[" | "{" if depth == 0 => return None,
            "(" | "[" | "{" => depth -= 1,
            "," if depth == 0 => {
                position += 1;
                argument_done = true;
            }
            ":" if depth == 0 && !argument_done => {
                label = index.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| slice(token).to_owned());
                argument_done = true;
            }
            _ => {}
        }
    }
    None
}

/// The names before a token that dots join to it.
fn dotted<'t>(tokens: &[Token], last: usize, slice: &impl Fn(&Token) -> &'t str) -> String {
    let mut first = last;
    while first >= 2
        && tokens.get(first - 1).is_some_and(|token| slice(token) == ".")
        && tokens.get(first - 2).is_some_and(|token| token.kind == TokenKind::Word)
    {
        first -= 2;
    }
    let begins_with_dot = first >= 1 && tokens.get(first - 1).is_some_and(|token| slice(token) == ".");
    let names = tokens.get(first..=last).unwrap_or_default().iter().map(slice).collect::<String>();
    if begins_with_dot { format!(".{names}") } else { names }
}

/// The tokens that end before a byte; comments left out.
fn before(text: &str, at: u32) -> Vec<Token> {
    let comment = |token: &Token| matches!(token.kind, TokenKind::Comment | TokenKind::Doc);
    tokens(text).into_iter().take_while(|token| token.span.end <= at).filter(|token| !comment(token)).collect()
}

struct Reader<'t> {
    text: &'t str,
    stack: Vec<Open>,
    /// The words of the entry that is being read.
    entry: Vec<String>,
    last: Option<Token>,
}

impl<'t> Reader<'t> {
    fn slice(&self, token: Token) -> &'t str {
        self.text.get(token.span.start as usize..token.span.end as usize).unwrap_or("")
    }

    fn block(&self) -> Option<BlockKind> {
        self.stack.iter().rev().find_map(|open| open.block).unwrap_or(Some(BlockKind::File))
    }

    fn read(&mut self, token: Token) {
        let text = self.slice(token);
        let new_line = self.last.is_none_or(|last| {
            self.text.get(last.span.end as usize..token.span.start as usize).unwrap_or("").contains('\n')
        });
        self.last = Some(token);
        let in_block = self.stack.last().is_none_or(|open| open.block.is_some());
        let continues = Keyword::of(text).is_some_and(|keyword| !keyword.continues().is_empty());
        if in_block && new_line && text != "}" && !(continues && !self.entry.is_empty() && text != "profile") {
            self.entry.clear();
        }
        match text {
            "{" => {
                let block = self.opened();
                self.stack.push(Open { block: Some(block) });
                self.entry.clear();
            }
            "(" | "[" => self.stack.push(Open { block: None }),
            "}" | ")" | "]" => {
                self.stack.pop();
                if text == "}" {
                    self.entry.clear();
                }
            }
            _ if token.kind == TokenKind::Word && (in_block || self.entry.is_empty()) => {
                self.entry.push(text.to_owned())
            }
            _ => {}
        }
    }

    /// The block that a `{` opens, by the words before it.
    fn opened(&self) -> Option<BlockKind> {
        let in_brackets = self.stack.last().is_some_and(|open| open.block.is_none());
        let first = self.entry.first().and_then(|word| Keyword::of(word)).filter(|_| !in_brackets)?;
        let opened = match (self.block()?, first) {
            (BlockKind::File, Keyword::Component) => BlockKind::Component,
            (BlockKind::File, Keyword::Agent) => BlockKind::Agent,
            (BlockKind::File, Keyword::Job) => BlockKind::Job,
            (BlockKind::File | BlockKind::Job, Keyword::Each) | (BlockKind::Job, Keyword::Op) => BlockKind::Op,
            (BlockKind::File, Keyword::Profile) => BlockKind::Profile,
            (BlockKind::File, Keyword::Test) => BlockKind::Test,
            (BlockKind::File | BlockKind::Job | BlockKind::Op, Keyword::Hook | Keyword::On) => BlockKind::HookCall,
            (BlockKind::Component, Keyword::Http) => BlockKind::Http,
            _ => return None,
        };
        Some(opened)
    }
}
