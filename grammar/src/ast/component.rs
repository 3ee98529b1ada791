//! Components and agents: their bodies and settings.

use smol_str::SmolStr;

use super::{Doc, Expr, Ident, Param};
use crate::keyword::Keyword;
use crate::span::Span;

/// Which of the two kinds of component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentKind {
    /// `component`
    Component,
    /// `agent`
    Agent,
}

/// `component NAME(inputs) -> (outputs) { … }`, and `agent` alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Component or agent.
    pub kind: ComponentKind,
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// Its inputs in written order.
    pub inputs: Vec<Param>,
    /// Its outputs in written order.
    pub outputs: Vec<Param>,
    /// The entries of its block.
    pub entries: Vec<BodyEntry>,
    /// From its first word to the end of its header.
    pub header: Span,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a component's block.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyEntry {
    /// `exec ["python3", "train.py"]`: the list.
    Exec(Expr, Span),
    /// `shell """…"""`: the raw text, common indentation stripped, and where the text lies.
    Shell(SmolStr, Span),
    /// `python "module:function"`
    Python(Expr, Span),
    /// `http POST url { … }`
    Http(Box<Http>),
    /// `ask "Ship it?"`
    Ask(Expr, Span),
    /// `external polyaxon "acme/slack:1.2"`
    External {
        /// The engine's name.
        engine: Ident,
        /// The engine's own reference.
        target: Expr,
        /// The whole entry.
        span: Span,
    },
    /// `result stdout`: where the outputs are read from.
    Result(Ident, Span),
    /// Any other word with a value: `image`, `cwd`, `env`, `model`, `prompt`, `tools`, … (which words exist is the checker's).
    Setting(Setting),
}

/// `http METHOD url { header { … } json v sign s accept 200..299 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Http {
    /// `GET`, `POST`, …
    pub method: Ident,
    /// The address.
    pub url: Expr,
    /// The braces after each `header`.
    pub headers: Vec<Expr>,
    /// The value after `json`.
    pub json: Option<Expr>,
    /// The value after `sign`.
    pub sign: Option<Expr>,
    /// The range after `accept`, both ends included, and where it is written.
    pub accept: Option<(u32, u32, Span)>,
    /// The whole entry.
    pub span: Span,
}

/// A word and what it sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The word: `timeout`, `retry`, `image`, …
    pub word: Ident,
    /// The keyword that the word is.
    pub keyword: Option<Keyword>,
    /// What follows it.
    pub value: SettingValue,
    /// The whole entry.
    pub span: Span,
}

/// What follows a setting's word.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// `retry N [when COND] [backoff D [max D]]`
    Retry {
        /// How many further attempts.
        times: Expr,
        /// For which failures.
        when: Option<Expr>,
        /// The first delay.
        backoff: Option<Expr>,
        /// The longest delay.
        max: Option<Expr>,
    },
    /// `concurrency N [else skip|stop]`
    Concurrency {
        /// How many at once.
        max: Expr,
        /// The word after `else`.
        otherwise: Option<Ident>,
    },
    /// `allow failure when COND`, `skip when COND`
    When(Expr),
    /// A word that stands alone: `allow failure` (word `allow`), `at_most_once`.
    Flag,
    /// One value.
    Value(Expr),
}
