//! The syntax tree: what a `.hook` file says, before any name is looked up.
//!
//! Broken source is normal input: what is missing is `None` or an `Error` node, and the error itself
//! stands beside the tree. Comments are not in the tree (the formatter reads them from the tokens); doc comments are.
//!
//! The tree is made of pieces: top-level items and, inside jobs, entries. Spans inside a piece count from its own
//! first byte, so that an edit elsewhere in the file leaves it unchanged and it can be used again.

mod component;
mod condition;
mod expr;
mod hook;
mod job;
mod profile;
mod test;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::span::Span;

pub use component::*;
pub use condition::*;
pub use expr::*;
pub use hook::*;
pub use job::*;
pub use profile::*;
pub use test::*;

/// A piece of the tree and where it lies in its parent (the file for items, the job for entries).
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// The piece's first byte, counted from the parent's first byte.
    pub at: u32,
    /// The piece's length in bytes, white space and comments after it left out.
    pub len: u32,
    /// The piece; its spans count from `at`.
    pub node: Arc<T>,
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The items in written order.
    pub items: Vec<Placed<Item>>,
}

/// A name as written, in Unicode normal form C.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The name.
    pub text: SmolStr,
    /// Where it is written.
    pub span: Span,
}

/// The text of the `///` lines before a declaration, markers and one leading blank stripped.
pub type Doc = Option<SmolStr>;

/// A top-level item.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant is named after its construct, which documents itself")]
pub enum Item {
    Import(Import),
    Enum(Enum),
    Record(Record),
    Const(Const),
    Connection(Connection),
    /// A component or an agent.
    Component(Component),
    Condition(Condition),
    Hook(Hook),
    Job(Job),
    EachJob(EachJob),
    Profile(Profile),
    Test(Test),
    /// Text that is no item; its error is reported.
    Error,
}

/// `import a, b as c from "./alerts"`
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// What is imported, in written order.
    pub names: Vec<ImportName>,
    /// The path; `None` when it is missing.
    pub path: Option<Expr>,
    /// The whole item.
    pub span: Span,
}

/// `b as c`
#[derive(Clone, Debug, PartialEq)]
pub struct ImportName {
    /// The name in the other file.
    pub name: Ident,
    /// The name here, where it differs.
    pub alias: Option<Ident>,
}

/// `enum Tier { small, large }`
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its values in written order.
    pub values: Vec<EnumValue>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// Its documentation.
    pub doc: Doc,
    /// Its name.
    pub name: Ident,
}

/// `record Target { url: secret, level: int = 1 where level > 0 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its fields in written order.
    pub fields: Vec<Param>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// `const limit: float = 0.9`
#[derive(Clone, Debug, PartialEq)]
pub struct Const {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its type, where written.
    pub ty: Option<Type>,
    /// Its value.
    pub value: Expr,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// `connection team: Webhook = { url: secret("SLACK_URL") }`
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its record type, where written.
    pub ty: Option<Type>,
    /// Its value.
    pub value: Expr,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// An input, output, parameter or record field: `lr: float = 0.01 where lr > 0.0`
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its documentation.
    pub doc: Doc,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The value after `=`.
    pub default: Option<Expr>,
    /// The condition after `where`.
    pub constraint: Option<Expr>,
    /// From the name to the end.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Its form.
    pub kind: TypeKind,
    /// Where it is written.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `int`, `Tier`, `list<int>`, `map<string, int>`: a name and its arguments.
    Named {
        /// The name.
        name: Ident,
        /// The types between `<` and `>`.
        args: Vec<Type>,
    },
    /// `T?`
    Optional(Box<Type>),
    /// Missing or unreadable; its error is reported.
    Error,
}
