//! Faults on purpose: handlers that panic or dawdle, requests that are cancelled, clients that refuse or vanish.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::LspServiceBuilder;
use tower_lsp::jsonrpc::Result;

use super::client::Client;
use crate::server::Server;
use crate::state::State;
use crate::{Ending, uri};

/// Methods that only tests have.
pub(crate) fn with_faults(service: LspServiceBuilder<Server>) -> LspServiceBuilder<Server> {
    service.custom_method("test/panic", Server::panics).custom_method("test/slow", Server::dawdles)
}

impl Server {
    async fn panics(&self, params: Value) -> Result<Value> {
        self.answer(params, |_, params| panic!("wanted: {params}")).await
    }

    async fn dawdles(&self, params: Value) -> Result<Value> {
        self.answer(params, text_after_a_while).await
    }
}

/// The text that the request may see.
fn text_after_a_while(state: &State, params: Value) -> Result<Value> {
    std::thread::sleep(Duration::from_millis(params["ms"].as_u64().unwrap()));
    let uri = uri::parse(params["uri"].as_str().unwrap()).unwrap();
    let document = state.documents.get(&state.project_file(&uri));
    Ok(json!(document.map(|document| document.text.text().to_string())))
}

#[test]
fn a_panic_is_an_answer_and_the_server_goes_on() {
    let mut client = Client::new(&[]);
    let uri = client.open("a.hook", "const a = 1\n");
    for count in 0..20 {
        let error = client.request("test/panic", json!({ "count": count })).unwrap_err();
        assert_eq!(error["code"], -32603);
        assert_eq!(error["message"], format!("internal error in hookc: wanted: {{\"count\":{count}}}"));
    }
    let text = client.request("test/slow", json!({ "uri": uri, "ms": 0 })).unwrap();
    assert_eq!(text, "const a = 1\n");
    assert_eq!(client.end(), Ending::AfterShutdown);
}

#[test]
fn slow_requests_see_the_text_of_their_moment() {
    let mut client = Client::new(&[]);
    let uri = client.open("a.hook", "");
    let mut expected = String::new();
    let mut asked = Vec::new();
    for step in 0..200 {
        let text = format!("{step} ");
        let end = json!({ "line": 0, "character": expected.len() });
        client.change(&uri, step + 2, json!([{ "range": { "start": end, "end": end }, "text": text }]));
        expected.push_str(&text);
        asked.push((client.ask("test/slow", json!({ "uri": uri, "ms": step % 7 })), expected.clone()));
    }
    for (id, text) in asked {
        assert_eq!(client.answer(id).unwrap(), text.as_str());
    }
    client.end();
}

#[test]
fn cancelled_requests_are_answered_at_once() {
    let mut client = Client::new(&[]);
    let uri = client.open("a.hook", "");
    let begin = Instant::now();
    let ids: Vec<i64> = (0..1_000).map(|_| client.ask("test/slow", json!({ "uri": uri, "ms": 50 }))).collect();
    for id in &ids {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    let cancelled = ids.iter().filter(|id| client.answer(**id).is_err_and(|error| error["code"] == -32800)).count();
    assert!(cancelled > 900, "{cancelled}");
    assert_eq!(client.request("test/slow", json!({ "uri": uri, "ms": 0 })).unwrap(), "");
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert_eq!(client.end(), Ending::AfterShutdown);
}

#[test]
fn a_client_that_refuses_everything_is_served() {
    let capabilities = json!({
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "semanticTokens": { "refreshSupport": true },
            "codeLens": { "refreshSupport": true }
        },
        "window": { "workDoneProgress": true }
    });
    let mut client = Client::silent(&[("a.hook", "")]).refusing();
    client.begin(capabilities);
    client.message("client/registerCapability");
    client.message("workspace/semanticTokens/refresh");
    let uri = client.open("a.hook", "jobb\n");
    assert_eq!(client.diagnostics(&uri, 1).len(), 1);
    assert_eq!(client.end(), Ending::AfterShutdown);
}

/// Questions of the server that are never answered hold nothing up.
#[test]
fn a_client_that_answers_nothing_is_served() {
    let capabilities = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::silent(&[]);
    let root = client.uri("");
    let id = client.ask("initialize", json!({ "rootUri": root, "capabilities": capabilities }));
    client.answer(id).unwrap();
    client.notify("initialized", json!({}));
    let uri = client.open("a.hook", "");
    for _ in 0..500 {
        client
            .request(
                "textDocument/hover",
                json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } }),
            )
            .unwrap();
    }
    client.end();
}

#[test]
fn the_end_is_as_the_protocol_says() {
    let begin = Instant::now();
    assert_eq!(Client::new(&[]).end(), Ending::AfterShutdown);

    let mut hasty = Client::new(&[]);
    hasty.notify("exit", Value::Null);
    assert_eq!(hasty.ending(), Ending::WithoutShutdown);

    let mut silent = Client::silent(&[]);
    silent.notify("exit", Value::Null);
    assert_eq!(silent.ending(), Ending::WithoutShutdown);

    let mut gone = Client::new(&[]);
    gone.close_input();
    assert_eq!(gone.ending(), Ending::WithoutShutdown);

    let mut tidy = Client::new(&[]);
    tidy.request("shutdown", Value::Null).unwrap();
    tidy.close_input();
    assert_eq!(tidy.ending(), Ending::AfterShutdown);

    let mut busy = Client::new(&[]);
    let uri = busy.open("a.hook", "");
    busy.ask("test/slow", json!({ "uri": uri, "ms": 3_000 }));
    busy.notify("exit", Value::Null);
    let started = Instant::now();
    assert_eq!(busy.ending(), Ending::WithoutShutdown);
    assert!(started.elapsed() < Duration::from_millis(1_000), "{:?}", started.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn nothing_is_answered_before_the_beginning_and_after_the_end() {
    let mut client = Client::silent(&[]);
    let position = json!({ "textDocument": { "uri": "file:///a.hook" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", position.clone()).unwrap_err()["code"], -32002);
    assert_eq!(client.request("shutdown", Value::Null).unwrap_err()["code"], -32002);
    client.begin(json!({}));
    assert_eq!(client.request("initialize", json!({ "capabilities": {} })).unwrap_err()["code"], -32600);
    client.request("shutdown", Value::Null).unwrap();
    assert_eq!(client.request("textDocument/hover", position).unwrap_err()["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.ending(), Ending::AfterShutdown);
}

/// A request that is sent together with `initialize` waits for its answer.
#[test]
fn what_follows_initialize_at_once_is_served() {
    let mut client = Client::silent(&[]);
    let first = client.ask("initialize", json!({ "capabilities": {} }));
    let uri = client.open("a.hook", "jobb");
    let second = client.ask("test/slow", json!({ "uri": uri, "ms": 0 }));
    client.answer(first).unwrap();
    assert_eq!(client.answer(second).unwrap(), "jobb");
    client.end();
}
