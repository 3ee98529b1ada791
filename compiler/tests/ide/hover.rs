//! What is known of the name under the cursor, and of the call around it.

use crate::project::{at, project};

const PARTS: &str = "\
/// Fits a model.
component train(data: path, lr: float = 0.1) -> (loss: float) { exec [\"t\"] }
component page(text: string) { exec [\"p\"] }
/// Too high.
condition poor(loss: float, limit: float = 0.9) = loss > limit
";

fn shown(text: &str) -> String {
    let at = at(&format!("{PARTS}{text}"));
    at.world.hover(&at.path, at.at).map_or_else(String::new, |hover| hover.markdown)
}

fn hook(event: &str, rest: &str) -> String {
    format!("job j(d: path) {{\n  op fit = train(data: d) {{\n    on {event} {rest}\n  }}\n}}\n")
}

#[test]
fn a_component_shows_its_signature_and_documentation() {
    let text = shown("job j(d: path) { op fit = tr$0ain(data: d) }\n");
    assert_eq!(text, "```hook\ncomponent train(data: path, lr: float = 0.1) -> (loss: float)\n```\n\nFits a model.");
}

#[test]
fn an_output_says_whether_it_exists_and_why() {
    let text = shown(&hook("failed", "when outputs.lo$0ss == null run page(text: \"x\")"));
    assert!(text.contains("output loss: float"), "{text}");
    assert!(
        text.contains("Type here: `float?`: may be missing on `failed`: the op can fail before it writes this output"),
        "{text}"
    );
    let text = shown(&hook("failed", "when outputs.loss != null && outputs.lo$0ss > 0.5 run page(text: \"x\")"));
    assert!(text.contains("Type here: `float`: not null, because `outputs.loss != null` holds"), "{text}");
    let text = shown(&hook("succeeded", "when outputs.lo$0ss > 0.5 run page(text: \"x\")"));
    assert!(text.contains("Type here: `float`\n"), "{text}");
}

#[test]
fn parts_of_the_context_show_type_and_meaning() {
    let text = shown(&hook("failed", "run page(text: error.mess$0age)"));
    assert!(text.contains("error.message: string") && text.contains("What went wrong"), "{text}");
    let text = shown(&hook("failed", "run page(text: er$0ror.message)"));
    assert!(text.contains("Why the op failed."), "{text}");
}

#[test]
fn functions_and_methods_show_their_pages() {
    let text = shown("const a: string = \"x\"\nconst b = a.contains$0(\"y\")\n");
    assert!(text.contains("CEL:"), "{text}");
    let text = shown("const b = math.a$0bs(-1.0)\n");
    assert!(text.contains("abs"), "{text}");
}

#[test]
fn events_types_and_words_have_a_page() {
    assert!(shown(&hook("fai$0led", "run page(text: \"x\")")).contains("Ended badly"), "event");
    assert!(shown("component x(a: dura$0tion) { exec [\"x\"] }\n").contains("A span of time"), "type");
    assert!(shown("comp$0onent x() { exec [\"x\"] }\n").contains("Something that runs"), "word");
}

#[test]
fn conditions_and_fields_and_enum_values_are_shown() {
    let text = shown(&hook("succeeded", "when po$0or(outputs.loss) run page(text: \"x\")"));
    assert!(
        text.contains("condition poor(loss: float, limit: float = 0.9) = loss > limit") && text.contains("Too high.")
    );
    let text = shown("enum Tier {\n  /// Not much.\n  small,\n  large,\n}\nconst a: Tier = sma$0ll\n");
    assert!(text.contains("Tier.small") && text.contains("Not much."), "{text}");
}

#[test]
fn what_another_file_declares_says_where() {
    let at = project(&[
        ("lib.hook", "/// Cleans.\ncomponent clean() { exec [\"c\"] }\n"),
        ("main.hook", "import clean from \"./lib\"\njob j() { op a = cl$0ean() }\n"),
    ]);
    let text = at.world.hover("main.hook", at.at).unwrap().markdown;
    assert!(text.contains("Cleans.") && text.contains("in `lib.hook`"), "{text}");
}

#[test]
fn nothing_is_shown_of_nothing() {
    assert_eq!(shown("$0\n\n"), "");
}

fn call(text: &str) -> (String, Option<String>) {
    let at = at(&format!("{PARTS}{text}"));
    let Some(signature) = at.world.signature(&at.path, at.at) else { return (String::new(), None) };
    let active = signature.active.map(|active| {
        let span = signature.params[active as usize].0;
        signature.label[span.start as usize..span.end as usize].to_owned()
    });
    (signature.label, active)
}

#[test]
fn the_call_around_the_cursor_shows_its_parameters() {
    let label = "train(data: path, lr: float = 0.1) -> (loss: float)".to_owned();
    let lr = Some("lr: float = 0.1".to_owned());
    assert_eq!(call("job j(d: path) { op fit = train(data: d, lr: $0) }\n"), (label.clone(), lr.clone()));
    assert_eq!(call("job j(d: path) { op fit = train(data: d, $0"), (label.clone(), lr));
    assert_eq!(call("job j(d: path) { op fit = train($0"), (label, Some("data: path".to_owned())));
    let condition = call(&hook("succeeded", "when poor(outputs.loss, $0) run page(text: \"x\")"));
    assert_eq!(condition.1.as_deref(), Some("limit: float = 0.9"));
    assert_eq!(call("job j(d: path) { op fit = train(data: d) $0 }\n").0, "");
}

#[test]
fn library_functions_show_their_parameters() {
    let (label, active) = call("const a = fixed(1.5, $0)\n");
    assert!(label.starts_with("fixed("), "{label}");
    assert!(active.is_some());
}

#[test]
fn a_guarded_read_is_certain_where_another_read_needs_the_op() {
    let job = |args: &str| {
        shown(&format!("job j(d: path) {{\n  op fit = train(data: d)\n  op p = page(text: \"{args}\")\n}}\n"))
    };
    let text = job("${fit.lo$0ss ?? 1.0}");
    assert!(text.contains("Type here: `float?`"), "{text}");
    let text = job("${fit.lo$0ss ?? 1.0} ${fit.loss}");
    assert!(text.contains("Type here: `float`\n"), "{text}");
}
