//! Traffic that is no message of the protocol: answered, and the next message served, or ended with a reason.

use serde_json::{Value, json};

use super::client::{Client, frame};
use crate::Ending;

/// What is to come of it.
enum Expected {
    /// An error with this code, to nobody.
    Error(i64),
    /// An error with this code, to the id 77.
    ErrorTo(i64),
    /// Nothing.
    Silence,
    /// The end, with a reason that has this in it.
    End(&'static str),
}

use Expected::{End, Error, ErrorTo, Silence};

fn cases() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let deep = [b"{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":".to_vec(), vec![b'['; 200_000]].concat();
    let body = |text: &str| frame(text.as_bytes());
    vec![
        ("no JSON", body("{\"jsonrpc\":"), Error(-32700)),
        ("no text", frame(&[0xff, 0xfe, 0x00]), Error(-32700)),
        ("an empty body", body(""), Error(-32700)),
        ("nested without end", frame(&deep), Error(-32700)),
        ("a batch", body("[{\"jsonrpc\":\"2.0\",\"method\":\"initialized\"}]"), Error(-32600)),
        ("an empty batch", body("[]"), Error(-32600)),
        ("a number", body("7"), Error(-32600)),
        ("null", body("null"), Error(-32600)),
        ("no version", body("{\"id\":77,\"method\":\"shutdown\"}"), ErrorTo(-32600)),
        ("another version", body("{\"jsonrpc\":\"1.0\",\"id\":77,\"method\":\"shutdown\"}"), ErrorTo(-32600)),
        ("a method that is no text", body("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":7}"), ErrorTo(-32600)),
        ("an id that is no id", body("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"shutdown\"}"), Error(-32600)),
        ("neither request nor answer", body("{\"jsonrpc\":\"2.0\",\"id\":77}"), ErrorTo(-32600)),
        ("an unknown method", body("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"no/such\"}"), ErrorTo(-32601)),
        (
            "parameters of no use",
            body("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"textDocument/hover\",\"params\":{\"position\":-1}}"),
            ErrorTo(-32602),
        ),
        ("no parameters", body("{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"textDocument/hover\"}"), ErrorTo(-32602)),
        ("an unknown notification", body("{\"jsonrpc\":\"2.0\",\"method\":\"no/such\",\"params\":[1]}"), Silence),
        ("a notification to be ignored", body("{\"jsonrpc\":\"2.0\",\"method\":\"$/such\",\"params\":{}}"), Silence),
        ("an answer to no question", body("{\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":null}"), Silence),
        (
            "an answer without a result",
            body("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"\"}}"),
            Silence,
        ),
        (
            "a change without a document",
            body("{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{}}"),
            Silence,
        ),
        (
            "a text that is no text",
            body(
                "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"file:///a.hook\",\"text\":7}}}",
            ),
            Silence,
        ),
        (
            "other headers",
            b"X-A: b\r\ncontent-length:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}".to_vec(),
            Error(-32600),
        ),
        ("lines that end with a line feed alone", b"Content-Length: 2\n\n{}".to_vec(), Error(-32600)),
        ("a header that is none", b"GET / HTTP/1.1\r\n\r\n".to_vec(), End("no `:`")),
        ("a header that is no text", b"Content-Length\xff: 2\r\n\r\n{}".to_vec(), End("not valid text")),
        ("a negative length", b"Content-Length: -5\r\n\r\n{}".to_vec(), End("not a number")),
        ("a length without end", b"Content-Length: 99999999999999999999999\r\n\r\n".to_vec(), End("not a number")),
        ("a length of a terabyte", b"Content-Length: 1000000000000\r\n\r\n".to_vec(), End("longer than")),
        ("no length", b"Content-Type: text\r\n\r\n{}".to_vec(), End("without its length")),
        ("a header without end", vec![b'x'; 100_000], End("does not end")),
    ]
}

#[test]
fn malformed_traffic_is_answered_or_ends_the_server() {
    for (name, bytes, expected) in cases() {
        let mut client = Client::new(&[]);
        client.send_bytes(&bytes);
        match expected {
            Error(code) => {
                let answer = client.wait(|message| message.get("error").is_some());
                assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(code)), "{name}: {answer}");
            }
            ErrorTo(code) => assert_eq!(client.answer(77).unwrap_err()["code"], code, "{name}"),
            Silence => {}
            End(words) => {
                let Ending::Broken(reason) = client.ending() else { panic!("{name}: no reason") };
                assert!(reason.contains(words) && !reason.contains('\n'), "{name}: {reason}");
                continue;
            }
        }
        let uri = client.open("a.hook", "jobb");
        assert_eq!(client.diagnostics(&uri, 1).len(), 1, "{name}");
        assert_eq!(client.end(), Ending::AfterShutdown, "{name}");
    }
}

#[test]
fn a_message_that_is_cut_off_ends_the_server_with_a_reason() {
    let mut client = Client::new(&[]);
    client.send_bytes(b"Content-Length: 100\r\n\r\n{\"jsonrpc\"");
    client.close_input();
    let Ending::Broken(reason) = client.ending() else { panic!("no reason") };
    assert!(reason.contains("ends after"), "{reason}");
}

#[test]
fn a_large_document_is_read() {
    let mut client = Client::new(&[]);
    let text = "// x\n".repeat(10 * 1024 * 1024);
    let uri = client.open("a.hook", &text);
    let found = client.diagnostics(&uri, 1);
    assert_eq!(found.len(), 1, "over the limit: {found:?}");
    client.change(&uri, 2, json!([{ "text": "const a = 1\n" }]));
    assert_eq!(client.diagnostics(&uri, 2), [] as [Value; 0]);
    client.end();
}
