//! The answers, one file for each kind of request: functions of a snapshot and the request's parameters.
//!
//! A document that the server does not know gets an empty answer.

pub(crate) mod call_hierarchy;
pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod command;
pub(crate) mod completion;
pub(crate) mod definition;
pub(crate) mod diagnostic;
pub(crate) mod formatting;
pub(crate) mod hover;
pub(crate) mod inlay_hint;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod semantic_tokens;
pub(crate) mod signature_help;
pub(crate) mod structure;
pub(crate) mod symbols;

use tower_lsp::jsonrpc::{Error, ErrorCode};

/// A request that cannot be done, with the reason in the user's words.
fn refused(reason: String) -> Error {
    /// The protocol's code for a request that is sound and cannot be done.
    const REQUEST_FAILED: i64 = -32803;
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: reason.into(), data: None }
}
