//! Files of the folder, files that change, settings, documents from elsewhere.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::Client;
use crate::library_files::Library;
use crate::session::{DiskJob, Session};
use crate::uri;

const LIBRARY: &str = "component train(data: path) -> (loss: float) {\n  exec [\"true\"]\n}\n";
const USER: &str = "import train from \"./steps/train\"\n\njob j() {\n  op fit = train(data: \"a\")\n}\n";

/// The diagnostics that are sent of a file without a version: one that is not open.
fn closed(client: &mut Client, path: &str) -> Vec<Value> {
    let uri = client.uri(path);
    let message = client.wait(|message| {
        let params = &message["params"];
        message["method"] == "textDocument/publishDiagnostics"
            && params["uri"] == uri
            && params.get("version").is_none()
    });
    serde_json::from_value(message["params"]["diagnostics"].clone()).unwrap()
}

fn changed(client: &mut Client, path: &str, kind: u32) {
    let uri = client.uri(path);
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": kind }] }));
}

#[test]
fn files_of_the_folder_are_checked_without_being_opened() {
    let mut client = Client::new(&[("a.hook", "jobb\n"), ("sub/b.hook", "job j() {}\n"), ("hook.toml", "")]);
    assert_eq!(closed(&mut client, "a.hook").len(), 1);
    client.end();
}

/// The text is the same object afterwards, so nothing that is known of it is found out again.
#[test]
fn opening_a_file_as_the_disk_has_it_changes_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().canonicalize().unwrap().join("a.hook");
    std::fs::write(&file, "jobb\n").unwrap();
    let (session, _jobs) = Session::new(Library::new(folder.path()));
    let address = |path: &Path| uri::of_path(path).unwrap().as_str().to_owned();
    session.begin(&json!({ "rootUri": address(folder.path()), "capabilities": {} }));
    assert_eq!(crate::disk::work(&session, DiskJob::Scan), Vec::<String>::new());
    let open = |text: &str| {
        let document = json!({ "uri": address(&file), "version": 1, "text": text });
        session.notify("textDocument/didOpen", &mut json!({ "textDocument": document })).unwrap().unwrap();
        session.snapshot().projects.values().next().unwrap().revision.clone()
    };
    let scanned = session.snapshot().projects.values().next().unwrap().revision.clone();
    assert!(Arc::ptr_eq(&scanned, &open("jobb\n")));
    assert!(!Arc::ptr_eq(&scanned, &open("job j() {}\n")));
}

#[test]
fn ignored_files_are_left_out_until_they_are_opened() {
    let files = [("a.hook", "jobb\n"), ("target/b.hook", "jobb\n"), (".gitignore", "target\n"), ("hook.toml", "")];
    let mut client = Client::new(&files);
    closed(&mut client, "a.hook");
    let uri = client.open("target/b.hook", "jobb\njobb\n");
    assert_eq!(client.diagnostics(&uri, 1).len(), 2);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(closed(&mut client, "target/b.hook"), [] as [Value; 0]);
    client.end();
}

#[test]
fn an_edit_of_an_import_is_told_at_its_users() {
    let mut client = Client::new(&[("steps/train.hook", LIBRARY), ("a.hook", USER), ("hook.toml", "")]);
    let user = client.open("a.hook", USER);
    assert_eq!(client.diagnostics(&user, 1), [] as [Value; 0]);
    let library = client.open("steps/train.hook", LIBRARY);
    client.change(&library, 2, json!([{ "text": LIBRARY.replace("data", "table") }]));
    let found = client.diagnostics(&user, 1);
    assert!(!found.is_empty() && found[0]["code"].as_str().unwrap().starts_with("H03"), "{found:?}");
    // Closed without saving: what the disk says holds again.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": library } }));
    assert_eq!(client.diagnostics(&user, 1), [] as [Value; 0]);
    client.end();
}

#[test]
fn files_that_change_on_the_disk_are_read_again() {
    let mut client = Client::new(&[("a.hook", USER), ("hook.toml", "")]);
    let user = client.open("a.hook", USER);
    assert!(!client.diagnostics(&user, 1).is_empty(), "the import is missing");
    client.write("steps/train.hook", LIBRARY);
    changed(&mut client, "steps/train.hook", 1);
    assert_eq!(client.diagnostics(&user, 1), [] as [Value; 0]);
    client.write("steps/train.hook", "jobb\n");
    changed(&mut client, "steps/train.hook", 2);
    assert!(!client.diagnostics(&user, 1).is_empty());
    assert_eq!(closed(&mut client, "steps/train.hook").len(), 1);
    std::fs::remove_file(client.folder.path().join("steps/train.hook")).unwrap();
    changed(&mut client, "steps/train.hook", 3);
    assert_eq!(closed(&mut client, "steps/train.hook"), [] as [Value; 0]);
    client.end();
}

#[test]
fn a_client_that_watches_nothing_is_served_when_it_saves() {
    let mut client = Client::new(&[("a.hook", USER), ("hook.toml", "")]);
    let user = client.open("a.hook", USER);
    assert!(!client.diagnostics(&user, 1).is_empty());
    client.write("steps/train.hook", LIBRARY);
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": user } }));
    assert_eq!(client.diagnostics(&user, 1), [] as [Value; 0]);
    client.end();
}

#[test]
fn the_settings_are_followed_open_and_closed() {
    const UNUSED: &str = "import log from \"std/log\"\n\njob j() {}\n";
    let mut client = Client::new(&[("a.hook", UNUSED), ("hook.toml", "")]);
    let file = client.open("a.hook", UNUSED);
    let severities = |found: Vec<Value>| found.iter().map(|one| one["severity"].as_i64().unwrap()).collect::<Vec<_>>();
    let found = client.diagnostics(&file, 1);
    assert_eq!(found[0]["code"], "H0109", "{found:?}");
    let before = severities(found);
    let deny = "[lints]\nunused-import = \"deny\"\n";
    let settings = client.open("hook.toml", deny);
    let after = severities(client.diagnostics(&file, 1));
    assert!(before.contains(&2) && after.contains(&1), "{before:?} {after:?}");
    client.change(&settings, 2, json!([{ "text": "[lints]\nno-such = 1\n" }]));
    let found = client.diagnostics(&settings, 2);
    assert_eq!(found[0]["code"], "H0111", "{found:?}");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": settings } }));
    assert_eq!(closed(&mut client, "hook.toml"), [] as [Value; 0]);
    client.end();
}

#[test]
fn a_new_settings_file_makes_a_new_project() {
    let mut client = Client::new(&[("sub/a.hook", "import x from \"../b\"\n"), ("b.hook", "const x = 1\n")]);
    let file = client.open("sub/a.hook", "import x from \"../b\"\nconst y = x\n");
    let outside = client.diagnostics(&file, 1);
    assert_eq!(outside[0]["code"], "H0105", "above the root: {outside:?}");
    client.write("hook.toml", "");
    changed(&mut client, "hook.toml", 1);
    let found = client.diagnostics(&file, 1);
    assert!(found.iter().all(|one| one["severity"] != 1), "{found:?}");
    client.end();
}

#[test]
fn documents_that_are_no_files_are_served() {
    let mut client = Client::new(&[]);
    client.open_uri("untitled:Untitled-1", "jobb\n");
    assert_eq!(client.diagnostics("untitled:Untitled-1", 1).len(), 1);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": "untitled:Untitled-1" } }));
    let gone = client.message("textDocument/publishDiagnostics");
    assert_eq!(gone["params"]["diagnostics"], json!([]));
    client.end();
}

#[test]
fn documents_outside_of_the_folder_are_served_with_their_imports() {
    let elsewhere = Client::new(&[("steps/train.hook", LIBRARY), ("a.hook", USER), ("hook.toml", "")]);
    let mut client = Client::new(&[]);
    let uri = elsewhere.uri("a.hook");
    client.open_uri(&uri, USER);
    assert_eq!(client.diagnostics(&uri, 1), [] as [Value; 0]);
    client.end();
    elsewhere.end();
}

#[test]
fn folders_come_and_go() {
    let other = Client::new(&[("b.hook", "jobb\n")]);
    let mut client = Client::new(&[]);
    let folder = json!({ "uri": other.uri(""), "name": "other" });
    let event = |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });
    client.notify("workspace/didChangeWorkspaceFolders", event(json!([folder]), json!([])));
    let published = client.message("textDocument/publishDiagnostics");
    assert_eq!(
        (&published["params"]["uri"], published["params"]["diagnostics"].as_array().unwrap().len()),
        (&json!(other.uri("b.hook")), 1)
    );
    client.notify("workspace/didChangeWorkspaceFolders", event(json!([]), json!([folder])));
    let published = client.message("textDocument/publishDiagnostics");
    assert_eq!(published["params"]["diagnostics"], json!([]));
    client.end();
    other.end();
}

#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_keeps_the_name_that_the_client_gives_it() {
    let mut client = Client::silent(&[("real/a.hook", "jobb\n")]);
    let (real, link) = (client.folder.path().join("real"), client.folder.path().join("link"));
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let root = client.uri("link");
    client.request("initialize", json!({ "rootUri": root, "capabilities": {} })).unwrap();
    client.notify("initialized", json!({}));
    let published = client.message("textDocument/publishDiagnostics");
    assert_eq!(published["params"]["uri"], format!("{root}/a.hook"));
    client.end();
}

#[test]
fn the_load_shows_its_progress() {
    let mut client = Client::with(&[("a.hook", "")], json!({ "window": { "workDoneProgress": true } }));
    client.message("window/workDoneProgress/create");
    assert_eq!(client.message("$/progress")["params"]["value"]["kind"], "begin");
    assert_eq!(client.message("$/progress")["params"]["value"]["kind"], "end");
    client.end();
}
