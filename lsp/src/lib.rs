//! The language server: the protocol around `hookc_compiler::ide`, which computes every answer.
//!
//! It keeps the texts of the editor, asks the compiler, and words the answers as the protocol wants them. It decides nothing
//! about the language. Types of the protocol stay in this crate.

mod client_profile;
mod convert;
mod diagnostics;
mod disk;
mod disk_queue;
mod document_text;
mod document_view;
mod framing;
mod handlers;
mod library_files;
mod message_order;
mod parent_process;
mod project;
mod server;
mod server_capabilities;
mod session;
mod state;
mod transport;
mod uri;

#[cfg(test)]
mod tests;

use std::io::{self, Read, Write};
use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::task::JoinSet;

pub use server_capabilities::table;

use library_files::Library;
use message_order::Ordered;
use session::Session;
use transport::Dispatcher;

/// How a conversation has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As the protocol wants it.
    AfterShutdown,
    /// The client has gone, or has said `exit`, without `shutdown`.
    WithoutShutdown,
    /// What the client sent could not be read any further; the reason in one line.
    Broken(String),
}

/// The stack of a worker, as large as a main thread's: both must hold the same source text.
const STACK: usize = 8 * 1024 * 1024;
/// How many requests are worked on at once.
const WORKERS: usize = 8;

/// Talks with one client until it ends the conversation.
pub fn serve(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> io::Result<Ending> {
    run(input, output, Library::of_user())
}

fn run(input: impl Read + Send + 'static, output: impl Write + Send + 'static, library: Library) -> io::Result<Ending> {
    let runtime =
        Builder::new_current_thread().enable_time().thread_stack_size(STACK).max_blocking_threads(WORKERS).build()?;
    let (events, queue) = transport::read(input);
    let (outbox, written) = transport::write(output);
    let (session, jobs) = Session::new(library);
    let session = Arc::new(session);
    let ending = runtime.block_on(async {
        let (service, socket) = server::service(session.clone());
        let client = service.inner().client().clone();
        tokio::spawn(diagnostics::publish(session.clone(), client.clone()));
        tokio::spawn(disk_queue::work(session.clone(), client, jobs));
        let service = Ordered::new(session.clone(), service);
        Dispatcher { service, session, events, outbox, answers: JoinSet::new() }.run(socket, queue).await
    });
    runtime.shutdown_background();
    transport::flush(&written);
    Ok(ending)
}
