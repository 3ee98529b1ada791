//! Each feature once, in the forms of a client that knows little and of one that knows all.

use serde_json::{Value, json};

use super::client::Client;

const STEPS: &str = "/// Fits a model.
component train(data: path, lr: float = 0.1) -> (loss: float, model: path) {
  exec [\"train\", data, \"--lr\", lr]
}
";

const JOBS: &str = "import train from \"./steps\"
import log from \"std/log\"

job nightly(data: path = \"ü👩.csv\") {
  op fit = train(data: data) {
    on succeeded when outputs.loss > 0.5 run log(message: \"poor\")
  }
  op again = train(data: fit.model)
  on failed run log(message: \"${job.name} failed\")
}

test \"it is poor\" for nightly() {
  given fit succeeded (loss: 0.9, model: \"m\")
  given again succeeded (loss: 0.1, model: \"m\")
  expect fit.on_succeeded ran (message: \"poor\")
}
";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![("steps.hook", STEPS), ("jobs.hook", JOBS), ("hook.toml", "")]
}

/// A client that knows all there is.
fn knowing() -> Value {
    json!({
        "textDocument": {
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": ["markdown"] } },
            "signatureHelp": { "signatureInformation": { "parameterInformation": { "labelOffsetSupport": true } } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
            "rename": { "prepareSupport": true }
        },
        "workspace": { "applyEdit": true, "workspaceEdit": { "documentChanges": true } }
    })
}

/// The place of the first character of `what`, and the document.
fn at(uri: &str, text: &str, what: &str) -> Value {
    let offset = text.find(what).unwrap_or_else(|| panic!("no {what:?}"));
    let line = text[..offset].matches('\n').count();
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let character = text[start..offset].encode_utf16().count();
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

fn with(mut params: Value, name: &str, value: Value) -> Value {
    params[name] = value;
    params
}

/// Both documents open in a client that knows little, or all.
fn both(capabilities: Value) -> (Client, String, String) {
    let mut client = Client::with(&files(), capabilities);
    let (steps, jobs) = (client.open("steps.hook", STEPS), client.open("jobs.hook", JOBS));
    (client, steps, jobs)
}

fn whole() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } })
}

#[test]
fn hovers_come_as_the_client_shows_them() {
    for (capabilities, kind) in [(json!({}), "plaintext"), (knowing(), "markdown")] {
        let (mut client, _, jobs) = both(capabilities);
        let hover = client.request("textDocument/hover", at(&jobs, JOBS, "train(data: data")).unwrap();
        let text = hover["contents"]["value"].as_str().unwrap();
        assert_eq!(hover["contents"]["kind"], kind);
        assert!(text.contains("Fits a model") && text.contains("lr: float"), "{text}");
        assert_eq!(text.contains("```"), kind == "markdown", "{text}");
        client.end();
    }
}

#[test]
fn documentation_is_plain_text_for_clients_that_name_no_format() {
    for (capabilities, is_plain) in [(json!({}), true), (knowing(), false)] {
        let (mut client, _, jobs) = both(capabilities);
        let list = client.request("textDocument/completion", at(&jobs, JOBS, "name} failed")).unwrap();
        let items = list["items"].as_array().unwrap();
        let documented: Vec<&Value> = items.iter().filter_map(|item| item.get("documentation")).collect();
        assert!(!documented.is_empty() && documented.iter().all(|one| one.is_string() == is_plain), "{list}");
        client.end();
    }
}

#[test]
fn completions_bring_what_the_client_can_insert() {
    const TYPED: &str = "job j() {\n  op fit = tra\n}\n";
    for (capabilities, has_snippets) in [(json!({}), false), (knowing(), true)] {
        let (mut client, _, _) = both(capabilities);
        let uri = client.open("new.hook", TYPED);
        let mut params = at(&uri, TYPED, "tra");
        params["position"]["character"] = json!(params["position"]["character"].as_i64().unwrap() + 3);
        let list = client.request("textDocument/completion", params).unwrap();
        let items = list["items"].as_array().unwrap();
        let train = items.iter().find(|item| item["label"] == "train").unwrap_or_else(|| panic!("{list}"));
        assert!(train["additionalTextEdits"][0]["newText"].as_str().unwrap().contains("./steps"), "{train}");
        let text = train["textEdit"]["newText"].as_str().unwrap();
        assert_eq!((train["insertTextFormat"] == 2, text.contains('$')), (has_snippets, has_snippets), "{train}");
        let order: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
        assert!(order.is_sorted());
        client.end();
    }
}

#[test]
fn signatures_mark_the_parameter() {
    const TYPED: &str = "import train from \"./steps\"\njob j() {\n  op fit = train(data: \"a\", \n}\n";
    for (capabilities, label) in [(json!({}), json!("lr: float = 0.1")), (knowing(), json!(null))] {
        let (mut client, _, _) = both(capabilities);
        let uri = client.open("new.hook", TYPED);
        let mut params = at(&uri, TYPED, ", \n");
        params["position"]["character"] = json!(params["position"]["character"].as_i64().unwrap() + 2);
        let help = client.request("textDocument/signatureHelp", params).unwrap();
        let signature = &help["signatures"][0];
        assert_eq!(help["activeParameter"], 1, "{help}");
        let parameter = &signature["parameters"][1]["label"];
        if label.is_null() {
            let [from, to] = [0, 1].map(|end| usize::try_from(parameter[end].as_u64().unwrap()).unwrap());
            assert_eq!(&signature["label"].as_str().unwrap()[from..to], "lr: float = 0.1");
        } else {
            assert_eq!(*parameter, label, "{help}");
        }
        client.end();
    }
}

#[test]
fn names_lead_to_their_declarations_in_other_files_and_the_library() {
    let (mut client, steps, jobs) = both(json!({}));
    let found = client.request("textDocument/definition", at(&jobs, JOBS, "train(data: data")).unwrap();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["uri"]), (1, &json!(steps)));
    assert_eq!(found[0]["range"]["start"], json!({ "line": 1, "character": 10 }));
    let found = client.request("textDocument/definition", at(&jobs, JOBS, "log(message: \"poor")).unwrap();
    let library = found[0]["uri"].as_str().unwrap().to_owned();
    let path = crate::uri::to_path(&crate::uri::parse(&library).unwrap()).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(path.ends_with("std/log.hook") && path.metadata().unwrap().permissions().readonly());
    // The library's file is served like any other, and nothing is wrong with it.
    client.open_uri(&library, &text);
    let hover = client.request("textDocument/hover", at(&library, &text, "log(")).unwrap();
    assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("message")), "{hover}");
    client.end();
}

#[test]
fn uses_are_found_everywhere() {
    let (mut client, steps, jobs) = both(json!({}));
    let place = at(&steps, STEPS, "train(");
    let found = client
        .request("textDocument/references", with(place.clone(), "context", json!({ "includeDeclaration": true })))
        .unwrap();
    assert_eq!(found.as_array().unwrap().len(), 4, "{found}");
    let found = client.request("textDocument/documentHighlight", at(&jobs, JOBS, "train from")).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
    let found = client.request("workspace/symbol", json!({ "query": "night" })).unwrap();
    assert_eq!((&found[0]["name"], &found[0]["location"]["uri"]), (&json!("nightly"), &json!(jobs)));
    client.end();
}

#[test]
fn renames_change_every_file_once() {
    for (capabilities, is_versioned) in [(json!({}), false), (knowing(), true)] {
        let (mut client, steps, jobs) = both(capabilities);
        let place = at(&jobs, JOBS, "train(data: data");
        let prepared = client.request("textDocument/prepareRename", place.clone()).unwrap();
        assert_eq!(prepared["placeholder"], "train");
        let edit = client.request("textDocument/rename", with(place.clone(), "newName", json!("fitting"))).unwrap();
        let of = |uri: &str| {
            let edits = if is_versioned {
                let files = edit["documentChanges"].as_array().unwrap();
                let file = files.iter().find(|file| file["textDocument"]["uri"] == uri).unwrap();
                assert_eq!(file["textDocument"]["version"], 1);
                &file["edits"]
            } else {
                &edit["changes"][uri]
            };
            edits.as_array().unwrap().len()
        };
        assert_eq!((of(&steps), of(&jobs)), (1, 3), "{edit}");
        let refused = client.request("textDocument/rename", with(place, "newName", json!("not a name"))).unwrap_err();
        assert!(refused["message"].as_str().unwrap().contains("not a name"), "{refused}");
        client.end();
    }
}

#[test]
fn imports_follow_files_that_move() {
    let (mut client, steps, jobs) = both(json!({}));
    let moved = steps.replace("steps.hook", "lib/learning.hook");
    let files = json!({ "files": [{ "oldUri": steps, "newUri": moved }] });
    let edit = client.request("workspace/willRenameFiles", files).unwrap();
    assert!(edit["changes"][&jobs][0]["newText"].as_str().unwrap().contains("./lib/learning"), "{edit}");
    client.end();
}

#[test]
fn fixes_come_as_actions_or_as_commands() {
    const TYPED: &str =
        "import train from \"./steps\"\nimport log from \"std/log\"\njob j() {\n  op fit = trian(data: \"a\")\n}\n";
    for (capabilities, is_literal) in [(json!({ "workspace": { "applyEdit": true } }), false), (knowing(), true)] {
        let (mut client, _, _) = both(capabilities);
        let uri = client.open("new.hook", TYPED);
        let ask = |client: &mut Client, only: Value| {
            let context = json!({ "diagnostics": [], "only": only });
            let params = json!({ "textDocument": { "uri": uri }, "range": whole(), "context": context });
            client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
        };
        let actions = ask(&mut client, json!(["quickfix"]));
        let fix = actions.iter().find(|action| action["title"].as_str().unwrap().contains("`train`")).unwrap();
        if is_literal {
            assert_eq!((&fix["kind"], &fix["diagnostics"][0]["code"]), (&json!("quickfix"), &json!("H0205")), "{fix}");
            assert!(ask(&mut client, json!(["source"])).iter().all(|action| action["kind"] == "source.fixAll"));
            assert!(ask(&mut client, json!(["refactor.inline"])).is_empty());
        } else {
            let params = json!({ "command": fix["command"], "arguments": fix["arguments"] });
            client.request("workspace/executeCommand", params).unwrap();
            let applied = client.message("workspace/applyEdit");
            assert!(applied["params"]["edit"]["changes"][&uri].is_array(), "{applied}");
        }
        client.end();
    }
}

#[test]
fn the_outline_is_a_tree_or_a_list() {
    let (mut client, _, jobs) = both(knowing());
    let tree = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": jobs } })).unwrap();
    let job = tree.as_array().unwrap().iter().find(|symbol| symbol["name"] == "nightly").unwrap();
    assert!(job["children"].as_array().unwrap().iter().any(|child| child["name"] == "fit"), "{job}");
    client.end();
    let (mut client, _, jobs) = both(json!({}));
    let list = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": jobs } })).unwrap();
    let fit = list.as_array().unwrap().iter().find(|symbol| symbol["name"] == "fit").unwrap();
    assert_eq!(fit["containerName"], "nightly", "{fit}");
    client.end();
}

#[test]
fn colours_are_told_whole_and_by_what_has_changed() {
    let (mut client, _, jobs) = both(json!({}));
    let document = json!({ "textDocument": { "uri": jobs } });
    let numbers =
        |value: &Value| -> Vec<u64> { value.as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect() };
    let first = client.request("textDocument/semanticTokens/full", document.clone()).unwrap();
    let mut before = numbers(&first["data"]);
    assert!(before.len() > 100 && before.len().is_multiple_of(5));
    let mut id = first["resultId"].clone();
    for version in 2..12 {
        let at = json!({ "line": version, "character": version });
        client.change(&jobs, version, json!([{ "range": { "start": at, "end": at }, "text": "a b\n" }]));
        let params = with(document.clone(), "previousResultId", id);
        let delta = client.request("textDocument/semanticTokens/full/delta", params).unwrap();
        for edit in delta["edits"].as_array().unwrap() {
            let start = usize::try_from(edit["start"].as_u64().unwrap()).unwrap();
            let end = start + usize::try_from(edit["deleteCount"].as_u64().unwrap()).unwrap();
            before.splice(start..end, edit.get("data").map(numbers).unwrap_or_default());
        }
        let params = with(document.clone(), "range", whole());
        let now = client.request("textDocument/semanticTokens/range", params).unwrap();
        assert_eq!(before, numbers(&now["data"]), "version {version}");
        id = delta["resultId"].clone();
    }
    let unknown = with(document, "previousResultId", json!("of another server"));
    let again = client.request("textDocument/semanticTokens/full/delta", unknown).unwrap();
    assert_eq!(numbers(&again["data"]), before);
    client.end();
}

#[test]
fn structure_is_told() {
    let (mut client, steps, jobs) = both(json!({ "textDocument": { "foldingRange": { "lineFoldingOnly": true } } }));
    let document = json!({ "textDocument": { "uri": jobs } });
    let folds = client.request("textDocument/foldingRange", document.clone()).unwrap();
    let folds = folds.as_array().unwrap();
    assert!(
        folds.iter().any(|fold| fold["startLine"] == 3)
            && folds.iter().all(|fold| fold.get("startCharacter").is_none())
    );
    let position = at(&jobs, JOBS, "outputs.loss")["position"].clone();
    let params = with(document.clone(), "positions", json!([position, { "line": 0, "character": 0 }]));
    let ranges = client.request("textDocument/selectionRange", params).unwrap();
    assert!(ranges.as_array().unwrap().len() == 2 && ranges[0]["parent"]["parent"]["parent"].is_object(), "{ranges}");
    let links = client.request("textDocument/documentLink", document.clone()).unwrap();
    assert!(links.as_array().unwrap().iter().any(|link| link["target"] == steps.as_str()), "{links}");
    let lenses = client.request("textDocument/codeLens", document.clone()).unwrap();
    let run = lenses.as_array().unwrap().iter().find(|lens| lens["command"]["command"] == "hookc.runJob").unwrap();
    assert_eq!(run["command"]["arguments"], json!([jobs, "nightly"]));
    assert!(lenses.as_array().unwrap().iter().any(|lens| lens["command"]["command"] == "hookc.runTest"), "{lenses}");
    let hints = client.request("textDocument/inlayHint", with(document, "range", whole())).unwrap();
    assert!(hints.as_array().unwrap().iter().any(|hint| hint["label"] == "after fit"), "{hints}");
    client.end();
}

#[test]
fn the_form_is_that_of_the_formatter() {
    let (mut client, _, _) = both(json!({}));
    let untidy = "job   j( ) {\nop a=c( )\n}\n";
    let uri = client.open("new.hook", untidy);
    let options = json!({ "tabSize": 8, "insertSpaces": false });
    let params = json!({ "textDocument": { "uri": uri }, "options": options });
    let edits = client.request("textDocument/formatting", params.clone()).unwrap();
    client.change(
        &uri,
        2,
        edits
            .as_array()
            .unwrap()
            .iter()
            .rev()
            .map(|edit| json!({ "range": edit["range"], "text": edit["newText"] }))
            .collect(),
    );
    let text = client.request("test/slow", json!({ "uri": uri, "ms": 0 })).unwrap();
    assert_eq!(text, hookc_grammar::format(untidy).unwrap());
    assert_eq!(client.request("textDocument/formatting", params.clone()).unwrap(), json!([]));
    client.change(&uri, 3, json!([{ "text": "job j( {\n" }]));
    assert_eq!(client.request("textDocument/formatting", params).unwrap(), Value::Null);
    client.end();
}

#[test]
fn calls_are_followed_in_both_directions() {
    let (mut client, steps, jobs) = both(json!({}));
    let items = client.request("textDocument/prepareCallHierarchy", at(&steps, STEPS, "train(")).unwrap();
    let item = items[0].clone();
    assert_eq!(item["name"], "train");
    let callers = client.request("callHierarchy/incomingCalls", json!({ "item": item })).unwrap();
    assert!(
        callers
            .as_array()
            .unwrap()
            .iter()
            .any(|call| call["from"]["name"] == "fit" && call["from"]["uri"] == jobs.as_str()),
        "{callers}"
    );
    let items = client.request("textDocument/prepareCallHierarchy", at(&jobs, JOBS, "fit = train")).unwrap();
    let called = client.request("callHierarchy/outgoingCalls", json!({ "item": items[0] })).unwrap();
    assert!(called.as_array().unwrap().iter().any(|call| call["to"]["name"] == "train"), "{called}");
    // The item speaks of a text that is no more.
    client.change(&steps, 2, json!([{ "text": format!("// new\n{STEPS}") }]));
    let error = client.request("callHierarchy/incomingCalls", json!({ "item": item })).unwrap_err();
    assert_eq!(error["code"], -32801);
    client.end();
}

#[test]
fn graphs_lead_to_their_sources() {
    let (mut client, _, jobs) = both(json!({}));
    let graph = |client: &mut Client, arguments: Value| {
        client.request("workspace/executeCommand", json!({ "command": "hookc.graph", "arguments": arguments }))
    };
    let mermaid = graph(&mut client, json!([jobs, "nightly"])).unwrap();
    assert!(mermaid["text"].as_str().unwrap().starts_with("flowchart"), "{mermaid}");
    assert_eq!(mermaid["nodes"]["j0o0"]["uri"], jobs.as_str());
    assert_eq!(mermaid["nodes"]["j0o1"]["range"]["start"]["line"], 7, "{mermaid}");
    let dot = graph(&mut client, json!([jobs, null, "dot"])).unwrap();
    assert!(dot["text"].as_str().unwrap().starts_with("digraph"));
    client.change(&jobs, 2, json!([{ "text": "job nightly() {\n  op a = nothing()\n}\n" }]));
    let refused = graph(&mut client, json!([jobs, "nightly"])).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("nothing"), "{refused}");
    assert_eq!(graph(&mut client, json!([7])).unwrap_err()["code"], -32602);
    client.end();
}
