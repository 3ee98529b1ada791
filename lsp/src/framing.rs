//! Messages as bytes: a header with the length, then JSON.
//!
//! A mistake inside of a sound frame is answered, and the next frame is read. Where a frame ends can no longer be known
//! after a mistake in a header: reading stops with the reason.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// The longest header line.
const MAX_HEADER: u64 = 4096;
/// The longest message, in bytes.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// What a frame holds.
#[derive(Debug)]
pub(crate) enum Message {
    /// A request or a notification.
    Request(Request),
    /// What the client answers.
    Response(Response),
    /// Not a message; what the client is answered.
    Refused(Response),
}

/// Why reading has ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// There is no more.
    Closed,
    /// What follows cannot be read; the reason in one line.
    Broken(String),
}

/// The next message.
pub(crate) fn read(input: &mut impl BufRead) -> Result<Message, End> {
    let length = length(input)?;
    let mut body = Vec::with_capacity(length.min(1024 * 1024));
    let count = input.take(length as u64).read_to_end(&mut body).map_err(|error| End::Broken(error.to_string()))?;
    if count < length {
        Err(End::Broken(format!("a message of {length} bytes ends after {count}")))
    } else {
        Ok(message(&body))
    }
}

/// Writes a message.
pub(crate) fn write(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
    output.write_all(body)?;
    output.flush()
}

fn length(input: &mut impl BufRead) -> Result<usize, End> {
    let mut length = None;
    let mut first = true;
    loop {
        let mut line = Vec::new();
        input.take(MAX_HEADER).read_until(b'\n', &mut line).map_err(|error| End::Broken(error.to_string()))?;
        if line.is_empty() && first {
            return Err(End::Closed);
        }
        let Some(line) = line.strip_suffix(b"\n") else {
            return Err(End::Broken("a header does not end".to_owned()));
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return length.ok_or_else(|| End::Broken("a message comes without its length".to_owned()));
        }
        first = false;
        let line = std::str::from_utf8(line).map_err(|_| End::Broken("a header is not valid text".to_owned()))?;
        let Some((name, value)) = line.split_once(':') else {
            return Err(End::Broken("a header has no `:`".to_owned()));
        };
        if name.trim().eq_ignore_ascii_case("content-length") {
            length = Some(size(value.trim())?);
        }
    }
}

fn size(value: &str) -> Result<usize, End> {
    match value.parse::<usize>() {
        Ok(size) if size <= MAX_BODY => Ok(size),
        Ok(_) => Err(End::Broken(format!("a message is longer than {MAX_BODY} bytes"))),
        Err(_) => Err(End::Broken("a length is not a number".to_owned())),
    }
}

fn message(body: &[u8]) -> Message {
    // A text nested deeper than 128 is refused here too, before anything recurses.
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => classify(value),
        Err(_) => Message::Refused(Response::from_error(Id::Null, Error::parse_error())),
    }
}

fn classify(value: Value) -> Message {
    let id = value.get("id").and_then(|id| serde_json::from_value::<Id>(id.clone()).ok());
    let is_current = value.get("jsonrpc").is_some_and(|version| version == "2.0");
    if value.is_array() {
        return refused(None, "several messages in one are not part of the protocol");
    }
    if !is_current {
        return refused(id, "the message is not of JSON-RPC 2.0");
    }
    if value.get("method").is_some() {
        // An id that is no id would make a request that nobody can answer into a notification.
        if value.get("id").is_some_and(|id| !id.is_null()) && id.is_none() {
            return refused(None, "the id is neither a number nor a string");
        }
        return match serde_json::from_value(value) {
            Ok(request) => Message::Request(request),
            Err(_) => refused(id, "the message is not a request"),
        };
    }
    match serde_json::from_value(value) {
        Ok(response) => Message::Response(response),
        Err(_) => refused(id, "the message is neither a request nor an answer"),
    }
}

fn refused(id: Option<Id>, reason: &'static str) -> Message {
    let error = Error { code: ErrorCode::InvalidRequest, message: reason.into(), data: None };
    Message::Refused(Response::from_error(id.unwrap_or(Id::Null), error))
}
