//! Answers in the form that each client takes.

use serde_json::{Value, json};

use super::client::Client;

fn pulls() -> Value {
    json!({ "textDocument": { "diagnostic": {} } })
}

#[test]
fn a_client_that_asks_for_diagnostics_is_sent_none() {
    let files = [("a.hook", "jobb\n"), ("b.hook", "job j() {}\n"), ("hook.toml", "nonsense = 1\n")];
    let mut client = Client::with(&files, pulls());
    let uri = client.open("a.hook", "jobb\n");
    let ask = |client: &mut Client, before: Option<&Value>| {
        let mut params = json!({ "textDocument": { "uri": uri } });
        if let Some(before) = before {
            params["previousResultId"] = before.clone();
        }
        client.request("textDocument/diagnostic", params).unwrap()
    };
    let first = ask(&mut client, None);
    assert_eq!((&first["kind"], first["items"].as_array().unwrap().len()), (&json!("full"), 1));
    let again = ask(&mut client, Some(&first["resultId"]));
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.change(&uri, 2, json!([{ "text": "job j() {}\n" }]));
    let mended = ask(&mut client, Some(&first["resultId"]));
    assert!(mended["items"].as_array().unwrap().iter().all(|one| one["severity"] != 1), "{mended}");
    client.change(&uri, 3, json!([{ "text": "jobb\n" }]));
    assert_eq!(ask(&mut client, None)["resultId"], first["resultId"], "the same items have the same name");
    let all = whole_workspace(&mut client, json!([]));
    assert_eq!(all.len(), 2, "{all:?}");
    client.end();
}

/// The full reports of the workspace, once the folder has been read.
fn whole_workspace(client: &mut Client, known: Value) -> Vec<Value> {
    loop {
        let report = client.request("workspace/diagnostic", json!({ "previousResultIds": known })).unwrap();
        let full: Vec<Value> =
            report["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "full").cloned().collect();
        if full.iter().any(|item| item["uri"].as_str().unwrap().ends_with("hook.toml")) {
            return full;
        }
    }
}

#[test]
fn a_question_about_the_workspace_stays_open_until_there_is_news() {
    let mut client = Client::with(&[("hook.toml", "nonsense = 1\n"), ("b.hook", "job j() {}\n")], pulls());
    let known: Vec<Value> = whole_workspace(&mut client, json!([]))
        .iter()
        .map(|item| json!({ "uri": item["uri"], "value": item["resultId"] }))
        .collect();
    let open = client.ask("workspace/diagnostic", json!({ "previousResultIds": known }));
    let cancelled = client.ask("workspace/diagnostic", json!({ "previousResultIds": known }));
    client.notify("$/cancelRequest", json!({ "id": cancelled }));
    assert_eq!(client.answer(cancelled).unwrap_err()["code"], -32800);
    let uri = client.open("b.hook", "jobb\n");
    let news = client.answer(open).unwrap();
    let item = news["items"].as_array().unwrap().iter().find(|item| item["uri"] == uri.as_str()).unwrap().clone();
    assert_eq!((&item["kind"], item["items"].as_array().unwrap().len()), (&json!("full"), 1));
    client.end();
}

#[test]
fn diagnostics_have_what_the_client_shows() {
    const TEXT: &str = "import log from \"std/log\"\n\nconst a = 1\nconst a = 2\n";
    let mut plain = Client::new(&[]);
    let uri = plain.open("a.hook", TEXT);
    let found = plain.diagnostics(&uri, 1);
    assert!(found.iter().all(|one| one.get("relatedInformation").is_none() && one.get("tags").is_none()), "{found:?}");
    plain.end();

    let shows = json!({ "textDocument": { "publishDiagnostics": {
        "relatedInformation": true, "tagSupport": { "valueSet": [1] }
    } } });
    let mut client = Client::with(&[], shows);
    let uri = client.open("a.hook", TEXT);
    let found = client.diagnostics(&uri, 1);
    let unused = found.iter().find(|one| one["code"] == "H0109").unwrap();
    assert_eq!(unused["tags"], json!([1]));
    let twice = found.iter().find(|one| one.get("relatedInformation").is_some()).unwrap();
    assert_eq!(twice["relatedInformation"][0]["location"]["uri"], uri.as_str());
    client.end();
}

#[test]
fn columns_are_counted_as_agreed() {
    for (encoding, column) in [("utf-16", 21), ("utf-8", 27)] {
        let mut client = Client::with(&[], json!({ "general": { "positionEncodings": [encoding] } }));
        let uri = client.open("a.hook", "const a = \"👩‍🔬\" + b");
        let found = client.diagnostics(&uri, 1);
        let unknown = found.iter().find(|one| one["code"] == "H0201").unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(unknown["range"]["start"]["character"], column - 1, "{encoding}");
        client.end();
    }
}
