//! Tests of hooks.

use super::{Arg, Call, Doc, Expr, Ident};
use crate::span::Span;

/// `test "…" for JOB(args) [profile P] [source S] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Its documentation.
    pub doc: Doc,
    /// Its title; `None` when it is missing.
    pub title: Option<Expr>,
    /// The job and its inputs.
    pub job: Call,
    /// The name after `profile`.
    pub profile: Option<Ident>,
    /// The word after `source`.
    pub source: Option<Ident>,
    /// The entries of its block.
    pub entries: Vec<TestEntry>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a test's block.
#[derive(Clone, Debug, PartialEq)]
pub enum TestEntry {
    /// `given …`
    Given(Given),
    /// `expect …`
    Expect(Expect),
}

/// What a test speaks of: `fit`, `sweep[2]`, `fit.page`, `sweep[2].page`, `job`, `previous`.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The names between the dots.
    pub path: Vec<Ident>,
    /// The number in the brackets after the first name.
    pub index: Option<(u32, Span)>,
    /// The whole subject.
    pub span: Span,
}

/// An event of an agent in a test: `tool_start(bash)`, `step_end`
#[derive(Clone, Debug, PartialEq)]
pub struct AgentEvent {
    /// `tool_start`, `tool_end`, `step_start` or `step_end`.
    pub word: Ident,
    /// The tool in the brackets.
    pub tool: Option<Ident>,
}

/// `given OP succeeded (outputs)`, `given OP retrying 2 then failed (…)`, `given OP tool_start(bash) (command: "…")`
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What it speaks of.
    pub subject: Subject,
    /// The number after `retrying`.
    pub retrying: Option<(u32, Span)>,
    /// The event of an agent that happens.
    pub event: Option<AgentEvent>,
    /// The state: `succeeded`, `failed`, …; `None` with an event.
    pub state: Option<Ident>,
    /// The outputs, the error, the payload or the step in brackets.
    pub args: Option<Vec<Arg>>,
    /// The whole entry.
    pub span: Span,
}

/// `expect HOOK not ran`, `expect OP failed`, `expect OP refused "…"`, `expect OP tool_start(bash) modified (…)`
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// What it speaks of.
    pub subject: Subject,
    /// The event of an agent that it speaks of.
    pub event: Option<AgentEvent>,
    /// Whether `not` stands before the outcome.
    pub not: bool,
    /// `ran`, `errored`, `refused`, `modified` or a state.
    pub outcome: Option<Ident>,
    /// The text after `refused`.
    pub message: Option<Expr>,
    /// The arguments in brackets.
    pub args: Option<Vec<Arg>>,
    /// The whole entry.
    pub span: Span,
}
