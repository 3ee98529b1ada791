//! The answers: plain data without a protocol's types.

use std::sync::Arc;

use hookc_grammar::Span;

/// A place in a file of the project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The path from the project's root; `std/…` in the built-in library.
    pub path: Arc<str>,
    /// The byte range.
    pub span: Span,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextEdit {
    /// The file.
    pub path: Arc<str>,
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// What is known of the thing under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// Markdown.
    pub markdown: String,
}

/// What something is, for icons and colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named after its construct")]
pub enum Kind {
    Component,
    Agent,
    Job,
    Op,
    Hook,
    Trigger,
    Condition,
    Const,
    Connection,
    Enum,
    EnumValue,
    Record,
    Field,
    Input,
    Output,
    Parameter,
    Variable,
    Profile,
    Test,
    Type,
    Event,
    Function,
    Method,
    Keyword,
    File,
    Snippet,
}

/// What can be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// What the chosen text replaces: the word at the cursor, or nothing.
    pub replace: Span,
    /// The possibilities, best first.
    pub items: Vec<Completion>,
}

/// One possibility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and what typing is compared with.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// Its type or signature, on one line.
    pub detail: Option<String>,
    /// Its documentation: Markdown.
    pub doc: Option<String>,
    /// What is written in place of the word; the label where `None`.
    pub insert: Option<String>,
    /// `insert` for editors that fill in places: `$1`, `${2:name}`, `$0`.
    pub snippet: Option<String>,
    /// Edits elsewhere that come with it, such as an import.
    pub edits: Vec<TextEdit>,
    /// Smaller is better; equal ones are sorted by label.
    pub rank: u32,
}

/// The call around the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `train(data: uri, lr: float = 0.1) -> (loss: float)`
    pub label: String,
    /// What is called: Markdown.
    pub doc: Option<String>,
    /// Each parameter: its byte range in the label, its documentation.
    pub params: Vec<(Span, Option<String>)>,
    /// The parameter that the cursor stands in.
    pub active: Option<u32>,
}

/// A declaration and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// Its name; the events of an anonymous hook.
    pub name: String,
    /// Its signature.
    pub detail: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// All of it.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
    /// What it holds, in written order.
    pub children: Vec<DocumentSymbol>,
}

/// A declaration of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The item that holds it.
    pub container: Option<String>,
    /// Where its name is written.
    pub location: Location,
}

/// The colour of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SemanticToken {
    /// The text; never over a line's end.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether it is declared here.
    pub declaration: bool,
    /// Whether it is built in.
    pub library: bool,
}

/// Kinds of colours, as the protocol names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named after the protocol's own")]
pub enum TokenKind {
    Comment,
    Keyword,
    String,
    Number,
    Operator,
    Type,
    Enum,
    EnumMember,
    Struct,
    Property,
    Parameter,
    Variable,
    Function,
    Method,
    Class,
    Event,
    Namespace,
}

impl TokenKind {
    /// Every one, in the order of their numbers.
    pub const ALL: [TokenKind; 17] = [
        TokenKind::Comment,
        TokenKind::Keyword,
        TokenKind::String,
        TokenKind::Number,
        TokenKind::Operator,
        TokenKind::Type,
        TokenKind::Enum,
        TokenKind::EnumMember,
        TokenKind::Struct,
        TokenKind::Property,
        TokenKind::Parameter,
        TokenKind::Variable,
        TokenKind::Function,
        TokenKind::Method,
        TokenKind::Class,
        TokenKind::Event,
        TokenKind::Namespace,
    ];

    /// The protocol's word.
    pub const fn word(self) -> &'static str {
        match self {
            TokenKind::Comment => "comment",
            TokenKind::Keyword => "keyword",
            TokenKind::String => "string",
            TokenKind::Number => "number",
            TokenKind::Operator => "operator",
            TokenKind::Type => "type",
            TokenKind::Enum => "enum",
            TokenKind::EnumMember => "enumMember",
            TokenKind::Struct => "struct",
            TokenKind::Property => "property",
            TokenKind::Parameter => "parameter",
            TokenKind::Variable => "variable",
            TokenKind::Function => "function",
            TokenKind::Method => "method",
            TokenKind::Class => "class",
            TokenKind::Event => "event",
            TokenKind::Namespace => "namespace",
        }
    }
}

/// Text shown between the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// Before this byte.
    pub at: u32,
    /// ` after train`, `: list<float>`
    pub label: String,
    /// Whether it is a type; else it names what is inferred.
    pub is_type: bool,
    /// Why: Markdown.
    pub tooltip: Option<String>,
    /// Edits that write it into the text, where that is possible.
    pub edits: Vec<TextEdit>,
}

/// A change that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub title: String,
    /// Whether it fixes, extracts, inlines or rewrites.
    pub kind: ActionKind,
    /// The mistake that it fixes: its code and place.
    pub fixes: Option<(&'static str, Span)>,
    /// The edits, over any number of files.
    pub edits: Vec<TextEdit>,
    /// Whether it is the one to take where there are several.
    pub preferred: bool,
}

/// Kinds of actions, as the protocol names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// `quickfix`
    QuickFix,
    /// `refactor.extract`
    Extract,
    /// `refactor.inline`
    Inline,
    /// `refactor.rewrite`
    Rewrite,
    /// `source.fixAll`
    FixAll,
}

/// A part that can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    /// From the end of its first line to its last.
    pub span: Span,
    /// What it is.
    pub kind: FoldKind,
}

/// Kinds of parts that can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoldKind {
    /// A block or a list.
    Region,
    /// Comments.
    Comment,
    /// Imports.
    Imports,
}

/// A text that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The text.
    pub span: Span,
    /// The file, from the project's root.
    pub target: Arc<str>,
}

/// A use of the thing under the cursor in its own file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Highlight {
    /// Where.
    pub span: Span,
    /// Whether it is declared here.
    pub write: bool,
}

/// Something that fires, or is fired: an op, hook, component, condition or job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallItem {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its signature.
    pub detail: Option<String>,
    /// Where its name is declared.
    pub location: Location,
    /// All of it.
    pub span: Span,
}

/// One end of a call and where the calls are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallEdge {
    /// The other end.
    pub item: CallItem,
    /// Where it is written, in the file of the caller.
    pub spans: Vec<Span>,
}

/// A command shown over a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The declaration's name.
    pub span: Span,
    /// What it does.
    pub command: LensCommand,
    /// What it is about: a job's name, a test's title.
    pub argument: String,
}

/// The commands of lenses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LensCommand {
    /// Run the job.
    RunJob,
    /// Run the test.
    RunTest,
    /// Show the graph of the job.
    ShowGraph,
}
