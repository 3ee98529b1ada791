//! What stands around a cursor: the block that holds it, the entry, the keywords of the entry.
//!
//! Half-typed text often has no useful tree at the cursor. It always has tokens and an outline of entries.

use hookc_grammar::{BlockKind, Keyword, Token, TokenKind, outline, tokens};

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

impl CursorContext {
    /// Reads the text before `at`.
    pub(super) fn new(text: &str, at: u32) -> CursorContext {
        let text = text.get(..at as usize).unwrap_or(text);
        let outline = outline(text);
        let entry = outline.entry_before(at).map(|(_, entry)| entry);
        let block = outline.owner_at(at).and_then(|owner| outline.entry(owner)?.body);
        let begin = entry.map(|entry| entry.start).or(block.map(|body| body.span.start)).unwrap_or(0);
        let tokens: Vec<Token> = before(text, at).into_iter().filter(|token| token.span.start >= begin).collect();
        let Some(last) = tokens.last() else {
            let block = Some(outline.block_at(at));
            return CursorContext {
                block,
                is_entry_start: true,
                first_word: None,
                last_word: None,
                keywords: Vec::new(),
            };
        };
        let open = open_brackets(text, &tokens);
        let in_braces = open.last() == Some(&"{");
        let ended = in_braces || slice(text, last) == "}";
        let keywords: Vec<Keyword> = tokens.iter().filter_map(|token| token.keyword).take_while(|_| !ended).collect();
        CursorContext {
            block: (!in_braces).then(|| outline.block_at(at)),
            is_entry_start: open.is_empty() && text.get(last.span.end as usize..).is_some_and(|gap| gap.contains('\n')),
            first_word: entry.and_then(|entry| entry.keyword).filter(|_| !ended),
            last_word: last.keyword,
            keywords,
        }
    }
}

/// The brackets that are open after these tokens, from the outermost to the innermost.
fn open_brackets<'t>(text: &'t str, tokens: &[Token]) -> Vec<&'t str> {
    let mut open = Vec::new();
    for token in tokens {
        match slice(text, token) {
            bracket @ ("{" | "(" | "[") => open.push(bracket),
            "}" | ")" | "]" => {
                open.pop();
            }
            _ => {}
        }
    }
    open
}

fn slice<'t>(text: &'t str, token: &Token) -> &'t str {
    text.get(token.span.start as usize..token.span.end as usize).unwrap_or("")
}

/// The innermost call that is open at a byte.
pub(super) fn open_call(text: &str, at: u32) -> Option<OpenCall> {
    let tokens = before(text, at);
    let slice = |token: &Token| slice(text, token);
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
