//! The order of messages, in front of the dispatcher.
//!
//! `call` is made for one message after the other, as they are sent. What a notification changes is changed there and
//! then; a request is given a snapshot there and then, and whatever thread answers it, whenever, it answers from that.
//! A panic becomes the answer of the request that it happened in.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ExitedError, LspService};
use tower_service::Service;

use crate::server::Server;
use crate::session::{Phase, Session};
use crate::state::State;

tokio::task_local! {
    /// What was known when the request was read.
    static TICKET: Arc<State>;
}

/// What the request that is being answered may see.
pub(crate) fn ticket() -> Arc<State> {
    TICKET.with(Clone::clone)
}

/// The dispatcher, with order.
pub(crate) struct Ordered {
    session: Arc<Session>,
    inner: LspService<Server>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Option<Response>, ExitedError>> + Send>>;

impl Ordered {
    pub(crate) fn new(session: Arc<Session>, inner: LspService<Server>) -> Ordered {
        Ordered { session, inner }
    }

    /// Puts an error of a notification, which has no answer, where people can read it.
    fn log(&self, message: String) {
        self.inner.inner().log(message);
    }

    fn notify(&mut self, request: Request) -> Answer {
        let (method, _, params) = request.into_parts();
        let mut params = params.unwrap_or(Value::Null);
        let session = self.session.clone();
        let applied = std::panic::catch_unwind(AssertUnwindSafe(|| session.notify(&method, &mut params)));
        match applied {
            Ok(Some(Ok(()))) => {}
            Ok(Some(Err(message))) => self.log(message),
            Ok(None) => return self.pass(Request::build(method).params(params).finish()),
            Err(panic) => self.log(format!("{method}: {}", words(&*panic))),
        }
        Box::pin(std::future::ready(Ok(None)))
    }

    fn pass(&mut self, request: Request) -> Answer {
        let id = request.id().cloned();
        let ticket = self.session.snapshot();
        let called = std::panic::catch_unwind(AssertUnwindSafe(|| self.inner.call(request)));
        let answer = match called {
            Ok(answer) => TICKET.scope(ticket, answer),
            Err(panic) => return Box::pin(std::future::ready(Ok(failed(id, &*panic)))),
        };
        Box::pin(async move {
            match AssertUnwindSafe(answer).catch_unwind().await {
                Ok(response) => response,
                Err(panic) => Ok(failed(id, &*panic)),
            }
        })
    }
}

impl Service<Request> for Ordered {
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = Answer;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Answer {
        if request.id().is_none() {
            return self.notify(request);
        }
        match request.method() {
            "initialize" => {
                let (method, id, params) = request.into_parts();
                self.session.begin(params.as_ref().unwrap_or(&Value::Null));
                // The client's own words have been read, and need not have the form that the types demand.
                let request = Request::build(method).params(json!({ "capabilities": {} }));
                self.pass(match id {
                    Some(id) => request.id(id).finish(),
                    None => request.finish(),
                })
            }
            "shutdown" if self.session.phase() == Phase::Running => {
                self.session.shut_down();
                self.pass(request)
            }
            _ => self.pass(request),
        }
    }
}

fn failed(id: Option<Id>, panic: &(dyn Any + Send)) -> Option<Response> {
    id.map(|id| Response::from_error(id, internal(panic)))
}

/// A mistake of the server, as an answer.
pub(crate) fn internal(panic: &(dyn Any + Send)) -> Error {
    let mut error = Error::internal_error();
    error.message = words(panic).into();
    error
}

fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("internal error in hookc: {}", words.unwrap_or("no message"))
}
