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
    /// A client that knows nothing.
    fn new(folder: &Folder, client: Option<u32>) -> Server {
        let mut server = Server::silent(folder);
        server.begin(folder, client, json!({}));
        server
    }

    fn silent(folder: &Folder) -> Server {
        let cache = folder.path().join("cache");
        let mut process = command().arg("lsp").env("XDG_CACHE_HOME", cache).spawn().unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        Server { process, input, output, last: 0 }
    }

    fn begin(&mut self, folder: &Folder, client: Option<u32>, capabilities: Value) {
        let root = format!("file://{}", folder.path().display());
        self.request("initialize", json!({ "processId": client, "rootUri": root, "capabilities": capabilities }));
        self.notify("initialized", json!({}));
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
    assert_eq!(ran.err, "error: the client's messages cannot be read: a length is not a number\n");
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

/// A diagnostic as both tell it: file, first and last byte, code, severity, message, and the labels.
type Told = (String, [usize; 2], String, i64, String, Vec<(String, [usize; 2], String)>);

/// The byte of a line and column, both from 0; `bytes_of` says how many bytes so many columns of a line take.
fn byte(text: &str, line: &Value, column: &Value, ends: &[char], bytes_of: impl Fn(&str, usize) -> usize) -> usize {
    let mut start = 0;
    for _ in 0..line.as_u64().unwrap() {
        let rest = &text[start..];
        let at = rest.find(ends).unwrap();
        start += at + if rest[at..].starts_with("\r\n") { 2 } else { 1 };
    }
    start + bytes_of(&text[start..], usize::try_from(column.as_u64().unwrap()).unwrap())
}

/// The text of a file as an editor has it.
fn text_of(folder: &Folder, file: &str) -> String {
    if file.starts_with("std/") {
        let library = folder.path().join("cache/hookc").join(env!("CARGO_PKG_VERSION")).join(format!("{file}.hook"));
        return std::fs::read_to_string(library).unwrap();
    }
    let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
    String::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}').to_owned()).unwrap_or_default()
}

fn told_by_check(folder: &Folder, found: &Value) -> Told {
    let place = |range: &Value| {
        let file = range["file"].as_str().unwrap().to_owned();
        let text = text_of(folder, &file);
        let characters = |line: &str, count: usize| line.chars().take(count).map(char::len_utf8).sum();
        let offset = |end: &str| {
            let from_zero = |name: &str| json!(range[end][name].as_u64().unwrap() - 1);
            byte(&text, &from_zero("line"), &from_zero("column"), &['\n'], characters)
        };
        (file, [offset("start"), offset("end")])
    };
    let (file, span) = place(found);
    let severity = ["error", "warning", "info"].iter().position(|word| found["severity"] == *word).unwrap();
    let help = found["help"].as_str().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let labels = found["labels"].as_array().unwrap().iter().map(|label| {
        let (file, span) = place(label);
        (file, span, label["message"].as_str().unwrap().to_owned())
    });
    let message = format!("{}{help}", found["message"].as_str().unwrap());
    let code = found["code"].as_str().unwrap().to_owned();
    (file, span, code, i64::try_from(severity).unwrap() + 1, message, labels.collect())
}

fn told_by_server(folder: &Folder, uri: &Value, found: &Value) -> Told {
    let place = |uri: &Value, range: &Value| {
        let path = uri.as_str().unwrap().strip_prefix(&format!("file://{}/", folder.path().display())).unwrap();
        let library = format!("cache/hookc/{}/", env!("CARGO_PKG_VERSION"));
        let file = path.strip_prefix(&library).map_or(path, |std| std.trim_end_matches(".hook")).to_owned();
        let text = text_of(folder, &file);
        let offset =
            |end: &str| byte(&text, &range[end]["line"], &range[end]["character"], &['\n', '\r'], |_, count| count);
        (file, [offset("start"), offset("end")])
    };
    let (file, span) = place(uri, &found["range"]);
    let none = Vec::new();
    let labels = found["relatedInformation"].as_array().unwrap_or(&none).iter().map(|label| {
        let (file, span) = place(&label["location"]["uri"], &label["location"]["range"]);
        (file, span, label["message"].as_str().unwrap().to_owned())
    });
    let text = |name: &str| found[name].as_str().unwrap().to_owned();
    (file, span, text("code"), found["severity"].as_i64().unwrap(), text("message"), labels.collect())
}

/// Over every fixture at once: each code, mistakes in many combinations, what is sound.
#[test]
fn the_diagnostics_are_those_of_the_command() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let folder = Folder::new(&[]);
    for kind in ["diagnostics", "mistakes", "ok"] {
        copy(&fixtures.join(kind), &folder.path().join(kind));
    }
    let ran = folder.run(&["check", "--format", "json"]);
    let mut expected: Vec<Told> = ran.json().iter().map(|found| told_by_check(&folder, found)).collect();

    let mut server = Server::silent(&folder);
    server.begin(
        &folder,
        None,
        json!({
            "general": { "positionEncodings": ["utf-8"] },
            "textDocument": { "diagnostic": {}, "publishDiagnostics": { "relatedInformation": true } }
        }),
    );
    let reports = loop {
        let answer = server.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
        let items = answer["result"]["items"].as_array().unwrap().clone();
        if !items.is_empty() {
            break items;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let mut told: Vec<Told> = Vec::new();
    for report in &reports {
        let items = report["items"].as_array().unwrap();
        told.extend(items.iter().map(|found| told_by_server(&folder, &report["uri"], found)));
    }
    expected.sort();
    told.sort();
    assert!(expected.len() > 200, "{}", expected.len());
    for (told, expected) in told.iter().zip(&expected) {
        assert_eq!(told, expected);
    }
    assert_eq!(told.len(), expected.len());
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
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
