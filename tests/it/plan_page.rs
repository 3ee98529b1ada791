//! `docs/plan.md`, the manual for engines, beside the schema: it names every word of the plan, and no other. Its examples are parts
//! of real plans, and its program computes the hashes of the fixtures.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use hookc_plan::trace::TraceEvent;
use hookc_plan::{Delivery, Plan, delivery_id};
use serde_json::Value;

use crate::cli_support::Folder;
use crate::diagnostics::program::{Program, fixtures};

/// What documentation and places are: fields of many objects that the page explains once.
const EVERYWHERE: [&str; 4] = ["doc", "span", "attached", "source"];

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plan.md")).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(&Folder::new(&[]).run(&["schema", "plan"]).out).unwrap()
}

/// The words in code style in the first column of a table: the first one below `heading` whose first head is `head`.
#[track_caller]
fn table(page: &str, heading: &str, head: &str) -> BTreeSet<String> {
    let below = page.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no heading `{heading}`")).1;
    let lines: Vec<&str> = below.lines().collect();
    let heads = |pair: &[&str]| pair[0].starts_with(&format!("| {head} |")) && pair[1].starts_with("|---");
    let start = lines.windows(2).position(heads).unwrap_or_else(|| panic!("no table `{head}` below `{heading}`"));
    let rows = lines[start + 2..].iter();
    let cells = rows.take_while(|line| line.starts_with('|')).map(|line| line.split(" | ").next().unwrap());
    let words = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned);
    words.collect()
}

fn strings(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

/// The words of a definition's alternatives: texts, and objects with one key.
fn alternatives(definition: &Value) -> BTreeSet<String> {
    let words = |form: &Value| match (form.get("properties"), form.get("const"), form.get("enum")) {
        (Some(properties), ..) => keys(properties),
        (None, Some(word), _) => BTreeSet::from([word.as_str().unwrap().to_owned()]),
        (None, None, words) => strings(words.unwrap()),
    };
    definition["oneOf"].as_array().unwrap().iter().flat_map(words).collect()
}

#[test]
fn it_names_every_node_and_no_other() {
    let (page, schema) = (page(), schema());
    let nodes = schema["$defs"]["Expr"]["oneOf"].as_array().unwrap();
    let words = nodes.iter().map(|node| node["properties"]["op"]["const"].as_str().unwrap().to_owned()).collect();
    assert_eq!(table(&page, "### Nodes", "node"), words);
    assert_eq!(table(&page, "### Nodes", "`kind`"), strings(&schema["$defs"]["MacroKind"]["enum"]));
    assert_eq!(table(&page, "## Expressions", "error"), strings(&schema["$defs"]["EvalError"]["enum"]));
}

/// The operands of a node stand in its row.
#[test]
fn it_names_every_operand() {
    let (page, schema) = (page(), schema());
    let below = page.split_once("\n### Nodes\n").unwrap().1;
    for node in schema["$defs"]["Expr"]["oneOf"].as_array().unwrap() {
        let word = node["properties"]["op"]["const"].as_str().unwrap();
        let row = below.lines().find(|line| line.split(" | ").next().unwrap().contains(&format!("`{word}`"))).unwrap();
        for operand in
            keys(&node["properties"]).iter().filter(|key| !["op", "type", "span", "via"].contains(&key.as_str()))
        {
            assert!(row.contains(&format!("`{operand}`")), "{word}: {operand}");
        }
    }
}

#[test]
fn it_names_every_context_path_and_no_other() {
    let (page, schema) = (page(), schema());
    let forms = schema["$defs"]["Path"]["anyOf"].as_array().unwrap();
    let (named, fixed): (Vec<&Value>, Vec<&Value>) = forms.iter().partition(|form| form.get("title").is_some());
    let mut words: BTreeSet<String> = fixed.iter().flat_map(|form| strings(&form["enum"])).collect();
    words.extend(named.iter().map(|form| form["title"].as_str().unwrap().to_owned()));
    assert_eq!(table(&page, "### Context", "path"), words);
}

#[test]
fn it_names_every_word_of_hooks_triggers_and_bodies() {
    let (page, schema) = (page(), schema());
    let words = |name: &str| strings(&schema["$defs"][name]["enum"]);
    assert_eq!(table(&page, "## Hooks", "event"), words("Event"));
    assert_eq!(table(&page, "## Hooks", "`verb`"), words("VerbKind"));
    assert_eq!(table(&page, "### Triggers", "`kind`"), alternatives(&schema["$defs"]["TriggerKind"]));
    assert_eq!(table(&page, "## Components", "body"), alternatives(&schema["$defs"]["Body"]));
    assert!(words("Engine").iter().all(|engine| page.contains(&format!("`{engine}`"))));
    let types = alternatives(&schema["$defs"]["Type"]);
    let mut named = table(&page, "### Values", "type");
    named.extend(["list", "map", "enum", "record"].map(String::from));
    assert_eq!(named, types);
}

#[test]
fn it_names_every_field() {
    let (page, schema) = (page(), schema());
    let tables = [
        ("## The whole", "Plan"),
        ("## Jobs", "Job"),
        ("## Ops", "Op"),
        ("## Hooks", "Hook"),
        ("## Components", "Component"),
    ];
    for (heading, name) in tables {
        let definition = if name == "Plan" { &schema } else { &schema["$defs"][name] };
        let is_own = |field: &String| !EVERYWHERE.contains(&field.as_str());
        let fields: BTreeSet<String> = keys(&definition["properties"]).into_iter().filter(is_own).collect();
        let named: BTreeSet<String> = table(&page, heading, "field").into_iter().filter(is_own).collect();
        assert_eq!(named, fields, "{name}");
    }
    // The rest is explained in sentences.
    for name in
        ["Edge", "Retry", "EventOn", "HookSettings", "Placement", "Fan", "Trigger", "Cond", "Read", "Field", "Use"]
    {
        for field in keys(&schema["$defs"][name]["properties"]) {
            assert!(page.contains(&format!("`{field}`")), "{name}: {field}");
        }
    }
}

#[test]
fn it_names_every_event_of_the_trace() {
    let error = serde_json::from_str::<TraceEvent>(r#"{"seq": 0, "event": "no such event"}"#).unwrap_err().to_string();
    let words = error.split('`').skip(1).step_by(2).skip(1).map(str::to_owned).collect();
    assert_eq!(table(&page(), "## The trace", "`event`"), words);
}

/// What other tables list is one word in this one.
#[test]
fn it_names_every_feature_and_no_other() {
    let words = strings(&schema()["$defs"]["Feature"]["enum"]);
    assert_eq!(table(&page(), "## Features", "feature"), words.iter().map(|word| general(word)).collect());
}

/// A feature as the page writes it: what other tables list is one word there.
fn general(feature: &str) -> String {
    let parts: Vec<&str> = feature.split('.').collect();
    match parts.as_slice() {
        ["ir", "macro", _] => "ir.macro.KIND".to_owned(),
        ["ir", _] => "ir.NODE".to_owned(),
        ["ctx", ..] => "ctx.PATH".to_owned(),
        ["body", "external", _] => "body.external.ENGINE".to_owned(),
        ["on", _, watched] => format!("on.EVENT.{watched}"),
        _ => feature.to_owned(),
    }
}

/// The plans of all fixtures and scenarios that have one.
fn plans() -> Vec<Plan> {
    let fixtures = ["plan", "ok"].into_iter().flat_map(fixtures).map(|(_, path)| Program::read(&path));
    let scenarios = crate::conformance::sources().into_iter().map(|text| Program::new(&text));
    fixtures
        .chain(scenarios)
        .filter(|program| program.main().contains("\njob "))
        .map(|program| program.lower().unwrap())
        .collect()
}

/// The fences of one kind.
fn fences(page: &str, kind: &str) -> Vec<String> {
    let opening = format!("\n```{kind}\n");
    let starts = page.split(&opening).skip(1);
    starts.map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

#[test]
fn its_pieces_are_of_the_plan_of_its_job() {
    let page = page();
    let folder = Folder::new(&[("nightly.hook", &format!("{}\n", fences(&page, "hook")[0]))]);
    let plan: Value = serde_json::from_str(&folder.run(&["compile", "nightly.hook"]).out).unwrap();
    let pieces = fences(&page, "json");
    assert!(!pieces.is_empty());
    for piece in pieces {
        assert!(holds(&plan, &serde_json::from_str(&piece).unwrap()), "{piece}");
    }
}

/// Whether an object with these entries stands anywhere in `json`.
fn holds(json: &Value, piece: &Value) -> bool {
    let is_it = piece.as_object().unwrap().iter().all(|(key, value)| json.get(key).is_some_and(|own| has(own, value)));
    let inner = |json: &Value| holds(json, piece);
    is_it
        || match json {
            Value::Array(items) => items.iter().any(inner),
            Value::Object(entries) => entries.values().any(inner),
            _ => false,
        }
}

/// Equal, but for the order of a list of texts.
fn has(own: &Value, value: &Value) -> bool {
    match (own, value) {
        (Value::Array(own), Value::Array(value)) => {
            own.len() == value.len() && value.iter().all(|item| own.contains(item))
        }
        _ => own == value,
    }
}

#[test]
fn its_trace_is_one() {
    let page = page();
    let lines = fences(&page, "jsonl").join("\n");
    for (number, line) in lines.lines().enumerate() {
        let event: TraceEvent = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(event.seq, number as u64);
    }
    let delivery = Delivery {
        run: "r1",
        node: "nightly.fit",
        item: None,
        epoch: 0,
        attempt: 3,
        n: 0,
        trigger: "failed",
        hook: "nightly.fit.page",
    };
    assert!(
        page.contains(&format!("the id is `{}`", delivery_id(&delivery))) && lines.contains(&delivery_id(&delivery))
    );
}

/// The page's own program finds the hash of each fixture.
#[test]
fn its_program_computes_the_hash() {
    let plans = plans();
    let program = format!(
        "{}\nimport sys\nfor line in open(sys.argv[1], encoding=\"utf-8\"):\n    print(plan_hash(json.loads(line)))\n",
        fences(&page(), "python")[0]
    );
    let folder = Folder::new(&[("hash.py", &program)]);
    let file = folder.write("plans", plans.iter().map(Plan::to_canonical_json).collect::<String>().as_bytes());
    let output = Command::new("python3").arg(folder.path().join("hash.py")).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let hashes: Vec<&str> = plans.iter().map(|plan| plan.hash.as_str()).collect();
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().collect::<Vec<_>>(), hashes);
}
