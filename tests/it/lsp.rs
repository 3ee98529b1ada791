//! `hookc lsp` as a process: how it ends, and its memory over time. What it says is tested in `lsp/src/tests`.
//!
//! `HOOKC_SOAK` says for how many seconds an editor is imitated; few without it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli_support::{Folder, command};

struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last: i64,
}

impl Server {
    fn new(folder: &Folder, client: Option<u32>) -> Server {
        let cache = folder.path().join("cache");
        let mut process = command().arg("lsp").env("XDG_CACHE_HOME", cache).spawn().unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut server = Server { process, input, output, last: 0 };
        let root = format!("file://{}", folder.path().display());
        server.request("initialize", json!({ "processId": client, "rootUri": root, "capabilities": {} }));
        server.notify("initialized", json!({}));
        server
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and reads on until its answer.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.read_until(|message| message["id"] == id && message.get("method").is_none())
    }

    fn read_until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                assert!(self.output.read_line(&mut line).unwrap() > 0, "the server has ended");
                match line.trim() {
                    "" => break,
                    line => length = line.strip_prefix("Content-Length: ").unwrap().parse().unwrap(),
                }
            }
            let mut body = vec![0; length];
            self.output.read_exact(&mut body).unwrap();
            let message = serde_json::from_slice(&body).unwrap();
            if fits(&message) {
                return message;
            }
        }
    }

    /// Its exit code, which must come within this time while its input is open.
    fn code_within(&mut self, limit: Duration) -> i32 {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code().unwrap();
            }
            assert!(begin.elapsed() < limit, "it is still there");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn exit_ends_it_with_its_input_open() {
    let folder = Folder::new(&[]);
    let mut tidy = Server::new(&folder, None);
    tidy.request("shutdown", Value::Null);
    tidy.notify("exit", Value::Null);
    assert_eq!(tidy.code_within(Duration::from_secs(1)), 0);
    let mut hasty = Server::new(&folder, None);
    hasty.notify("exit", Value::Null);
    assert_eq!(hasty.code_within(Duration::from_secs(1)), 1);
}

#[test]
fn what_is_no_message_ends_it_with_one_line() {
    let folder = Folder::new(&[]);
    let ran = folder.run_with(&["lsp"], b"Content-Length: \x1b[31m-1\r\n\r\n");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(ran.err, "error: the client's messages cannot be read: a length is no number\n");
    let ran = folder.run_with(&["lsp", "--stdio"], b"");
    assert_eq!((ran.code, ran.all().as_str()), (1, ""));
}

#[cfg(unix)]
#[test]
fn it_dies_with_its_client() {
    let folder = Folder::new(&[]);
    for _ in 0..3 {
        let mut editor = Command::new("sleep").arg("1000").stdin(Stdio::null()).spawn().unwrap();
        let mut server = Server::new(&folder, Some(editor.id()));
        editor.kill().unwrap();
        editor.wait().unwrap();
        assert_eq!(server.code_within(Duration::from_secs(2)), 1);
    }
}

const TEXT: &str = "import log from \"std/log\"

component train(data: path, lr: float = 0.1) -> (loss: float, model: path) {
  exec [\"python3\", \"train.py\", data, \"--lr\", lr]
}

job nightly(data: path = \"ü👩.csv\") {
  op fit = train(data: data) {
    on succeeded when outputs.loss > 0.5 run log(message: \"poor: ${outputs.loss}\")
  }
  on failed run log(message: \"${job.name} failed\")
}
";

/// An editor that never rests: the memory after the first third must suffice for the rest.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_time() {
    let seconds: u64 = std::env::var("HOOKC_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(6);
    let folder = Folder::new(&[("a.hook", TEXT), ("b.hook", TEXT), ("hook.toml", "")]);
    let mut server = Server::new(&folder, None);
    let uri = format!("file://{}/a.hook", folder.path().canonicalize().unwrap().display());
    let open = json!({ "uri": uri, "languageId": "hook", "version": 0, "text": TEXT });
    server.notify("textDocument/didOpen", json!({ "textDocument": open }));
    let begin = Instant::now();
    let mut early = None;
    let mut version = 0;
    while begin.elapsed() < Duration::from_secs(seconds) {
        version += 1;
        edit(&mut server, &uri, version);
        if begin.elapsed() > Duration::from_secs(seconds) / 3 && early.is_none() {
            early = Some(resident(server.process.id()));
        }
    }
    let (early, late) = (early.unwrap(), resident(server.process.id()));
    // In a short run the allocator's own rhythm is larger than what is looked for.
    let limit = if seconds >= 60 { 1.05 } else { 1.3 };
    assert!(late < early * limit, "{version} edits: from {early:.1} to {late:.1} MiB");
    println!("{version} edits in {seconds} s: from {early:.1} to {late:.1} MiB");
    server.request("shutdown", Value::Null);
    server.notify("exit", Value::Null);
    assert_eq!(server.code_within(Duration::from_secs(1)), 0);
}

/// One key, and what an editor asks after it.
fn edit(server: &mut Server, uri: &str, version: u64) {
    let change = if version.is_multiple_of(100) {
        json!({ "text": TEXT })
    } else {
        let at = json!({ "line": version % 12, "character": version % 40 });
        json!({ "range": { "start": at, "end": at }, "text": if version.is_multiple_of(7) { "\n" } else { "x" } })
    };
    let document = json!({ "uri": uri, "version": version });
    server.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    let document = json!({ "uri": uri });
    let position = json!({ "line": version % 12, "character": version % 30 });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    server.request("textDocument/completion", json!({ "textDocument": document, "position": position }));
    server.request("textDocument/hover", json!({ "textDocument": document, "position": position }));
    server.request("textDocument/inlayHint", json!({ "textDocument": document, "range": whole }));
    server.request("textDocument/documentSymbol", json!({ "textDocument": document }));
    let actions = json!({ "textDocument": document, "range": whole, "context": { "diagnostics": [] } });
    server.request("textDocument/codeAction", actions);
    let colours = json!({ "textDocument": document, "previousResultId": (version - 1).to_string() });
    server.request("textDocument/semanticTokens/full/delta", colours);
}

/// The memory of a process in MiB, as the kernel counts it.
#[cfg(target_os = "linux")]
fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().trim().parse::<f64>().unwrap() / 1024.0
}
