//! What is advertised, implemented and documented is the same.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use super::client::Client;
use crate::server_capabilities::table;

/// The page for users, which holds the table.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/lsp.md");

/// The table as the page has it.
fn markdown() -> String {
    let mut out = String::from("| capability | methods | what it does |\n|---|---|---|\n");
    for row in table() {
        let methods: Vec<String> = row.methods.iter().map(|method| format!("`{method}`")).collect();
        writeln!(out, "| `{}` | {} | {} |", row.capability, methods.join(" "), row.what).unwrap();
    }
    out
}

#[test]
fn the_page_has_the_table() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    assert!(page.contains(&markdown()), "docs/lsp.md is to hold:\n{}", markdown());
}

#[test]
fn what_is_advertised_is_in_the_table() {
    for capabilities in [json!({}), everything()] {
        let mut client = Client::silent(&[]);
        let result = client.begin(capabilities);
        let advertised: BTreeSet<&str> =
            result["capabilities"].as_object().unwrap().keys().map(String::as_str).collect();
        let settings = BTreeSet::from(["positionEncoding"]);
        let listed: BTreeSet<&str> = table().iter().map(|row| row.capability).collect();
        assert_eq!(advertised.difference(&settings).copied().collect::<BTreeSet<_>>(), listed);
        client.end();
    }
}

/// A client that can do all there is.
fn everything() -> Value {
    json!({
        "textDocument": {
            "rename": { "prepareSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "hover": { "contentFormat": ["markdown"] }
        },
        "general": { "positionEncodings": ["utf-8"] }
    })
}

#[test]
fn every_method_of_the_table_is_answered() {
    for capabilities in [json!({}), everything()] {
        let mut client = Client::with(&[("a.hook", "const a = 1\n")], capabilities);
        let uri = client.open("a.hook", "const a = 1\n");
        for method in table().iter().flat_map(|row| row.methods) {
            let name = method.rsplit('/').next().unwrap();
            if name.starts_with("did") {
                // Notifications have no answer; those of documents have tests of their own.
                continue;
            }
            if let Err(error) = client.request(method, params(method, &uri)) {
                assert!([-32803, -32801].contains(&error["code"].as_i64().unwrap()), "{method}: {error}");
            }
        }
        client.end();
    }
}

/// Parameters that fit.
fn params(method: &str, uri: &str) -> Value {
    let document = json!({ "uri": uri });
    let position = json!({ "line": 0, "character": 6 });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } });
    match method {
        "workspace/diagnostic" => json!({ "previousResultIds": [] }),
        "workspace/symbol" => json!({ "query": "a" }),
        "workspace/executeCommand" => json!({ "command": "hookc.graph", "arguments": [uri] }),
        "workspace/willRenameFiles" => json!({ "files": [{ "oldUri": uri, "newUri": format!("{uri}.hook") }] }),
        "textDocument/references" => {
            json!({ "textDocument": document, "position": position, "context": { "includeDeclaration": true } })
        }
        "textDocument/rename" => json!({ "textDocument": document, "position": position, "newName": "b" }),
        "textDocument/codeAction" => {
            json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } })
        }
        "textDocument/semanticTokens/full/delta" => json!({ "textDocument": document, "previousResultId": "1" }),
        "textDocument/inlayHint" | "textDocument/semanticTokens/range" => {
            json!({ "textDocument": document, "range": range })
        }
        "textDocument/selectionRange" => json!({ "textDocument": document, "positions": [position] }),
        "textDocument/formatting" => {
            json!({ "textDocument": document, "options": { "tabSize": 2, "insertSpaces": true } })
        }
        "textDocument/rangeFormatting" => {
            json!({ "textDocument": document, "range": range, "options": { "tabSize": 2, "insertSpaces": true } })
        }
        "callHierarchy/incomingCalls" | "callHierarchy/outgoingCalls" => {
            json!({ "item": { "name": "a", "kind": 14, "uri": uri, "range": range, "selectionRange": range } })
        }
        _ => json!({ "textDocument": document, "position": position }),
    }
}
