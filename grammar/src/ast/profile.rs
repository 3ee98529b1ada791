//! Profiles.

use super::{Arg, Doc, Expr, Ident};
use crate::span::Span;

/// `profile NAME { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its documentation.
    pub doc: Doc,
    /// Its name; `None` when it is missing.
    pub name: Option<Ident>,
    /// The entries of its block.
    pub entries: Vec<ProfileEntry>,
    /// The whole item, without its documentation.
    pub span: Span,
}

/// One entry in a profile's block.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileEntry {
    /// `connection team = { … }`
    Connection {
        /// The connection.
        name: Ident,
        /// Its value in this profile.
        value: Expr,
        /// The whole entry.
        span: Span,
    },
    /// `connection team = mock [COMPONENT (outputs), …]`
    Mock {
        /// The connection.
        name: Ident,
        /// What the mocked components answer.
        outputs: Vec<MockOutputs>,
        /// The whole entry.
        span: Span,
    },
    /// `secrets env`, `secrets file ".secrets"`, `secrets exec ["pass", "show"]`
    Secrets {
        /// `env`, `file` or `exec`.
        provider: Ident,
        /// Its value.
        value: Option<Expr>,
        /// The whole entry.
        span: Span,
    },
    /// `allow private`: `http` may reach private addresses.
    AllowPrivate(Span),
}

/// `post (status: 200)` after `mock`
#[derive(Clone, Debug, PartialEq)]
pub struct MockOutputs {
    /// The component.
    pub component: Ident,
    /// Its outputs.
    pub outputs: Vec<Arg>,
}
