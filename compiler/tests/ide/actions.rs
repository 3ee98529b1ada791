//! Changes that are offered.

use hookc_compiler::Severity;
use hookc_compiler::ide::{Action, ActionKind};
use hookc_grammar::Span;

use crate::project::{At, at, fixtures, project, split, world};

const PARTS: &str = "\
component train(data: path, lr: float, tier: Tier) -> (loss: float, note: string?) { exec [\"t\"] }
component page(text: string) { exec [\"p\"] }
enum Tier { small, large }
condition poor(loss: float, limit: float = 0.9) = loss > limit || loss < 0.0
";

fn with_parts(text: &str) -> At {
    at(&format!("{PARTS}{text}"))
}

fn offered(at: &At) -> Vec<Action> {
    at.world.actions(&at.path, Span::new(at.at, at.at))
}

/// The text behind the parts after the action whose title holds these words.
fn done(at: &At, words: &str) -> String {
    let actions = offered(at);
    let action = actions.iter().find(|action| action.title.contains(words));
    let titles: Vec<&str> = actions.iter().map(|action| action.title.as_str()).collect();
    let action = action.unwrap_or_else(|| panic!("no `{words}` in {titles:?}"));
    at.after("main.hook", &action.edits).replace(PARTS, "")
}

#[test]
fn every_fix_of_the_command_line_is_offered_and_mends() {
    let mut fixes = 0;
    for (name, files) in fixtures() {
        let (project, files) = split(&files);
        let world = world(&project, &files);
        for (path, _) in &files {
            for finding in world.findings(path).iter() {
                let actions = world.actions(path, finding.span());
                for fix in &finding.fixes {
                    fixes += 1;
                    let action =
                        actions.iter().find(|action| action.title == fix.title && action.kind == ActionKind::QuickFix);
                    assert!(action.is_some(), "{}: {}", name.display(), fix.title);
                }
                for action in actions
                    .iter()
                    .filter(|action| action.kind != ActionKind::QuickFix && action.kind != ActionKind::FixAll)
                {
                    let after = world.with_edits(&action.edits);
                    let errors = |findings: &[hookc_compiler::Diagnostic]| {
                        findings.iter().filter(|finding| finding.is_error()).count()
                    };
                    assert!(
                        errors(&after.findings(path)) <= errors(&world.findings(path)),
                        "{}: {} {:?}",
                        name.display(),
                        action.title,
                        after.text(path)
                    );
                }
            }
        }
    }
    assert!(fixes > 20, "{fixes}");
}

#[test]
fn missing_arguments_are_added() {
    let at = with_parts("job j(d: path) { op fit = tr$0ain(data: d) }\n");
    assert_eq!(done(&at, "missing arguments"), "job j(d: path) { op fit = train(data: d, lr: 0.0, tier: small) }\n");
    let at = with_parts("job j(d: path) { op fit = tr$0ain() }\n");
    assert!(done(&at, "missing arguments").contains("train(data: \"\", lr: 0.0, tier: small)"));
}

#[test]
fn a_guard_is_added() {
    let hook = |rest: &str| {
        with_parts(&format!(
            "job j(d: path) {{\n  op fit = train(data: d, lr: 0.1, tier: small) {{\n    on failed {rest}\n  }}\n}}\n"
        ))
    };
    let at = hook("when outputs.lo$0ss > 0.5 run page(text: \"x\")");
    assert!(done(&at, "first").contains("when outputs.loss != null && outputs.loss > 0.5 run"));
    assert!(done(&at, "if it is missing").contains("when (outputs.loss ?? 0.0) > 0.5 run"));
    let at = hook("run page(text: \"${outputs.lo$0ss}\")");
    assert!(done(&at, "add `when").contains("on failed when outputs.loss != null run page"));
}

#[test]
fn an_unknown_name_is_imported() {
    let at = project(&[
        ("lib/parts.hook", "component clean(x: int) { exec [\"c\"] }\n"),
        ("main.hook", "job j() {\n  op a = cle$0an(x: 1)\n}\n"),
    ]);
    let text = done(&at, "import `clean`");
    assert_eq!(text, "import clean from \"./lib/parts\"\n\njob j() {\n  op a = clean(x: 1)\n}\n");
}

#[test]
fn a_condition_is_extracted_and_put_back() {
    let text = "job j(d: path) {\n  op fit = train(data: d, lr: 0.1, tier: small) {\n    on succeeded when outputs.loss > 0.5 $0&& inputs.lr > 0.1\n      run page(text: \"x\")\n  }\n}\n";
    let after = done(&with_parts(text), "named condition");
    assert!(
        after.contains("condition condition_1(loss: float, lr: float) = loss > 0.5 && lr > 0.1\n\njob j"),
        "{after}"
    );
    assert!(after.contains("on succeeded when condition_1(outputs.loss, inputs.lr)\n"), "{after}");
    let call = "job j(d: path) {\n  op fit = train(data: d, lr: 0.1, tier: small) {\n    on succeeded when po$0or(outputs.loss)\n      run page(text: \"x\")\n  }\n}\n";
    let after = done(&with_parts(call), "inline the condition");
    assert!(after.contains("when (outputs.loss > 0.9 || outputs.loss < 0.0)\n"), "{after}");
}

#[test]
fn a_hook_is_extracted() {
    let text = "job j(d: path) {\n  op fit = train(data: d, lr: 0.1, tier: small) {\n    hook high on succe$0eded when outputs.loss > 0.5\n      run page(text: \"${inputs.lr}\")\n  }\n}\n";
    let after = done(&with_parts(text), "reusable hook");
    assert!(
        after.contains(
            "hook high() for op (lr: float) -> (loss: float) on succeeded when outputs.loss > 0.5\n  run page"
        ),
        "{after}"
    );
    assert!(after.contains("    use high()\n"), "{after}");
}

#[test]
fn a_hook_is_put_in_the_place_of_its_use() {
    let text = "hook high(limit: float = 0.5, what: string) for op () -> (loss: float) on succeeded when outputs.loss > limit\n  run page(text: \"${what}: ${op.name}\")\njob j(d: path) {\n  op fit = train(data: d, lr: 0.1, tier: small) {\n    use hi$0gh(what: \"lr \" + \"x\") as alarm\n  }\n}\n";
    let after = done(&with_parts(text), "inline the hook");
    let hook = "    hook alarm on succeeded when outputs.loss > 0.5\n      run page(text: \"${(\"lr \" + \"x\")}: ${op.name}\")\n  }\n";
    assert!(after.contains(hook), "{after}");
}

#[test]
fn a_hook_is_named() {
    let text = "job j(d: path) {\n  op fit = train(data: d, lr: 0.1, tier: small) {\n    on fai$0led run page(text: \"x\")\n  }\n}\n";
    assert!(done(&with_parts(text), "name this hook").contains("    hook on_failed on failed run"));
}

#[test]
fn outputs_of_a_test_are_filled_in() {
    let job = "job j(d: path) { op fit = train(data: d, lr: 0.1, tier: small) }\n";
    let at = with_parts(&format!("{job}test \"t\" for j(d: \"x\") {{\n  given fi$0t succeeded ()\n}}\n"));
    assert!(done(&at, "fill in").contains("given fit succeeded (loss: 0.0)"), "{}", done(&at, "fill in"));
    let at = with_parts(&format!("{job}test \"t\" for j(d: \"x\") {{\n  given fi$0t succeeded\n}}\n"));
    assert!(done(&at, "fill in").contains("given fit succeeded (loss: 0.0)"), "{}", done(&at, "fill in"));
}

#[test]
fn what_would_break_is_not_offered() {
    let at = at(
        "component page(text: string) { exec [\"p\"] }\njob j() {\n  on fai$0led run page(text: job.error_message)\n}\n",
    );
    for action in offered(&at) {
        let after = at.world.with_edits(&action.edits);
        assert!(
            after.findings("main.hook").iter().all(|finding| finding.severity != Severity::Error),
            "{}",
            action.title
        );
    }
}
