//! Messages in and out: one thread reads, one writes, one dispatches; requests are answered on others.
//!
//! Nothing here waits for the client: answers and messages to it are queued, and what it asks is read while they wait.

use std::io::{BufReader, Read, Write};
use std::sync::Arc;
use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tower_lsp::ClientSocket;
use tower_lsp::jsonrpc::Request;
use tower_service::Service;

use crate::framing::{self, End, Message};
use crate::message_order::Ordered;
use crate::session::{Phase, Session};
use crate::{Ending, client_profile, parent_process};

/// How many messages are read ahead.
const AHEAD: usize = 64;
/// How long the last answers may take to be written.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What ends the conversation, or goes on with it.
pub(crate) enum Event {
    Message(Message),
    End(End),
    /// The client's process has died.
    Orphaned,
}

/// Messages on their way to the client.
#[derive(Clone)]
pub(crate) struct Outbox(std_mpsc::Sender<Vec<u8>>);

impl Outbox {
    fn send(&self, message: &impl Serialize) {
        // Messages are maps with text keys, which can be written; and a client that has gone reads nothing.
        if let Ok(body) = serde_json::to_vec(message) {
            let _ = self.0.send(body);
        }
    }
}

/// Reads messages on a thread of its own.
pub(crate) fn read(input: impl Read + Send + 'static) -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
    let (events, queue) = mpsc::channel(AHEAD);
    let sender = events.clone();
    thread::spawn(move || {
        let mut input = BufReader::with_capacity(64 * 1024, input);
        loop {
            let (event, is_last) = match framing::read(&mut input) {
                Ok(message) => (Event::Message(message), false),
                Err(end) => (Event::End(end), true),
            };
            if sender.blocking_send(event).is_err() || is_last {
                return;
            }
        }
    });
    (events, queue)
}

/// Writes messages on a thread of its own; the receiver gets a notice when everything is written.
pub(crate) fn write(mut output: impl Write + Send + 'static) -> (Outbox, std_mpsc::Receiver<()>) {
    let (outbox, messages) = std_mpsc::channel::<Vec<u8>>();
    let (done, written) = std_mpsc::channel();
    thread::spawn(move || {
        // A client that no longer reads is noticed by the reader.
        while messages.recv().is_ok_and(|body| framing::write(&mut output, &body).is_ok()) {}
        let _ = done.send(());
    });
    (Outbox(outbox), written)
}

/// Dispatches messages until the conversation ends.
pub(crate) struct Dispatcher {
    pub(crate) service: Ordered,
    pub(crate) session: Arc<Session>,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) outbox: Outbox,
    /// The requests that are being answered.
    pub(crate) answers: JoinSet<()>,
}

impl Dispatcher {
    pub(crate) async fn run(mut self, socket: ClientSocket, mut queue: mpsc::Receiver<Event>) -> Ending {
        let (mut to_client, mut from_client) = socket.split();
        let requests = self.outbox.clone();
        let forward = tokio::spawn(async move {
            while let Some(request) = to_client.next().await {
                requests.send(&request);
            }
        });
        let broken = loop {
            match queue.recv().await {
                Some(Event::Message(Message::Request(request))) => {
                    if request.method() == "exit" && request.id().is_none() {
                        break None;
                    }
                    self.answer(request).await;
                }
                Some(Event::Message(Message::Response(response))) => {
                    // The answer to a question that nobody waits for any more is dropped.
                    let _ = from_client.send(response).await;
                }
                Some(Event::Message(Message::Refused(response))) => self.outbox.send(&response),
                Some(Event::End(End::Broken(reason))) => break Some(reason),
                Some(Event::End(End::Closed) | Event::Orphaned) | None => break None,
            }
        };
        // Answers to what came before the end are sent as far as they are soon there.
        let _ = tokio::time::timeout(LAST_WORDS, async { while self.answers.join_next().await.is_some() {} }).await;
        forward.abort();
        match (broken, self.session.phase()) {
            (Some(reason), _) => Ending::Broken(reason),
            (None, Phase::ShutDown) => Ending::AfterShutdown,
            (None, Phase::New | Phase::Running) => Ending::WithoutShutdown,
        }
    }

    /// Nothing may be read before `initialize` is answered: what follows depends on it.
    async fn answer(&mut self, request: Request) {
        while self.answers.try_join_next().is_some() {}
        let waits = request.method() == "initialize";
        if waits && let Some(process) = request.params().and_then(client_profile::process) {
            parent_process::watch(process, self.events.clone());
        }
        let answer = self.service.call(request);
        let outbox = self.outbox.clone();
        let reply = async move {
            if let Ok(Some(response)) = answer.await {
                outbox.send(&response);
            }
        };
        if waits {
            reply.await;
        } else {
            self.answers.spawn(reply);
        }
    }
}

/// Waits, not for long, until everything is written.
pub(crate) fn flush(written: &std_mpsc::Receiver<()>) {
    // A client that does not read does not keep the server alive.
    let _ = written.recv_timeout(LAST_WORDS);
}
