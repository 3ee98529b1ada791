//! What can be written at the cursor.

use hookc_compiler::ide::{Completion, Kind};

use crate::project::{At, at, project};

const PARTS: &str = "\
enum Tier { small, large }
record Webhook2 { url: string, level: int }
component train(data: path, lr: float = 0.1, tier: Tier) -> (loss: float, model: path) { exec [\"t\"] }
component page(text: string) { exec [\"p\"] }
condition poor(loss: float, limit: float = 0.9) = loss > limit
hook warn_all() for op () on failed run page(text: op.name)
const bound: float = 0.5
";

fn items(at: &At) -> Vec<Completion> {
    at.world.complete(&at.path, at.at).items
}

fn of(text: &str) -> Vec<Completion> {
    items(&at(&format!("{PARTS}{text}")))
}

fn labels(items: &[Completion]) -> Vec<&str> {
    items.iter().map(|item| item.label.as_str()).collect()
}

fn detail<'i>(items: &'i [Completion], label: &str) -> &'i str {
    items.iter().find(|item| item.label == label).and_then(|item| item.detail.as_deref()).unwrap_or("")
}

#[test]
fn behind_outputs_stand_this_ops_outputs_with_their_certainty() {
    let on = |event: &str| {
        of(&format!(
            "job j(d: path) {{\n  op fit = train(data: d, tier: small) {{\n    on {event} when outputs.$0\n      run page(text: \"x\")\n  }}\n}}\n"
        ))
    };
    let failed = on("failed");
    assert_eq!(labels(&failed), ["loss", "model"]);
    assert_eq!(detail(&failed, "loss"), "float?");
    assert_eq!(detail(&on("succeeded"), "loss"), "float");
}

#[test]
fn behind_on_stand_the_events_that_happen_there() {
    let events = of("job j(d: path) {\n  op fit = train(data: d, tier: small) {\n    on $0\n  }\n}\n");
    assert!(labels(&events).contains(&"upstream_failed"), "{:?}", labels(&events));
    assert!(!labels(&events).contains(&"tool_start"));
    let events = of("job j(d: path) {\n  on $0\n}\n");
    assert_eq!(labels(&events), ["done", "failed", "overdue", "start", "stopped", "succeeded"]);
}

#[test]
fn behind_tool_start_stand_the_agents_tools() {
    let tools = of(
        "agent coder(task: string) {\n  exec [\"c\"]\n  tools [page]\n}\njob j() {\n  op c = coder(task: \"x\") {\n    on tool_start($0) fail \"no\"\n  }\n}\n",
    );
    assert_eq!(labels(&tools), ["page"]);
}

#[test]
fn behind_error_and_op_and_job_stand_the_fields_of_the_event() {
    let hook = |event: &str, read: &str| {
        of(&format!(
            "job j(d: path) {{\n  op fit = train(data: d, tier: small) {{\n    on {event} when {read}\n      run page(text: \"x\")\n  }}\n}}\n"
        ))
    };
    assert_eq!(labels(&hook("failed", "error.$0")), ["exit_code", "kind", "message", "traceback", "type"]);
    assert!(labels(&hook("failed", "op.$0")).contains(&"duration"));
    assert!(!labels(&hook("start", "op.$0")).contains(&"duration"));
    assert!(labels(&hook("failed", "job.$0")).contains(&"started_at"));
    assert_eq!(labels(&hook("failed", "inputs.$0")), ["data", "lr", "tier"]);
}

#[test]
fn in_a_call_stand_the_arguments_that_are_missing_first() {
    let args = of("job j(d: path) {\n  op fit = train(data: d, $0)\n}\n");
    assert_eq!(&labels(&args)[..1], ["tier"]);
    assert!(labels(&args).contains(&"lr"));
    assert!(!labels(&args).contains(&"data"));
    let tier = args.iter().find(|item| item.label == "tier").unwrap();
    assert_eq!(tier.snippet.as_deref(), Some("tier: $0"));
}

#[test]
fn a_component_comes_with_its_arguments() {
    let callees = of("job j(d: path) {\n  op fit = $0\n}\n");
    let train = callees.iter().find(|item| item.label == "train").unwrap();
    assert_eq!(train.snippet.as_deref(), Some("train(data: $1, tier: $2)$0"));
    assert_eq!(train.kind, Kind::Component);
    assert_eq!(train.detail.as_deref(), Some("(data: path, lr: float, tier: Tier) -> (loss: float, model: path)"));
    assert!(labels(&callees).contains(&"j"));
    assert!(!labels(&callees).contains(&"poor"));
    let written = of("job j(d: path) {\n  op fit = tr$0(data: d)\n}\n");
    assert_eq!(written.iter().find(|item| item.label == "train").unwrap().snippet, None);
}

#[test]
fn enum_values_come_first_where_one_is_needed() {
    let values = of("job j(d: path) {\n  op fit = train(data: d, tier: $0)\n}\n");
    assert_eq!(&labels(&values)[..2], ["large", "small"]);
    let values = of("job j(d: path) {\n  op fit = train(data: d, tier: Tier.$0)\n}\n");
    assert_eq!(labels(&values), ["large", "small"]);
}

#[test]
fn connections_of_the_right_type_come_first() {
    let text = "import Webhook, post from \"std/notify\"\nrecord Other { a: int }\nconnection zz: Webhook = { url: secret(\"A\") }\nconnection aa: Other = { a: 1 }\njob j() {\n  op p = post(via: $0)\n}\n";
    let values = items(&at(text));
    assert_eq!(&labels(&values)[..1], ["zz"], "{:?}", labels(&values));
}

#[test]
fn other_ops_stand_where_they_can_be_read() {
    let values =
        of("job j(d: path) {\n  op fit = train(data: d, tier: small)\n  op two = page(text: \"${fit.$0}\")\n}\n");
    assert_eq!(labels(&values), ["loss", "model"]);
    let ops =
        of("job j(d: path) {\n  op fit = train(data: d, tier: small)\n  op two = page(text: \"x\") after $0\n}\n");
    assert_eq!(labels(&ops), ["fit"]);
}

#[test]
fn a_name_of_another_file_brings_its_import() {
    let at = project(&[
        ("lib/parts.hook", "component clean(x: int) { exec [\"c\"] }\ncomponent _own() { exec [\"o\"] }\n"),
        ("main.hook", "job j() {\n  op a = cl$0\n}\n"),
    ]);
    let found = items(&at);
    let clean = found.iter().find(|item| item.label == "clean").unwrap();
    assert_eq!(clean.edits.len(), 1);
    assert_eq!(clean.edits[0].text, "import clean from \"./lib/parts\"\n\n");
    assert!(!labels(&found).contains(&"_own"));
    assert!(labels(&found).contains(&"post"), "the library's too");
}

#[test]
fn a_second_name_of_a_file_joins_its_import() {
    let at = project(&[
        ("parts.hook", "component a() { exec [\"c\"] }\ncomponent b() { exec [\"o\"] }\n"),
        ("main.hook", "import a from \"./parts\"\njob j() {\n  op x = a()\n  op y = $0\n}\n"),
    ]);
    let found = items(&at);
    let b = found.iter().find(|item| item.label == "b").unwrap();
    assert!(at.after("main.hook", &b.edits).starts_with("import a, b from \"./parts\"\n"));
}

#[test]
fn imports_offer_names_and_paths() {
    let files = |main| {
        [("parts.hook", "component a() { exec [\"c\"] }\ncomponent b() { exec [\"o\"] }\n"), ("main.hook", main)]
    };
    let names = items(&project(&files("import a, $0 from \"./parts\"\n")));
    assert_eq!(labels(&names), ["b"]);
    let paths = items(&project(&files("import a from \"$0\"\n")));
    assert!(labels(&paths).contains(&"./parts"), "{:?}", labels(&paths));
    assert!(labels(&paths).contains(&"std/notify"));
}

#[test]
fn types_stand_where_a_type_is_written() {
    let types = of("component x(a: $0) { exec [\"x\"] }\n");
    assert!(labels(&types).contains(&"Tier") && labels(&types).contains(&"float"), "{:?}", labels(&types));
    assert!(!labels(&types).contains(&"train"));
}

#[test]
fn members_follow_the_type() {
    let fields = of("component x(a: Webhook2) { exec [\"${a.$0}\"] }\n");
    assert_eq!(labels(&fields), ["level", "url"]);
    let methods = of("component x(a: list<string>) { exec [\"${a.$0}\"] }\n");
    assert!(labels(&methods).contains(&"filter") && labels(&methods).contains(&"join"), "{:?}", labels(&methods));
    let math = of("component x(a: float) { exec [\"${math.$0}\"] }\n");
    assert!(labels(&math).contains(&"abs"));
}

#[test]
fn words_of_the_block_stand_where_an_entry_begins() {
    assert!(labels(&of("$0\n")).contains(&"component"));
    let job = of("job j(d: path) {\n  $0\n}\n");
    assert!(labels(&job).contains(&"op") && labels(&job).contains(&"each"), "{:?}", labels(&job));
    assert!(!labels(&job).contains(&"component"));
    let body = of("component x() {\n  $0\n}\n");
    assert!(labels(&body).contains(&"exec") && !labels(&body).contains(&"op"), "{:?}", labels(&body));
    let op = of("job j(d: path) {\n  op fit = train(data: d, tier: small) {\n    $0\n  }\n}\n");
    assert!(labels(&op).contains(&"retry") && labels(&op).contains(&"use"), "{:?}", labels(&op));
    let verbs = of("job j(d: path) {\n  op fit = train(data: d, tier: small) {\n    on failed\n      $0\n  }\n}\n");
    assert!(labels(&verbs).contains(&"run"), "{:?}", labels(&verbs));
    let clauses = of("job j(d: path) {\n  op fit = train(data: d, tier: small) $0\n}\n");
    assert!(labels(&clauses).contains(&"when") && labels(&clauses).contains(&"after"), "{:?}", labels(&clauses));
}

#[test]
fn tests_speak_of_ops_and_hooks_and_states() {
    let job = "job j(d: path) {\n  op fit = train(data: d, tier: small) {\n    hook late on failed run page(text: \"x\")\n  }\n}\n";
    let subjects = of(&format!("{job}test \"t\" for j(d: \"x\") {{\n  expect $0 ran\n}}\n"));
    assert!(labels(&subjects).contains(&"fit"), "{:?}", labels(&subjects));
    let hooks = of(&format!("{job}test \"t\" for j(d: \"x\") {{\n  expect fit.$0 ran\n}}\n"));
    assert_eq!(labels(&hooks), ["late"]);
    let states = of(&format!("{job}test \"t\" for j(d: \"x\") {{\n  given fit $0\n}}\n"));
    assert!(labels(&states).contains(&"succeeded"), "{:?}", labels(&states));
}

#[test]
fn nothing_is_offered_in_text_and_comments() {
    assert_eq!(labels(&of("// a comment $0\n")), Vec::<&str>::new());
    assert_eq!(labels(&of("const a = \"text $0\"\n")), Vec::<&str>::new());
}

#[test]
fn every_place_of_every_fixture_has_an_answer() {
    for (_, files) in crate::project::fixtures().into_iter().step_by(9) {
        let (settings, files) = crate::project::split(&files);
        let world = crate::project::world(&settings, &files);
        for (path, text) in &files {
            for at in (0..=text.len()).step_by(17) {
                world.complete(path, u32::try_from(at).unwrap());
                world.signature(path, u32::try_from(at).unwrap());
            }
        }
    }
}

#[test]
fn an_input_named_by_a_reserved_word_is_offered_behind_inputs() {
    let job = |value: &str| of(&format!("job j(from: string, to: string) {{\n  op a = page(text: {value})\n}}\n"));
    let bare = job("$0");
    assert!(labels(&bare).contains(&"inputs.from") && labels(&bare).contains(&"to"), "{:?}", labels(&bare));
    assert!(!labels(&bare).contains(&"from"));
    assert!(labels(&job("inputs.$0")).contains(&"from"));
}

#[test]
fn an_agents_steps_are_offered_on_end_and_its_step_is_not() {
    let agent = "agent coder(task: string) -> (done: bool) {\n  exec [\"c\"]\n  tools [page]\n}\n";
    let on = |event: &str| {
        of(&format!(
            "{agent}job j() {{\n  op c = coder(task: \"x\") {{\n    on {event} when $0 fail \"no\"\n  }}\n}}\n"
        ))
    };
    let end = on("end");
    assert!(labels(&end).contains(&"steps") && !labels(&end).contains(&"step"), "{:?}", labels(&end));
    assert!(labels(&on("step_start")).contains(&"step"));
}

#[test]
fn a_variable_of_a_macro_has_the_fields_that_a_filter_proved() {
    let runs = "record Run { loss: float? }\njob j(runs: list<Run>) {\n";
    let items =
        of(&format!("{runs}  op a = page(text: \"x\") when runs.filter(r, r.loss != null).exists(q, q.$0)\n}}\n"));
    assert_eq!(labels(&items), ["loss"]);
}

#[test]
fn the_outputs_of_a_failed_op_are_offered_as_keys() {
    let items = of(
        "job j(d: path) {\n  op fit = train(data: d, tier: small)\n}\ntest \"t\" for j(d: \"x\") {\n  given fit failed (outputs: { loss: 0.5, mo$0: \"m\" })\n}\n",
    );
    assert_eq!(labels(&items), ["model"]);
}
