//! A small client.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write, pipe};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Ending;
use crate::library_files::Library;

/// After so long an answer does not come any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// The client, a folder, and the server on threads of this process.
pub(super) struct Client {
    pub(super) folder: TempDir,
    input: Option<PipeWriter>,
    messages: Receiver<Value>,
    /// Read and not yet wanted.
    waiting: VecDeque<Value>,
    last: i64,
    /// Answers `client/registerCapability` and the like with an error.
    refuses: bool,
    server: Option<JoinHandle<Ending>>,
}

impl Client {
    /// Before `initialize`.
    pub(super) fn silent(files: &[(&str, &str)]) -> Client {
        let folder = TempDir::new().unwrap();
        for (path, text) in files {
            write(folder.path(), path, text);
        }
        let (input, to_server) = pipe().unwrap();
        let (from_server, output) = pipe().unwrap();
        let library = Library::new(&folder.path().join(".cache"));
        let server = std::thread::spawn(move || crate::run(input, output, library).unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut from_server = BufReader::new(from_server);
            while let Some(message) = read(&mut from_server) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Client {
            folder,
            input: Some(to_server),
            messages,
            waiting: VecDeque::new(),
            last: 0,
            refuses: false,
            server: Some(server),
        }
    }

    /// A client that knows the basics, its folder open and read.
    pub(super) fn new(files: &[(&str, &str)]) -> Client {
        Client::with(files, json!({}))
    }

    /// A client with capabilities.
    pub(super) fn with(files: &[(&str, &str)], capabilities: Value) -> Client {
        let mut client = Client::silent(files);
        client.begin(capabilities);
        client
    }

    pub(super) fn begin(&mut self, capabilities: Value) -> Value {
        let root = self.uri("");
        let params = json!({ "processId": null, "rootUri": root, "capabilities": capabilities });
        let result = self.request("initialize", params).unwrap();
        self.notify("initialized", json!({}));
        result
    }

    pub(super) fn refusing(mut self) -> Client {
        self.refuses = true;
        self
    }

    pub(super) fn uri(&self, path: &str) -> String {
        let folder = self.folder.path().canonicalize().unwrap();
        crate::uri::of_path(&folder.join(path)).unwrap().as_str().trim_end_matches('/').to_owned()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        write(self.folder.path(), path, text);
    }

    pub(super) fn send(&mut self, message: &Value) {
        self.send_bytes(&frame(message.to_string().as_bytes()));
    }

    /// A server that has ended reads nothing, which the caller will see by its ending.
    pub(super) fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.input.as_mut().unwrap().write_all(bytes);
    }

    pub(super) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; its id.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": params });
        if message["params"].is_null() {
            message.as_object_mut().unwrap().remove("params");
        }
        self.send(&message);
        self.last
    }

    /// The answer with this id, in whatever order answers come.
    pub(super) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let mut message = self.wait(|message| message["id"] == id && message.get("method").is_none());
        match message.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(message["result"].take()),
        }
    }

    pub(super) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    pub(super) fn open(&mut self, path: &str, text: &str) -> String {
        let uri = self.uri(path);
        self.open_uri(&uri, text);
        uri
    }

    pub(super) fn open_uri(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "hook", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(super) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The diagnostics of the document that were sent for this version.
    pub(super) fn diagnostics(&mut self, uri: &str, version: i32) -> Vec<Value> {
        let mut message = self.wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        });
        serde_json::from_value(message["params"]["diagnostics"].take()).unwrap()
    }

    /// The next message with this method.
    pub(super) fn message(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)
    }

    /// The next message that fits; the others are kept.
    pub(super) fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&fits) {
            return self.waiting.remove(at).unwrap();
        }
        loop {
            let message = match self.messages.recv_timeout(PATIENCE) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => panic!("the server says nothing; before: {:?}", self.waiting),
                Err(RecvTimeoutError::Disconnected) => panic!("the server has ended; before: {:?}", self.waiting),
            };
            if message.get("method").is_some() && message.get("id").is_some() {
                self.reply(&message);
            }
            if fits(&message) {
                return message;
            }
            self.waiting.push_back(message);
        }
    }

    /// What the server asks.
    fn reply(&mut self, message: &Value) {
        let id = message["id"].clone();
        self.send(&if self.refuses {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32601, "message": "no" } })
        } else {
            json!({ "jsonrpc": "2.0", "id": id, "result": null })
        });
    }

    /// `shutdown` and `exit`; the input stays open.
    pub(super) fn end(mut self) -> Ending {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.ending()
    }

    pub(super) fn close_input(&mut self) {
        self.input = None;
    }

    pub(super) fn ending(&mut self) -> Ending {
        self.server.take().unwrap().join().unwrap()
    }
}

/// A message in its frame.
pub(super) fn frame(body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

fn read(input: &mut BufReader<PipeReader>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        input.read_line(&mut line).ok().filter(|count| *count > 0)?;
        match line.trim() {
            "" => break,
            line => length = line.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
